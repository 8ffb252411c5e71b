"""The language: a small typed subset of Python, and everything that programs in it may use.

In plain CPython this package is what a program imports: `from primitives import zeros, dot, u1` gives the primitives of
the catalogue and the element types. For the machine it holds the parser, the checker and the compiler, and `seeds` the
programs that a search may start from. Running, metering and pricing compiled code is `fitness`.

It imports numpy and nothing else of the project; a program that runs in CPython needs no more than that.
"""

from typing import TYPE_CHECKING, Any

from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES

# After every module above is loaded, because the primitive `array` takes the place of the module's name.
globals().update({name: primitive.cpython for name, primitive in CATALOGUE.items()} | DTYPES)

__all__ = [*CATALOGUE, *DTYPES]

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any: ...

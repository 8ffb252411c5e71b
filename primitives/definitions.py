"""Makes functions of CPython out of the catalogue's generated definitions, and reads the text of the written ones.

Only the project's own text comes here, never a program's.
"""

import ast
import inspect
import sys
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def function(source: str, name: str) -> Callable[..., Any]:
    """The function that the definition `source` defines under `name`."""
    namespace = dict(_vocabulary())
    exec(compile(source, f"<definition of {name}>", "exec"), namespace)
    defined: Callable[..., Any] = namespace[name]
    return defined


@cache
def _vocabulary() -> dict[str, Any]:
    # late, because arrays have operators, which are such definitions, and `special` makes arrays
    from primitives import dtypes, scalars, special

    return vars(scalars) | vars(special) | dtypes.DTYPES


def source_of(definition: Callable[..., Any]) -> str:
    """The text of a function of the library."""
    return _texts(definition.__module__)[definition.__name__]


@cache
def _texts(module: str) -> dict[str, str]:
    text = inspect.getsource(sys.modules[module])
    lines = text.splitlines(keepends=True)
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return {node.name: "".join(lines[node.lineno - 1 : node.end_lineno]) for node in functions}

"""Functions that numba compiles, and that mean the same without it.

What differs from plain numpy: the primitives that wrap use functions of numpy, which wrap without a warning, a stream
of random numbers is an array that is handed on, since compiled code can't change a global, and a float to an int's
power is the C library's `pow`, where numba would multiply.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

from population.usefulness import DRAWING
from primitives.checked import Checked
from primitives.types import FLOAT, element_dtype
from runs.export import nodes
from runs.export.rewriting import NUMPY, Naming, Rewriter
from runs.export.scalars import SCALARS, Written
from runs.export.typed import Typed
from runs.layout import in_short_lines

STREAM: Final = "random_stream"
_DRAWS: Final = ("random", "randint", "seed")

_SCRAMBLE = '''
def scramble(z):
    """The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014): scrambles the bits of a 64-bit word."""
    z = np.multiply(z ^ (z >> np.uint64(30)), np.uint64(0xBF58476D1CE4E5B9))
    z = np.multiply(z ^ (z >> np.uint64(27)), np.uint64(0x94D049BB133111EB))
    return z ^ (z >> np.uint64(31))
'''
_MIX = '''
def mix(x):
    """Scrambles the 64 bits of x, one to one: a hash."""
    return np.int64(scramble(np.uint64(np.int64(x))))
'''
_ADDW = '''
def addw(a, b):
    """a + b modulo 2^64, as a signed int."""
    return np.add(np.int64(a), np.int64(b))
'''
_MULW = '''
def mulw(a, b):
    """a * b modulo 2^64, as a signed int."""
    return np.multiply(np.int64(a), np.int64(b))
'''
_RESEED = '''
def reseed(v, random_stream):
    """Start a stream of random numbers again from v."""
    random_stream[0] = np.uint64(np.int64(v))
'''
_RANDOM = '''
def random(random_stream):
    """A random float from [0, 1), a multiple of 2^-53: splitmix64."""
    random_stream[0] = np.add(random_stream[0], np.uint64(0x9E3779B97F4A7C15))
    return np.float64(scramble(random_stream[0]) >> np.uint64(11)) * 2.0**-53
'''
_RANDINT = '''
def randint(lo, hi, random_stream):
    """A random int from lo to hi - 1."""
    count = hi - lo
    return lo + min(int(random(random_stream) * count), count - 1)
'''
WRITTEN: Final = SCALARS | {
    "scramble": Written("scramble", _SCRAMBLE),
    "mix": Written("mix", _MIX, ("scramble",)),
    "addw": Written("addw", _ADDW),
    "mulw": Written("mulw", _MULW),
    "seed": Written("reseed", _RESEED),
    "random": Written("random", _RANDOM, ("scramble",)),
    "randint": Written("randint", _RANDINT, ("random",)),
}
"""The primitives on scalars, as numba compiles them."""

GLOBAL_STREAM: Final = '''
STREAM = np.zeros(1, dtype=np.uint64)  # the state of the random numbers


def seed(v):
    """Start the random numbers again from v."""
    STREAM[0] = int(v) & 0xFFFFFFFFFFFFFFFF
'''


class NumbaRewriter(Rewriter):
    """Rewrites one function for numba.

    Args:
        draws: says whether a function draws random numbers, itself or through others.
    """

    def __init__(
        self,
        program: Typed,
        function: Checked,
        naming: Naming,
        needs: Callable[[str], None],
        draws: Callable[[Checked], bool],
    ):
        super().__init__(program, function, naming, needs)
        self.draws = draws

    def run(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.stmt:
        """A call of a function that gives nothing."""
        found = super().run(callee, called, arguments)
        assert isinstance(found, ast.Expr) and isinstance(found.value, ast.Call)
        if self.draws(callee):
            found.value.args.append(ast.Name(STREAM))
        return found

    def give(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.expr:
        """A call of a function of the program or of a definition."""
        found = super().give(callee, called, arguments)
        assert isinstance(found, ast.Call)
        if self.draws(callee):
            found.args.append(ast.Name(STREAM))
        return found

    def operation(self, node: ast.Call, called: str) -> ast.expr:
        """A builtin of Python, or a primitive that is no definition."""
        found = super().operation(node, called)
        if called in _DRAWS:
            assert isinstance(found, ast.Call)
            found.func = ast.Name(WRITTEN[called].name)
            found.args.append(ast.Name(STREAM))
        return found

    def binary(self, node: ast.BinOp) -> ast.expr:
        """`a + b` of scalars or arrays."""
        found = super().binary(node)
        power = isinstance(node.op, ast.Pow) and isinstance(found, ast.BinOp) and self.kind(node) is FLOAT
        if power and self.kind(node.right) is not FLOAT:
            assert isinstance(found, ast.BinOp)
            found.right = nodes.call("float", found.right)
        return found


def drawing(program: Typed) -> Callable[[Checked], bool]:
    """Says of each function of a program whether it draws random numbers, itself or through others."""
    known: dict[int, bool] = {}

    def draws(function: Checked) -> bool:
        if id(function) not in known:
            callees = program.checkers[id(function)].callees
            names = {each.func.id for each in ast.walk(function.node) if _is_operation(each, callees)}  # type: ignore[attr-defined]
            known[id(function)] = bool(names & DRAWING) or any(map(draws, callees.values()))
        return known[id(function)]

    return draws


def _is_operation(node: ast.AST, callees: dict[ast.AST, Checked]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node not in callees


def wrapper(function: Checked, inner: str, draws: bool) -> str:
    """The function that people call: it makes the arrays what the compiled one, `inner`, is for."""
    arguments = []
    for name, kind in zip(function.parameters, function.arguments, strict=True):
        convert = kind.rank > 0 and kind.readonly
        arguments.append(f"np.asarray({name}, dtype={NUMPY[element_dtype(kind).name]})" if convert else name)
    if draws:
        arguments.append("STREAM")
    docstring = ast.get_docstring(function.node)
    said = f'    """{docstring.partition(chr(10))[0]}"""\n' if docstring else ""
    return f"def {function.name}({', '.join(function.parameters)}):\n{said}    return {inner}({', '.join(arguments)})"


def use_numba(names: Sequence[str]) -> str:
    """The text of `use_numba`, which has numba compile functions, those of these names."""
    listed = in_short_lines(f"    for function in ({', '.join(names)}{',' if len(names) == 1 else ''}):")
    return f'''\
def use_numba():
    """Have numba compile the functions, if it is installed: this takes some seconds, once."""
    try:
        import numba
    except ImportError:
        return
    if hasattr({names[-1]}, "py_func"):
        return  # they are compiled
{listed}
        globals()[function.__name__] = numba.njit(cache="__file__" in globals())(function)'''

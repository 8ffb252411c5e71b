"""What to write instead of what the language does not have, by construct.

Constructs of Python that the language does not have are explained by its own parser (`primitives.syntax`); here are
those of numpy and of the standard library.
"""

from __future__ import annotations

from typing import Final

_SIZES = (
    "the language's arrays have sizes that don't depend on data: allocate the largest, fill it in a loop, keep a count"
)
_JOIN = "allocate the whole array with zeros((rows, columns), dtype) and assign its parts, a[lo:hi] = b"
_LINEAR = "write the algorithm out in loops; primitives/seeds/gf2_elimination.py has an elimination"

LIST: Final = (
    "an array as long as the list can get, and a count: `a = zeros(n, i8); count = 0`, then `a[count] = v; count += 1`"
)

NUMPY: Final[dict[str, str]] = {
    "unique": "count values in a table: `bincount(a, size)`, then loop over it",
    "nonzero": _SIZES,
    "flatnonzero": _SIZES,
    "argwhere": _SIZES,
    "compress": _SIZES,
    "extract": _SIZES,
    "delete": _SIZES,
    "insert": _SIZES,
    "append": _SIZES,
    "concatenate": _JOIN,
    "hstack": _JOIN,
    "vstack": _JOIN,
    "stack": _JOIN,
    "column_stack": _JOIN,
    "pad": _JOIN,
    "tile": "allocate the result and fill it in a loop",
    "repeat": "allocate the result and fill it in a loop",
    "reshape": "there are no views of another shape: allocate the result and copy row by row",
    "ravel": "use a[i, j] with two indices, or copy row by row into a vector",
    "flatten": "use a[i, j] with two indices, or copy row by row into a vector",
    "transpose": "`a.T` for a matrix",
    "squeeze": "index the axis: a[0] or a[:, 0]",
    "expand_dims": "there is no broadcasting: write a loop over rows",
    "newaxis": "there is no broadcasting: write a loop over rows, or outer(x, y)",
    "broadcast_to": "there is no broadcasting: write a loop over rows",
    "einsum": "dot, matvec, vecmat, matmul and outer, or loops",
    "tensordot": "dot, matvec, vecmat, matmul and outer, or loops",
    "kron": "write two loops",
    "prod": "multiply in a loop",
    "cumprod": "multiply in a loop",
    "std": "`sqrt(mean(d * d))` with d = a - mean(a)",
    "var": "`mean(d * d)` with d = a - mean(a)",
    "median": "sort(a), then the element in the middle",
    "percentile": "sort(a), then an element",
    "quantile": "sort(a), then an element",
    "ptp": "`amax(a) - amin(a)`",
    "searchsorted": "search in a loop, halving the range",
    "histogram": "count in a loop, or bincount(a, size) of ints",
    "isin": "use a table: seen[v] = 1, then look up",
    "in1d": "use a table: seen[v] = 1, then look up",
    "lexsort": "argsort is stable: sort by the last key first",
    "partition": "sort(a)",
    "argpartition": "argsort(a)",
    "eye": "zeros((n, n), dtype), then a loop with a[i, i] = 1",
    "identity": "zeros((n, n), dtype), then a loop with a[i, i] = 1",
    "diag": "a loop over a[i, i]",
    "trace": "a loop over a[i, i]",
    "tril": "a loop over i and range(i + 1)",
    "triu": "a loop over i and range(i, n)",
    "linspace": "compute the values in a loop",
    "meshgrid": "two loops, one inside the other",
    "ix_": "two loops, one inside the other",
    "packbits": "`pack_rows(a)` makes an int of every row of bits, `pack(a)` of one row",
    "unpackbits": "`unpack(word, n)`",
    "roll": "two assignments of slices into a new array",
    "flip": "a loop over range(n - 1, -1, -1)",
    "fliplr": "a loop over range(n - 1, -1, -1)",
    "flipud": "a loop over range(n - 1, -1, -1)",
    "diff": "`a[1:] - a[:len(a) - 1]`",
    "round": "`floor(x + 0.5)`",
    "rint": "`floor(x + 0.5)`",
    "inf": "floats are finite: write a large one, such as 1e300",
    "nan": "floats are finite: keep a flag beside the value",
    "isnan": "floats are always finite: leave it out",
    "isfinite": "floats are always finite: leave it out",
    "isinf": "floats are always finite: leave it out",
    "apply_along_axis": "write a loop over rows",
    "vectorize": "write a loop",
    "log2": "`log(a) / 0.6931471805599453`",
    "log10": "`log(a) / 2.302585092994046`",
    "log1p": "`log(1.0 + a)`",
    "expm1": "`exp(a) - 1.0`",
    "uint64": "ints have 64 bits with a sign: i8; addw and mulw compute modulo 2^64",
    "uint16": "i4 holds all of its values",
}
"""Functions, constants and methods of numpy."""

LIBRARY: Final[dict[str, str]] = {
    "linalg": _LINEAR,
    "fft": "write the transform out in loops; primitives/seeds/walsh_hadamard.py has one",
    "random": "random(), randint(lo, hi), normal(), shuffle(a), permutation(n), seed(v)",
    "collections": "use arrays as tables; mix(x) hashes an int",
    "itertools": "write loops, one inside the other",
    "functools": "write loops",
    "scipy": "write the algorithm out in loops",
    "sklearn": "write the algorithm out in loops",
    "torch": "write the algorithm out with arrays: gradients too",
    "pandas": "programs get arrays, no tables",
    "time": "programs are timed from outside: leave it out",
    "sys": "programs don't see the system: leave it out",
    "os": "programs don't see the system: leave it out",
}
"""Modules, of numpy or others."""

METHODS: Final[dict[str, str]] = NUMPY | {
    "append": "lists don't exist: allocate an array, keep a count: a[count] = v; count += 1",
    "tolist": "leave it out: arrays are read element by element",
    "items": "a dict does not exist: use arrays as tables",
    "keys": "a dict does not exist: use arrays as tables",
    "values": "a dict does not exist: use arrays as tables",
    "get": "a dict does not exist: use arrays as tables",
    "add": "a set does not exist: use an array of flags, seen[v] = 1",
    "pop": "lists don't exist: keep a count, count -= 1",
    "join": "there are no texts",
    "format": "there are no texts",
    "nonzero": _SIZES,
}
"""Methods of arrays, lists, dicts."""

BUILTINS: Final[dict[str, str]] = {
    "list": "lists don't exist: allocate an array and fill it",
    "dict": "use an array as a table; mix(x) hashes an int",
    "set": "use an array of flags: seen[v] = 1",
    "tuple": "return several values instead: return a, b",
    "map": "write a for loop",
    "filter": "write a for loop with an if",
    "enumerate": "for i in range(len(a)): v = a[i]",
    "zip": "for i in range(len(a)): v = a[i]; w = b[i]",
    "sorted": "sort(a) for an array",
    "reversed": "for i in range(n - 1, -1, -1)",
    "round": "floor(x + 0.5)",
    "print": "leave it out: a program has no output",
    "input": "a program gets its arguments only",
    "open": "a program gets its arguments only",
    "isinstance": "types are fixed: leave it out",
    "any": "count_nonzero(a) > 0, or a loop that breaks",
    "all": "count_nonzero(a) == len(a), or a loop that breaks",
    "str": "there are no texts",
    "hash": "mix(x) of an int",
    "bin": "popcount(x), parity(x), or x >> i & 1",
    "next": "write a for loop with a break",
    "iter": "write a for loop",
    "divmod": "x // y, x % y",
    "complex": "two floats",
}
"""Builtins of Python."""

MASK: Final = (
    "an array indexed with a mask",
    "write a loop with an if: `for i in range(len(a)): if mask[i]: ...`",
)
FANCY: Final = ("an index that is an array, with another beside it", "write a loop over the indices")
BROADCAST: Final = (
    "arrays of different rank in one operation (broadcasting)",
    "write a loop over the rows: `for i in range(len(a)): a[i] = a[i] + b`; outer(x, y) for products of all pairs",
)
AXIS: Final = (
    "a reduction along an axis",
    "write a loop over rows or columns: `out[i] = sum(a[i])`, `out[j] = sum(a[:, j])`",
)
REVERSED: Final = ("a slice with a negative step", "copy in a loop over range(n - 1, -1, -1)")
SIZE: Final = ("random numbers, many at once", "allocate the array and draw in a loop: a[i] = random()")

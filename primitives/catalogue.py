"""The catalogue: every primitive of the language, once.

The parser, the compiler, the mutators, the language card for an LLM, `evolve primitives` and CPython's `from primitives
import ...` all read it, so adding a primitive is adding an entry to the table, and the function that does the work: its
definition in `library`, or for an operation an instruction of the machine and its counterpart in `scalars`.
"""

import builtins

from primitives import generator, scalars
from primitives.dispatch import Ranks
from primitives.entries import Overload, Primitive, defined, mapped, operation, special
from primitives.library import matrices, memory, ordering, packing, reductions, sampling, vectors

__all__ = ["CATALOGUE", "Overload", "Primitive", "overload"]

_ARRAYS, _MATHS, _BITS, _RANDOM = "arrays", "maths", "bits", "random numbers"
_REDUCTIONS, _VECTORS, _MATRICES, _ORDERING = "reductions", "vectors", "matrices", "ordering"

_REAL = "float, or an array of floats"
_FLOATS, _NUMBERS = "float_dtype_of(a)", "number_dtype_of(a)"

# Shapes that don't fit are a shape_error and reading outside an array an index_error everywhere, so only the less
# obvious failures are mentioned.
_TABLE = (
    special(
        _ARRAYS,
        "zeros(shape, dtype)",
        "array",
        "A new array of zeros. shape is a length or a pair (rows, columns), all control; dtype may be left out (f8).",
    ),
    special(
        _ARRAYS,
        "full(shape, value, dtype)",
        "array",
        "A new array with value in every place. shape as for zeros; dtype may be left out (f8).",
    ),
    special(
        _ARRAYS,
        "array([x, ...], dtype)",
        "array of rank 1",
        "A new array of the given scalars. dtype may be left out: i8 if all are ints or bools, f8 if all are floats.",
    ),
    special(
        _ARRAYS,
        "window(a, start, length)",
        "view",
        "a[start:start + length], elements or rows of a. start may be data, length is control.",
    ),
    special(_ARRAYS, "dtype_of(a)", "element type", "The element type of a, to make another array with."),
    special(
        _ARRAYS,
        "number_dtype_of(a, ...)",
        "element type",
        "The element type of sums and products of elements of these arrays: i8 for ints, f4 if all are f4, else f8.",
    ),
    special(
        _ARRAYS,
        "float_dtype_of(a, ...)",
        "element type",
        "The element type of quotients of elements of these arrays: f4 if all are f4, else f8.",
    ),
    special(
        _ARRAYS, "zero_of(a, ...)", "int or float", "0 if all these arrays hold ints, else 0.0: to start a sum with."
    ),
    special(_ARRAYS, "same_shape(a, b)", "nothing", "Fails with shape_error unless the two shapes are equal."),
    defined(
        _ARRAYS,
        "fill(a, v)",
        "nothing",
        "Writes v into every place of a.",
        {(1, 0): memory.fill, (2, 0): memory.fill_2d},
        pure=False,
    ),
    defined(
        _ARRAYS,
        "assign(a, b)",
        "nothing",
        "Copies the elements of b into a, first to last.",
        {(1, 1): memory.assign, (2, 2): memory.assign_2d},
        pure=False,
    ),
    defined(
        _ARRAYS, "copy(a)", "array like a", "A new array with a's elements.", {(1,): memory.copy, (2,): memory.copy_2d}
    ),
    defined(
        _ARRAYS,
        "astype(a, dtype)",
        "array of dtype",
        "A new array with a's elements. Floats don't become ints this way: floor and ceil do that.",
        {(1, -1): memory.astype, (2, -1): memory.astype_2d},
    ),
    defined(
        _ARRAYS,
        "take(a, indices)",
        "array",
        "A new array of the elements, or the rows, of a at these indices.",
        {(1, 1): memory.take, (2, 1): memory.take_2d},
    ),
    mapped(_MATHS, "abs(a)", "as a", "Absolute value; needs no import.", _NUMBERS, builtins.abs),
    mapped(_MATHS, "sign(a)", "as a", "-1, 0 or 1.", _NUMBERS, scalars.sign),
    mapped(_MATHS, "exp(a)", _REAL, "e to the power a.", _FLOATS, scalars.exp),
    mapped(_MATHS, "log(a)", _REAL, "Natural logarithm; not_finite unless a > 0.", _FLOATS, scalars.log),
    mapped(_MATHS, "sqrt(a)", _REAL, "Square root; not_finite if a < 0.", _FLOATS, scalars.sqrt),
    mapped(_MATHS, "tanh(a)", _REAL, "Hyperbolic tangent.", _FLOATS, scalars.tanh),
    mapped(_MATHS, "sigmoid(a)", _REAL, "1 / (1 + exp(-a)), without overflow.", _FLOATS, scalars.sigmoid),
    mapped(_MATHS, "sin(a)", _REAL, "Sine of radians.", _FLOATS, scalars.sin),
    mapped(_MATHS, "cos(a)", _REAL, "Cosine of radians.", _FLOATS, scalars.cos),
    mapped(_MATHS, "floor(a)", "int, or an array of i8", "The greatest int not above a.", "i8", scalars.floor),
    mapped(_MATHS, "ceil(a)", "int, or an array of i8", "The least int not below a.", "i8", scalars.ceil),
    defined(
        _MATHS,
        "clip(x, lo, hi)",
        "as x",
        "min(max(x, lo), hi), of a scalar or of every element; all must be ints or all floats.",
        {(0, 0, 0): vectors.clip_scalar, (1, 0, 0): vectors.clip, (2, 0, 0): vectors.clip_2d},
    ),
    mapped(
        _BITS,
        "popcount(a)",
        "int, or an array of u1",
        "The number of ones among the 64 bits of an int in two's complement.",
        "u1",
        scalars.popcount,
    ),
    mapped(_BITS, "parity(a)", "int, or an array of u1", "popcount(a) & 1.", "u1", scalars.parity),
    mapped(
        _BITS,
        "bit_length(a)",
        "int, or an array of u1",
        "The number of binary digits of abs(a); 0 for 0.",
        "u1",
        scalars.bit_length,
    ),
    operation(_BITS, "addw(a, b)", "int", "a + b modulo 2^64, as a signed int: never an overflow.", scalars.addw),
    operation(_BITS, "mulw(a, b)", "int", "a * b modulo 2^64, as a signed int: never an overflow.", scalars.mulw),
    operation(
        _BITS,
        "mix(x)",
        "int",
        "Scrambles the 64 bits of x, one to one (the finaliser of splitmix64): a hash.",
        scalars.mix,
    ),
    defined(
        _BITS,
        "pack(a)",
        "int",
        "The int whose bit i is a[i], of elements 0 and 1; overflow beyond bit 62.",
        {(1,): packing.pack},
    ),
    defined(_BITS, "pack_rows(a)", "array of i8", "pack of every row of a matrix.", {(2,): packing.pack_rows}),
    defined(
        _BITS,
        "unpack(word, n)",
        "array of u1",
        "The bits 0 to n - 1 of an int, as elements 0 and 1. n is control.",
        {(0, 0): packing.unpack},
    ),
    operation(
        _RANDOM, "random()", "float", "A random float from [0, 1), a multiple of 2^-53.", generator.random, pure=False
    ),
    operation(
        _RANDOM,
        "randint(lo, hi)",
        "int",
        "A random int from lo to hi - 1; domain_error if there is none.",
        generator.randint,
        pure=False,
    ),
    operation(
        _RANDOM, "seed(v)", "nothing", "Starts the stream of random numbers again from v.", generator.seed, pure=False
    ),
    defined(
        _RANDOM,
        "normal()",
        "float",
        "A random float from the standard normal distribution.",
        {(): sampling.normal},
        pure=False,
    ),
    defined(
        _RANDOM,
        "shuffle(a)",
        "nothing",
        "Puts the elements, or the rows, of a into a random order.",
        {(1,): sampling.shuffle, (2,): sampling.shuffle_2d},
        pure=False,
    ),
    defined(
        _RANDOM,
        "permutation(n)",
        "array of i8",
        "The ints 0 to n - 1 in a random order. n is control.",
        {(0,): sampling.permutation},
        pure=False,
    ),
    defined(
        _REDUCTIONS,
        "sum(a)",
        "int or float",
        "The sum of all elements, first to last.",
        {(1,): reductions.sum, (2,): reductions.sum_2d},
    ),
    defined(
        _REDUCTIONS,
        "mean(a)",
        "float",
        "The sum of all elements over their number; zero_division if there are none.",
        {(1,): reductions.mean, (2,): reductions.mean_2d},
    ),
    defined(
        _REDUCTIONS,
        "amax(a)",
        "int or float",
        "The greatest element; index_error if there is none.",
        {(1,): reductions.amax, (2,): reductions.amax_2d},
    ),
    defined(
        _REDUCTIONS,
        "amin(a)",
        "int or float",
        "The least element; index_error if there is none.",
        {(1,): reductions.amin, (2,): reductions.amin_2d},
    ),
    defined(
        _REDUCTIONS,
        "argmax(a)",
        "int",
        "The index of the greatest element, the first of equals; index_error if there is none.",
        {(1,): reductions.argmax},
    ),
    defined(
        _REDUCTIONS,
        "argmin(a)",
        "int",
        "The index of the least element, the first of equals; index_error if there is none.",
        {(1,): reductions.argmin},
    ),
    defined(
        _REDUCTIONS,
        "count_nonzero(a)",
        "int",
        "The number of elements other than 0.",
        {(1,): reductions.count_nonzero, (2,): reductions.count_nonzero_2d},
    ),
    defined(
        _REDUCTIONS,
        "hamming(a, b)",
        "int",
        "The number of places where two vectors differ.",
        {(1, 1): reductions.hamming},
    ),
    defined(
        _REDUCTIONS,
        "cumsum(a)",
        "array of i8 or floats",
        "Place i holds the sum of elements 0 to i.",
        {(1,): reductions.cumsum},
    ),
    defined(
        _REDUCTIONS,
        "bincount(a, size)",
        "array of i8",
        "Place v holds the number of elements equal to v, for v below size, which is control.",
        {(1, 0): reductions.bincount},
    ),
    defined(
        _VECTORS,
        "dot(a, b)",
        "int or float",
        "The sum of products of two vectors, first to last.",
        {(1, 1): vectors.dot},
    ),
    defined(
        _VECTORS,
        "axpy(alpha, x, y)",
        "nothing",
        "y += alpha * x, for vectors x and y.",
        {(0, 1, 1): vectors.axpy},
        pure=False,
    ),
    defined(
        _VECTORS,
        "softmax(a)",
        "array of floats",
        "exp(a) over its sum, after subtracting the greatest element; index_error if there is none.",
        {(1,): vectors.softmax},
    ),
    defined(
        _MATRICES,
        "matvec(a, x)",
        "array of rank 1",
        "The product of a matrix and a column x.",
        {(2, 1): matrices.matvec},
    ),
    defined(
        _MATRICES, "vecmat(x, a)", "array of rank 1", "The product of a row x and a matrix.", {(1, 2): matrices.vecmat}
    ),
    defined(_MATRICES, "matmul(a, b)", "array of rank 2", "The product of two matrices.", {(2, 2): matrices.matmul}),
    defined(
        _MATRICES, "outer(x, y)", "array of rank 2", "The matrix of the products x[i] * y[j].", {(1, 1): matrices.outer}
    ),
    defined(
        _MATRICES,
        "add_outer(a, alpha, x, y)",
        "nothing",
        "a[i, j] += alpha * x[i] * y[j], for a matrix a of at least one column.",
        {(2, 0, 1, 1): matrices.add_outer},
        pure=False,
    ),
    defined(
        _MATRICES,
        "swap_rows(a, i, j)",
        "nothing",
        "Exchanges two rows of a.",
        {(2, 0, 0): matrices.swap_rows},
        pure=False,
    ),
    defined(
        _MATRICES,
        "xor_rows(a, target, source)",
        "nothing",
        "a[target] ^= a[source], rows of ints.",
        {(2, 0, 0): matrices.xor_rows},
        pure=False,
    ),
    defined(
        _MATRICES,
        "add_rows(a, target, source, alpha)",
        "nothing",
        "a[target] += alpha * a[source], rows.",
        {(2, 0, 0, 0): matrices.add_rows},
        pure=False,
    ),
    defined(
        _ORDERING, "sort(a)", "array like a", "A new array of a's elements in ascending order.", {(1,): ordering.sort}
    ),
    defined(
        _ORDERING,
        "argsort(a)",
        "array of i8",
        "The indices that put a in ascending order, equals in their order.",
        {(1,): ordering.argsort},
    ),
)

CATALOGUE: dict[str, Primitive] = {primitive.name: primitive for primitive in _TABLE}
"""Every primitive by name, in the order in which they are listed."""


def overload(name: str, ranks: Ranks) -> Overload | None:
    """The overload of primitive `name` for arguments of these ranks; None if it takes no such.

    A special primitive has one overload, which is found for any ranks. Raises KeyError if there is no such primitive.
    """
    for candidate in CATALOGUE[name].overloads:
        if candidate.kind == "special" or candidate.ranks == ranks:
            return candidate
    return None

"""The five element types of arrays: `u1`, `i4`, `i8`, `f4`, `f8`, named as in numpy.

Which type an operation gives is decided in `elementwise`; what may be stored in which type, in `array`.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class DType:
    """An element type. There are exactly the five below, so they are compared by identity.

    Attributes:
        name: `u1`, `i4`, `i8`, `f4` or `f8`; its name in a program.
        width: bytes of one element.
        is_float: whether an element is a float (else it is an int).
        numpy: the numpy type, in native byte order.
        min, max: the least and the greatest value, as Python numbers.
    """

    name: str
    width: int
    is_float: bool
    numpy: np.dtype[np.generic]
    min: int | float
    max: int | float

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:  # pickled by name: an unpickled element type is this module's own
        return self.name


def _integer(name: str) -> DType:
    dtype = np.dtype(name)
    limits = np.iinfo(dtype)
    return DType(name, dtype.itemsize, False, dtype, int(limits.min), int(limits.max))


def _floating(name: str) -> DType:
    dtype = np.dtype(name)
    limits = np.finfo(dtype)
    return DType(name, dtype.itemsize, True, dtype, float(limits.min), float(limits.max))


u1 = _integer("u1")
i4 = _integer("i4")
i8 = _integer("i8")
f4 = _floating("f4")
f8 = _floating("f8")

DTYPES: dict[str, DType] = {dtype.name: dtype for dtype in (u1, i4, i8, f4, f8)}
DTYPE_NAMES: tuple[str, ...] = tuple(DTYPES)


def dtype_of_numpy(dtype: np.dtype[np.generic]) -> DType:
    """The element type of a numpy array's elements. Raises TypeError if the language has none (see `DTYPES`)."""
    for candidate in DTYPES.values():
        if candidate.numpy == dtype:
            return candidate
    raise TypeError(f"{dtype} is no element type; {', '.join(DTYPES)} are")

"""The words in which a program is written as a file: what its functions are made of, and what the file imports."""

from __future__ import annotations

from enum import Enum


class Words(Enum):
    """What an exported file is written in."""

    NUMPY = "numpy"
    """Numpy alone."""

    EITHER = "numpy, compiled by numba where that is installed"
    """A text that means the same to numpy and to numba."""

    NUMBA = "numba"
    """Compiled by numba, which the file needs."""

    PURE = "the standard library"
    """Lists of Python; a class for arrays if the program looks at one array in two ways."""

    @property
    def compiled(self) -> bool:
        """Whether numba may compile the functions."""
        return self in (Words.EITHER, Words.NUMBA)

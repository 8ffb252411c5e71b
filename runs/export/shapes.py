"""The shapes in which a program is exported: what is written around its functions.

A shape is a function of the code, the task, the program's source and a seed; it gives the texts of what it adds, and of
what `__main__` does. `--as` takes the names of `SHAPES`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from runs.export.charmodel import charmodel
from runs.export.estimator import estimator
from runs.export.main_block import main_of
from runs.export.module import WORTH, Code, code_of, file_text
from runs.export.parity_challenge import parity_challenge
from runs.export.words import Words
from tasks import Task

Around = Callable[[Code, Task, str, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape.

    Attributes:
        around: writes what stands around the functions.
        words: what the functions are written in.
        pure: whether it can do without numpy.
        reserved: names that it gives a meaning.
        library: what else the file needs.
    """

    around: Around
    words: Words
    pure: bool = False
    reserved: frozenset[str] = frozenset()
    library: str = ""

    def needs(self, words: Words) -> str:
        """What a file in certain words needs, in words."""
        return {
            Words.NUMPY: f"numpy{self.library and ' and '}{self.library}",
            Words.EITHER: "numpy, and uses numba where that is installed and there is much to do (`use_numba`)",
            Words.NUMBA: "numpy and numba, which compiles it at the first call: that takes seconds",
            Words.PURE: "nothing but Python",
        }[words]


def module(code: Code, task: Task, source: str, seed: int) -> tuple[str, str]:
    """The functions of the task's contract, and a `__main__` that learns a fresh instance."""
    return "", main_of(task, code)


SHAPES: Final[Mapping[str, Shape]] = {
    "module": Shape(module, Words.EITHER, pure=True),
    "numba": Shape(module, Words.NUMBA),
    "parity-challenge": Shape(parity_challenge, Words.NUMPY, pure=True, reserved=frozenset({"solve"})),
    "sklearn": Shape(estimator, Words.NUMPY, reserved=frozenset({"Learner"}), library="scikit-learn"),
    "charmodel": Shape(charmodel, Words.EITHER, reserved=frozenset({"train", "CharacterModel"})),
}
"""By the names that `--as` takes."""


def text_of(
    shape: str,
    words: Words,
    document: str,
    tree: ast.Module,
    task: Task,
    seed: int,
    first: str = "",
    worth: int = WORTH,
) -> str:
    """The text of a whole file.

    Args:
        shape: one of `SHAPES`.
        words: what its functions are written in.
        document: the file's docstring.
        tree: the program.
        task: what it learns.
        seed: of the instances on which it is tried whether it fits the shape.
        first: a comment for the first line.
        worth: from how many rows and queries on numba is used.

    Raises:
        ProgramError: the program does not keep the task's contract.
        ShapeError: it does not fit the shape.
    """
    chosen = SHAPES[shape]
    code = replace(code_of(tree, task.contract, words, chosen.reserved), worth=worth)
    return file_text(document, code, chosen.around(code, task, ast.unparse(tree), seed), first)

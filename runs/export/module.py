"""An exported file as a whole: docstring, imports, constants, functions and `__main__`."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from runs.export.functions import constants, functions_of
from runs.export.imports import IMPORTS
from runs.export.names import BUILTINS, TAKEN, names_of, renamed
from runs.export.readable import with_readable_names
from runs.export.typed import Typed, typed
from runs.export.words import Words
from tasks.contract import Contract

WORTH: Final = 100_000
"""Rows and queries for which numba is used, where it is not known what one of them takes."""


@dataclass(frozen=True, slots=True)
class Code:
    """The code of an exported file, without its docstring and `__main__`.

    Attributes:
        blocks: texts of functions and constants, in order.
        names: every name that is taken.
        parts: how many values the first of its functions returns: the parts of a learner's model.
        words: what it is written in.
        compiled: of each function that numba compiles and that is called from outside, its name, and whether it draws
            random numbers.
        worth: from how many rows and queries on it is worth while to have numba compile them.
    """

    blocks: tuple[str, ...]
    names: frozenset[str]
    parts: int
    words: Words = Words.NUMPY
    compiled: tuple[tuple[str, bool], ...] = ()
    worth: int = WORTH


def code_of(
    tree: ast.Module, contract: Contract, words: Words = Words.NUMPY, reserved: Collection[str] = frozenset()
) -> Code:
    """Write the functions of a program.

    Args:
        tree: the program.
        contract: what it defines.
        words: what they are written in.
        reserved: names that stand around them in the file.

    Raises:
        ProgramError: it does not keep the contract.
    """
    taken = TAKEN | BUILTINS if words is Words.PURE else TAKEN
    tree = renamed(with_readable_names(tree), {*taken, *reserved} - set(contract.names))
    return written(typed(tree, contract), tree, words)


def written(program: Typed, tree: ast.Module, words: Words = Words.NUMPY) -> Code:
    """Write a program, once it is checked."""
    functions = functions_of(program, names_of(tree) - program.module.imports, words)
    fixed = constants(program, functions.program)
    blocks = [*(["\n".join(fixed)] if fixed else []), *functions.scalars, *functions.definitions, *functions.program]
    blocks += functions.wrappers
    return Code(tuple(blocks), frozenset(functions.names), len(program.entries[0].results), words, functions.compiled)


def file_text(docstring: str, code: Code, more: Sequence[str] = (), first: str = "") -> str:
    """A whole file.

    Args:
        docstring: its text, without quotes.
        code: the functions.
        more: what stands after them; `__main__` is the last.
        first: a comment for the first line.
    """
    body = "\n\n\n".join([*code.blocks, *(each for each in more if each)])
    imports = _imports(body, code.words)
    quoted = '"""' + docstring.replace("\\", "\\\\").replace('"""', "'''") + '\n"""'
    head = "\n\n".join([(f"# {first}\n" if first else "") + quoted, *imports])
    return f"{head}\n\n\n{body}\n" if not body[:1].isupper() else f"{head}\n\n{body}\n"


def _imports(body: str, words: Words) -> list[str]:
    standard = [f"import {name}" for name in ("math", "random", "struct", "sys", "time") if _names(body, name)]
    standard += ["from collections import Counter"] * ("Counter(" in body and words is Words.PURE)
    others = ["import numpy as np"] * ("np." in body)
    others += ["from numba import njit"] * (words is Words.NUMBA)
    others += IMPORTS if "BaseEstimator" in body else ()
    return ["\n".join(each) for each in (standard, others) if each]


def _names(body: str, module: str) -> bool:
    """Whether a text uses a module, and not an attribute of that name: `generator.random`."""
    return re.search(rf"(?<![\w.]){module}\.", body) is not None

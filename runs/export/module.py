"""An exported file as a whole: docstring, imports, constants, functions and `__main__`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from runs.export.functions import constants, functions_of
from runs.export.imports import IMPORTS
from runs.export.names import TAKEN, names_of, renamed
from runs.export.readable import with_readable_names
from runs.export.typed import Typed, typed
from tasks.contract import Contract


@dataclass(frozen=True, slots=True)
class Code:
    """The code of an exported file, without its docstring and `__main__`.

    Attributes:
        blocks: texts of functions and constants, in order.
        names: every name that is taken.
        parts: how many values the first of its functions returns: the parts of a learner's model.
        compiled: of each function that numba compiles and that is called from outside, its name, and whether it draws
            random numbers.
    """

    blocks: tuple[str, ...]
    names: frozenset[str]
    parts: int
    compiled: tuple[tuple[str, bool], ...] = ()


def code_of(tree: ast.Module, contract: Contract, compiled: bool = False) -> Code:
    """Write a program in plain numpy.

    Args:
        tree: the program.
        contract: what it defines.
        compiled: whether numba compiles its functions.

    Raises:
        ProgramError: it does not keep the contract.
    """
    tree = renamed(with_readable_names(tree), TAKEN - set(contract.names))
    return written(typed(tree, contract), tree, compiled)


def written(program: Typed, tree: ast.Module, compiled: bool = False) -> Code:
    """Write a program, once it is checked."""
    functions = functions_of(program, names_of(tree) - program.module.imports, compiled)
    fixed = constants(program, functions.program)
    blocks = [*(["\n".join(fixed)] if fixed else []), *functions.scalars, *functions.definitions, *functions.program]
    blocks += functions.wrappers
    return Code(tuple(blocks), frozenset(functions.names), len(program.entries[0].results), functions.compiled)


def file_text(docstring: str, code: Code, more: Sequence[str] = (), first: str = "") -> str:
    """A whole file.

    Args:
        docstring: its text, without quotes.
        code: the functions.
        more: what stands after them; `__main__` is the last.
        first: a comment for the first line.
    """
    body = "\n\n\n".join([*code.blocks, *(each for each in more if each)])
    imports = _imports(body)
    quoted = '"""' + docstring.replace("\\", "\\\\").replace('"""', "'''") + '\n"""'
    head = "\n\n".join([(f"# {first}\n" if first else "") + quoted, *imports])
    return f"{head}\n\n\n{body}\n" if not body[:1].isupper() else f"{head}\n\n{body}\n"


def _imports(body: str) -> list[str]:
    standard = [f"import {name}" for name in ("math", "sys", "time") if f"{name}." in body]
    others = ["import numpy as np"] * ("np." in body) + ["from numba import njit"] * ("@njit" in body)
    others += IMPORTS if "BaseEstimator" in body else ()
    return ["\n".join(each) for each in (standard, others) if each]

"""CPython as an oracle for the machine: runs a program and says how it ended.

`run` executes the source as it is, `run_checked` with the failures of docs/language.md (tests.checked_python).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from primitives import generator
from primitives.array import Array
from primitives.failures import Failure
from tests.checked_python import OutOfTicks, checked, vocabulary

PROGRAM = "<program>"


class Outcome(NamedTuple):
    """How a run ended; `value` is None unless `status` is "ok", `line` is that of the failure."""

    status: str
    value: Any
    line: int | None


def run(source: str, entry: str, args: Iterable[object], seed: int = 0) -> Outcome:
    """The outcome in plain CPython."""
    return _outcome(ast.parse(source), {}, entry, args, seed)


def run_checked(source: str, entry: str, args: Iterable[object], seed: int = 0) -> Outcome:
    """The outcome in CPython with 64-bit ints and finite floats; "out_of_steps" if it takes too long."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not isinstance(node, ast.ImportFrom)]
    return _outcome(checked(tree), vocabulary(), entry, args, seed)


def _outcome(tree: ast.Module, namespace: dict[str, Any], entry: str, args: Iterable[object], seed: int) -> Outcome:
    exec(compile(tree, PROGRAM, "exec"), namespace)
    generator.reseed(seed)
    arguments = [Array.from_numpy(a) if isinstance(a, np.ndarray) else a for a in fresh(args)]
    try:
        value = namespace[entry](*arguments)
    except Failure as failure:
        return Outcome(failure.status, None, _line(failure))
    except OutOfTicks:
        return Outcome("out_of_steps", None, None)
    except MemoryError:
        return Outcome("out_of_memory", None, None)
    except (IndexError, ZeroDivisionError, OverflowError, ValueError) as error:
        status = {IndexError: "index_error", ZeroDivisionError: "zero_division", OverflowError: "overflow"}
        return Outcome(status.get(type(error), "domain_error"), None, _line(error))
    return Outcome("ok", tuple(map(_plain, value)) if isinstance(value, tuple) else _plain(value), None)


def _plain(value: Any) -> Any:
    return value.to_numpy() if isinstance(value, Array) else value


def _line(error: BaseException) -> int | None:
    """The line of the program where it failed."""
    line, frame = None, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == PROGRAM:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def fresh(args: Iterable[object]) -> list[Any]:
    """Copies of arguments; arrays that share memory share it again. Lists become arrays."""
    copies: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    result: list[Any] = []
    for arg in args:
        if isinstance(arg, list):
            arg = np.array(arg)
        result.append(_same_view(arg, copies) if isinstance(arg, np.ndarray) else arg)
    return result


def _same_view(a: np.ndarray, copies: dict[int, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    if a.size == 0:
        return a.copy()
    root = a
    while isinstance(root.base, np.ndarray):
        root = root.base
    if id(root) not in copies:
        copies[id(root)] = root, np.frombuffer(bytearray(root.tobytes(order="A")), root.dtype)
    offset = a.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return np.ndarray(a.shape, a.dtype, copies[id(root)][1], offset, a.strides)

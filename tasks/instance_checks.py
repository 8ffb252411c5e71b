"""What must hold of the instances of a task: examples with the right shapes and ranges, or episodes that can be played.

Drawing, whether it is repeatable and what else it does, is checked in `contract_suite`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tasks.attribute_checks import Finding
from tasks.contract import Signature
from tasks.guest import Guest
from tasks.instances import Call, Episode, Examples, Instance, UnusableAnswer, root_of
from tasks.task import Task, TaskError

MOST_CALLS: Final = 20_000
"""Calls after which an episode counts as endless."""

_ARRAYS: Final = (("x", 2, np.uint8), ("y", 1, np.uint8), ("queries", 2, np.uint8), ("answers", 1, np.int64))
_ZEROS: Final[dict[str, bool | int | float]] = {"bool": False, "int": 0, "float": 0.0}
_DTYPES: Final = {"u1": np.uint8, "i4": np.int32, "i8": np.int64, "f4": np.float32, "f8": np.float64}


def instance_findings(task: Task, instance: Instance) -> list[Finding]:
    """What is wrong with one instance of a task."""
    if task.contract.functions is None:
        if not isinstance(instance, Examples):
            wrong = f"draw returns {type(instance).__name__}, and its contract is that of learners"
            return [Finding(wrong, "draw tasks.Examples, or state a contract")]
        findings = list(_shapes(instance))
        return findings or [*_ranges(instance), *_memory(task, instance)]
    if not callable(getattr(instance, "play", None)):
        wrong = f"draw returns {type(instance).__name__}, and its contract has functions of its own"
        return [Finding(wrong, "draw an episode: an object with the method play")]
    return list(_episode(task.contract.functions, instance))  # type: ignore[arg-type]


# -- examples


def _shapes(instance: Examples) -> Iterator[Finding]:
    for name, rank, dtype in _ARRAYS:
        array = getattr(instance, name)
        if not isinstance(array, np.ndarray):
            yield Finding(f"{name} is {type(array).__name__}", f"it is a numpy array of {dtype.__name__}")
        elif array.ndim != rank or array.dtype != dtype:
            found = f"{name} is an array of {array.dtype} and rank {array.ndim}"
            yield Finding(found, f"it is of {dtype.__name__} and rank {rank}")
        elif array.size == 0:
            yield Finding(f"{name} is empty", "there is at least one row with one column, and one query")
    for name in ("n_symbols", "n_classes"):
        size = getattr(instance, name)
        if not isinstance(size, int | np.integer) or not 1 <= size <= 256:
            yield Finding(f"{name} is {size!r}", "it is a whole number from 1 to 256")


def _ranges(instance: Examples) -> Iterator[Finding]:
    pairs = (("x", "y", 0), ("queries", "answers", 0), ("x", "queries", 1))
    for first, second, axis in pairs:
        sizes = getattr(instance, first).shape[axis], getattr(instance, second).shape[axis]
        if sizes[0] != sizes[1]:
            what = "rows" if axis == 0 else "columns"
            yield Finding(f"{first} has {sizes[0]} {what} and {second} {sizes[1]}", "they have as many")
    for name, size, least in (
        ("x", "n_symbols", 0),
        ("queries", "n_symbols", 0),
        ("y", "n_classes", 0),
        ("answers", "n_classes", -1),
    ):
        low, high = int(getattr(instance, name).min()), int(getattr(instance, name).max())
        most = int(getattr(instance, size)) - 1
        if low < least or high > most:
            wrong = low if low < least else high
            yield Finding(f"{name} holds {wrong}", f"with this {size} it holds {least} to {most}")


def _memory(task: Task, instance: Examples) -> Iterator[Finding]:
    used = _extent((instance.x, instance.y)) + _extent((instance.queries,))
    if used > task.budget.memory:
        yield Finding(
            f"rows and queries take {used:,} bytes, and programs may use {task.budget.memory:,}",
            "raise the budget of memory: these count",
        )


def _extent(arrays: Sequence[NDArray[np.uint8]]) -> int:
    """The bytes that arrays take on the machine, where views of one array share their elements."""
    roots: dict[int, list[NDArray[np.uint8]]] = {}
    for array in arrays:
        roots.setdefault(id(root_of(array)), []).append(array)
    total = 0
    for views in roots.values():
        bounds = [np.lib.array_utils.byte_bounds(view) for view in views]
        total += min(
            sum(view.nbytes for view in views), max(high for _, high in bounds) - min(low for low, _ in bounds)
        )
    return total


# -- episodes


def _episode(signatures: tuple[Signature, ...], episode: Episode) -> Iterator[Finding]:
    """Play it with answers that mean nothing, but have the right types: a program may give any such."""
    for length, words in ((None, "zeros"), (0, "empty arrays"), (1, "arrays of one zero")):
        if length is not None and not any(each.result.endswith("[:]") for each in signatures):
            continue
        try:
            calls, quality = transcript(signatures, episode, length)
            again = transcript(signatures, episode, length)
        except TaskError as error:
            wrong = f"{error}, when its calls are answered with {words}"
            yield Finding(wrong, "programs may answer anything of the type")
            return
        if not isinstance(quality, int | float | np.number) or isinstance(quality, bool) or not 0 <= quality <= 1:
            yield Finding(f"play returns {quality!r} as the quality", "it returns a number from 0 to 1")
            return
        if (calls, quality) != again:
            yield Finding(
                "play goes another way the second time, with the same answers", "an episode is played many times over"
            )
            return
        if not calls:
            yield Finding("play calls no function", "it yields each tasks.Call, and returns the quality")
            return


def transcript(
    signatures: Sequence[Signature], episode: Episode, length: int | None = None
) -> tuple[list[tuple[str, bytes]], Any]:
    """Play an episode with zeros for answers.

    Args:
        signatures: of the functions that it may call.
        episode: what a task drew.
        length: of answers of rank 1; None for as long as the longest argument of rank 1.

    Returns:
        The calls, as function and arguments, and the quality; 0 if the episode refuses an answer.

    Raises:
        TaskError: it makes no call that the contract has, raises an exception, or does not end.
    """
    known = {each.name: each for each in signatures}
    calls: list[tuple[str, bytes]] = []
    with Guest("play()"):
        plot = episode.play()
    if not hasattr(plot, "send"):
        raise TaskError(f"play() returns {type(plot).__name__}, not a generator that yields calls")
    answer: Any = None
    while True:
        try:
            with _Ending("play()"):
                call = plot.send(answer)
        except StopIteration as end:
            return calls, end.value
        except UnusableAnswer:
            return calls, 0.0
        signature = _checked(known, call)
        if len(calls) == MOST_CALLS:
            raise TaskError(f"play() makes more than {MOST_CALLS:,} calls")
        calls.append((call.function, b"".join(np.asarray(each).tobytes() for each in call.arguments)))
        answer = _zeros(signature.result, call.arguments, length)


class _Ending(Guest):
    """A guest that may say that it is done, or can do nothing with an answer."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, StopIteration | UnusableAnswer):
            super().__exit__(kind, error, trace)


def _checked(known: dict[str, Signature], call: object) -> Signature:
    """The signature of a call. Raises TaskError if there is none, or its arguments are others."""
    if not isinstance(call, Call):
        raise TaskError(f"play() yields {type(call).__name__}, not a tasks.Call")
    signature = known.get(call.function)
    if signature is None:
        raise TaskError(f"play() calls {call.function!r}; its contract has {', '.join(known)}")
    if len(call.arguments) != len(signature.parameters):
        raise TaskError(f"play() calls {call.function} with {len(call.arguments)} arguments; it is {signature}")
    for parameter, argument in zip(signature.parameters, call.arguments, strict=True):
        if not _has_type(argument, parameter.type):
            found = f"array of {argument.dtype}" if isinstance(argument, np.ndarray) else type(argument).__name__
            raise TaskError(f"play() calls {call.function} with {found} as {parameter.name}; it is {parameter.type}")
    return signature


def _has_type(value: Any, kind: str) -> bool:
    if kind == "bool":
        return isinstance(value, bool | np.bool_)
    if kind == "int":
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        return whole and -(2**63) <= int(value) < 2**63
    if kind == "float":
        number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
        return number and math.isfinite(value)
    if not isinstance(value, np.ndarray) or value.ndim != kind.count(":") or value.dtype != _DTYPES[kind[:2]]:
        return False
    return bool(np.isfinite(value).all())


def _zeros(kind: str, arguments: Sequence[Any], length: int | None) -> Any:
    """A result of a type; an array is as long as the longest argument of its rank, unless a length is given."""
    if "[" not in kind:
        return _ZEROS[kind]
    rank = kind.count(":")
    shapes = [each.shape for each in arguments if isinstance(each, np.ndarray) and each.ndim == rank]
    shape = max(shapes, default=(1,) * rank)
    if rank == 1 and length is not None:
        shape = (length,)
    return np.zeros(shape, _DTYPES[kind[:2]])

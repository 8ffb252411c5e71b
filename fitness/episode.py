"""A program with a contract of its own in one episode: the task calls its functions, and judges what they answer.

Every call runs on an empty machine that holds nothing but its arguments. Limits are of the whole episode; random
numbers go on from one call to the next.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitness import machine as machines
from fitness.arguments import Value, arrange
from fitness.calibration import CLASSES, calibrated_seconds
from fitness.interpreter import RANDOM
from fitness.limits import DEFAULT_MEMORY, Limits
from fitness.machine import Machine, Trap
from fitness.programs import argument_of
from fitness.statuses import STATUSES, UNUSABLE_ANSWER
from primitives.code import Code, Entry
from primitives.compiler import Argument
from primitives.types import BOOL, INT, Type
from tasks.contract import Contract, Signature
from tasks.guest import Guest
from tasks.instances import Call, Episode, UnusableAnswer
from tasks.task import TaskError


@dataclass(frozen=True, slots=True)
class EpisodePlay:
    """What a program did in one episode.

    Attributes:
        status: "ok", or how a call failed.
        line: the source line where it failed, None if it did not.
        quality: what the task says of all answers, 0 to 1; None if a call failed.
        steps, energy, seconds: of all calls together (`fitness.play.Play`).
        peak_memory: the largest number of live bytes of arrays in any call.
    """

    status: str
    line: int | None
    quality: float | None
    steps: int
    energy: float
    seconds: float
    peak_memory: int


def play_episode(
    contract: Contract,
    functions: Mapping[str, Code],
    episode: Episode,
    *,
    limits: Limits | None = None,
    priced: bool = True,
    seed: int = 0,
) -> EpisodePlay:
    """Let a task play one episode with a program.

    Args:
        contract: the signatures of its functions.
        functions: their code (`fitness.programs.compile_for`).
        episode: what the task drew.
        limits: of all calls together; of memory, of each.
        priced: whether energy is counted.
        seed: the start of the stream of random numbers.

    Raises:
        TaskError: the task breaks its contract: it yields no `Call`, or one of another function or with other
            arguments than the contract says, or its quality is no number from 0 to 1.
    """
    return play_with(Caller(contract, functions, limits or Limits(), seed, priced=priced), episode)


def play_with(caller: Caller, episode: Episode) -> EpisodePlay:
    """Likewise, with calls that may do more than run (`Caller.run`)."""
    with Guest("play()"):
        plot = episode.play()
    if not (hasattr(plot, "send") and hasattr(plot, "close")):
        raise TaskError(f"play() returns {_shown(plot)}; it is a generator that yields each Call")
    quality, answer = None, None
    try:
        while caller.status == "ok":
            request, ended = _sent(plot, answer)
            if isinstance(ended, UnusableAnswer):
                caller.status = STATUSES[UNUSABLE_ANSWER]
            elif ended is not None:
                quality = _quality(ended.value)
                break
            else:
                answer = caller.call(request)
    finally:
        with Guest("play()"):
            plot.close()
    return caller.played(quality)


def _sent(plot: Generator[Call, Any, float], answer: Any) -> tuple[object, StopIteration | UnusableAnswer | None]:
    """Give a task the answer to its last call: its next one, or its end."""
    with Guest("play()"):
        try:
            return plot.send(answer), None
        except (StopIteration, UnusableAnswer) as end:
            return None, end


class Caller:
    """Calls functions of one program in one episode, and adds up what they use."""

    def __init__(
        self,
        contract: Contract,
        functions: Mapping[str, Code],
        limits: Limits,
        seed: int,
        *,
        priced: bool = False,
        traced: bool = False,
    ):
        self.signatures = {each.name: each for each in contract.functions or ()}
        self.types = {name: _types(each) for name, each in self.signatures.items()}
        self.functions = functions
        self.limits = limits
        self.priced, self.traced = priced, traced
        self.random = seed
        self.machine: Machine = machines.shared(max(limits.memory, DEFAULT_MEMORY))
        self.status = "ok"
        self.line: int | None = None
        self.calls, self.steps, self.energy, self.peak_memory = 0, 0, 0.0, 0
        self.executed: NDArray[np.int64] = np.zeros(len(CLASSES), dtype=np.int64)

    def call(self, request: object) -> Any:
        """Run one call; its result, which means nothing unless the status is still "ok"."""
        self.calls += 1
        values, name = self._values(request)
        machine, code = self.machine, self.functions[name]
        entry = code.entries[name]
        energy = max(0.0, self.limits.energy - self.energy)
        rest = replace(self.limits, steps=self.limits.steps - self.steps, energy=energy)
        machine.load(code, rest, self.random, priced=self.priced, traced=self.traced)
        result: list[Any] = []
        self.status = machine.bind(entry, arrange(values))
        if self.status == "ok":
            self.status, self.line = self.run(entry)
        if self.status == "ok":
            self.status, result = machine.results(entry)
        self._add()
        if self.status != "ok":
            return None
        return int(result[0]) if self.signatures[name].result == "int" else result[0]

    def run(self, entry: Entry) -> Trap:
        """Run an entry of the machine, which is loaded; a caller of another kind may look at the machine here."""
        return self.machine.run(entry)

    def _add(self) -> None:
        """Add up what the last call used."""
        machine = self.machine
        self.steps += machine.steps
        self.energy += machine.energy
        self.peak_memory = max(self.peak_memory, machine.peak_memory)
        self.random = int(machine.control[RANDOM])
        self.executed += machine.executed

    def _values(self, request: object) -> tuple[list[Value], str]:
        """The arguments of a call, and the name of its function. Raises TaskError for what is no call."""
        if not isinstance(request, Call):
            raise TaskError(f"the task yields {_shown(request)} as its call {self.calls}; it yields a Call")
        signature = self.signatures.get(request.function)
        if signature is None:
            known = ", ".join(self.signatures)
            raise TaskError(f"the task calls {request.function!r}, which its contract lacks; it has {known}")
        given = request.arguments
        found = len(given) if isinstance(given, tuple | list) else _shown(given)
        if found != len(signature.parameters):
            raise TaskError(f"the task calls {signature.name} with {found} arguments; the contract says {signature}")
        values = []
        for parameter, argument, item in zip(signature.parameters, self.types[signature.name], given, strict=True):
            value = _converted(argument.type, item)
            if value is None:
                raise TaskError(
                    f"in call {self.calls} the task gives {_shown(item)} to {signature.name} as {parameter.name}; "
                    f"the contract says {parameter.type}{_ADVICE[argument.type.rank]}"
                )
            values.append(Value(argument, value))
        return values, signature.name

    def played(self, quality: float | None) -> EpisodePlay:
        """What came out of all calls."""
        seconds = calibrated_seconds(self.executed)
        return EpisodePlay(self.status, self.line, quality, self.steps, self.energy, seconds, self.peak_memory)


def _types(signature: Signature) -> tuple[Argument, ...]:
    return tuple(argument_of(each) for each in signature.parameters)


_ADVICE = {
    0: ": a number of that type, 64 bits at most, and finite",
    1: ": a numpy array of that element type and rank, its floats finite",
    2: ": a numpy array of that element type and rank, its floats finite",
}


def _converted(kind: Type, given: Any) -> Any:
    """An argument as the machine takes it; None if it is not of the type."""
    if kind.rank > 0:
        assert kind.dtype is not None
        if not isinstance(given, np.ndarray) or given.ndim != kind.rank or given.dtype != kind.dtype.numpy:
            return None
        return given if not kind.dtype.is_float or np.isfinite(given).all() else None
    if kind is BOOL:
        return bool(given) if isinstance(given, bool | np.bool_) else None
    if isinstance(given, bool | np.bool_):
        return None
    if kind is INT:
        return int(given) if isinstance(given, int | np.integer) and -(2**63) <= int(given) < 2**63 else None
    if isinstance(given, int | float | np.integer | np.floating):
        return float(given) if math.isfinite(given) else None
    return None


def _quality(value: object) -> float:
    """The quality that an episode returned. Raises TaskError if it is none."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise TaskError(f"play() returns {_shown(value)} as the quality; it returns a number from 0 to 1")


def _shown(value: object) -> str:
    """A value in a message, shortened."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}, rank {value.ndim},"
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"

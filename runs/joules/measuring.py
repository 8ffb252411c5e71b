"""Joules of what an exported file learns, by the counters of the processor, less what an idle computer takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from runs.joules.counters import Zone, joules
from runs.native import Native

IDLE_SECONDS: Final = 1.0
WORK_SECONDS: Final = 2.0
"""Of each repeat; well before a counter could begin at zero for the second time."""

METHOD: Final = "RAPL by powercap; processors and memory, less idle power times duration"


@dataclass(frozen=True, slots=True)
class Measured:
    """The energy of learning one instance and predicting its queries, the median of all repeats.

    Attributes:
        net: joules beyond those of an idle computer; below zero if they are lost in its noise.
        gross: joules of all that the processor did meanwhile.
        seconds: how long one instance took.
        idle_watts: the power of the idle computer, measured before each repeat.
        runs: how often the instance was learned in all.
        repeats: how often it was measured.
        counters: the names of the counters.
        method: how it was measured.
    """

    net: float
    gross: float
    seconds: float
    idle_watts: float
    runs: int
    repeats: int
    counters: tuple[str, ...]
    method: str = METHOD

    def as_json(self) -> dict[str, Any]:
        """The figures, by name."""
        return asdict(self)


def measure(
    file: Path,
    zones: Sequence[Zone],
    repeats: int,
    seed: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> Measured:
    """Let a file learn an instance again and again, and read the counters before and after.

    Args:
        file: an exported one.
        zones: the counters (`runs.joules.counters.packages`).
        repeats: how often to measure, at least once.
        seed: of the instance.
        clock: gives seconds.
        sleep: waits for seconds.

    Raises:
        FileError: it fails or does not answer.
        CounterError: a counter can't be read any more.
    """
    gross, net, seconds, idle, runs = [], [], [], [], 0
    with Native(file, seed) as native:
        for _ in range(repeats):
            start, before = clock(), _read(zones)
            sleep(IDLE_SECONDS)
            watts = joules(zones, before, _read(zones)) / (clock() - start)
            start, before = clock(), _read(zones)
            timed = native.run(WORK_SECONDS)
            taken, duration = joules(zones, before, _read(zones)), clock() - start
            gross.append(taken / timed.runs)
            net.append((taken - watts * duration) / timed.runs)
            seconds.append(timed.seconds / timed.runs)
            idle.append(watts)
            runs += timed.runs
    return Measured(
        statistics.median(net),
        statistics.median(gross),
        statistics.median(seconds),
        statistics.median(idle),
        runs,
        repeats,
        tuple(each.name for each in zones),
    )


def _read(zones: Sequence[Zone]) -> list[int]:
    return [each.read() for each in zones]

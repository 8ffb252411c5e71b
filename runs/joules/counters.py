"""The energy counters of processors: RAPL, as Linux's powercap shows them.

The interface is the kernel's documentation, Documentation/power/powercap/powercap.rst: each zone has a folder with
`name`, `energy_uj` (microjoules since some moment) and `max_energy_range_uj`, after which it begins at zero again.
A folder `intel-rapl:0` is a package; those below it, such as `intel-rapl:0:1` (dram), are parts of a package, and of
them only the memory is not counted by the package itself. AMD's processors have the same folders.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COUNTERS: Final = Path("/sys/class/powercap")


class CounterError(Exception):
    """There is no counter that can be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One counter.

    Attributes:
        folder: of the zone.
        name: for people: `package-0`, `package-0 dram`.
        range: the microjoules after which it begins at zero again.
    """

    folder: Path
    name: str
    range: int

    def read(self) -> int:
        """The counter, in microjoules.

        Raises:
            CounterError: it can't be read.
        """
        return _number(self.folder / "energy_uj")


def packages(folder: Path = COUNTERS) -> tuple[Zone, ...]:
    """The counters that together count processors and memory, nothing twice.

    Raises:
        CounterError: there are none, or they can't be read.
    """
    if not folder.is_dir():
        raise CounterError(
            f"this computer shows no energy counters: there is no {folder}; RAPL needs Linux on an Intel or AMD "
            "processor, and most virtual machines and containers hide it"
        )
    zones: list[Zone] = []
    for path in sorted(folder.iterdir()):
        found = re.fullmatch(r"intel-rapl:(\d+)(:\d+)?", path.name)
        if found is None:
            continue
        name = _text(path / "name")
        if found[2] is None and name.startswith("package"):
            zones.append(Zone(path, name, _number(path / "max_energy_range_uj")))
        elif found[2] is not None and name == "dram":
            owner = _text(folder / f"intel-rapl:{found[1]}" / "name")
            zones.append(Zone(path, f"{owner} dram", _number(path / "max_energy_range_uj")))
    if not zones:
        raise CounterError(
            f"this computer shows no energy counters: {folder} has no RAPL package; a processor without RAPL, a "
            "virtual machine, or the kernel's module intel_rapl_msr is not loaded"
        )
    for zone in zones:
        zone.read()
    return tuple(zones)


def joules(zones: Sequence[Zone], before: Sequence[int], after: Sequence[int]) -> float:
    """The energy between two readings, in joules. A counter may have begun at zero again, once.

    Args:
        zones: the counters.
        before: their readings, in microjoules.
        after: likewise, later; by less than a counter's range, which is minutes.
    """
    total = 0
    for zone, start, end in zip(zones, before, after, strict=True):
        total += end - start if end >= start else end - start + zone.range
    return total / 1e6


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except PermissionError:
        raise CounterError(
            f"{path} may only be read by root: run as root, or allow it with `sudo chmod a+r {path}` until the next "
            "start"
        ) from None
    except OSError as error:
        raise CounterError(f"can't read the counter {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise CounterError(f"can't read the counter {path}: it is no text") from None


def _number(path: Path) -> int:
    text = _text(path)
    if not text.isdigit():
        raise CounterError(f"can't read the counter {path}: it says {text[:20]!r}, which is no number")
    return int(text)

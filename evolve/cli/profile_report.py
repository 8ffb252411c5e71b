"""The answer of `evolve profile`: a measurement as text for a terminal (`show`) or as JSON (`as_json`).

Every figure of energy carries the name and version of its model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.text import Text

from evolve.cli.listing import GAUGE_WIDTH, gauge, highlighted, shares
from fitness import Measurement
from fitness.measure import ONLINE
from fitness.models import EnergyModel

_HOTTEST: Final = 10


@dataclass(frozen=True)
class Profile:
    """A measured call of the function `entry` of the program `source`, read from `file`."""

    file: Path
    source: str
    entry: str
    seed: int
    models: tuple[EnergyModel, ...]
    measured: Measurement


def as_json(profile: Profile) -> str:
    """Write the whole measurement as one JSON object."""
    measured = profile.measured
    document = {
        "file": str(profile.file),
        "entry": profile.entry,
        "seed": profile.seed,
        "status": measured.status,
        "line": measured.line,
        "message": measured.message,
        "value": _json_value(measured.value),
        "steps": measured.steps,
        "reads": measured.reads if ONLINE in measured.energy else None,
        "energy": [
            {
                "model": model.name,
                "version": model.version,
                "total": measured.energy[model.name],
                "by_line": measured.by_line[model.name],
                "by_variable": measured.by_variable[model.name],
            }
            for model in profile.models
        ],
        "dmc_distances": [
            {"from": low, "to": high, "reads": reads} for low, high, reads in _histogram(measured.distances)
        ],
    }
    return json.dumps(document)


def show(profile: Profile) -> None:
    """Print the measurement on the terminal; colours only where the terminal has them."""
    console = Console(highlight=False, soft_wrap=True)
    for part in (_summary(profile), _listing(profile), _variables(profile), _distances(profile)):
        for line in part:
            line.rstrip()
            console.print(line)


def _summary(profile: Profile) -> list[Text]:
    """What came out of the call, and the totals."""
    measured = profile.measured
    ok = measured.status == "ok"
    status = Text(measured.status, style="bold green" if ok else "bold red")
    if measured.line is not None:
        status.append(f" in line {measured.line}", style="default")
    if not ok:
        status.append(f": {measured.message}", style="default")
    rows = [("status", status)]
    if ok:
        rows.append(("result", Text(_value_summary(measured.value))))
    rows.append(("steps", Text(f"{measured.steps:,}")))
    if ONLINE in measured.energy:
        rows.append(("reads", Text(f"{measured.reads:,}")))
    rows.extend((_label(model), Text(f"{measured.energy[model.name]:,.2f}")) for model in profile.models)
    width = max(len(name) for name, _ in rows)
    head = Text(f"{profile.file} {profile.entry}, seed {profile.seed}", style="bold")
    return [head, *(Text(f"  {name:<{width}}  ").append_text(value) for name, value in rows)]


def _listing(profile: Profile) -> list[Text]:
    """The source, each line with its share of the energy in every model."""
    fractions = [shares(profile.measured.by_line[model.name]) for model in profile.models]
    titles = "  ".join(f"{_label(model):<{GAUGE_WIDTH}}" for model in profile.models)
    lines = [Text(), Text(f"  line  {titles}", style="bold")]
    for number, code in enumerate(highlighted(profile.source), start=1):
        gauges = [gauge(share.get(number)).append("  ") for share in fractions]
        lines.append(Text.assemble((f"  {number:>4}  ", "dim"), *gauges, code))
    return lines


def _variables(profile: Profile) -> list[Text]:
    """The variables whose reads cost most."""
    lines: list[Text] = []
    for model in profile.models:
        costs = profile.measured.by_variable[model.name]
        share = shares(costs)
        hottest = sorted(share, key=lambda name: (-share[name], name))[:_HOTTEST]
        if not hottest:
            continue
        width = max(map(len, hottest))
        lines += [Text(), Text(f"  hottest variables, {_label(model)}", style="bold")]
        for name in hottest:
            lines.append(Text.assemble(f"  {name:<{width}}  ", gauge(share[name]), f"  {costs[name]:>14,.2f}"))
    return lines


def _distances(profile: Profile) -> list[Text]:
    """How far down the LRU stack the reads reached."""
    rows = _histogram(profile.measured.distances)
    if not rows:
        return []
    total = sum(reads for _, _, reads in rows)
    ranges = [f"{low:,}" if low == high else f"{low:,} to {high:,}" for low, high, _ in rows]
    width = max(map(len, ranges))
    lines = [Text(), Text("  reads by LRU stack distance, the bytes above", style="bold")]
    for label, (_, _, reads) in zip(ranges, rows, strict=True):
        lines.append(Text.assemble(f"  {label:>{width}}  ", gauge(reads / total), f"  {reads:>14,}"))
    return lines


def _label(model: EnergyModel) -> str:
    return f"{model.name} v{model.version}"


def _histogram(distances: np.ndarray[Any, np.dtype[np.int64]]) -> list[tuple[int, int, int]]:
    """The rows (least distance, greatest distance, reads) from the first to the last that is not empty."""
    occupied = np.flatnonzero(distances)
    if not len(occupied):
        return []
    bits = range(int(occupied[0]), int(occupied[-1]) + 1)
    return [(1 << bit >> 1, max((1 << bit) - 1, 0), int(distances[bit])) for bit in bits]


def _value_summary(value: object) -> str:
    """A result in a line: scalars as they are, arrays with element type, shape and first elements."""
    if isinstance(value, tuple):
        return ", ".join(map(_value_summary, value))
    if isinstance(value, np.ndarray):
        shape = " x ".join(map(str, value.shape))
        first = " ".join(repr(element) for element in value.ravel()[:8].tolist())
        return f"{value.dtype.str[1:]} array of {shape}: [{first}{' ...' if value.size > 8 else ''}]"
    return "nothing" if value is None else repr(value)


def _json_value(value: object) -> object:
    """A result as JSON: arrays as the objects that `evolve.cli.arguments` reads, with several results as a list."""
    if isinstance(value, tuple):
        return [_json_value(each) for each in value]
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str[1:], "data": value.tolist()}
    return value

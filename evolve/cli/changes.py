"""What changed from one program to another: as lines for a terminal (`changes`), or as a patch (`patch`)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from evolve.cli.listing import folded, highlighted

CONTEXT: Final = 3
"""Lines that stay, around those that change."""

_WIDTH: Final = 10
_STYLES: Final = {"-": "red", "+": "green", " ": ""}


@dataclass(frozen=True, slots=True)
class Version:
    """A program, laid out, with the energy of its lines if that is known."""

    source: str
    costs: Mapping[int, float] | None = None


def patch(before: str, after: str, name_before: str, name_after: str) -> str:
    """The difference of two texts as `patch` and `git apply` take it; empty if there is none."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name_before, name_after, n=CONTEXT
    )
    return "".join(lines)


def changes(before: Version, after: Version, console: Console, indent: str = "  ") -> list[Text]:
    """The lines that differ, with those around them; with what each costs before and after, if both know it."""
    counted = before.costs is not None and after.costs is not None
    old, new = highlighted(before.source), highlighted(after.source)
    lines: list[Text] = []
    for number, hunk in enumerate(_hunks(before.source, after.source)):
        if number:
            lines.append(Text(f"{indent}⋯", style="dim"))
        for sign, one, two in hunk:
            code = new[two] if sign == " " and two is not None else Text(_line(old, new, one, two), _STYLES[sign])
            gutter = Text(indent)
            if counted:
                gutter.append(_cost(before.costs, one), style="dim").append(_cost(after.costs, two), style="dim")
            gutter.append(f"{'  ' if counted else ''}{sign} ", style=_STYLES[sign])
            lines += folded(gutter, code, console)
    return lines


def count(before: str, after: str) -> tuple[int, int]:
    """How many lines were added, and how many removed."""
    signs = [sign for hunk in _hunks(before, after) for sign, _, _ in hunk]
    return signs.count("+"), signs.count("-")


def heading(title: tuple[str, str], indent: str = "  ") -> Text:
    """The names over the two columns of costs."""
    return Text(indent + "".join(f"{name[: _WIDTH - 1]:>{_WIDTH}}" for name in title), style="bold")


Row = tuple[str, int | None, int | None]
"""A sign, and the numbers from 0 of the line before and after, as far as it is there."""


def _hunks(before: str, after: str) -> Iterator[list[Row]]:
    """The changes in groups, each with its context."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        rows: list[Row] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                rows += [(" ", one, two) for one, two in zip(range(i1, i2), range(j1, j2), strict=True)]
            else:
                rows += [("-", one, None) for one in range(i1, i2)]
                rows += [("+", None, two) for two in range(j1, j2)]
        yield rows


def _line(old: Sequence[Text], new: Sequence[Text], one: int | None, two: int | None) -> str:
    return old[one].plain if one is not None else new[two or 0].plain


def _cost(costs: Mapping[int, float] | None, number: int | None) -> str:
    cost = 0.0 if costs is None or number is None else costs.get(number + 1, 0.0)
    return f"{cost:>{_WIDTH},.0f}" if cost else " " * _WIDTH

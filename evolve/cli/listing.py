"""Source with its energy, for a terminal: highlighted lines, shares as bars, lines that fold in their column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from evolve.cli.diagnostics import source_lines

Key = TypeVar("Key", int, str)

_HEAT: Final = ((0.3, "bold red"), (0.1, "red"), (0.03, "yellow"), (0.0, "green"))
"""The colour of a share, by the least share that has it."""
_BAR_WIDTH: Final = 10
GAUGE_WIDTH: Final = _BAR_WIDTH + 7
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_WIDEST: Final = 300
_PERCENT: Final = 6
_NARROW: Final = 100
"""Columns of a terminal that has no room for bars."""
_FOLD: Final = 30
"""Columns of code that a narrow terminal has at least."""


def shares(costs: Mapping[Key, float]) -> dict[Key, float]:
    """The fraction of the sum that each key has; nothing for keys without cost."""
    total = sum(costs.values())
    return {key: cost / total for key, cost in costs.items() if cost > 0}


def heat(share: float) -> str:
    """The colour of a fraction."""
    return next(colour for least, colour in _HEAT if share >= least)


def gauge(share: float | None) -> Text:
    """A fraction as per cent with a bar, coloured by its heat; blank for None. All have one width."""
    if share is None:
        return Text(" " * GAUGE_WIDTH)
    full, rest = divmod(round(share * _BAR_WIDTH * 8), 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return Text(f"{share:>6.1%} {bar:<{_BAR_WIDTH}}", style=heat(share))


def highlighted(source: str) -> list[Text]:
    """The lines of source in the colours of its syntax."""
    lines = source_lines(source)
    syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
    coloured = syntax.highlight("\n".join(lines)).split("\n", allow_blank=True)
    return list(coloured)[: len(lines)]


def listing(source: str, costs: Mapping[int, float] | None, console: Console) -> list[Text]:
    """The lines of a program with their numbers and, if their costs are known, their shares of them."""
    share = {} if costs is None else shares(costs)
    narrow = console.is_terminal and console.width < _NARROW
    lines: list[Text] = []
    for number, code in enumerate(highlighted(source), start=1):
        gutter = Text.assemble((f"  {number:>4}  ", "dim"))
        if costs is not None:
            bar = gauge(share.get(number))
            gutter.append(bar[:_PERCENT] if narrow else bar).append("  ")
        lines += folded(gutter, code, console)
    return lines


def folded(gutter: Text, code: Text, console: Console) -> list[Text]:
    """A line of code behind its gutter, over several lines where a terminal is too narrow for it."""
    room = max(_FOLD, console.width - gutter.cell_len)
    if not console.is_terminal or code.cell_len <= room:
        return [_stripped(Text.assemble(gutter, code))]
    indent = min(len(code.plain) - len(code.plain.lstrip()) + 4, room // 2)
    cuts = [_cut(code.plain, 0, room)]
    while len(code.plain) - cuts[-1] > room - indent:
        cuts.append(_cut(code.plain, cuts[-1], room - indent))
    pieces = code.divide(cuts)
    blank = " " * (gutter.cell_len + indent)
    return [Text.assemble(gutter, pieces[0]), *(Text.assemble(blank, piece) for piece in pieces[1:])]


def _cut(text: str, start: int, room: int) -> int:
    """Where a line that starts there ends: after a space in its second half, or where there is no more room."""
    space = text.rfind(" ", start + room // 2, start + room)
    return start + room if space < 0 else space + 1


def _stripped(line: Text) -> Text:
    line.rstrip()
    return line


def show_lines(lines: Sequence[Text | str], console: Console) -> None:
    """Print lines as they are."""
    for line in lines:
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def print_table(table: Table, console: Console) -> None:
    """Print a table as wide as it is: where a terminal is narrower it folds the lines, and no figure is cut off."""
    options = console.options.update(width=max(console.width, _WIDEST))
    table.width = console.measure(table, options=options).maximum
    for segments in console.render_lines(table, options, pad=False):
        line = Text.assemble(*((each.text, each.style or "") for each in segments))
        line.rstrip()
        console.print(line, soft_wrap=True, markup=False, highlight=False)

"""Applying edits to a program, so that all that they don't touch stays as it was written, comments too.

The lines of a SEARCH are compared with the statements of the program (found by libcst) by what they mean: comments,
empty lines, spaces and quotes make no difference. Its indentation may be wrong as a whole, or in some lines, as long as
it tells how its lines are nested. An edit that could be meant for two places is refused.
"""

from __future__ import annotations

import ast
import difflib
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from evolve.llm.replies import Edit, ReplyError

_SHOWN = 70
"""Characters of a line in a message."""

_LONGEST = 60
"""Lines of a statement in a reply."""


@dataclass(frozen=True, slots=True)
class Line:
    """A statement, or the head of one that holds others.

    Attributes:
        first, last: its lines, from 0, the last one included.
        indent: the column where it begins.
        meaning: its text without comments, written in one way.
    """

    first: int
    last: int
    indent: int
    meaning: str


def with_edits(source: str, edits: Sequence[Edit]) -> str:
    """A program with edits, one after the other.

    Raises:
        ReplyError: the lines that an edit searches for are not there, or more than once; or nothing would change.
    """
    for number, edit in enumerate(edits, start=1):
        source = _with_edit(source, edit, f"SEARCH block {number}" if len(edits) > 1 else "the SEARCH block")
    return source


def _with_edit(source: str, edit: Edit, what: str) -> str:
    lines = source.split("\n")
    program, searched, new = statements(source), fragment(edit.search), fragment(edit.replace)
    if not searched:
        raise ReplyError(f"{what} has nothing but comments; give the statements that are to be replaced")
    place = _place(program, searched, what, lines)
    found = program[place : place + len(searched)]
    indents = _indents(searched, found, what)
    replacement = edit.replace.split("\n")
    before = [(each.indent, each.meaning) for each in found]
    after = [(_shifted(each.indent, indents), each.meaning) for each in new]
    if before == after:
        raise ReplyError(f"{what} and its replacement mean the same: nothing would change")
    changed = list(lines)
    for tag, low, high, start, stop in reversed(difflib.SequenceMatcher(None, before, after, False).get_opcodes()):
        if tag == "equal":
            continue
        texts = _moved(replacement, _from(new, start), new[stop - 1].last, indents) if stop > start else []
        if high > low:
            changed[found[low].first : found[high - 1].last + 1] = texts
        else:
            at = found[low - 1].last + 1 if low else found[0].first
            changed[at:at] = texts
    return "\n".join(changed)


def _from(new: Sequence[Line], start: int) -> int:
    """The first line of a part of a replacement, with the comments above it."""
    return new[start - 1].last + 1 if start else 0


def _place(program: Sequence[Line], searched: Sequence[Line], what: str, lines: Sequence[str]) -> int:
    """Where the lines of a SEARCH stand among those of the program: the index of the first."""
    wanted = [each.meaning for each in searched]
    size = len(wanted)
    places = [
        start
        for start in range(len(program) - size + 1)
        if [each.meaning for each in program[start : start + size]] == wanted
    ]
    nested = [each for each in places if _alike(searched, program[each : each + size])]
    places = nested or places
    if not places:
        raise ReplyError(f"{what} is not in the program: {_nearest(program, searched, lines)}")
    if len(places) > 1:
        exact = [each for each in places if [line.indent for line in program[each : each + size]] == _columns(searched)]
        if len(exact) != 1 or not searched[0].indent:
            where = " and ".join(str(program[each].first + 1) for each in places)
            raise ReplyError(
                f"{what} fits {len(places)} places, at lines {where}; add lines around it, so that it fits one"
            )
        places = exact
    return places[0]


def _columns(lines: Sequence[Line]) -> list[int]:
    return [each.indent for each in lines]


def _alike(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether lines are nested in the same way."""
    return [each.indent - left[0].indent for each in left] == [each.indent - right[0].indent for each in right]


def _nearest(program: Sequence[Line], searched: Sequence[Line], lines: Sequence[str]) -> str:
    """What is said of lines that are not in the program: the first that is not there, and what is most like it."""
    known = {each.meaning: each for each in program}
    missing = next((each.meaning for each in searched if each.meaning not in known), None)
    if missing is None:
        return "its lines don't follow each other there; copy lines that do"
    text = f"it has no line `{_short(missing)}`"
    near = difflib.get_close_matches(missing, list(known), n=1, cutoff=0.5)
    if not near:
        return f"{text}; copy the lines from the program as it was shown"
    line = known[near[0]]
    return f"{text}; line {line.first + 1} is `{_short(lines[line.first].strip())}`"


def _short(text: str) -> str:
    text = text.split("\n")[0]
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _indents(searched: Sequence[Line], found: Sequence[Line], what: str) -> dict[int, int]:
    """For each indentation in a SEARCH that in the program."""
    indents: dict[int, int] = {}
    for each, there in zip(searched, found, strict=True):
        if indents.setdefault(each.indent, there.indent) != there.indent:
            raise ReplyError(f"{what} does not tell by its indentation which lines are inside others; indent as shown")
    ordered = [indents[each] for each in sorted(indents)]
    if ordered != sorted(ordered):
        raise ReplyError(f"{what} is indented in another way than the program; indent as shown")
    return indents


def _shifted(indent: int, indents: Mapping[int, int]) -> int:
    """An indentation of a replacement in the program: as that of the SEARCH that is next to it from below."""
    below = [each for each in indents if each <= indent]
    known = max(below) if below else min(indents)
    return max(0, indents[known] + indent - known)


def _moved(lines: Sequence[str], first: int, last: int, indents: Mapping[int, int]) -> list[str]:
    """Lines of a replacement with the indentation of the program."""
    moved = []
    for line in lines[first : last + 1]:
        text = line.expandtabs(4).strip() if not line.strip() else line.expandtabs(4)
        bare = text.lstrip()
        moved.append(" " * _shifted(len(text) - len(bare), indents) + bare if bare else "")
    return moved


@functools.lru_cache(maxsize=64)
def statements(source: str) -> tuple[Line, ...]:
    """The lines of a program, which is Python. Raises ReplyError if it is not."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    except cst.ParserSyntaxError as error:
        raise ReplyError(
            f"the program that was shown is not Python (line {error.raw_line}): give a whole one"
        ) from error
    positions = wrapper.resolve(PositionProvider)
    texts = source.split("\n")
    found = []
    for node, position in positions.items():
        if not isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement | cst.Else):
            continue
        first, last = position.start.line - 1, position.end.line - 1
        if not isinstance(node, cst.SimpleStatementLine):
            body = node.body
            last = positions[body].start.line - 1
            if isinstance(body, cst.IndentedBlock):
                last = _head_end(texts, first)
        found.append(Line(first, last, position.start.column, meaning("\n".join(texts[first : last + 1]))))
    return tuple(sorted(set(found), key=lambda each: each.first))


def _head_end(lines: Sequence[str], first: int) -> int:
    """The last line of the head of a statement that begins at a line: where its brackets are closed."""
    last = first
    while last + 1 < len(lines) and not _complete("\n".join(lines[first : last + 1])):
        last += 1
    return last


def fragment(text: str) -> tuple[Line, ...]:
    """The lines of a part of a program, which need not be Python on its own."""
    lines = [each.expandtabs(4) for each in text.split("\n")]
    found = []
    first = 0
    while first < len(lines):
        bare = lines[first].strip()
        if not bare or bare.startswith("#"):
            first += 1
            continue
        ends = range(first, min(len(lines), first + _LONGEST))
        last = next((each for each in ends if _complete("\n".join(lines[first : each + 1]))), first)
        indent = len(lines[first]) - len(lines[first].lstrip())
        found.append(Line(first, last, indent, meaning("\n".join(lines[first : last + 1]))))
        first = last + 1
    return tuple(found)


def _complete(text: str) -> bool:
    return _written(text.strip()) is not None


def meaning(text: str) -> str:
    """A statement, or the head of one, without comments and written in one way; as it is if it is not Python."""
    stripped = text.strip()
    written = _written(stripped)
    return re.sub(r"\s+", " ", stripped) if written is None else written


_WAYS = (("", ""), ("", "\n pass"), ("if 0:\n pass\n", "\n pass"))
"""What makes a statement of a line: nothing, a body, or an `if` before `elif` or `else` as well."""


@functools.lru_cache(maxsize=4096)
def _written(text: str) -> str | None:
    for before, after in _WAYS:
        try:
            return before + ast.unparse(ast.parse(before + text + after))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None

"""Reading replies: SEARCH/REPLACE blocks or a whole program, out of whatever else a reply holds.

Much is tolerated: prose, missing fences, markers of another length, several blocks. Nothing is guessed: a reply that
can be understood in two ways, or was cut off, is a `ReplyError` that says what to write instead.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from primitives.parser import MAX_BYTES

FORM: Final = "answer with SEARCH/REPLACE blocks, or with one whole program in a ```python block"


class ReplyError(ValueError):
    """A reply can't be used; the message says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of a program to be replaced, and those that take their place; none to delete them."""

    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply proposes: edits of the program that was shown, or a whole program; never both."""

    edits: tuple[Edit, ...] = ()
    program: str | None = None


_OPEN: Final = re.compile(r"^\s*[`*]*<{3,}\s*(SEARCH|ORIGINAL|HEAD)?[\s:`*]*$", re.IGNORECASE)
_MIDDLE: Final = re.compile(r"^\s*={4,}\s*(REPLACE)?\s*$", re.IGNORECASE)
_CLOSE: Final = re.compile(r"^\s*[`*]*>{3,}\s*(REPLACE|UPDATED|END)?[\s:`*]*$", re.IGNORECASE)
_FENCE: Final = re.compile(r"^\s*(```+|~~~+)\s*[\w+.-]*\s*$")
_LABEL: Final = re.compile(r"^\W*(SEARCH|REPLACE)(?: WITH)?\W*$", re.IGNORECASE)
_START: Final = re.compile(r'^(from |import |def \w|"""|\'\'\'|[A-Za-z_]\w* *= )')


def read_reply(text: str, functions: Sequence[str]) -> Reply:
    """What a reply proposes.

    Args:
        text: the reply.
        functions: the names that a whole program defines.

    Raises:
        ReplyError: nothing can be found in it, or more than one thing.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ReplyError(f"the reply has more than {MAX_BYTES:,} bytes; {FORM}")
    lines = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))
    edits = _blocks(lines) or _labelled(lines)
    if edits:
        return Reply(tuple(edits))
    return Reply(program=_program(lines, functions))


def _blocks(lines: Sequence[str]) -> list[Edit]:
    """The blocks between markers, in order."""
    edits: list[Edit] = []
    parts: tuple[list[str], list[str]] = ([], [])
    place = "outside"
    for number, line in enumerate(lines, start=1):
        if _OPEN.match(line):
            if place != "outside":
                raise ReplyError(f"line {number} of the reply opens a SEARCH block inside another one; close each")
            place, parts = "search", ([], [])
        elif place == "search" and _MIDDLE.match(line):
            place = "replace"
        elif _CLOSE.match(line) and place != "outside":
            if place == "search":
                raise ReplyError(f"block {len(edits) + 1} has no ======= between what is searched and its replacement")
            edits.append(_edit(*parts, len(edits) + 1))
            place = "outside"
        elif place == "replace" and _MIDDLE.match(line):
            raise ReplyError(f"block {len(edits) + 1} has a second =======; write one block for each replacement")
        elif place != "outside":
            parts[place == "replace"].append(line)
        elif _CLOSE.match(line):
            raise ReplyError(f"line {number} of the reply closes a block that was not opened with <<<<<<< SEARCH")
    if place != "outside":
        raise ReplyError(f"block {len(edits) + 1} does not end with >>>>>>> REPLACE: the reply seems to be cut off")
    return edits


def _edit(search: list[str], replace: list[str], number: int) -> Edit:
    search, replace = _bare(search), _bare(replace)
    if not any(line.strip() for line in search):
        raise ReplyError(f"block {number} searches for nothing; give the lines that its replacement takes the place of")
    return Edit("\n".join(search), "\n".join(replace))


def _bare(lines: list[str]) -> list[str]:
    """Lines without a fence around them, and without empty lines at both ends."""
    while lines and (not lines[0].strip() or _FENCE.match(lines[0])):
        lines = lines[1:]
    while lines and (not lines[-1].strip() or _FENCE.match(lines[-1])):
        lines = lines[:-1]
    return lines


def _labelled(lines: Sequence[str]) -> list[Edit]:
    """Pairs of fenced blocks under the words SEARCH and REPLACE."""
    found: list[tuple[str, list[str]]] = []
    label: str | None = None
    for kind, part in _pieces(lines):
        if kind == "code":
            if label is not None:
                found.append((label, part))
            label = None
            continue
        said = [match[1].upper() for line in part if line.strip() and (match := _LABEL.match(line))]
        label = said[-1] if said else None
    words = [word for word, _ in found]
    if not words:
        return []
    if words != ["SEARCH", "REPLACE"] * (len(words) // 2):
        raise ReplyError(
            "the blocks called SEARCH and REPLACE don't come in pairs; write one REPLACE after each SEARCH"
        )
    pairs = zip(found[::2], found[1::2], strict=True)
    return [_edit(search, replace, number) for number, ((_, search), (_, replace)) in enumerate(pairs, start=1)]


def _pieces(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """A reply as prose and code in turns; a fence that is never closed raises ReplyError."""
    pieces: list[tuple[str, list[str]]] = [("prose", [])]
    for line in lines:
        if not _FENCE.match(line):
            pieces[-1][1].append(line)
        elif pieces[-1][0] == "code":
            pieces.append(("prose", []))
        else:
            pieces.append(("code", []))
    if pieces[-1][0] == "code" and any(line.strip() for line in pieces[-1][1]):
        opened = sum(kind == "code" for kind, _ in pieces)
        # A reply that is nothing but a program after one stray fence at its end, or its beginning, is whole.
        if opened > 1 or not _parses(pieces[-1][1]):
            raise ReplyError("the last ``` block does not end: the reply seems to be cut off")
    return pieces


def _program(lines: Sequence[str], functions: Sequence[str]) -> str:
    """The one whole program of a reply."""
    blocks = [textwrap.dedent("\n".join(part)).strip("\n") for kind, part in _pieces(lines) if kind == "code"]
    whole = [each for each in blocks if _defines(each, functions)]
    if not whole and any(each.strip() for each in blocks):
        broken = [each for each in blocks if all(re.search(rf"^\s*def {name}\b", each, re.M) for name in functions)]
        if len(broken) == 1:
            return broken[0] + "\n"
        together = "\n\n\n".join(blocks)
        if not broken and _defines(together, functions) and _once(together):
            return together + "\n"
    if not whole:
        bare = _unfenced([line for line in lines if not _FENCE.match(line)])
        whole = [bare] if _defines(bare, functions) else []
    if not whole:
        raise ReplyError(f"the reply holds no program that defines {' and '.join(functions)}, and no edit; {FORM}")
    if len({_meaning(each) for each in whole}) > 1:
        raise ReplyError(f"the reply holds {len(whole)} different programs; give one")
    return whole[0] + "\n"


def _unfenced(lines: Sequence[str]) -> str:
    """The program in a reply without fences: from its first line on, up to where prose follows."""
    lines = textwrap.dedent("\n".join(lines)).split("\n")
    for first, line in enumerate(lines):
        if not _START.match(line):
            continue
        last = _end(lines, first)
        if last > first and any(each.startswith("def ") for each in lines[first:last]):
            rest = "\n".join(lines[last:])
            if re.search(r"^\s*def \w+\(", rest, re.M):
                raise ReplyError(f"prose stands within the program, at line {last + 1} of the reply; {FORM}")
            return "\n".join(lines[first:last]).strip("\n")
    return ""


def _end(lines: Sequence[str], first: int) -> int:
    """The line after the longest part from `first` on that is Python and is followed by a line in the first column."""
    last = len(lines)
    while last > first:
        try:
            ast.parse("\n".join(lines[first:last]))
            break
        except SyntaxError as error:
            last = first + min(last - first - 1, max(0, (error.lineno or 1) - 1))
        except (ValueError, RecursionError, MemoryError):
            return first
        while last > first and lines[last][:1].isspace():  # the fault is inside a function: that is no prose
            last -= 1
    return last


def _parses(lines: Sequence[str]) -> bool:
    try:
        ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _defines(source: str, functions: Sequence[str]) -> bool:
    return _parses([source]) and set(functions) <= set(_definitions(source))


def _meaning(source: str) -> str:
    """A program that is Python without its layout and comments; as it is if it is nested too deeply for that."""
    try:
        return ast.dump(ast.parse(source))
    except RecursionError:
        return source


def _once(source: str) -> bool:
    names = _definitions(source)
    return len(names) == len(set(names))


def _definitions(source: str) -> list[str]:
    return [each.name for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)]

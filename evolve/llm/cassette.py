"""Cassettes: replies of language models or people that are given again, from a run or from files written by hand.

A directory of files has one for each reply, in the order of their names, which end with what was asked for:
`01-edit.txt`, `02-idea.md`, `03-repair.txt`, where a repair is of the reply before it. What is for one rung only stands
in a directory with its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evolve.llm.requests import REQUESTS
from runs import Run, open_run
from runs.proposals import UNANSWERED
from runs.schema import DATABASE

PERSON = "a person"
"""Who is named as the model where none was asked."""


class CassetteError(ValueError):
    """There is no such cassette, or it can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reply.

    Attributes:
        name: in the cassette.
        rung: that it was for; None for any.
        request: what was asked for.
        reply: its text.
        model: that gave it.
        prompt: that was answered; None if it is unknown.
        parents: the keys of the programs that were shown; none if they are unknown.
        repairs: the name of the reply that it repairs.
    """

    name: str
    rung: str | None
    request: str
    reply: str
    model: str = PERSON
    prompt: str | None = None
    parents: tuple[str, ...] = ()
    repairs: str | None = None


def cassette(path: Path) -> tuple[Entry, ...]:
    """The replies of a run, or in a directory of files.

    Raises:
        CassetteError: there are none, or one can't be read.
        RunError: the run can't be read.
    """
    if (path / DATABASE).is_file():
        with open_run(path) as run:
            found = tuple(_of_run(run))
    elif path.is_dir():
        found = tuple(_of_files(path))
    else:
        raise CassetteError(f"there is no run and no directory {path} whose replies could be taken")
    if not found:
        raise CassetteError(f"{path} holds no replies; `evolve search --llm MODEL` or `evolve propose` make some")
    return found


def _of_run(run: Run) -> Iterator[Entry]:
    models = {each.proposal: each.model for each in run.calls()}
    for each in run.proposals():
        if each.reply is not None and each.outcome != UNANSWERED:
            keys = tuple(run.individual(number).key for number in each.parents)
            model, repairs = models.get(each.number, PERSON), None if each.repairs is None else str(each.repairs)
            yield Entry(str(each.number), each.rung, each.request, each.reply, model, each.prompt, keys, repairs)


def _of_files(directory: Path) -> Iterator[Entry]:
    before: dict[str | None, str] = {}
    for path in sorted(each for each in directory.rglob("*") if each.is_file() and not each.name.startswith(".")):
        name = path.relative_to(directory)
        request = path.stem.rpartition("-")[2]
        if request not in REQUESTS:
            raise CassetteError(
                f"{path} does not say what it replies to; call it like 01-edit.txt: {', '.join(REQUESTS)}"
            )
        rung = name.parts[0] if len(name.parts) > 1 else None
        repairs = before.get(rung) if request == "repair" else None
        if request == "repair" and repairs is None:
            raise CassetteError(f"{path} is a repair of the reply before it, and there is none")
        before[rung] = str(name)
        yield Entry(str(name), rung, request, _text(path), repairs=repairs)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CassetteError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8 text") from error
    except OSError as error:
        raise CassetteError(f"can't read {path}: {error.strerror}") from error

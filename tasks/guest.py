"""Running a person's own code: whatever it raises becomes one `TaskError` that says what was asked, and where."""

from __future__ import annotations

import traceback
from types import TracebackType

from tasks.task import TaskError


class Guest:
    """A `with` block around code of a task that somebody else wrote.

    That code may raise anything. What leaves the block is a `TaskError`, with what was raised as its cause; a
    `TaskError` of the task's own (missing data, say) passes as it is.
    """

    def __init__(self, asked: str):
        """Say what is asked of the code, as the subject of a sentence: "draw(generator, SEARCH)"."""
        self.asked = asked

    def __enter__(self) -> None:
        """Enter; there is nothing to hold."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise `TaskError` for what was raised, except for what ends the process from outside."""
        if isinstance(error, Exception | SystemExit) and not isinstance(error, TaskError):
            raise TaskError(f"{self.asked} raises {described(error)}") from error


def described(error: BaseException) -> str:
    """An exception in one line: its type, its message, and the file and line where it was raised."""
    message = " ".join(str(error).split())
    where = _where(error)
    return f"{type(error).__name__}{': ' if message else ''}{message}{f' ({where})' if where else ''}"


def _where(error: BaseException) -> str:
    """The file and line of the text that is no Python, else of the innermost frame that is not this module's."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}" if error.filename and "line" not in str(error) else ""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    frames = [frame for frame in frames if not frame.filename.startswith("<frozen")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else ""

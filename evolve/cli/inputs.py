"""What the commands read from a person: `InputError` for a request that can't be served, and the text of files.

What is wrong is found below the command line, where the Python API finds it too; `refusing` says it to a person.

What the text means is read elsewhere: `evolve.cli.arguments` has the arguments of programs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click


class InputError(click.ClickException):
    """A request that can't be served: printed as one message (what, where, what to do) with exit code 2."""

    exit_code = 2


@contextlib.contextmanager
def refusing(*errors: type[Exception]) -> Iterator[None]:
    """Turn errors of what is done inside into an InputError with the same message."""
    try:
        yield
    except errors as error:
        raise InputError(f"{error}.") from error


def read_text(path: Path) -> str:
    """Read a file as UTF-8, with or without a byte order mark, its line ends as they are.

    Raises:
        InputError: the file can't be read, or is not UTF-8.
    """
    from evolve.settings.errors import SettingsError
    from evolve.settings.texts import text_of

    with refusing(SettingsError):
        return text_of(path)

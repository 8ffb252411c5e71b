"""What the commands read from a person: `InputError` for a request that can't be served, and the text of files.

What the text means is read elsewhere: `evolve.cli.arguments` has the arguments of programs.
"""

from __future__ import annotations

from pathlib import Path

import click


class InputError(click.ClickException):
    """A request that can't be served: printed as one message (what, where, what to do) with exit code 2."""

    exit_code = 2


def read_text(path: Path) -> str:
    """Read a file as UTF-8, with or without a byte order mark, its line ends as they are.

    Raises:
        InputError: the file can't be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8 text.") from error
    except OSError as error:
        raise InputError(f"can't read {path}: {error.strerror}; give the path of a text file.") from error

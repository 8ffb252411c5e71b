"""The text of a person's file."""

from __future__ import annotations

from pathlib import Path

from evolve.settings.errors import SettingsError


def text_of(path: Path, kind: str = "a text file") -> str:
    """Read a file as UTF-8, with or without a byte order mark, its line ends as they are.

    Args:
        path: of the file.
        kind: what it should be, for the message.

    Raises:
        SettingsError: the file can't be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8 text") from error
    except OSError as error:
        raise SettingsError(f"can't read {path}: {error.strerror}; give the path of {kind}") from error

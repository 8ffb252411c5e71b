"""Keys: read from the environment when they are sent, and kept out of everything that is shown or stored."""

from __future__ import annotations

import os
import re
from typing import Final

HIDDEN: Final = "[key]"
"""What stands for a key."""

SECRET: Final = 8
"""Characters of a key that must not be shown in a row. What is shorter is no secret (`none`, `ollama`)."""

LIKE_KEYS: Final = re.compile(r"\b[Bb]earer\s+\S{8,}|\bsk-[\w*.-]{6,}")
"""What looks like a key, ours or not, also with stars in it."""


def key_in(variable: str) -> str | None:
    """The key that an environment variable holds, without spaces and line ends around it; None if there is none."""
    return os.environ.get(variable, "").strip() or None


def sendable(key: str) -> bool:
    """Whether a key can stand in a header."""
    return key.isascii() and key.isprintable() and " " not in key


def reply_without_key(text: str, key: str | None) -> str:
    """The text of a reply without a key, also one that is cut off at its end; all else stays as the model wrote it."""
    if key is None or len(key) < SECRET:
        return text
    text = text.replace(key, HIDDEN)
    for size in range(len(key) - 1, SECRET - 1, -1):
        if text.endswith(key[:size]):
            return text[:-size] + HIDDEN
    return text


def without_key(text: str, key: str | None) -> str:
    """A text of an endpoint with all that may be a key, or a part of one, hidden."""
    text = LIKE_KEYS.sub(HIDDEN, text)
    if key is None or len(key) < SECRET:
        return text
    shown = bytearray(b"\1") * len(text)
    for start in range(len(key) - SECRET + 1):
        part = key[start : start + SECRET]
        at = text.find(part)
        while at >= 0:
            shown[at : at + SECRET] = bytes(SECRET)
            at = text.find(part, at + 1)
    if all(shown):
        return text
    hidden = "".join(each if keep else "\0" for each, keep in zip(text, shown, strict=True))
    return re.sub("\0+", HIDDEN, hidden)

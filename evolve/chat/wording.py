"""Texts from anywhere, made fit to be sent and stored, or to be shown."""

from __future__ import annotations

REPLACEMENT = "\ufffd"


def encodable(text: str) -> str:
    """A text that can be encoded: halves of surrogate pairs, which JSON may hold, are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def printable(text: str) -> str:
    """A text as one line that does nothing to a terminal: control characters are replaced."""
    return "".join(each if each.isprintable() else REPLACEMENT for each in " ".join(text.split()))

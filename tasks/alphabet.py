"""The alphabet of text tasks: 128 symbols for the characters of English text, and text as arrays of symbols.

The set is fixed. It was chosen from what English text is known to need, so that it depends on no data; docs/data.md has
it in full. The last symbol, `OTHER`, stands for every character that is not in the set.
"""

from __future__ import annotations

import codecs
from typing import Final

import numpy as np
from numpy.typing import NDArray

CHARACTERS: Final = (
    "\n"
    + "".join(map(chr, range(32, 127)))  # printable ASCII
    + "–—‘’“”…′"  # dashes, quotation marks, ellipsis, prime
    + "−×°£"
    + "áàäåãāçćéèíñóöøōšüū"
)
"""The characters that have symbols of their own; the symbol of one is its place here."""

SIZE: Final = 128
"""Number of symbols."""

OTHER: Final = SIZE - 1
"""The symbol of every other character."""

_CHUNK: Final = 1 << 20

_TABLE: Final[NDArray[np.uint8]] = np.full(1 << 16, OTHER, np.uint8)
"""The symbol of each code point below 65,535, whose own place stands for all from there."""
_TABLE[[ord(character) for character in CHARACTERS]] = np.arange(OTHER)


def symbols(text: str) -> NDArray[np.uint8]:
    """The symbols of a text, one for each character (Unicode code point)."""
    points = np.frombuffer(text.encode("utf-32-le"), np.dtype("<u4"))
    mapped: NDArray[np.uint8] = _TABLE[np.minimum(points, len(_TABLE) - 1)]
    return mapped


def character_start(text: NDArray[np.uint8], place: int) -> int:
    """The first place from `place` on where a character starts, in UTF-8, or the end."""
    while place < len(text) and text[place] & 0xC0 == 0x80:
        place += 1
    return place


def read_symbols(text: NDArray[np.uint8], start: int, stop: int, most: int | None = None) -> NDArray[np.uint8]:
    """The symbols of the characters that start in `text[start:stop]`; the array may be larger than memory.

    Args:
        text: UTF-8.
        start: the first byte; it moves on to where a character starts.
        stop: the byte after the last one, likewise.
        most: how many characters are read at most; None for all.

    Raises:
        UnicodeDecodeError: the text is not UTF-8 there.
    """
    place, stop = character_start(text, start), character_start(text, stop)
    decoder = codecs.getincrementaldecoder("utf-8")()
    parts: list[NDArray[np.uint8]] = []
    count = 0
    while place < stop and (most is None or count < most):
        end = min(place + _CHUNK, stop)
        parts.append(symbols(decoder.decode(bytes(text[place:end]), final=end == stop)))
        count += len(parts[-1])
        place = end
    read = np.concatenate(parts) if parts else np.zeros(0, np.uint8)
    return read if most is None else read[:most]

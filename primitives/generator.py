"""Random numbers of a program in CPython: one splitmix64 stream, as on the machine.

A program has one stream and can't name it, so it is the module's own here. Nothing but programs draws from it: the
search has generators of its own.
"""

from primitives.failures import DomainFailure
from primitives.scalars import WORD, int64, scramble

_INCREMENT = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio, odd


class Generator:
    """splitmix64: the state grows by a constant, and its scrambled value is the next word of 64 bits."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        """Starts the stream again from `seed` modulo 2^64."""
        self._state = seed & WORD

    def random(self) -> float:
        """A multiple of 2^-53 from [0, 1): the upper 53 bits of the next word."""
        self._state = (self._state + _INCREMENT) & WORD
        return (scramble(self._state) >> 11) * 2.0**-53

    def randint(self, lo: int, hi: int) -> int:
        """An int from lo to hi - 1, from one draw of `random`.

        Raises DomainFailure if hi <= lo, OverflowFailure if hi - lo does not fit 64 bits.
        """
        count = int64(int64(hi) - int64(lo))
        if count <= 0:
            raise DomainFailure(f"randint({lo}, {hi}): the range is empty")
        return lo + min(int(self.random() * count), count - 1)


_stream = Generator(0)


def reseed(seed: int) -> None:
    """Starts the stream again, for a caller that wants to repeat a measurement made with that seed."""
    _stream.reseed(seed)


def random() -> float:
    """A float from [0, 1)."""
    return _stream.random()


def randint(lo: int, hi: int) -> int:
    """An int from lo to hi - 1."""
    return _stream.randint(lo, hi)


def seed(v: int) -> None:
    """Starts the stream again from v."""
    _stream.reseed(int64(v))

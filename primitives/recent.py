"""A bounded mapping that forgets what was not asked for longest: for what is computed once of parts of programs."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """At most `size` values by key. A syntax tree as a key is compared by identity, and kept alive by it."""

    def __init__(self, size: int):
        self.size = size
        self._values: dict[Key, Value] = {}

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """The value of a key, which thereby becomes the most recent; None if there is none."""
        value = self._values.pop(key, None)
        if value is not None:
            self._values[key] = value
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value; the one that was not asked for longest goes if there are too many."""
        self._values[key] = value
        if len(self._values) > self.size:
            del self._values[next(iter(self._values))]

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()

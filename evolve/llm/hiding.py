"""Keys of language models, hidden from the processes that a search starts: workers inherit its environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


@contextmanager
def hidden(variables: Iterable[str]) -> Iterator[dict[str, str]]:
    """Take variables out of the environment of this process, and put them back at the end: the environment as it was.

    Workers that a program has started with Ray by itself before have inherited them already.
    """
    before = dict(os.environ)
    taken = {name: os.environ.pop(name) for name in dict.fromkeys(variables) if name in os.environ}
    try:
        yield before
    finally:
        os.environ.update(taken)

"""The files that the splits of a corpus are kept in: where they may lie, which are the right ones, and their bytes.

A split is one text: the training text, say. It lies in a file of its own name, or in parquet shards as Hugging Face has
them. A file counts only if it is the original: its size and its SHA-256 are compared where they are known.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks import parquet
from tasks.task import TaskError


class DataError(TaskError):
    """Data that a task needs is missing or damaged; the message says what, where it was looked for, and what to do."""


@dataclass(frozen=True, slots=True)
class Split:
    """What is known of one text.

    Attributes:
        file: its name as plain UTF-8.
        shards: the first word of its names as parquet: "train" for `train-00000-of-00002.parquet`.
        lines: their number.
        folders: of a directory, where it may lie.
        size: in bytes, None if it is not known.
        sha256: of the plain file, None if it is not known.
    """

    file: str
    shards: str
    lines: int
    folders: tuple[str, ...] = ()
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where a split is.

    Attributes:
        paths: its file, or its parquet shards in order; empty if it was not found.
        faults: what was found in its place, and why that is not it.
    """

    paths: tuple[Path, ...]
    faults: tuple[str, ...]


def locate(split: Split, directory: Path) -> Located:
    """Look for a split in a directory, its folder `wikitext`, and its own folders in both; plain files come first."""
    places = [base / folder for base in (directory, directory / "wikitext") for folder in (*split.folders, "")]
    faults: list[str] = []
    for paths in (*_plain(split, places), *_sharded(split, places)):
        fault = check(paths, split)
        if fault is None:
            return Located(paths, tuple(faults))
        faults.append(f"{paths[0]} {fault}")
    return Located((), tuple(faults))


def check(paths: Sequence[Path], split: Split) -> str | None:
    """Why files are not the split; None if they are it, as far as is known. Of parquet only rows are counted."""
    path = paths[0]
    try:
        if path.suffix == ".parquet":
            return _check_shards(paths, split)
        if not path.is_file():
            return "is no file"
        size = path.stat().st_size
        if split.size is not None and size != split.size:
            return f"has {size:,} bytes rather than {split.size:,}"
        if split.sha256 is not None and _sha256(path, size, path.stat().st_mtime_ns) != split.sha256:
            return f"({size:,} bytes) does not have the SHA-256 {split.sha256[:8]}... of the original"
    except OSError as error:
        return f"can't be read: {error.strerror or error}"
    return None


def read(paths: Sequence[Path], split: Split) -> NDArray[np.uint8]:
    """The bytes of a split that was located; those of a plain file stay on disk until they are looked at.

    Raises:
        DataError: the files can't be read, or are parquet and not the split.
    """
    try:
        if paths[0].suffix == ".parquet":
            return _read_shards(tuple(paths), split, tuple(path.stat().st_mtime_ns for path in paths))
        return np.memmap(paths[0], np.uint8, "r")
    except DataError:
        raise
    except (OSError, ValueError) as error:  # numpy can't map an empty file
        raise DataError(f"can't read {paths[0]}: {error}") from error


def _plain(split: Split, places: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    yield from ((place / split.file,) for place in places if os.path.exists(place / split.file))


def _sharded(split: Split, places: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    for place in places:
        if shards := sorted(place.glob(f"{split.shards}-?????-of-?????.parquet")):
            yield tuple(shards)


def _check_shards(shards: Sequence[Path], split: Split) -> str | None:
    number = re.search(r"-of-(\d+)$", shards[0].stem)
    if number is None or len(shards) != int(number[1]):
        return f"is one of several shards, not all of which are there ({len(shards)} found)"
    try:
        rows = parquet.count_rows(shards)
    except ImportError:
        return "is parquet, and reading it needs pyarrow: pip install 'evolve[parquet]'"
    except ValueError as error:
        return f"is no parquet file of a text: {error}"
    return None if rows == split.lines else f"has {rows:,} rows rather than {split.lines:,}"


@lru_cache(maxsize=32)
def _sha256(path: Path, size: int, changed: int) -> str:
    """The SHA-256 of a file; `size` and `changed` make the cache forget a file that is another now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=4)
def _read_shards(shards: tuple[Path, ...], split: Split, changed: tuple[int, ...]) -> NDArray[np.uint8]:
    text = parquet.read_rows(shards)
    if split.size not in (None, len(text)) or split.sha256 not in (None, hashlib.sha256(text.data).hexdigest()):
        raise DataError(f"{shards[0].parent} has {split.shards}-*.parquet, but they are not {split.file}")
    return text

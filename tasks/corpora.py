"""The corpora that text tasks are made of: the documentation in every Python, and WikiText where it is at hand.

A corpus gives two texts as UTF-8 bytes: one to train on, and one, held back for verification, to predict. What is
asked of programs is in `tasks.text`, how WikiText is downloaded in `tasks.download`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tasks.splits import DataError, Split, locate, read

__all__ = [
    "Corpus",
    "DataError",
    "PythonDocumentation",
    "WikiText",
    "data_directory",
    "wikitext_2",
    "wikitext_103",
    "wikitext_mini",
]

HELD_BACK: Final = 20_000
"""Characters of Python's documentation that are held back."""

FOLDERS_2: Final = ("wikitext-2-raw", "wikitext-2-raw-v1", "wikitext-2-raw-v1/wikitext-2-raw")
FOLDERS_103: Final = ("wikitext-103-raw", "wikitext-103-raw-v1", "wikitext-103-raw-v1/wikitext-103-raw")
"""Where a download, an unpacked archive or a copy of the Hugging Face data set has the files."""

TRAIN_2: Final = Split(
    "wiki.train.raw",
    "train",
    36_718,
    FOLDERS_2,
    sha256="6707892fa3788b5ab9ed78ab5ff37d9fe825f6011a2ad4fcd6a6d467f0e7da57",
)
TRAIN_103: Final = Split("wiki.train.raw", "train", 1_801_350, FOLDERS_103, size=540_568_191)
"""The training splits."""

VALID: Final = Split(
    "wiki.valid.raw",
    "validation",
    3_760,
    FOLDERS_2 + FOLDERS_103,
    1_146_846,
    "4cd0f6876d07a413aa911261ff6d363c72d757d47f0fdd6015702014c89cb9c7",
)
TEST: Final = Split(
    "wiki.test.raw",
    "test",
    4_358,
    FOLDERS_2 + FOLDERS_103,
    1_290_590,
    "173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08",
)
"""The other two, which WikiText-2 and WikiText-103 share."""


class Corpus(Protocol):
    """A text to train on, and one that is held back; both UTF-8 bytes, possibly not in memory."""

    def __hash__(self) -> int:
        """Equal corpora have the same texts."""
        ...

    @property
    def name(self) -> str:
        """The name in those of tasks, such as "wikitext-2"."""
        ...

    @property
    def title(self) -> str:
        """The name for people."""
        ...

    def training(self) -> NDArray[np.uint8]:
        """The training text. Raises `DataError`."""
        ...

    def validation(self) -> NDArray[np.uint8]:
        """The text held back. Raises `DataError`."""
        ...


@dataclass(frozen=True)
class WikiText:
    """Two splits of WikiText (Merity et al. 2016, arXiv 1609.07843), looked for whenever they are used.

    Attributes:
        name, title: of the corpus.
        directory: where it is looked for.
        train: the split that is trained on.
        valid: the split that is held back.
        archive: whose download has the splits (`tasks.download`).
    """

    name: str
    title: str
    directory: Path
    train: Split
    valid: Split
    archive: str

    def training(self) -> NDArray[np.uint8]:
        """The training text; a plain file is read as far as it is looked at. Raises `DataError`."""
        return read(self.find(self.train), self.train)

    def validation(self) -> NDArray[np.uint8]:
        """The text held back. Raises `DataError`."""
        return read(self.find(self.valid), self.valid)

    def find(self, split: Split) -> tuple[Path, ...]:
        """The file of a split, or its parquet shards. Raises `DataError`."""
        located = locate(split, self.directory)
        if not located.paths:
            found = "".join(f"; {fault}" for fault in located.faults)
            there = "" if self.directory.is_dir() else ", which does not exist"
            raise DataError(
                f"{self.name} needs {split.file} of {self.archive}: not found in {self.directory}{there}{found}; "
                f"`evolve data {self.archive}` downloads it, --data DIR or EVOLVE_DATA says where it is"
            )
        return located.paths


@dataclass(frozen=True)
class PythonDocumentation:
    """The language reference that `help()` shows, from the module `pydoc_data.topics` of every Python.

    Topics overlap, so every paragraph is taken once: what is held back is nowhere in the training text. They come in
    the order of their names' hashes, so that what is held back is no subject of its own. The text differs from version
    to version of Python, so the name ends in the start of its SHA-256.
    """

    title = "the Python language reference"

    @property
    def name(self) -> str:
        """The name, `pydoc-` and eight hexadecimal digits. Raises `DataError`."""
        return f"pydoc-{hashlib.sha256(_documentation().encode()).hexdigest()[:8]}"

    def training(self) -> NDArray[np.uint8]:
        """All but the end. Raises `DataError`."""
        return np.frombuffer(_documentation()[:-HELD_BACK].encode(), np.uint8)

    def validation(self) -> NDArray[np.uint8]:
        """The end, 20,000 characters. Raises `DataError`."""
        return np.frombuffer(_documentation()[-HELD_BACK:].encode(), np.uint8)


def data_directory() -> Path:
    """Where data are looked for and downloaded to: EVOLVE_DATA, else `evolve` in the user's folder for caches."""
    if directory := os.environ.get("EVOLVE_DATA"):
        return Path(directory).expanduser().absolute()
    import pooch

    return Path(pooch.os_cache("evolve"))


def wikitext_mini() -> WikiText:
    """The set-up for development: the test split is trained on, as the only one that is small and can be shared."""
    return WikiText("wikitext-mini", "WikiText's test split", data_directory(), TEST, VALID, "wikitext-2")


def wikitext_2() -> WikiText:
    """WikiText-2, raw."""
    return WikiText("wikitext-2", "WikiText-2", data_directory(), TRAIN_2, VALID, "wikitext-2")


def wikitext_103() -> WikiText:
    """WikiText-103, raw."""
    return WikiText("wikitext-103", "WikiText-103", data_directory(), TRAIN_103, VALID, "wikitext-103")


@cache
def _documentation() -> str:
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise DataError("this Python came without its documentation (pydoc_data); install it whole") from error
    names = sorted(topics, key=lambda name: hashlib.sha256(name.encode()).digest())
    paragraphs = dict.fromkeys(part for name in names for part in topics[name].strip("\n").split("\n\n"))
    return "\n\n".join(paragraphs) + "\n"

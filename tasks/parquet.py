"""Parquet files of a text, one line a row, as the bytes of the text that they were made from.

Where they lie and whether they are the right ones is said in `tasks.splits`. pyarrow, which reads them, is optional:
without it the functions raise ImportError. A file that is no parquet, or damaged, raises ValueError or OSError.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

COLUMN: Final = "text"

EMPTY: Final = " \n"
"""A line without words, as it is in the original; in parquet its row is empty."""


def count_rows(shards: Sequence[Path]) -> int:
    """The rows of all shards together, as their footers say."""
    return sum(_opened(shard).metadata.num_rows for shard in shards)


def read_rows(shards: Sequence[Path]) -> NDArray[np.uint8]:
    """The lines of all shards one after the other, in UTF-8."""
    text = bytearray()
    for shard in shards:
        for batch in _opened(shard).iter_batches(columns=[COLUMN]):
            text += "".join(row or EMPTY for row in batch.column(0).to_pylist()).encode()
    return np.frombuffer(text, np.uint8)


def _opened(shard: Path) -> Any:
    """An open file with the column that is read."""
    from pyarrow.parquet import ParquetFile

    file = ParquetFile(shard, memory_map=True)
    if COLUMN not in file.schema_arrow.names:
        raise ValueError(f"has no column {COLUMN}")
    return file

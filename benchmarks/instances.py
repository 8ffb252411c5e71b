"""What learners are measured on: a parity, and windows of English text that every Python carries."""

import ast
import functools
import sysconfig
from pathlib import Path
from pydoc_data import topics

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from fitness import Staged, stage

COLUMNS = 16
SYMBOLS = 128


def parity(columns: int, rows: int, queries: int) -> Staged:
    """Random bits, labelled with the parity of three of them."""
    bits = np.random.default_rng(0).integers(0, 2, (rows + queries, columns), dtype=np.uint8)
    classes = np.bitwise_xor.reduce(bits[:, [1, columns // 2, columns - 2]], axis=1)
    return stage(bits[:rows], classes[:rows], bits[rows:], 2, 2)


@functools.cache
def english() -> NDArray[np.uint8]:
    """The help topics of Python, then the docstrings of its standard library in order of the files: ASCII codes.

    Both differ a little from one version of Python to the next. Other characters than those of ASCII become "?".
    """
    texts = [topics.topics[name] for name in sorted(topics.topics)]
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                texts.append(ast.get_docstring(node) or "")
    return np.frombuffer("\n\n".join(filter(None, texts)).encode("ascii", "replace"), dtype=np.uint8)


def text(characters: int, queries: int) -> Staged:
    """Windows of so many characters, and as queries the windows of those that follow.

    Raises ValueError if there is not so much text.
    """
    stream = english()
    if characters + queries > len(stream):
        raise ValueError(f"there are {len(stream)} characters of text, not {characters + queries}")
    windows = sliding_window_view(stream, COLUMNS)
    rows, later = windows[: characters - COLUMNS], windows[characters - COLUMNS : characters - COLUMNS + queries]
    return stage(rows, stream[COLUMNS:characters], later, SYMBOLS, SYMBOLS)

"""The arguments of a program, read from a JSON file: `read_arguments`.

The file holds a list with one entry an argument:

    5   0.5   true                          a scalar
    [1, 2]   [[0.5], [1.5]]                 an array of rank 1 or 2: i8 if all are ints, f8 if any is a float,
                                            u1 if all are true or false
    {"dtype": "u1", "data": [[0, 1]]}       an array of the element type given: u1, i4, i8, f4 or f8
    {"control": 5}                          a scalar that is control: free in the energy models
    {"readonly": [1, 2]}                    an array that the program can't write

Nothing is converted silently but ints to floats: a value that its element type can't hold is an error.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from evolve.cli.inputs import InputError, read_text
from fitness import Control, ReadOnly
from primitives.dtypes import DTYPES, DType, f8, i8, u1

Scalar = bool | int | float
Argument = Scalar | np.ndarray[Any, Any] | Control | ReadOnly

_OBJECTS: Final = 'an object is {"dtype": NAME, "data": LIST}, {"control": SCALAR} or {"readonly": ARRAY}'


def read_arguments(path: Path) -> list[Argument]:
    """Read the arguments in the file at `path`.

    Raises:
        InputError: the file can't be read, is not JSON, or an entry is not an argument; the message names the place.
    """
    text = read_text(path)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except (ValueError, RecursionError) as error:  # an int of thousands of digits; thousands of nested lists
        raise InputError(f"{path} holds a number too long, or lists nested too deeply, for an argument.") from error
    if not isinstance(document, list):
        raise InputError(f"{path} has to hold a list with one entry an argument, like [[1, 2, 3], 0.5].")
    return [_argument(entry, f"{path}, argument {place}") for place, entry in enumerate(document, start=1)]


def _argument(entry: object, place: str) -> Argument:
    """Read one entry of the list; `place` names it in messages."""
    if isinstance(entry, dict) and entry.keys() == {"control"}:
        return Control(_scalar(entry["control"], place))
    if isinstance(entry, dict) and entry.keys() == {"readonly"}:
        return ReadOnly(_array(entry["readonly"], place))
    if isinstance(entry, list | dict):
        return _array(entry, place)
    return _scalar(entry, place)


def _scalar(value: object, place: str) -> Scalar:
    """Check a bool, a 64-bit int or a finite float."""
    if not isinstance(value, bool | int | float):
        raise InputError(f"{place}: {_shown(value)} is no scalar; give a number, true or false.")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{place}: {value} is not finite; write a finite number, the language has no other.")
    if isinstance(value, int) and not i8.min <= value <= i8.max:
        raise InputError(f"{place}: {_shown(value)} does not fit the 64 bits of an int; write a float or less.")
    return value


def _array(entry: object, place: str) -> np.ndarray[Any, Any]:
    """Make the array of a nested list, or of an object that gives the element type too."""
    dtype: DType | None = None
    if isinstance(entry, dict):
        if entry.keys() != {"dtype", "data"}:
            raise InputError(f"{place}: {_shown(entry)}: {_OBJECTS}.")
        dtype = DTYPES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
        if dtype is None:
            raise InputError(f"{place}: no element type {_shown(entry['dtype'])}; there are {', '.join(DTYPES)}.")
        entry = entry["data"]
    if not isinstance(entry, list):
        raise InputError(f"{place}: {_shown(entry)} is no array; give a list of numbers, or a list of such lists.")
    shape = _shape(entry, place)
    elements = list(_elements(entry, place))
    chosen = dtype or _natural_dtype([value for _, value in elements], place)
    values = [_element(value, chosen, where) for where, value in elements]
    return np.array(values, dtype=chosen.numpy).reshape(shape)


def _shape(rows: list[object], place: str) -> tuple[int, ...]:
    """Give the shape of a list, or of a list of lists of one length."""
    if not any(isinstance(row, list) for row in rows):
        return (len(rows),)
    width: int | None = None
    for index, row in enumerate(rows):
        if not isinstance(row, list):
            raise InputError(f"{place}: [{index}] is {_shown(row)} where the others are lists; rows have one length.")
        width = len(row) if width is None else width
        if len(row) != width:
            raise InputError(f"{place}: row {index} has {len(row)} elements, row 0 has {width}; rows have one length.")
    assert width is not None
    return (len(rows), width)


def _elements(rows: list[object], place: str) -> Iterator[tuple[str, Scalar]]:
    """Give each element with the place where it stands, row by row."""
    for index, row in enumerate(rows):
        if isinstance(row, list):
            for column, value in enumerate(row):
                if isinstance(value, list):
                    raise InputError(f"{place}: [{index}][{column}] is a list; arrays have at most two dimensions.")
                where = f"{place}, element [{index}][{column}]"
                yield where, _scalar(value, where)
        else:
            where = f"{place}, element [{index}]"
            yield where, _scalar(row, where)


def _natural_dtype(values: list[Scalar], place: str) -> DType:
    """Choose the element type of a list that names none."""
    if not values:
        raise InputError(f'{place}: an empty list has no element type; write {{"dtype": "f8", "data": []}}.')
    bools = sum(isinstance(value, bool) for value in values)
    if 0 < bools < len(values):
        raise InputError(f"{place}: true and false stand among numbers; write 1 and 0, or give the dtype.")
    if bools:
        return u1
    return f8 if any(isinstance(value, float) for value in values) else i8


def _element(value: Scalar, dtype: DType, place: str) -> int | float:
    """Check that an element type holds a value."""
    if dtype.is_float:
        if not dtype.min <= value <= dtype.max:
            raise InputError(f"{place}: {_shown(value)} does not fit {dtype.name}; write a smaller number, or f8.")
        return float(value)
    if isinstance(value, float):
        raise InputError(f"{place}: {value} is a float, and {dtype.name} holds ints; write an int or another dtype.")
    if not dtype.min <= value <= dtype.max:
        raise InputError(
            f"{place}: {value} does not fit {dtype.name} ({dtype.min:,} to {dtype.max:,}); choose a wider dtype."
        )
    return int(value)


def _shown(value: object) -> str:
    """Write a JSON value, shortened, for a message."""
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."

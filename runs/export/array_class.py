"""The text of a class for arrays, in the standard library alone."""

from __future__ import annotations

from typing import Final

ARRAY: Final = '''
class Array:
    """Numbers in one or two dimensions, or a view of some: place i, j is flat[start + i * steps[0] + j * steps[1]]."""

    def __init__(self, flat, start, shape, steps):
        self.flat, self.start, self.shape, self.steps = flat, start, shape, steps

    def __len__(self):
        return self.shape[0]

    @property
    def T(self):
        return Array(self.flat, self.start, self.shape[::-1], self.steps[::-1])

    def __getitem__(self, index):
        places = index if isinstance(index, tuple) else (index,)
        places += (slice(None),) * (len(self.shape) - len(places))
        start, shape, steps = self.start, (), ()
        for place, size, step in zip(places, self.shape, self.steps):
            if isinstance(place, slice):
                chosen = range(size)[place]
                start += chosen.start * step
                shape += (len(chosen),)
                steps += (chosen.step * step,)
            else:
                start += place * step
        return Array(self.flat, start, shape, steps) if shape else self.flat[start]

    def __setitem__(self, index, value):
        places = index if isinstance(index, tuple) else (index,)
        self.flat[self.start + sum(place * step for place, step in zip(places, self.steps))] = value


def filled(value, rows, columns=None):
    """A new array that holds one number everywhere."""
    if columns is None:
        return Array([value] * rows, 0, (rows,), (1,))
    return Array([value] * (rows * columns), 0, (rows, columns), (columns, 1))


def array_of(numbers):
    """The array of a list of numbers, or of a list of rows; of an array itself."""
    if isinstance(numbers, Array):
        return numbers
    if len(numbers) == 0 or not hasattr(numbers[0], "__len__"):
        return Array(list(numbers), 0, (len(numbers),), (1,))
    return Array([v for row in numbers for v in row], 0, (len(numbers), len(numbers[0])), (len(numbers[0]), 1))
'''
"""Arrays with views, and what makes them."""

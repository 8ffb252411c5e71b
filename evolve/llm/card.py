"""The language card: all that a proposer has to know of the language, with every primitive of the catalogue."""

from __future__ import annotations

from functools import cache
from typing import Final

from primitives.catalogue import CATALOGUE
from primitives.parser import BUILTINS

RULES: Final = """\
Programs are modules in a small typed subset of Python. They are checked, compiled and priced; all else is rejected.
- Top level: a docstring, `from primitives import NAME, ...`, constants (`NAME = number`), functions. No other imports.
- Functions: positional parameters, no defaults, no annotations, no recursion, no nested functions, no lambda.
- Types: bool, int (64 bit), float (finite), arrays of rank 1 or 2 with elements u1, i4, i8, f4 or f8. A variable keeps
  the type of its first assignment (start a float with 0.0), and is assigned on every path before it is used. No lists,
  tuples as values, dicts, strings, None, classes, comprehensions, f-strings, try, with, assert, print.
- Statements: assignments to names, elements and slices, also augmented; `for i in range(...)`; while; if/elif/else;
  break, continue, pass, return. A loop counter is only a counter: it is never assigned, nested loops use others, and
  it does not exist after its loop. A result that is not used is an error.
- Expressions: arithmetic, comparisons of two numbers (no chains), `& | ^ ~ << >>` on ints, and/or/not, `a if c else b`,
  a call. A condition is a scalar. Operators on two arrays of one shape, or on an array and a scalar, work by element.
- Arrays: `a[i]`, `a[i, j]`, `a.shape[0]`, `len(a)`, `a.T`; views `a[i]`, `a[:, j]`, `a[lo:hi]`, `a[lo:hi, c:d]`.
  Negative indices fail. Sizes of new arrays and bounds of slices can't depend on data (`window` starts where data say).
- A value that does not fit, an index outside, a division by zero: the program fails, and has no score.
Energy: all data (inputs, elements, variables and temporaries computed from them) lie on one stack in the order of their
last use. Reading a byte costs the square root of its depth there, and puts it on top. Writing puts on top and is free;
literals, sizes, and counters that depend on no data are free. Arithmetic is free, but what it leaves, each
subexpression too, is data that is read when it is used. Elements are as wide as their type (u1 1 byte, i8 and f8 8), an
int variable or temporary as its value needs (1 byte up to 255). At the start the first argument is on top, the next
under all of it; element 0, or row 0, is the highest of its array. A new array covers what is below: make it late.
A learner's query is put on top of everything, its model lies below. Scalars that `fit` returned are read at each query
to hand them over, and again when they are used; arrays are handed over free, and cost what is read of them.
So: read less, read what was used just now, keep types narrow, stop early."""
"""docs/language.md and docs/energy.md in short."""


@cache
def language_card() -> str:
    """The rules, and the primitives by group with what they give and do."""
    lines = [RULES, f"Builtins: {', '.join(sorted(BUILTINS))}.", "Primitives, to be imported from `primitives`:"]
    group = ""
    for primitive in CATALOGUE.values():
        if primitive.group != group:
            group = primitive.group
            lines.append(f"  {group}")
        lines.append(f"    {primitive.signature} -> {primitive.returns}: {primitive.doc}")
    return "\n".join(lines)

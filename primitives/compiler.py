"""The compiler's front door: from a program and the types of its arguments to code for the machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from primitives.checked import DATA, Checked
from primitives.checker import check
from primitives.code import Code, Linker
from primitives.codegen import Generator
from primitives.errors import Diagnostic, ProgramError
from primitives.parser import load, rejection
from primitives.types import Type


class Argument(NamedTuple):
    """An argument of an entry: its type, and for a scalar whether it is data or control."""

    type: Type
    data: bool = False


def compile_program(source: str | bytes | ast.Module, entry: str, arguments: Sequence[Argument]) -> Code:
    """Compile the function `entry` of a program, and all that it calls.

    Raises `ProgramError` with every fault of the program.
    """
    module, diagnostics = load(source)
    types = tuple(argument.type for argument in arguments)
    data = data_mask(arguments)
    with nesting_refused():
        program, checked = check(module, diagnostics, entry, types)
        program.check_unreached()
        if checked is not None:
            diagnostics.extend(broken_musts(checked, data))
        if diagnostics or checked is None:
            raise rejection(diagnostics, module.source)
        block = Generator(program).block(checked.node, False, types, data)
    return Linker([block]).link()


@contextmanager
def nesting_refused() -> Iterator[None]:
    """Turn the end of Python's stack, which only a program nested too deeply reaches, into a `ProgramError`."""
    try:
        yield
    except RecursionError:
        fault = Diagnostic(1, 1, "an expression nested too deeply", "split it into several statements")
        raise ProgramError([fault]) from None


def broken_musts(checked: Checked, data: int) -> list[Diagnostic]:
    """The places where a value that must be control depends on data, given the mask of data arguments."""
    known = data | DATA
    return [
        Diagnostic(must.line, must.column, f"{must.what} depends on data", _CONTROL_ADVICE)
        for must in checked.musts
        if must.mask & known
    ]


_CONTROL_ADVICE = (
    "sizes, lengths and slice bounds are control (literals, shapes, counters of loops with control bounds): "
    "allocate the largest and keep a count, or use window(a, start, length)"
)


def data_mask(arguments: Sequence[Argument]) -> int:
    """The mask over the parameters of the scalar arguments that are data."""
    return sum(2 << index for index, (kind, data) in enumerate(arguments) if data and kind.rank == 0)

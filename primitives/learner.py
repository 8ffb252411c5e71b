"""Compiling a learner: `fit`, `predict`, and the loop that asks one query after the other on the machine itself.

The loop is code like any other, so that asking costs next to nothing. What `fit` returns stays where it is; for each
query it is passed to `predict` like any argument (docs/energy.md, Calls).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from primitives import syntax
from primitives.block import CELL, Block, Slot
from primitives.checked import DATA, Checked
from primitives.checker import Program
from primitives.code import Code, Entry, Linker
from primitives.codegen import Generator
from primitives.compiler import Argument, broken_musts, data_mask, nesting_refused
from primitives.errors import Diagnostic
from primitives.opcodes import FROM, OPCODE, READ, UNTIL
from primitives.parser import load, rejection
from primitives.types import BOOL, FLOAT, INT, Type

_Row = tuple[Sequence[int], Sequence[int]]
"""The fields of an instruction, and the three cells that it reads and the one it writes."""

_FREE = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Learner:
    """A compiled learner: its code, the loop's entry, and the registers that the machine sets before it runs.

    `queries` is the array register of all queries, `query` that of the one being asked, `counter` and `count` the int
    registers of the loop.
    """

    code: Code
    play: Entry
    queries: int
    query: int
    counter: int
    count: int


def compile_learner(source: str | bytes | ast.Module, fit: Sequence[Argument], query: Type) -> Learner:
    """Compile the functions `fit` and `predict` of a program.

    `predict` takes what `fit` returns, then a query, and returns a class. Raises `ProgramError` with every fault.
    """
    module, diagnostics = load(source)
    program = Program(module, diagnostics)
    with nesting_refused():
        checked = check_learner(program, fit, query)
        program.check_unreached()
        if diagnostics or checked is None:
            raise rejection(diagnostics, module.source)
        fitted, data, predicted, asked = checked
        generator = Generator(program)
        blocks = [
            generator.block(fitted.node, False, fitted.arguments, data),
            generator.block(predicted.node, False, predicted.arguments, asked),
        ]
    return _with_loop(blocks)


class CheckedLearner(NamedTuple):
    """The functions of a learner, and for each the mask of its data arguments."""

    fit: Checked
    fit_data: int
    predict: Checked
    predict_data: int


def check_learner(program: Program, fit: Sequence[Argument], query: Type) -> CheckedLearner | None:
    """Check `fit` and `predict` of a program; None if one is faulty. Faults go to the program's diagnostics."""
    data = data_mask(fit)
    fitted = program.entry("fit", tuple(argument.type for argument in fit))
    if fitted is None:
        return None
    program.diagnostics.extend(broken_musts(fitted, data))
    asked = sum(2 << index for index, mask in enumerate(fitted.result_masks) if mask & (data | DATA))
    predicted = _check_predict(program, fitted, query)
    if predicted is None:
        return None
    program.diagnostics.extend(broken_musts(predicted, asked))
    return CheckedLearner(fitted, data, predicted, asked)


def _check_predict(program: Program, fitted: Checked, query: Type) -> Checked | None:
    """Check `predict` for what `fit` returns and a query; None if it is faulty."""
    function, size = program.module.functions.get("predict"), len(fitted.results)
    if function is None or len(function.args.args) != size + 1:
        allowed = f"predict takes the {size} values that fit returns, then the query"
        if function is None:
            program.diagnostics.append(Diagnostic(1, 1, "no function predict", allowed))
        else:
            found = f"predict of {len(function.args.args)} parameters"
            program.diagnostics.append(syntax.diagnostic(function, found, allowed))
        return None
    checked = program.check(function, False, (*fitted.results, query), function)
    if checked is not None and (len(checked.results) != 1 or checked.results[0] not in (INT, BOOL)):
        found = f"predict returns {', '.join(map(str, checked.results)) or 'nothing'}"
        program.diagnostics.append(syntax.diagnostic(function, found, "it returns one int, the class"))
    return checked


def _with_loop(blocks: list[Block]) -> Learner:
    """Link `fit` and `predict`, with the loop over the queries behind them."""
    passed = len(blocks[0].results)
    code = Linker(blocks).link(room=passed + 5, arrays=1)
    fit, predict = code.entries["fit"], code.entries["predict"]
    counter, count, queries = code.ints, code.ints + 1, code.arrays - 1
    query, answer = predict.parameters[-1].register, predict.results[0]
    call = code.instructions[predict.position, :3].tolist()
    start = len(code.instructions) - passed - 5
    leaving = (answer.cell * CELL + FROM, (answer.cell + 1) * CELL + UNTIL, 0, 0) if answer.cell >= 0 else _FREE
    rows: list[_Row] = [
        _pass_on(slot, parameter) for slot, parameter in zip(fit.results, predict.parameters, strict=False)
    ]
    rows += [
        ((OPCODE["ASK"], query, queries, counter, 0), _FREE),
        ((*call, 0, 0), _FREE),
        ((OPCODE["TELL"], 0, answer.register, 0, 0), leaving),
        ((OPCODE["NEXT1"], counter, count, 0, start), _FREE),
        ((OPCODE["HALT"], 0, 0, 0, 0), _FREE),
    ]
    code.instructions[start:, :5] = [fields for fields, _ in rows]
    code.prices[start:] = [cells for _, cells in rows]
    return Learner(code, Entry(start, (), predict.results, ()), queries, query, counter, count)


def _pass_on(slot: Slot, parameter: Slot) -> _Row:
    """The instruction that gives a part of the model to `predict`, and the cells that it reads and writes."""
    op = "AMOV" if slot.type.rank > 0 else "FMOV" if slot.type is FLOAT else "IMOV"
    price = slot.cell * CELL + READ if slot.cell >= 0 else 0
    return (OPCODE[op], parameter.register, slot.register, 0, 0), (price, 0, 0, parameter.write)

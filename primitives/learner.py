"""Compiling a learner: `fit`, `predict`, and the loop that asks one query after the other on the machine itself.

The loop is code like any other, so that asking costs next to nothing. What `fit` returns stays where it is; each query it
is passed to `predict` like any argument (docs/energy.md, Calls).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from primitives import syntax
from primitives.checker import check
from primitives.code import Code, Entry, Linker
from primitives.codegen import Generator
from primitives.compiler import Argument, broken_musts, data_mask
from primitives.errors import Diagnostic, ProgramError
from primitives.lowering import written
from primitives.opcodes import FROM, OPCODE, READ, UNTIL
from primitives.parser import load
from primitives.types import BOOL, FLOAT, INT, Type


@dataclass(frozen=True, slots=True)
class Learner:
    """A compiled learner: its code, the loop's entry, and the registers that the machine sets before it runs.

    `queries` is the array register of all queries, `query` that of the one being asked, `counter` and `count` the int registers of the loop.
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
    try:
        program, fitted = check(module, diagnostics, "fit", tuple(argument.type for argument in fit))
        if fitted is None:
            raise ProgramError(diagnostics)
        data = data_mask(fit)
        diagnostics.extend(broken_musts(fitted, data))
        function = module.functions.get("predict")
        model = fitted.results
        if function is None or len(function.args.args) != len(model) + 1:
            diagnostics.append(_wrong_predict(function, len(model)))
            raise ProgramError(diagnostics)
        types = (*model, query)
        predicted = program.check(function, False, types, function)
        if predicted is None:
            raise ProgramError(diagnostics)
        asked = 0
        for index, mask in enumerate(fitted.result_masks):
            if mask & (data | 1):
                asked |= 2 << index
        diagnostics.extend(broken_musts(predicted, asked))
        if len(predicted.results) != 1 or predicted.results[0] not in (INT, BOOL):
            found = f"predict returns {', '.join(map(str, predicted.results)) or 'nothing'}"
            diagnostics.append(syntax.diagnostic(function, found, "it returns one int, the class"))
        if diagnostics:
            raise ProgramError(diagnostics)
        generator = Generator(program)
        blocks = [
            generator.block(module.functions["fit"], False, fitted.arguments, data),
            generator.block(function, False, types, asked),
        ]
    except RecursionError:
        fault = Diagnostic(1, 1, "an expression nested too deeply", "split it into several statements")
        raise ProgramError([fault]) from None
    return _with_loop(Linker(blocks).link())


def _wrong_predict(function: ast.FunctionDef | None, size: int) -> Diagnostic:
    allowed = f"predict takes the {size} values that fit returns, then the query"
    if function is None:
        return Diagnostic(1, 1, "no function predict", allowed)
    return syntax.diagnostic(function, f"predict of {len(function.args.args)} parameters", allowed)


def _with_loop(code: Code) -> Learner:
    """Append the loop over the queries to linked code."""
    fit, predict = code.entries["fit"], code.entries["predict"]
    counter, count, queries = code.ints, code.ints + 1, code.arrays
    rows: list[list[int]] = []
    for slot, parameter in zip(fit.results, predict.parameters, strict=False):
        if slot.type.rank > 0:
            rows.append([OPCODE["AMOV"], parameter.register, slot.register, 0, 0, 0])
            continue
        price = slot.cell * 8 + READ if slot.cell >= 0 else 0
        op = OPCODE["FMOV" if slot.type is FLOAT else "IMOV"]
        rows.append([op, parameter.register, slot.register, 0, price, written(slot.type, parameter.cell)])
    query = predict.parameters[-1].register
    answer = predict.results[0]
    call = code.instructions[predict.position]
    leaving = [answer.cell * 8 + FROM, answer.cell * 8 + 8 + UNTIL] if answer.cell >= 0 else [0, 0]
    start = len(code.instructions)
    instructions = np.zeros((len(rows) + 5, 8), dtype=np.uint32)
    prices = np.zeros((len(rows) + 5, 4), dtype=np.uint32)
    for index, (op, d, a, _, price, write) in enumerate(rows):
        instructions[index, :3] = op, d, a
        prices[index, 0], prices[index, 3] = price, write
    end = len(rows)
    instructions[end, :4] = OPCODE["ASK"], query, queries, counter
    instructions[end + 1] = call
    instructions[end + 2, :3] = OPCODE["TELL"], 0, answer.register
    prices[end + 2, :2] = leaving
    instructions[end + 3, :5] = OPCODE["NEXT1"], counter, count, 0, start
    instructions[end + 4, 0] = OPCODE["HALT"]
    longer = replace(
        code,
        instructions=np.concatenate([code.instructions, instructions]),
        prices=np.concatenate([code.prices, prices]),
        lines=np.concatenate([code.lines, np.zeros(end + 5, dtype=np.int32)]),
        ints=code.ints,
        arrays=code.arrays + 1,
    )
    return Learner(longer, Entry(start, (), predict.results, ()), queries, query, counter, count)

"""Compiling a program for a task: its functions, checked against the task's contract, and what its literals weigh."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from primitives import syntax
from primitives.code import Code
from primitives.compiler import Argument, compile_program
from primitives.dtypes import DTYPES, u1
from primitives.errors import Diagnostic, ProgramError
from primitives.learner import Learner, compile_learner
from primitives.literals import literals
from primitives.parser import parse, rejection
from primitives.recent import Recent
from primitives.types import BOOL, FLOAT, INT, Type, array_type
from tasks.contract import Contract, Parameter, Signature
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program compiled for a contract.

    Attributes:
        task_contract: what it was compiled for.
        learner: its code, if the contract is that of learners.
        functions: else the code of each function of the contract, by name.
        literals: bytes of the numbers in its text (`primitives.literals`).
    """

    task_contract: Contract
    learner: Learner | None
    functions: Mapping[str, Code] = field(default_factory=dict)
    literals: int = 0


def learner(source: str | bytes | ast.Module) -> Learner:
    """Compile a learner: `fit(x, y, n_symbols, n_classes)` for symbols of 1 byte, and `predict(model..., q)`.

    Raises `ProgramError`.
    """
    size = Argument(INT)
    arguments = [Argument(array_type(u1, 2, True)), Argument(array_type(u1, 1, True)), size, size]
    return compile_learner(source, arguments, array_type(u1, 1, True))


def compile_for(task: Task, source: str | bytes | ast.Module) -> Compiled:
    """Compile a program for a task.

    Raises:
        ProgramError: it is not in the language, does not define what the contract asks for, or has more bytes of
            literals than the task allows.
    """
    if not isinstance(source, str):
        return _compiled(task, source)
    key = source, task.contract, task.budget.literals
    known = _COMPILED.get(key)
    if known is None:
        known = _compiled(task, source)
        _COMPILED.put(key, known)
    return known


_COMPILED: Final[Recent[tuple[str, Contract, int], Compiled]] = Recent(128)
"""Programs compiled from their texts: an island judges its population and its front again in every epoch."""


def _compiled(task: Task, source: str | bytes | ast.Module) -> Compiled:
    contract = task.contract
    if contract.functions is None:
        compiled, functions = learner(source), {}
    else:
        compiled, functions = None, _functions(contract.functions, source)
    return Compiled(contract, compiled, functions, _literal_bytes(source, task))


def _functions(signatures: tuple[Signature, ...], source: str | bytes | ast.Module) -> dict[str, Code]:
    """The code of each function of a contract. Raises `ProgramError` with the faults of all of them."""
    functions: dict[str, Code] = {}
    faults: list[Diagnostic] = []
    for signature in signatures:
        try:
            code = compile_program(source, signature.name, [argument_of(each) for each in signature.parameters])
        except ProgramError as error:
            faults.extend(error.diagnostics)
            continue
        functions[signature.name] = code
        faults.extend(_result_faults(signature, code, source))
    if faults:
        raise ProgramError(faults)
    return functions


def type_named(name: str, readonly: bool = False) -> Type:
    """The type of a name in a contract, such as `int` or `u1[:, :]`."""
    scalar = {"bool": BOOL, "int": INT, "float": FLOAT}.get(name)
    if scalar is not None:
        return scalar
    dtype, _, axes = name.partition("[")
    return array_type(DTYPES[dtype], axes.count(":"), readonly)


def argument_of(parameter: Parameter) -> Argument:
    """What the compiler is told of a parameter."""
    kind = type_named(parameter.type, not parameter.writable)
    return Argument(kind, kind.rank == 0 and not parameter.control)


def _result_faults(signature: Signature, code: Code, source: str | bytes | ast.Module) -> list[Diagnostic]:
    """What is wrong with the results of a function: it returns one value of the type of its signature.

    A bool serves as an int, as everywhere in the language.
    """
    found = [slot.type for slot in code.entries[signature.name].results]
    wanted = type_named(signature.result)
    if len(found) == 1 and (_alike(found[0], wanted) or (found[0] is BOOL and wanted is INT)):
        return []
    tree = source if isinstance(source, ast.Module) else parse(source)
    node = next(each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == signature.name)
    returns = f"{signature.name} returns {', '.join(map(str, found)) or 'nothing'}"
    return [syntax.diagnostic(node, returns, f"it returns {wanted}")]


def _alike(left: Type, right: Type) -> bool:
    """Whether two types are the same, apart from whether an array may be written."""
    return left is right or (left.rank > 0 and (left.rank, left.dtype) == (right.rank, right.dtype))


def _literal_bytes(source: str | bytes | ast.Module, task: Task) -> int:
    """The bytes of a compiled program's literals. Raises `ProgramError` if they are more than the task allows."""
    counted = literals(source if isinstance(source, ast.Module) else parse(source))
    if counted.bytes > task.budget.literals:
        assert counted.largest is not None
        found = f"{counted.bytes} bytes of numbers in the program, of which this is the widest"
        allowed = f"{task.name} allows {task.budget.literals}; compute tables or learn them from the training rows"
        text = "" if not isinstance(source, str) else source
        raise rejection([syntax.diagnostic(counted.largest, found, allowed)], text)
    return counted.bytes

"""What must hold of a task before anything is drawn from it: its attributes make sense, and to each other."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from primitives.errors import ProgramError
from primitives.parser import parse
from tasks.contract import Contract, Signature
from tasks.guest import Guest
from tasks.task import Budget, Floor, Task, TaskError

MOST_MEMORY: Final = 256 << 20
"""Live bytes of arrays that the machine can have."""

_QUANTILE: Final = 1.645
_LEARNER: Final = (("fit", 4), ("predict", None))


@dataclass(frozen=True, slots=True)
class Finding:
    """A way in which a task breaks the contract of tasks: what is wrong, and what to do."""

    wrong: str
    advice: str

    def __str__(self) -> str:
        """Both in one line."""
        return f"{self.wrong}; {self.advice}"


def attribute_findings(task: Task, passable: bool = True) -> list[Finding]:
    """What is wrong with the attributes of a task; nothing is drawn.

    Args:
        task: any task.
        passable: whether programs should be able to pass its gate, which some variants make impossible.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for name in ("name", "summary", "family", "contract", "budget", "gate", "chance", "best", "instances", "interval"):
        try:
            with Guest(f"its {name}"):
                values[name] = getattr(task, name)
        except TaskError as error:
            findings.append(Finding(str(error), f"a task says its {name} (tasks.Task)"))
    checks = (_texts, _contract, _budget, _numbers, *((_best, _reachable) if passable else ()))
    for check in checks:
        if not findings:
            findings.extend(check(values))
    if not findings:
        findings.extend(_floor(task))
    return findings


def _texts(values: dict[str, Any]) -> Iterator[Finding]:
    for name in ("name", "summary", "family"):
        text = values[name]
        if not isinstance(text, str) or not text.strip() or len(text.splitlines()) > 1:
            yield Finding(f"its {name} is {text!r}", "it is one line of text")
    if values["interval"] not in ("instances", "batches"):
        yield Finding(f"its interval is {values['interval']!r}", 'it is "instances" or "batches"')


def _budget(values: dict[str, Any]) -> Iterator[Finding]:
    budget = values["budget"]
    if not isinstance(budget, Budget):
        yield Finding(f"its budget is {budget!r}", "it is a tasks.Budget(steps, energy, memory)")
        return
    for name, most in (("steps", 2**62), ("energy", math.inf), ("memory", MOST_MEMORY), ("literals", 2**31)):
        value = getattr(budget, name)
        least = 0 if name == "literals" else 1
        if not _is_number(value, whole=name != "energy") or not least <= value <= most:
            kind = "a number" if name == "energy" else "a whole number"
            bounds = f"from {least} to {most:,}" if most < math.inf else f"from {least}"
            yield Finding(f"its budget of {name} is {value!r}", f"it is {kind} {bounds}")


def _numbers(values: dict[str, Any]) -> Iterator[Finding]:
    chance, gate, instances = (values[name] for name in ("chance", "gate", "instances"))
    if not _is_number(instances, whole=True) or instances < 1:
        yield Finding(f"its instances are {instances!r}", "it is a whole number from 1")
    if not _is_number(chance) or not 0 <= chance < 1:
        yield Finding(f"its chance is {chance!r}", "it is a number from 0 to below 1")
    elif not _is_number(gate) or not chance < gate <= 1:
        yield Finding(f"its gate is {gate!r}", f"it is a number above chance, {chance:g}, and at most 1")


def _best(values: dict[str, Any]) -> Iterator[Finding]:
    best, gate = values["best"], values["gate"]
    if best is not None and (not _is_number(best) or not gate <= best <= 1):
        yield Finding(f"its best is {best!r}", f"it is None, or a number from the gate, {gate:g}, to 1")


def _reachable(values: dict[str, Any]) -> Iterator[Finding]:
    """Where instances are trials, their number bounds how sure one can be, even if all goes well (Wilson)."""
    chance, gate, count = values["chance"], values["gate"], values["instances"]
    if values["interval"] != "instances":
        return
    top = values["best"] if values["best"] is not None else 1.0
    mean, square = (top - chance) / (1 - chance), _QUANTILE**2 / count
    low = mean + square / 2 - _QUANTILE * math.sqrt(mean * (1 - mean) / count + square / (4 * count))
    surely = chance + (1 - chance) * low / (1 + square)
    if surely < gate:
        yield Finding(
            f"nothing can pass its gate, {gate:g}: whoever is always as good as can be on {count} instances is surely "
            f"better than {surely:.3g} only",
            'lower the gate, raise instances, or set interval = "batches"',
        )


def _contract(values: dict[str, Any]) -> Iterator[Finding]:
    contract = values["contract"]
    if not isinstance(contract, Contract):
        yield Finding(f"its contract is {contract!r}", "it is a tasks.Contract; leave it out for learners")
        return
    functions = contract.functions
    if functions is not None and not (
        isinstance(functions, tuple) and functions and all(isinstance(each, Signature) for each in functions)
    ):
        yield Finding("its contract has no functions", "they are a tuple of tasks.Signature, or None for learners")
        return
    wanted = _LEARNER if functions is None else tuple((each.name, len(each.parameters)) for each in functions)
    if len({name for name, _ in wanted}) < len(wanted):
        yield Finding("two functions of its contract have one name", "each has a name of its own")
    try:
        tree = parse(contract.blank)
    except ProgramError as error:
        yield Finding(f"its blank program is not in the language ({error.diagnostics[0]})", "see docs/language.md")
        return
    defined = {node.name: len(node.args.args) for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, parameters in wanted:
        if name not in defined or parameters not in (None, defined[name]):
            size = "" if parameters is None else f" of {parameters} parameters"
            yield Finding(f"its blank program does not define {name}{size}", "it keeps the task's own contract")


def _floor(task: Task) -> Iterator[Finding]:
    try:
        with Guest("its floor"):
            floor = task.floor
    except TaskError as error:
        yield Finding(str(error), "it is a tasks.Floor, or None")
        return
    if floor is None:
        return
    if not isinstance(floor, Floor) or not all(_is_number(each) and each >= 0 for each in (floor.fit, floor.queries)):
        yield Finding(f"its floor is {floor!r}", "it is a tasks.Floor of numbers from 0, or None")
    elif floor.energy > task.budget.energy:
        yield Finding(f"its floor, {floor.energy:,.0f}, is above its budget of energy", "raise the budget")


def _is_number(value: object, whole: bool = False) -> bool:
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating)
    return isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value)

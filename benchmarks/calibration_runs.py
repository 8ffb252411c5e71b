"""The programs whose times calibrate the machine: single instructions, random programs, seed programs."""

import ast
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks import instances
from benchmarks.single_instructions import code_of
from fitness import Control, Limits, Staged, learner
from fitness.arguments import arrange, value_of
from fitness.calibration import CLASSES
from fitness.machine import Machine
from primitives import seeds
from primitives.code import Code, Entry
from primitives.compiler import compile_program
from primitives.errors import ProgramError
from tests import agreement

LIMITS = Limits(steps=500_000_000)
RANDOM_PROGRAMS = 800
LONG_ENOUGH = 60_000
"""Steps of a random program, which is called that often: entering the machine takes some microseconds."""

SINGLE, RANDOM, SEED = "single instructions", "random programs", "seed programs"


@dataclass(frozen=True, slots=True)
class Run:
    """A program with its input.

    Attributes:
        kind: SINGLE, RANDOM or SEED.
        name: the class, the number or the name.
        begin: puts everything in place on a machine, priced or not.
        entries: where the machine then runs, one after the other.
    """

    kind: str
    name: str
    begin: Callable[[Machine, bool], str]
    entries: tuple[Entry, ...]

    def seconds(self, machine: Machine, priced: bool = False) -> float | None:
        """Seconds of the processor that the run took; None if it failed."""
        if self.begin(machine, priced) != "ok":
            return None
        start = time.process_time_ns()
        if any(machine.run(entry).status != "ok" for entry in self.entries):
            return None
        return (time.process_time_ns() - start) * 1e-9

    def executed(self, machine: Machine) -> NDArray[np.int64] | None:
        """The instructions it executes, by class; None if it fails."""
        return machine.executed if self.seconds(machine, priced=True) is not None else None


def single_instructions() -> Iterator[Run]:
    """A loop over each class of instruction, of those that are executed more than once in a run."""
    for kind in CLASSES:
        if kind not in ("HALT", "IFUN", "FFUN"):
            code = code_of(kind, 500)
            yield Run(SINGLE, kind, _loading(code), (code.entries["main"],))


def _loading(code: Code) -> Callable[[Machine, bool], str]:
    def begin(machine: Machine, priced: bool) -> str:
        machine.load(code, LIMITS, 1, priced=priced, answers=LONG_ENOUGH)
        return "ok"

    return begin


def random_programs(machine: Machine) -> Iterator[Run]:
    """The programs that `python -m tests.fuzz` draws, those that don't fail, each called again and again."""
    for number in range(RANDOM_PROGRAMS):
        generated = agreement.program(number)
        source = generated.source + _caller(generated.source, generated.entry)
        for calls in (30, 300, 3000, 30_000):
            arguments = [
                Control(argument) if position in generated.control else argument
                for position, argument in enumerate(generated.args)
            ]
            values = [value_of(argument) for argument in (*arguments, Control(calls))]
            try:
                code = compile_program(source, "caller", [value.argument for value in values])
            except ProgramError:  # what `caller` does with a result may be against the rules
                break
            arrangement, entry = arrange(values), code.entries["caller"]

            def begin(machine: Machine, priced: bool, code=code, entry=entry, arrangement=arrangement) -> str:
                machine.load(code, LIMITS, 1, priced=priced)
                return machine.bind(entry, arrangement)

            run = Run(RANDOM, str(number), begin, (entry,))
            if run.seconds(machine) is None:
                break
            if machine.steps > LONG_ENOUGH:
                yield run
                break


def _caller(source: str, entry: str) -> str:
    """A function that calls the program's entry in a loop."""
    function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == entry)
    result = next(node.value for node in ast.walk(function) if isinstance(node, ast.Return))
    names = [parameter.arg for parameter in function.args.args]
    targets = [f"r{number}" for number in range(len(result.elts) if isinstance(result, ast.Tuple) else 1)]
    return (
        f"\ndef caller({', '.join([*names, 'calls'])}):\n    for call in range(calls):\n"
        f"        {', '.join(targets)} = {entry}({', '.join(names)})\n    return 0\n"
    )


def seed_programs() -> Iterator[Run]:
    """The seed programs, on the instances that they are meant for."""
    bits = {"parity 10": instances.parity(10, 1000, 5000), "parity 20": instances.parity(20, 500, 5000)}
    texts = {"text 3000": instances.text(3000, 1000), "text 30000": instances.text(30_000, 10_000)}
    for name, families in seeds.SEEDS.items():
        for where, instance in (texts if "text" in families else bits).items():
            yield learner_run(f"{name}, {where}", seeds.source(name), instance)


def learner_run(name: str, source: str, instance: Staged) -> Run:
    """A learner on an instance."""
    program = learner(source)
    fit = program.code.entries["fit"]

    def begin(machine: Machine, priced: bool) -> str:
        machine.load(program.code, LIMITS, 1, priced=priced, answers=instance.count)
        status = machine.bind(fit, instance.fit)
        return status if status != "ok" else machine.bind_queries(program, instance.queries)

    return Run(SEED, name, begin, (fit, program.play))

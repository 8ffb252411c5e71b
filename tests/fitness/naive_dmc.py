"""A naive reference of the energy model `dmc`: a walk over a program's syntax tree that prices what it does.

Written from docs/energy.md alone, to be compared with the machine; slow, and only for programs that are in the language
and do not fail. The LRU stack and the arrays are in `naive_memory`, what is data in `naive_dataflow`, expressions in
`naive_expressions`. Primitives are walked through their definitions in the catalogue; energy spent there counts for the
line of the program that calls them.
"""

import ast
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from primitives import generator
from tests.fitness.naive_expressions import BINARY, SYMBOLS, Element, Expressions, Frame, Operand, Result, rank
from tests.fitness.naive_kinds import CONTROL, DATA, Abstract, ArrayOf, Scalar, Unit
from tests.fitness.naive_memory import WIDTHS, Array, Cell, input_arrays, scalar_width


@dataclass(frozen=True)
class Outcome:
    """A priced run: the result (arrays as numpy), the energy, also by source line, and the number of priced reads."""

    value: object
    energy: float
    by_line: dict[int, float]
    reads: int


def run(source: str, entry: str, args: Sequence, *, control: Iterable[int] = (), seed: int = 0) -> Outcome:
    """Runs the function `entry` of a program and prices it.

    Args:
        args: Python scalars, numpy arrays of the five element types (or bool), or nested lists.
        control: the positions of scalar arguments that are control; the others are data.
        seed: where the program's random numbers start.

    Raises ProgramError for a size or slice bound that depends on data.
    """
    generator.reseed(seed)
    walker = Walker(ast.parse(source))
    value = walker.measure(entry, list(args), set(control))
    return Outcome(value, sum(walker.by_line.values()), walker.by_line, walker.reads)


class Break(Exception):
    """Leaves the innermost loop."""


class Continue(Exception):
    """Starts the next round."""


class Return(Exception):
    """Leaves the function with results."""

    def __init__(self, results: list[Result]):
        self.results = results


class Walker(Expressions):
    """Calls and statements."""

    def measure(self, entry: str, args: list, control: set[int]) -> object:
        unit = self.program.functions[entry]
        values = input_arrays(args)
        arguments: list[Abstract] = []
        for position, value in enumerate(values):
            leaves = [("leaf", 0, f"{position}.{axis}") for axis in range(max(1, rank(value)))]
            if isinstance(value, Array):
                arguments.append(ArrayOf(tuple(leaves)))
            else:
                arguments.append(Scalar(CONTROL, *leaves) if position in control else Scalar(DATA))
        facts = self.analysis.facts(unit, tuple(arguments))
        frame = Frame(unit, facts, dict(zip(unit.parameters, values, strict=True)))
        self.lay_out_inputs(frame)
        results = [result.value for result in self.execute(frame)]
        results = [result.to_numpy() if isinstance(result, Array) else result for result in results]
        return tuple(results) if len(results) > 1 else results[0] if results else None

    def lay_out_inputs(self, frame: Frame) -> None:
        """The first argument on top, in an array element 0; what views share stands where the first of them has it."""
        downwards: list[tuple[Cell, int]] = []
        for name, value in frame.variables.items():
            if isinstance(value, Array):
                value.buffer.names += 1
                for place in value.places():
                    if place not in value.buffer.cells:
                        value.buffer.cells[place] = self.stack.new_cell()
                        downwards.append((value.buffer.cells[place], WIDTHS[value.dtype]))
            elif frame.facts.is_data_variable(name):
                frame.cells[name] = self.stack.new_cell()
                downwards.append((frame.cells[name], scalar_width(value)))
        for cell, width in reversed(downwards):
            self.stack.write(cell, width)

    # -- calls

    def call(self, unit: Unit, arguments: list[Abstract], operands: list[Operand]) -> list[Result]:
        """Calls a function or a definition: scalar arguments are read and written to their parameters one by one."""
        frame = Frame(unit, self.analysis.facts(unit, tuple(arguments)))
        for name, operand in zip(unit.parameters, operands, strict=True):
            frame.variables[name] = operand.value
            if isinstance(operand.value, Array):
                operand.value.buffer.names += 1
            if not isinstance(operand.value, Array):
                self.take(operand)
            if frame.facts.is_data_variable(name):
                frame.cells[name] = self.temporary(operand.value)
        # As an argument an array has its parameter's name, and no other if it had none before.
        self.release(buffer for operand in operands if isinstance(operand.value, Array) for buffer in operand.held)
        return self.execute(frame)

    def execute(self, frame: Frame) -> list[Result]:
        """Runs the body of a function whose parameters are in place. Data results are in temporaries, arrays held."""
        caller, line, results = self.frame, self.line, []
        self.frame = frame
        try:
            self.block(frame.unit.tree.body)
        except Return as signal:
            results = signal.results
        for cell in (*frame.cells.values(), *frame.counter_cells.values()):
            self.stack.leave(cell)
        self.release(value.buffer for value in frame.variables.values() if isinstance(value, Array))
        self.frame, self.line = caller, line
        return results

    def on_Return(self, node: ast.Return) -> None:
        frame = self.frame
        parts = [] if node.value is None else node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
        results = []
        for part, kind in zip(parts, frame.facts.results, strict=True):
            if isinstance(part, ast.Name) and part.id in frame.cells and names.count(part.id) == 1:
                results.append(Result(frame.variables[part.id], frame.cells[part.id]))
            else:
                results.append(self.settled(part, isinstance(kind, Scalar) and kind.level > CONTROL))
        handed_over = {result.cell for result in results}
        frame.cells = {name: cell for name, cell in frame.cells.items() if cell not in handed_over}
        raise Return(results)

    def settled(self, node: ast.expr, is_data: bool) -> Result:
        """One of several right sides, or of the results of a return: data in a temporary, an array held."""
        result = self.produce(node)
        if isinstance(result.value, Array):
            result.held = result.held or self.hold(result.value)
        elif is_data and result.cell is None:
            result.cell = self.temporary(result.value)
        return result

    # -- statements

    def block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.at(statement)
            getattr(self, "on_" + type(statement).__name__)(statement)

    def at(self, statement: ast.stmt) -> None:
        if not self.frame.unit.definition:
            self.line = statement.lineno

    def on_Pass(self, node: ast.Pass) -> None:
        pass

    def on_Break(self, node: ast.Break) -> None:
        raise Break

    def on_Continue(self, node: ast.Continue) -> None:
        raise Continue

    def on_Expr(self, node: ast.Expr) -> None:
        """A call for its effect; results that nothing takes leave."""
        for result in self.perform(node.value):
            self.release(result.held)
            if result.cell is not None:
                self.stack.leave(result.cell)

    def on_If(self, node: ast.If) -> None:
        self.block(node.body if self.test(node.test) else node.orelse)

    def on_While(self, node: ast.While) -> None:
        try:
            while self.test(node.test):
                self.round(node)
                self.at(node)
        except Break:
            pass

    def on_For(self, node: ast.For) -> None:
        frame, cell = self.frame, None
        if frame.facts.of[node].level > CONTROL:
            cell = frame.counter_cells.setdefault(node, self.stack.new_cell())
        try:
            for count in range(*self.take(*[self.evaluate(bound) for bound in node.iter.args])):
                frame.counters[node.target.id] = count, cell
                if cell is not None:
                    self.stack.write(cell, scalar_width(count))
                self.round(node)
        except Break:
            pass
        frame.counters.pop(node.target.id, None)

    def round(self, node: ast.For | ast.While) -> None:
        with suppress(Continue):
            self.block(node.body)

    def on_Assign(self, node: ast.Assign) -> None:
        target, value, facts = node.targets[0], node.value, self.frame.facts
        if isinstance(target, ast.Tuple):
            for part, result, kind in zip(target.elts, self.right_sides(value), facts.of[value].items, strict=True):
                if isinstance(part, ast.Name) and result.cell is not None and not isinstance(value, ast.Call):
                    result = Result(*self.take(self.operand(result, is_data=True)))
                self.assign(part, result, kind)
        elif isinstance(facts.of[target], ArrayOf) and isinstance(target, ast.Subscript):
            self.store_view(target, self.evaluate(value), facts.of[value])
        elif isinstance(target, ast.Subscript) and not self.is_operation(value):
            self.store(target, self.evaluate(value))
        else:
            result = self.produce(value)
            if isinstance(target, ast.Subscript) and result.cell is not None:
                result = Result(*self.take(self.operand(result, is_data=True)))
            self.assign(target, result, facts.of[value])

    def right_sides(self, value: ast.expr) -> list[Result]:
        """Several results in temporaries: those of a call, of a tuple's expressions, or the lengths of a shape."""
        if isinstance(value, ast.Call):
            return self.perform(value)
        if isinstance(value, ast.Tuple):
            return [self.settled(part, self.frame.facts.is_data(part)) for part in value.elts]
        lengths = [self.length(value.value, axis) for axis in range(len(self.frame.facts.of[value].items))]
        for result, kind in zip(lengths, self.frame.facts.of[value].items, strict=True):
            result.cell = self.temporary(result.value) if kind.level > CONTROL else None
        return lengths

    def assign(self, target: ast.expr, result: Result, kind: Abstract) -> None:
        """Writes a result to its target. A variable takes over the temporary of a call; an element reads it."""
        if isinstance(target, ast.Subscript):
            operand = self.operand(result, is_data=False)
            if isinstance(self.frame.facts.of[target], ArrayOf):
                self.store_view(target, operand, kind)
            else:
                self.store(target, operand)
            return
        name, variables, cells = target.id, self.frame.variables, self.frame.cells
        old, variables[name] = variables.get(name), result.value
        if isinstance(result.value, Array):
            self.hold(result.value)
            self.release(result.held)
            self.release([old.buffer] if isinstance(old, Array) else [])
        elif result.cell is not None:
            if name in cells:
                self.stack.leave(cells[name])
            cells[name] = result.cell
        elif self.frame.facts.is_data_variable(name):
            self.write_variable(name)

    def write_variable(self, name: str) -> None:
        if name not in self.frame.cells:
            self.frame.cells[name] = self.stack.new_cell()
        self.stack.write(self.frame.cells[name], scalar_width(self.frame.variables[name]))

    def store(self, target: ast.Subscript, operand: Operand) -> None:
        """`target = operand`: the operations inside the target, then reading the operand, then the data indices."""
        element = self.element(target)
        self.take(operand)
        self.read(element.reads[:-1])
        self.write_element(element, operand.value)

    def store_view(self, target: ast.Subscript, operand: Operand, kind: Abstract) -> None:
        """`a[lo:hi] = v`: a call of the definition of `assign` or `fill`."""
        arguments = [self.frame.facts.of[target], kind]
        unit = self.program.primitive("assign" if isinstance(kind, ArrayOf) else "fill", tuple(arguments))
        self.call(unit, arguments, [self.evaluate(target), operand])

    def on_AugAssign(self, node: ast.AugAssign) -> None:
        facts = self.frame.facts.of
        operands = [self.evaluate(node.target), self.evaluate(node.value)]
        target, value = operands
        if isinstance(target.value, Array):
            unit = self.program.operator(node, (rank(target.value), rank(value.value)))
            self.call(unit, [facts[node.target], facts[node.value]], operands)
            return
        self.read(target.reads + value.reads)
        result = BINARY[SYMBOLS[type(node.op)]](target.value, value.value)
        self.release(value.held)
        if isinstance(target, Element):
            self.write_element(target, result)
        else:
            self.assign(node.target, Result(result), facts[node.target])

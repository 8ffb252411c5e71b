"""Expressions of the naive `dmc` reference: what they give, what they read, and when.

An expression is *evaluated* to an `Operand`, which the operation that takes it reads later, or *produced* to a
`Result`, which is not written anywhere yet. Statements and calls are in `naive_dmc`.
"""

import ast
import builtins
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field

from primitives import elementwise
from primitives.catalogue import CATALOGUE, overload
from primitives.dtypes import DTYPES, DType
from tests.fitness.naive_dataflow import Analysis
from tests.fitness.naive_kinds import Abstract, ArrayOf, ElementType, Facts, Unit
from tests.fitness.naive_memory import WIDTHS, Array, Buffer, Cell, Stack, allocate, discard, scalar_width

BINARY = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "&": operator.and_, "|": operator.or_, "^": operator.xor,
    "<<": operator.lshift, ">>": operator.rshift, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
UNARY = {"-": operator.neg, "+": operator.pos, "~": operator.invert, "not": operator.not_}
SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not",
}  # fmt: skip
BUILTINS = ("abs", "min", "max", "int", "float", "bool", "len")


@dataclass(eq=False)
class Operand:
    """A value that an operation is going to take: the cells it reads then, in order, and what buffers it holds.

    A read is (cell, leaves): a temporary leaves when it is read.
    """

    value: object
    reads: list[tuple[Cell, bool]] = field(default_factory=list)
    held: list[Buffer] = field(default_factory=list)


@dataclass(eq=False)
class Element(Operand):
    """An element as an operand or a target: `reads` are those of its indices, then its own."""

    array: Array | None = None
    place: int = 0


@dataclass(eq=False)
class Result:
    """What an operation has made. A scalar is not written yet, unless a call has left it in the temporary `cell`."""

    value: object
    cell: Cell | None = None
    held: list[Buffer] = field(default_factory=list)


@dataclass(eq=False)
class Frame:
    """One call: its variables and the cells of those that are data scalars, and the same of counters.

    The counters of different loops have different cells, even if they have one name.
    """

    unit: Unit
    facts: Facts
    variables: dict[str, object] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    counters: dict[str, tuple[int, Cell | None]] = field(default_factory=dict)
    counter_cells: dict[ast.For, Cell] = field(default_factory=dict)


class Program:
    """Finds what a call or an operator runs: a function of the program, a definition, or an operation by its name."""

    def __init__(self, tree: ast.Module):
        constants = {
            node.targets[0].id: ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)
        }
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        self.functions = {node.name: Unit(node, constants, definition=False) for node in functions}
        self.definitions: dict[str, Unit] = {}

    def definition(self, source: str, name: str) -> Unit:
        if source not in self.definitions:
            functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
            [tree] = [node for node in functions if node.name == name]
            self.definitions[source] = Unit(tree, {}, definition=True)
        return self.definitions[source]

    def resolve(self, caller: Unit, name: str, arguments: Iterable[Abstract]) -> Unit | str:
        if not caller.definition and name in self.functions:
            return self.functions[name]
        arguments = tuple(arguments)
        if name in BUILTINS and not (name == "abs" and isinstance(arguments[0], ArrayOf)):
            return name
        return self.primitive(name, arguments)

    def primitive(self, name: str, arguments: tuple[Abstract, ...]) -> Unit | str:
        if CATALOGUE[name].overloads[0].kind == "special":
            return name
        ranks = tuple(len(a.dims) if isinstance(a, ArrayOf) else -isinstance(a, ElementType) for a in arguments)
        found = overload(name, ranks)
        assert found is not None, f"no overload of {name} for {arguments}"
        return self.definition(found.source, found.function) if found.kind == "definition" else name

    def operator(self, node: ast.AST, ranks: tuple[int, ...], values: Iterable = ()) -> Unit:
        """The definition of an operator on arrays. Without values any element type will do, for the analysis."""
        symbol = SYMBOLS[type(node.ops[0] if isinstance(node, ast.Compare) else node.op)]
        kinds = [str(rank) if rank else "s" for rank in ranks]
        if isinstance(node, ast.AugAssign):
            return self.definition(*elementwise.inplace_definition(symbol, ranks[0], kinds[1]))
        values = list(values)
        dtypes = [DTYPES[value.dtype] if isinstance(value, Array) else None for value in values]
        dtype = DTYPES["i8"]
        if len(ranks) == 1:
            dtype = elementwise.unary_dtype(symbol, *dtypes) if dtypes else dtype
            return self.definition(*elementwise.unary_definition(symbol, ranks[0], dtype))
        if dtypes:
            dtype = elementwise.result_dtype(symbol, *dtypes, any(isinstance(value, float) for value in values))
        return self.definition(*elementwise.definition(symbol, *kinds, dtype))


def rank(value: object) -> int:
    return len(value.shape) if isinstance(value, Array) else 0


class Expressions:
    """The state of a run (the stack, the energy spent, the frame of the running function) and its expressions."""

    def __init__(self, tree: ast.Module):
        self.program = Program(tree)
        self.analysis = Analysis(self.program.resolve, self.program.operator)
        self.stack = Stack()
        self.by_line: dict[int, float] = {}
        self.reads = 0
        self.line = 0
        self.frame: Frame | None = None

    def call(self, unit: Unit, arguments: list[Abstract], operands: list[Operand]) -> list[Result]:
        raise NotImplementedError

    # -- reading and writing

    def read(self, reads: Iterable[tuple[Cell, bool]]) -> None:
        for cell, leaves in reads:
            self.by_line[self.line] = self.by_line.get(self.line, 0.0) + self.stack.read(cell)
            self.reads += 1
            if leaves:
                self.stack.leave(cell)

    def take(self, *operands: Operand) -> list:
        """The values of an operation's operands, which are read left to right. Arrays that they hold leave after the
        operation, but one that only an element was asked of as soon as that is read.
        """
        for operand in operands:
            self.read(operand.reads)
            if isinstance(operand, Element):
                self.release(operand.held)
        self.release(buffer for operand in operands if not isinstance(operand, Element) for buffer in operand.held)
        return [operand.value for operand in operands]

    def temporary(self, value: object) -> Cell:
        cell = self.stack.new_cell()
        self.stack.write(cell, scalar_width(value))
        return cell

    @staticmethod
    def hold(array: Array) -> list[Buffer]:
        array.buffer.names += 1
        return [array.buffer]

    def release(self, buffers: Iterable[Buffer]) -> None:
        for buffer in buffers:
            buffer.names -= 1
            if buffer.names == 0:
                discard(self.stack, buffer)

    # -- the four ways to ask for an expression

    def evaluate(self, node: ast.expr) -> Operand:
        """A variable or element, which is read when it is taken; an operation is executed now, into a temporary."""
        if isinstance(node, ast.Constant):
            return Operand(node.value)
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if self.is_element(node):
            return self.element(node)
        return self.operand(self.produce(node), self.frame.facts.is_data(node))

    def operand(self, result: Result, is_data: bool) -> Operand:
        """A result as an operand: if it is a data scalar then in a temporary."""
        if is_data and result.cell is None:
            result.cell = self.temporary(result.value)
        return Operand(result.value, [] if result.cell is None else [(result.cell, True)], result.held)

    def produce(self, node: ast.expr) -> Result:
        """An operation is executed, its result not yet written; a variable or element is read."""
        if self.is_operation(node):
            return getattr(self, "on_" + type(node).__name__)(node)
        return Result(*self.take(self.evaluate(node)))

    def test(self, node: ast.expr) -> bool:
        """The truth of a condition: what it tests is read, nothing is written for `and`, `or`, `not`."""
        if isinstance(node, ast.BoolOp):
            decisive = isinstance(node.op, ast.Or)
            return decisive if any(self.test(part) == decisive for part in node.values) else not decisive
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not self.test(node.operand)
        [value] = self.take(self.evaluate(node))
        return bool(value)

    # -- variables and elements

    def is_element(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Subscript)
            and isinstance(self.frame.facts.of[node.value], ArrayOf)
            and not isinstance(self.frame.facts.of[node], ArrayOf)
        )

    def is_operation(self, node: ast.expr) -> bool:
        return not isinstance(node, (ast.Constant, ast.Name)) and not self.is_element(node)

    def name(self, name: str) -> Operand:
        frame = self.frame
        if name in frame.counters:
            value, cell = frame.counters[name]
            return Operand(value, [] if cell is None else [(cell, False)])
        if name in frame.variables:
            return Operand(frame.variables[name], [(frame.cells[name], False)] if name in frame.cells else [])
        return Operand(frame.unit.constants.get(name, name))  # an element type is its name

    def element(self, node: ast.Subscript) -> Element:
        base = self.evaluate(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        indices = [self.evaluate(part) for part in parts]
        place = base.value.place(tuple(index.value for index in indices))
        reads = [read for index in indices for read in index.reads] + [(base.value.buffer.cells[place], False)]
        held = base.held + [buffer for index in indices for buffer in index.held]
        return Element(base.value.load(place), reads, held, base.value, place)

    # -- operations

    def on_Subscript(self, node: ast.Subscript) -> Result:
        """A view, or one length of a shape."""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return self.length(node.value.value, node.slice.value)
        base = self.evaluate(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        array, operands, axis = base.value, [base], 0
        for part in parts:
            if isinstance(part, ast.Slice):
                bounds = [None if b is None else self.evaluate(b) for b in (part.lower, part.upper, part.step)]
                operands += [bound for bound in bounds if bound is not None]
                defaults = (0, array.shape[axis], 1)
                values = [d if b is None else b.value for b, d in zip(bounds, defaults, strict=True)]
                array, axis = array.part(axis, *values), axis + 1
            else:
                operands.append(self.evaluate(part))
                array = array.without(axis, operands[-1].value)
        return self.view(array, operands)

    def view(self, array: Array, operands: list[Operand]) -> Result:
        """A view keeps what it looks at alive; making it reads its data indices."""
        held = self.hold(array)
        self.take(*operands)
        return Result(array, held=held)

    def on_Attribute(self, node: ast.Attribute) -> Result:
        base = self.evaluate(node.value)
        return self.view(base.value.transposed(), [base])

    def length(self, node: ast.expr, axis: int) -> Result:
        [array] = self.take(self.evaluate(node))
        return Result(array.shape[axis])

    def on_UnaryOp(self, node: ast.UnaryOp) -> Result:
        return self.apply(node, [node.operand], UNARY)

    def on_BinOp(self, node: ast.BinOp) -> Result:
        return self.apply(node, [node.left, node.right], BINARY)

    def on_Compare(self, node: ast.Compare) -> Result:
        return self.apply(node, [node.left, *node.comparators], BINARY)

    def apply(self, node: ast.expr, sides: list[ast.expr], functions: dict) -> Result:
        operands = [self.evaluate(side) for side in sides]
        values = [operand.value for operand in operands]
        if any(map(rank, values)):
            unit = self.program.operator(node, tuple(map(rank, values)), values)
            [result] = self.call(unit, [self.frame.facts.of[side] for side in sides], operands)
            return result
        symbol = SYMBOLS[type(node.ops[0] if isinstance(node, ast.Compare) else node.op)]
        return Result(functions[symbol](*self.take(*operands)))

    def on_BoolOp(self, node: ast.BoolOp) -> Result:
        for part in node.values[:-1]:
            [value] = self.take(self.evaluate(part))
            if bool(value) == isinstance(node.op, ast.Or):
                return Result(value)
        return self.produce(node.values[-1])

    def on_IfExp(self, node: ast.IfExp) -> Result:
        return self.produce(node.body if self.test(node.test) else node.orelse)

    def on_Call(self, node: ast.Call) -> Result:
        [result] = self.perform(node)
        return result

    def perform(self, node: ast.Call) -> list[Result]:
        """A call of anything, with all its results."""
        arguments = [self.frame.facts.of[argument] for argument in node.args]
        target = self.program.resolve(self.frame.unit, node.func.id, arguments)
        special = None if isinstance(target, Unit) else getattr(self, "call_" + target, None)
        if special is not None:
            return special(node)
        operands = [self.evaluate(argument) for argument in node.args]
        if isinstance(target, Unit):
            return self.call(target, arguments, operands)
        if target in BUILTINS:
            function = getattr(builtins, target)
        else:
            function = CATALOGUE[target].cpython
        value = function(*self.take(*operands))
        return [] if value is None else [Result(value)]

    # -- calls that have no definition in the language

    def call_len(self, node: ast.Call) -> list[Result]:
        return [self.length(node.args[0], 0)]

    def call_zeros(self, node: ast.Call) -> list[Result]:
        return [self.allocated(self.shape(node.args[0]), *self.dtype(node.args[1:]))]

    def call_full(self, node: ast.Call) -> list[Result]:
        """`zeros`, and then `fill`."""
        shape, value = self.shape(node.args[0]), self.evaluate(node.args[1])
        result = self.allocated(shape, *self.dtype(node.args[2:]))
        arguments = [self.frame.facts.of[node], self.frame.facts.of[node.args[1]]]
        self.call(self.program.primitive("fill", tuple(arguments)), arguments, [Operand(result.value), value])
        return [result]

    def call_array(self, node: ast.Call) -> list[Result]:
        """`zeros`, and then a store for each scalar."""
        operands = [self.evaluate(part) for part in node.args[0].elts]
        default = "f8" if any(isinstance(operand.value, float) for operand in operands) else "i8"
        result = self.allocated((len(operands),), *(self.dtype(node.args[1:]) or [default]))
        for place, operand in enumerate(operands):
            [value] = self.take(operand)
            self.write_element(Element(None, [], [], result.value, place), value)
        return [result]

    def write_element(self, element: Element, value: object) -> None:
        element.array.store(element.place, value)
        self.stack.write(element.array.buffer.cells[element.place], WIDTHS[element.array.dtype])
        self.release(element.held)

    def shape(self, node: ast.expr) -> tuple[int, ...]:
        sizes = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self.take(*[self.evaluate(size) for size in sizes]))

    def dtype(self, nodes: list[ast.expr]) -> list[str]:
        return [self.evaluate(node).value for node in nodes]

    def allocated(self, shape: tuple[int, ...], dtype: str = "f8") -> Result:
        array = allocate(self.stack, shape, dtype)
        return Result(array, held=self.hold(array))

    def call_window(self, node: ast.Call) -> list[Result]:
        base, start, length = operands = [self.evaluate(argument) for argument in node.args]
        return [self.view(base.value.part(0, start.value, start.value + length.value, 1), operands)]

    def element_types(self, node: ast.Call) -> list[DType]:
        return [DTYPES[array.dtype] for array in self.take(*[self.evaluate(argument) for argument in node.args])]

    def call_zero_of(self, node: ast.Call) -> list[Result]:
        return [Result(0.0 if any(dtype.is_float for dtype in self.element_types(node)) else 0)]

    def call_dtype_of(self, node: ast.Call) -> list[Result]:
        return [Result(dtype.name) for dtype in self.element_types(node)]

    def call_number_dtype_of(self, node: ast.Call) -> list[Result]:
        return [Result(elementwise.number_dtype(*self.element_types(node)).name)]

    def call_float_dtype_of(self, node: ast.Call) -> list[Result]:
        return [Result(elementwise.float_dtype(*self.element_types(node)).name)]

    def call_same_shape(self, node: ast.Call) -> list[Result]:
        shapes = {array.shape for array in self.take(*[self.evaluate(argument) for argument in node.args])}
        assert len(shapes) == 1, "shapes differ"
        return []

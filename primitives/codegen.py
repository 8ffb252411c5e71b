"""Code for statements and whole functions. The program was checked before, so nothing here can fail."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar

from primitives import syntax
from primitives.assignment_lowering import AssignmentLowering
from primitives.block import CELL, READS, WIDTH, B, Block, C, D, Slot
from primitives.checked import Checked
from primitives.checker import Program
from primitives.lowering import Blocks
from primitives.opcodes import CONVERT, FROM, READ, UNTIL
from primitives.operands import Array, Operand
from primitives.recent import Recent
from primitives.syntax import literal
from primitives.types import FLOAT, INT, Type

_BlockKey = tuple[ast.FunctionDef, tuple[Type, ...], int]
_LIBRARY_BLOCKS: dict[_BlockKey, Block] = {}
"""Code of primitives' definitions, for all programs."""


KNOWN_BLOCKS: Recent[tuple[_BlockKey, Hashable], Block] = Recent(512)
"""Code of functions, by what it is made of, and their surroundings (`checker.Program.surroundings`)."""


class Generator:
    """Generates the blocks of a checked program, each once for what is data among its arguments."""

    def __init__(self, program: Program):
        self.program = program
        self.module = program.module
        self.blocks: dict[_BlockKey, Block] = {}
        self.keys: dict[Block, _BlockKey] = {}

    def block(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], data: int) -> Block:
        """The code of a function for argument types and a mask over its parameters of what is data."""
        key = (function, types, data)
        blocks = _LIBRARY_BLOCKS if library else self.blocks
        block = blocks.get(key)
        if block is None and not library:
            return self._known(key) or self._made(key)
        if block is None:
            checked = self.program.check(function, library, types, function)
            assert checked is not None
            block = blocks[key] = FunctionGenerator(self, checked, checked.data(data)).run(data)
        return block

    def _made(self, key: _BlockKey) -> Block:
        """Generate the code of a function of the program."""
        function, types, data = key
        checked = self.program.check(function, False, types, function)
        assert checked is not None
        self.program.charge(function)
        block = self.blocks[key] = FunctionGenerator(self, checked, checked.data(data)).run(data)
        self.keys[block] = key
        surroundings = self.program.surroundings(function)
        if surroundings is not None:
            block.parts = tuple([(self.keys[each], each) for each in dict.fromkeys(block.callees) if not each.library])
            KNOWN_BLOCKS.put((key, surroundings), block)
        return block

    def _known(self, key: _BlockKey) -> Block | None:
        """The code of a function that was generated before, if it calls no other code than this program has."""
        block = KNOWN_BLOCKS.get((key, self.program.surroundings(key[0])))
        if block is None:
            return None
        found: dict[_BlockKey, Block] = {}
        _collect(key, block, found)
        if any(self.blocks.get(each, part) is not part for each, part in found.items()):
            return None
        for each, part in found.items():
            if each not in self.blocks:
                self.program.charge(each[0])
                self.blocks[each] = part
                self.keys[part] = each
        return block


def _collect(key: _BlockKey, block: Block, found: dict[_BlockKey, Block]) -> None:
    """Put code and all that it calls into `found`, in the order in which it is generated."""
    if key not in found:
        found[key] = block
        for each, part in block.parts:
            _collect(each, part, found)


class FunctionGenerator(AssignmentLowering):
    """Generates the code of one function.

    `ends` are the positions of its returns, `loops` the jumps to the next round and out of each loop around the
    statement at hand. Cells below `lasting` are never reused: a data counter's stays until the function returns.
    """

    def __init__(self, program: Blocks, checked: Checked, known: int):
        super().__init__(program, checked, known)
        self.lasting = 0
        self.ends: list[int] = []
        self.loops: list[tuple[list[int], list[int]]] = []

    def run(self, data: int) -> Block:
        """Generate the whole function; `data` is the mask of its data arguments."""
        checked, block = self.checked, self.block
        block.parameter_names = checked.parameters
        block.return_register = block.new("i")
        for kind, mask in zip(checked.results, checked.result_masks, strict=True):
            is_data = bool(mask & (data | 1))
            block.results.append(self.place_of(kind, is_data))
            block.array_data.append(is_data and kind.rank > 0)
        first_array, first_cell = block.sizes["a"], block.sizes["c"]
        for name, kind in checked.types.items():
            self.new_variable(name, kind)
        block.parameters = [self.variables[name] for name in checked.parameters]
        self.base = dict(block.sizes)
        self.statements(syntax.body(checked.node))
        if not checked.results:
            self.end()
        self.finish_ends(first_array, first_cell)
        return block

    def new_variable(self, name: str, kind: Type) -> None:
        """Give a variable its place in the frame."""
        is_data = bool(self.known >> self.checked.bits[name] & 1)
        self.variables[name] = slot = self.place_of(kind, is_data)
        if kind.rank > 0:
            self.arrays[name] = Array(kind, slot.register, data=is_data)
            self.block.array_names[slot.register] = name
        elif slot.cell >= 0:
            self.scalars[name] = Operand(kind, slot.register, slot.cell * CELL + READ, True)
            self.block.cell_names[slot.cell] = name
        else:
            self.scalars[name] = Operand(kind, slot.register)

    def place_of(self, kind: Type, is_data: bool) -> Slot:
        """A place in the frame for a variable or result; element types have none."""
        if kind.rank < 0:
            return Slot(kind, 0)
        if kind.rank > 0:
            return Slot(kind, self.block.new("a"))
        register = self.block.new("f" if kind is FLOAT else "i")
        return Slot(kind, register, self.block.new("c") if is_data else -1)

    def statements(self, statements: Sequence[ast.stmt]) -> None:
        """Code for a block of statements."""
        for statement in statements:
            self.start(statement)
            self.STATEMENTS[type(statement)](self, statement)

    def start(self, statement: ast.stmt) -> None:
        """Begin the code of a statement: its line, and no temporaries yet."""
        self.block.line = 0 if self.checked.library else statement.lineno
        self.next = self.base.copy()

    # -- control flow

    def for_loop(self, node: ast.For) -> None:
        """`for i in range(...)`: a hidden register counts, from which a data counter is written before each round."""
        assert isinstance(node.iter, ast.Call) and isinstance(node.target, ast.Name)
        name = node.target.id
        arguments = self.scalar_operands(node.iter.args)
        outer = self.base
        hidden, stop, step = self.range_registers(arguments)
        self.base = self.next.copy()
        enter = self.emit("FOR", hidden, stop, step)
        top = self.block.position
        if any(operand.data for operand in arguments):
            counter = Slot(INT, self.temporary("i"), self.block.new("c"))
            self.base = self.next.copy()
            self.base["c"] = self.lasting = self.block.sizes["c"]
            self.block.cell_names[counter.cell] = name
            self.emit("IMOV", counter.register, hidden, write=counter.write)
            self.scalars[name] = Operand(INT, counter.register, counter.cell * CELL + READ, True)
        else:
            self.scalars[name] = Operand(INT, hidden)
        continues, breaks = self.loop_body(node.body)
        self.block.aim(continues)
        self.block.line = 0 if self.checked.library else node.lineno
        if self.block.constant_value(step) == 1:
            self.emit("NEXT1", hidden, stop, 0, top)
        else:
            self.emit("NEXT", hidden, stop, step, top)
        self.block.aim([enter], C)
        self.block.aim(breaks)
        self.base = {**outer, "c": max(outer["c"], self.lasting)}

    def range_registers(self, arguments: list[Operand]) -> tuple[int, int, int]:
        """Registers of a loop's own for its counter, stop and step; data bounds are read once, left to right."""
        zero, one = self.block.constant(0, INT), self.block.constant(1, INT)
        hidden = self.temporary("i")
        registers = []
        for operand in arguments:
            if self.block.constant_value(operand.register) is not None:
                registers.append(operand.register)
                continue
            own = self.temporary("i")
            (register,), reads = self.consume([operand], [INT])
            self.emit("IMOV", own, register, e=CONVERT if operand.data else 0, reads=reads)
            registers.append(own)
        if len(registers) == 1:
            start, stop, step = zero, registers[0], one
        else:
            start, stop, step = [*registers, one][:3]
        self.emit("IMOV", hidden, start)
        return hidden, stop, step

    def loop_body(self, body: Sequence[ast.stmt]) -> tuple[list[int], list[int]]:
        """The body of a loop; its jumps to the next round and out of the loop."""
        jumps: tuple[list[int], list[int]] = ([], [])
        self.loops.append(jumps)
        self.statements(body)
        self.loops.pop()
        return jumps

    def while_loop(self, node: ast.While) -> None:
        """`while e`: the condition stands behind the body."""
        enter = [] if literal(node.test) else [self.emit("JUMP")]
        top = self.block.position
        continues, breaks = self.loop_body(node.body)
        self.block.aim([*continues, *enter])
        self.start(node)
        for jump in self.jumps(node.test, True):
            self.block.rows[jump * WIDTH + D] = top
        self.block.aim(breaks)

    def branch(self, node: ast.If) -> None:
        """`if`, `elif`, `else`."""
        otherwise = self.jumps(node.test, False)
        self.statements(node.body)
        end = [self.emit("JUMP")] if node.orelse else []
        self.block.aim(otherwise)
        self.statements(node.orelse)
        self.block.aim(end)

    def leave_loop(self, node: ast.Break | ast.Continue) -> None:
        """`break` and `continue`."""
        self.loops[-1][isinstance(node, ast.Break)].append(self.emit("JUMP"))

    def expression(self, node: ast.Expr) -> None:
        """A call on its own line."""
        assert isinstance(node.value, ast.Call)
        self.call_results(node.value)

    def nothing(self, node: ast.Pass) -> None:
        """The statement pass."""

    # -- how a function ends

    def return_values(self, node: ast.Return) -> None:
        """A return: a variable that is named once hands its cell over."""
        parts = syntax.items(node.value) if node.value is not None and self.checked.results else []
        names = [name for part in parts for name in _names(part)] if len(parts) > 1 else []
        for part, slot in zip(parts, self.block.results, strict=True):
            if slot.type.rank > 0:
                array = self.array(part)
                self.emit("ATAKE" if array.temporary else "AMOV", slot.register, array.register)
            elif isinstance(part, ast.Name) and names.count(part.id) < 2 and part.id in self.variables:
                self.hand_over(self.scalars[part.id], slot)
            else:
                self.into(part, slot)
        self.end()

    def end(self) -> None:
        """Return to the caller; `finish_ends` fills in what leaves."""
        self.ends.append(self.emit("RET", 0, self.block.return_register))

    def finish_ends(self, first_array: int, first_cell: int) -> None:
        """Tell every return which arrays and cells leave: all of the frame but the results."""
        rows, sizes = self.block.rows, self.block.sizes
        for position in self.ends:
            row = position * WIDTH
            rows[row + B], rows[row + C] = first_array, sizes["a"]
            if sizes["c"] > first_cell:
                rows[row + READS], rows[row + READS + 1] = first_cell * CELL + FROM, sizes["c"] * CELL + UNTIL

    STATEMENTS: ClassVar[dict[type[ast.stmt], Callable[[Any, Any], None]]] = {
        ast.Assign: AssignmentLowering.assignment,
        ast.AugAssign: AssignmentLowering.augmented,
        ast.For: for_loop,
        ast.While: while_loop,
        ast.If: branch,
        ast.Break: leave_loop,
        ast.Continue: leave_loop,
        ast.Return: return_values,
        ast.Expr: expression,
        ast.Pass: nothing,
    }
    """How each sort of statement becomes code."""


def _names(node: ast.expr) -> list[str]:
    """The names in an expression, each as often as it stands there."""
    return [each.id for each in syntax.expressions_at(node) if isinstance(each, ast.Name)]

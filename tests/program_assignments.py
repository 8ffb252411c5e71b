"""Random simple statements: assignments, stores, updates and calls. Control flow is in tests.program_statements."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from tests import program_calls, program_primitives, program_ranges
from tests.program_expressions import Expressions
from tests.program_scope import ARITHMETIC, BITWISE, Program, Scope
from tests.program_values import DTYPES, FLOATS, INT_MAX, INT_MIN, INTS, SIZES, Block, Scalar, Value

RANGES = ((0, 9), (0, 255), (-1000, 1000), (-(10**6), 10**6), (INT_MIN, INT_MAX))
"""Of an int variable: one of these is kept to."""


class Assignments(Expressions):
    """Writes simple statements of a function at the end of `lines`."""

    def __init__(self, program: Program, parameters: list[Value]) -> None:
        super().__init__(program)
        self.parameters = parameters
        self.variables: dict[str, Value] = {}
        self.kept: set[str] = {p.text for p in parameters if isinstance(p, Scalar) and p.control}
        self.scope = Scope({p.text: p for p in parameters})
        self.lines: list[str] = []
        self.depth = 0
        self.data_return = False

    def called_scalar(self, kind: str, depth: int, control: bool) -> Scalar | None:
        """A call of a primitive or a function with a scalar result."""
        module = program_primitives if self.chance(0.7) else program_calls
        return module.scalar(self, kind, depth, control)

    def called_block(self, rank: int, depth: int) -> Block | None:
        """A call of a primitive or a function with an array as its result."""
        return (program_primitives if self.chance(0.75) else program_calls).block(self, rank, depth)

    @property
    def data(self) -> bool:
        """Is this place under data control?"""
        return self.scope.data or self.data_return

    def emit(self, line: str) -> None:
        self.lines.append(" " * self.depth + line)
        self.spent += self.scope.weight

    # Scalars

    def new_variable(self, value: Value) -> str:
        """A new name, and what it may be bound to; it is not live yet."""
        letter = (
            {"bool": "b", "int": "n", "float": "x"}[value.kind] if isinstance(value, Scalar) else "am"[value.rank - 1]
        )
        name = f"{letter}{len(self.variables)}"
        self.variables[name] = replace(value, text=name) if isinstance(value, Scalar) else value.called(name)
        return name

    def _scalar_target(self) -> Scalar | None:
        """A variable that may be assigned here; often a new one."""
        known = [v for v in self.variables.values() if isinstance(v, Scalar) and v.text not in self.kept]
        known += [p for p in self.parameters if isinstance(p, Scalar) and p.text not in self.kept]
        known = [v for v in known if not (v.control and self.data)]
        if known and self.chance(0.55):
            return self.rng.choice(known)
        return None

    def _new_scalar(self, value: Scalar) -> tuple[str, str]:
        """A new variable for a value: its name, and the text to assign."""
        control = value.control and not self.data and self.chance(0.8)
        if control and value.constant and self.chance(0.7):
            name = self.new_variable(value)
            self.kept.add(name)
            return name, value.text
        if value.kind == "int":
            fitting = [r for r in RANGES if value.within(*r)]
            low, high = self.rng.choice(fitting[:2] if fitting and not self.risky() else RANGES)
            value = self.reduced(value, low, high)
            return self.new_variable(Scalar("", "int", low, high, control)), value.text
        low, high = (0, 1) if value.kind == "bool" else (-1e6, 1e6)
        return self.new_variable(Scalar("", value.kind, low, high, control)), self.reduced(value, low, high).text

    def emit_scalar(self) -> bool:
        target = self._scalar_target()
        if target is None:
            name, text = self._new_scalar(
                self.scalar(self.rng.choice(("bool", "int", "int", "float")), 3, self.chance(0.2))
            )
        else:
            value = self.scalar(target.kind, 3, target.control)
            name, text = target.text, (value if self.risky() else self.reduced(value, target.low, target.high)).text
        self.emit(f"{name} = {text}")
        self.make_live(name)
        return True

    def make_live(self, name: str) -> None:
        if name in self.variables:
            self.scope.live[name] = self.variables[name]

    def _live_target(self, kinds: tuple[str, ...]) -> Scalar | None:
        known = [
            v for v in self.scope.live.values() if isinstance(v, Scalar) and v.kind in kinds and v.text not in self.kept
        ]
        known = [v for v in known if not (v.control and self.data)]
        return self.rng.choice(known) if known else None

    def emit_accumulation(self) -> bool:
        target = self._live_target(("int", "float"))
        if target is None or not self.affordable(2):
            return False
        value = self.scalar("int" if target.kind == "int" or self.chance(0.2) else "float", 2, target.control)
        value = self.reduced(value, -3000, 3000)
        op = self.rng.choice("+-")
        form = (
            f"{target.text} {op}= {value.text}"
            if self.chance(0.5)
            else f"{target.text} = {target.text} {op} {value.text}"
        )
        self.emit(form)
        return True

    def emit_scalar_update(self) -> bool:
        target = self._live_target(("bool", "int", "float"))
        if target is None:
            return False
        if target.kind == "bool":
            self.emit(f"{target.text} {self.rng.choice('&|^')}= {self.scalar('bool', 1, target.control).text}")
            return True
        ints = target.kind == "int"
        op = self.rng.choice((*ARITHMETIC, *BITWISE) if ints else (*ARITHMETIC, "/"))
        value = self.scalar("int" if ints else self.rng.choice(("int", "float")), 1, target.control)
        if not self.risky():
            value = self.reduced(value, 0 if op in ("<<", ">>", "**") else -1000, 2 if op in ("<<", "**") else 1000)
            if op in ("//", "%", "/"):
                value = self.nonzero(value)
            found = program_ranges.of_binary(op, target, value)
            if found is None or not replace(target, low=found[0], high=found[1]).within(
                target.low * 2, target.high * 2
            ):
                return False
        self.emit(f"{target.text} {op}= {value.text}")
        return True

    # Elements

    def _element(self, dtypes: tuple[str, ...] = DTYPES) -> tuple[Block, str] | None:
        known = self.arrays(lambda a: a.nonempty and a.dtype in dtypes)
        if not known:
            return None
        a = self.rng.choice(known)
        if self.chance(0.1):
            a = self.view(a) or a
        return (a, self.element_of(a)) if a.nonempty else None

    def emit_element(self) -> bool:
        found = self._element()
        if found is None:
            return False
        a, text = found
        self.emit(f"{text} = {self.stored(a.dtype, self.rng.choice((1, 2, 3)))}")
        return True

    def emit_element_update(self) -> bool:
        found = self._element()
        if found is None:
            return False
        a, text = found
        if a.dtype == "u1" and not self.risky():
            op, value = self.rng.choice((("^", 255), ("|", 255), ("&", 255), ("//", 9), ("%", 9), (">>", 7)))
            amount = self.reduced(self.scalar("int", 2), 1 if value == 9 else 0, value)
            amount = self.nonzero(amount) if value == 9 else amount
        else:
            op = self.rng.choice(("+", "-", "+", "-", "*", "//", "%", *("&|^" if a.kind == "int" else "/")))
            amount = self.reduced(self.scalar("float" if a.kind == "float" and self.chance(0.6) else "int", 2), -3, 9)
            amount = self.nonzero(amount) if op in ("//", "%", "/") and not self.risky() else amount
        self.emit(f"{text} {op}= {amount.text}")
        return True

    def emit_swap(self) -> bool:
        first = self._element()
        second = first and self._element((first[0].dtype,))
        if first is None or second is None:
            return False
        if self.chance(0.3):
            first = (first[0], self.element_of(first[0]))
        self.emit(f"{first[1]}, {second[1]} = {second[1]}, {first[1]}")
        return True

    # Arrays

    def emit_array(self) -> bool:
        known = [v for v in self.variables.values() if isinstance(v, Block) and v.text not in self.kept]
        known += [p for p in self.parameters if isinstance(p, Block)]
        known = [v for v in known if not (v.control and self.data)]
        if known and self.chance(0.35):
            target = self.rng.choice(known)
            if target.fixed:
                found = self.like(target.dims, (target.dtype,), 2)
            else:
                sizes = tuple(self.rng.randint(*dim) for dim in target.dims)
                found = self.created(target.dtype, sizes)
            if found.control or not target.control:
                self.emit(f"{target.text} = {found.text}")
                self.make_live(target.text)
                return True
        found = self.block(0, 2)
        dims = found.dims
        if self.chance(0.15):
            dims = tuple((low, high + self.rng.randint(0, 3)) for low, high in dims)
        name = self.new_variable(
            replace(found, dims=dims, control=found.control and not self.data and self.chance(0.75))
        )
        self.emit(f"{name} = {found.text}")
        self.make_live(name)
        return True

    def emit_array_update(self) -> bool:
        """An operator in place, on a whole array or on a row of one."""
        known = self.arrays(lambda a: a.fixed and self.affordable(a.most))
        if not known:
            return False
        a = self.rng.choice(known)
        target = a
        if a.rank == 2 and a.nonempty and self.chance(0.3):
            target = replace(a, text=f"{a.text}[{self.index(a.dims[0], f'len({a.text})')}]", dims=a.dims[1:])
        elif self.chance(0.1):
            target = self.view(a) or a
            if not _ends_in_slice(target.text):
                target = a
        return self._emit_in_place(target)

    def _emit_in_place(self, a: Block) -> bool:
        bits = a.kind == "int"
        op = self.rng.choice(("+", "-", "*", "//", "%", *("&|^&|^" if bits else "/"), *((">>", "<<") if bits else ())))
        if a.dtype == "u1" and not self.risky():
            op = self.rng.choice(("&", "|", "^", "//", "%", ">>"))
        if op in "&|^" and bits and self.chance(0.7):
            value: Value = self.like(a.dims, tuple(d for d in INTS if SIZES[d] <= SIZES[a.dtype]))
        elif op in "+-*" and self.chance(0.6):
            value = self.like(a.dims, INTS if bits else DTYPES)
        else:
            value = self.scalar("float" if not bits and self.chance(0.6) else "int", 1)
            if not self.risky():
                value = self.reduced(value, 0, 255 if op in "&|^" else 3 if op in ("<<", ">>") else 9)
                value = self.nonzero(value) if op in ("//", "%", "/") else value
        self.emit(f"{a.text} {op}= {value.text}")
        return True

    def emit_slice_store(self) -> bool:
        known = self.arrays()
        if not known:
            return False
        a = self.view(self.rng.choice(known))
        if a is None or not _ends_in_slice(a.text) or not self.affordable(a.most + 1):
            return False
        if self.chance(0.4) or not a.fixed:
            value = self.stored(a.dtype)
        else:
            dtypes = DTYPES if a.dtype in FLOATS else tuple(d for d in INTS if SIZES[d] <= SIZES[a.dtype])
            other = self.block(a.rank, 1, lambda b: b.dtype in dtypes) if self.risky() else self.like(a.dims, dtypes)
            value = other.text
        self.emit(f"{a.text} = {value}")
        return True

    # Several targets, calls

    def emit_tuple(self) -> bool:
        targets, texts = [], []
        for _ in range(self.rng.choice((2, 2, 3))):
            target = self._scalar_target()
            found = self._element() if self.chance(0.25) else None
            if found is not None:
                targets.append(found[1])
                texts.append(self.stored(found[0].dtype))
            elif target is not None and target.text not in targets:
                targets.append(target.text)
                texts.append(self.reduced(self.scalar(target.kind, 2, target.control), target.low, target.high).text)
            else:
                name, text = self._new_scalar(self.scalar(self.rng.choice(("int", "float", "bool")), 2))
                targets.append(name)
                texts.append(text)
        self.emit(f"{', '.join(targets)} = {', '.join(texts)}")
        for name in targets:
            self.make_live(name)
        return True

    def emit_exchange(self) -> bool:
        """x, y = y, x of two variables of one type, arrays included."""
        known = [v for v in self.scope.live.values() if v.text not in self.kept and not (v.control and self.data)]
        pairs = [
            (a, b)
            for a in known
            for b in known
            if a.text != b.text and replace(a, text="") == replace(b, text="") and (isinstance(a, Scalar) or a.fixed)
        ]
        if not pairs:
            return False
        a, b = self.rng.choice(pairs)
        self.emit(f"{a.text}, {b.text} = {b.text}, {a.text}")
        return True

    def emit_shape(self) -> bool:
        known = self.arrays(lambda a: a.rank == 2)
        if not known:
            return False
        a = self.rng.choice(known)
        names = []
        for low, high in a.dims:
            names.append(self.new_variable(Scalar("", "int", low, high, a.control and not self.data)))
            self.kept.add(names[-1])
        self.emit(f"{', '.join(names)} = {a.text}.shape")
        for name in names:
            self.make_live(name)
        return True

    def emit_call(self) -> bool:
        text = program_primitives.line(self) if self.chance(0.7) else program_calls.line(self)
        if text is None:
            return False
        self.emit(text)
        return True

    def emit_results(self) -> bool:
        """x, y = f(...): the results of a function with several."""
        found = program_calls.several(self)
        if found is None:
            return False
        names = []
        for result in found[1]:
            result = replace(result, control=result.control and not self.data and isinstance(result, Block))
            names.append(self.new_variable(result))
        self.emit(f"{', '.join(names)} = {found[0]}")
        for name in names:
            self.make_live(name)
        return True


def _ends_in_slice(text: str) -> bool:
    """Is the text a view written with a slice?"""
    node = ast.parse(text, mode="eval").body
    if not isinstance(node, ast.Subscript):
        return False
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return any(isinstance(part, ast.Slice) for part in parts)


SIMPLE: dict[Callable[[Assignments], bool], int] = {
    Assignments.emit_scalar: 20,
    Assignments.emit_accumulation: 6,
    Assignments.emit_scalar_update: 6,
    Assignments.emit_element: 8,
    Assignments.emit_element_update: 8,
    Assignments.emit_swap: 3,
    Assignments.emit_array: 16,
    Assignments.emit_array_update: 6,
    Assignments.emit_slice_store: 6,
    Assignments.emit_tuple: 5,
    Assignments.emit_exchange: 3,
    Assignments.emit_shape: 3,
    Assignments.emit_call: 8,
    Assignments.emit_results: 5,
}

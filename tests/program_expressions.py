"""Random expressions of the language: sizes, views, new arrays and elementwise operators, over scalar expressions.

Calls of primitives come from tests.program_primitives, statements from tests.program_statements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.program_scalars import ScalarExpressions
from tests.program_scope import ARITHMETIC, BITWISE, COMPARISONS
from tests.program_values import DTYPES, ELEMENTS, INTS, Block, Dim, Scalar, Value, elementwise_dtype, literal, sized


class Expressions(ScalarExpressions):
    """Writes expressions over what is live in `scope`."""

    def called_block(self, rank: int, depth: int) -> Block | None:
        """The array that a call gives, or None where nothing suits."""
        raise NotImplementedError

    # Sizes: ints that certainly are control, of a known value

    def size(self, value: int) -> str:
        """A control expression of a known value."""
        known = [s for s in [*self.scalars("int", control=True), *self._known_sizes()] if s.constant]
        equal = [s for s in known if s.low == value]
        if equal and self.chance(0.6):
            return self.rng.choice(equal).text
        near = [s for s in known if 0 < abs(s.low - value) < 10]
        if near and self.chance(0.3):
            s = self.rng.choice(near)
            return f"{s.text} {'+' if value > s.low else '-'} {abs(int(s.low) - value)}"
        return str(value)

    def _known_sizes(self) -> list[Scalar]:
        known = self.arrays(lambda a: a.control and a.fixed)
        return [Scalar(f"{a.text}.shape[{k}]", "int", *dim, True) for a in known for k, dim in enumerate(a.dims)]

    def shape(self, dims: tuple[int, ...]) -> str:
        sizes = [self.size(size) for size in dims]
        return sizes[0] if len(sizes) == 1 else f"({sizes[0]}, {sizes[1]})"

    def bounds(self, dim: Dim) -> tuple[str, Dim] | None:
        """The text between brackets of a slice, and the size of what it selects."""
        if self.risky() and self.chance(0.5):
            low, high = (self.scalar("int", 1, control=True) for _ in range(2))
            return f"{low.text}:{high.text}", dim
        moving = [c for c in self.scope.counters.values() if c.control and c.low >= 0 and c.high <= dim[0]]
        if moving and self.chance(0.5):
            counter = self.rng.choice(moving)
            width = self.rng.randint(0, dim[0] - int(counter.high))
            return f"{counter.text}:{counter.text} + {width}", (width, width)
        high = self.rng.randint(0 if self.chance(0.05) else min(1, dim[0]), dim[0])
        low = self.rng.randint(0, max(high - 1, 0)) if self.chance(0.7) else 0
        first = "" if low == 0 and self.chance(0.4) else self.size(low)
        last = self.size(high)
        if high == dim[0] == dim[1] and self.chance(0.4):
            last = ""
        return f"{first}:{last}", (high - low, high - low)

    # Arrays

    def view(self, a: Block) -> Block | None:
        """A view of an array, or None if this one has none of the kind that was drawn."""
        if self.chance(0.15):
            return self._window(a)
        found = self._view_of_vector(a) if a.rank == 1 else self._view_of_matrix(a)
        return None if found is None else replace(a, text=found[0], dims=found[1])

    def _view_of_vector(self, a: Block) -> tuple[str, tuple[Dim, ...]] | None:
        found = self.bounds(a.dims[0])
        if found is None:
            return None
        text, (low, high) = found
        if self.chance(0.25):
            step = self.rng.randint(1, 3)
            return f"{a.text}[{text}:{step}]", ((-(-low // step), -(-high // step)),)
        return f"{a.text}[{text}]", ((low, high),)

    def _view_of_matrix(self, a: Block) -> tuple[str, tuple[Dim, ...]] | None:
        rows, columns = a.dims
        form = self.rng.choice(
            ("row", "row", "column", "rows", "stepped", "block", "columns", "part row", "part column", "T", "T")
        )
        if form == "T":
            return f"{a.text}.T", (columns, rows)
        if form in ("row", "part row"):
            if rows[0] == 0:
                return None
            i = self.index(rows, f"len({a.text})")
            if form == "row":
                return f"{a.text}[{i}]" if self.chance(0.6) else f"{a.text}[{i}, :]", (columns,)
            found = self.bounds(columns)
            return found and (f"{a.text}[{i}, {found[0]}]", (found[1],))
        if form in ("column", "part column"):
            if columns[0] == 0:
                return None
            j = self.index(columns, f"{a.text}.shape[1]")
            found = (":", rows) if form == "column" else self.bounds(rows)
            return found and (f"{a.text}[{found[0]}, {j}]", (found[1],))
        first = (":", rows) if form == "columns" else self.bounds(rows)
        second = self.bounds(columns)
        if first is None or second is None:
            return None
        if form == "rows":
            return f"{a.text}[{first[0]}]", (first[1], columns)
        if form == "stepped":
            (low, high), step = first[1], self.rng.randint(1, 3)
            return f"{a.text}[{first[0]}:{step}]", ((-(-low // step), -(-high // step)), columns)
        return f"{a.text}[{first[0]}, {second[0]}]", (first[1], second[1])

    def _window(self, a: Block) -> Block | None:
        length = self.rng.randint(0, a.dims[0][0])
        start = self.index((a.dims[0][0] - length + 1,) * 2, f"(len({a.text}) - {length - 1})")
        text = f"{self.program.primitive('window')}({a.text}, {start}, {self.size(length)})"
        return replace(a, text=text, dims=((length, length), *a.dims[1:]))

    def block(self, rank: int = 0, depth: int = 1, accept: Callable[[Block], bool] = lambda _: True) -> Block:
        """An array expression that is accepted; of rank 1 or 2, or any."""
        rank = rank or self.rng.choice((1, 1, 2))
        for _ in range(6):
            found = self._try_block(rank, depth)
            if found is not None and found.rank == rank and accept(found):
                return found
        for _ in range(200):
            found = self.created(self.rng.choice(DTYPES), tuple(self.rng.randint(1, 5) for _ in range(rank)))
            if accept(found):
                return found
        raise ValueError("nothing is accepted")

    def like(self, dims: tuple[Dim, ...], dtypes: tuple[str, ...] = DTYPES, depth: int = 1) -> Block:
        """An array of a known shape with elements of one of the types."""
        for _ in range(4):
            found = self._try_block(len(dims), depth)
            if found is not None and found.dtype in dtypes and found.fixed and found.dims == dims:
                return found
        if depth > 0 and self.fuel > 0 and self.chance(0.4):
            made = self._elementwise_like(dims, depth - 1)
            if made is not None and made.dtype in dtypes:
                return made
        known = self.arrays(lambda a: a.dtype in dtypes and a.rank == len(dims) and _covers(a.dims, dims))
        if known:
            a = self.rng.choice(known)
            if a.dims == dims and a.fixed:
                return a
            cut = ", ".join(f":{self.size(low)}" for low, _ in dims)
            return replace(a, text=f"{a.text}[{cut}]", dims=dims)
        return self.created(self.rng.choice(dtypes), tuple(low for low, _ in dims))

    def created(self, dtype: str, sizes: tuple[int, ...]) -> Block:
        """A new array."""
        name = self.program.primitive(dtype)
        dims = sized(*sizes)
        form = self.rng.choice(
            ("zeros", "zeros", "full", "array") if len(sizes) == 1 and sizes[0] else ("zeros", "full")
        )
        self.program.primitive(form)
        if form == "array":
            if dtype in ("i8", "f8") and self.chance(0.5):
                kind = "int" if dtype == "i8" else "float"
                items = [self.reduced(self.scalar(kind, 1), *ELEMENTS[dtype]) for _ in range(sizes[0])]
                return Block(f"array([{', '.join(i.text for i in items)}])", dtype, dims, True, named=False)
            items_of_type = ", ".join(self.stored(dtype, 1) for _ in range(sizes[0]))
            return Block(f"array([{items_of_type}], {name})", dtype, dims, True, named=False)
        filler = f", {self.stored(dtype, 1)}" if form == "full" else ""
        if dtype == "f8" and self.chance(0.5):
            return Block(f"{form}({self.shape(sizes)}{filler})", dtype, dims, True, named=False)
        return Block(f"{form}({self.shape(sizes)}{filler}, {name})", dtype, dims, True, named=False)

    def _try_block(self, rank: int, depth: int) -> Block | None:
        depth *= self.burn()
        if depth > 0 and self.chance(0.25):
            return self.called_block(rank, depth - 1)
        if depth > 0 and self.chance(0.2):
            a = self.block(rank, depth - 1, lambda a: a.fixed)
            return self._elementwise(a, depth - 1)
        known = self.arrays()
        if not known:
            return None
        a = self.rng.choice(known)
        if a.rank == rank and self.chance(0.5):
            return a
        found = self.view(a)
        if found is not None and (found.rank != rank or self.chance(0.2)):
            found = self.view(found)
        return found

    def _elementwise_like(self, dims: tuple[Dim, ...], depth: int) -> Block | None:
        return self._elementwise(self.like(dims, depth=depth), depth)

    def _elementwise(self, a: Block, depth: int) -> Block | None:
        """An elementwise operator on `a` and an array of its shape or a scalar; the shape has to be control."""
        if not a.control or not self.affordable(a.most + 1):
            return None
        if self.chance(0.15):
            return self._unary(a)
        bits = a.kind == "int"
        op = self.rng.choice((*ARITHMETIC, "/", *COMPARISONS[:: self.rng.choice((1, 2, 3))], *(BITWISE * bits)))
        if self.risky() and self.chance(0.3):
            other: Value = self.block(a.rank, 0)
        elif (op in ("//", "%", "/", "**", "<<", ">>") and not self.risky()) or self.chance(0.4):
            other = self._operand(op, a)
        else:
            other = self.like(a.dims, INTS if op in BITWISE else DTYPES, depth)
        if op in BITWISE and "float" in (a.kind, other.kind):
            return None
        left, right = (other, a) if self._may_swap(op, other) else (a, other)
        arrays = [x.dtype for x in (left, right) if isinstance(x, Block)]
        dtype = elementwise_dtype(op, arrays, isinstance(other, Scalar) and other.kind == "float")
        if not other.control and isinstance(other, Block):
            return None
        return Block(f"({left.text} {op} {right.text})", dtype, a.dims, True, named=False)

    def _may_swap(self, op: str, other: Value) -> bool:
        return self.chance(0.4) and (
            isinstance(other, Block) or op not in ("//", "%", "/", "**", "<<", ">>") or self.risky()
        )

    def _operand(self, op: str, a: Block) -> Scalar:
        kinds = ("int", "int", "bool") if op in BITWISE else ("int", "int", "float", "bool")
        b = self.scalar(self.rng.choice(kinds), 1)
        if self.risky():
            return b
        if op in ("//", "%", "/"):
            return self.nonzero(b)
        if op in ("<<", ">>", "**"):
            return literal(self.rng.randint(0, 3))
        if op in ("&", "|", "^"):
            return self.reduced(b, *ELEMENTS[a.dtype])
        return self._modest(b, 1000)

    def _unary(self, a: Block) -> Block | None:
        if a.kind == "int" and self.chance(0.4):
            return self.inverted(a)
        dtype = a.dtype if a.kind == "float" else "i8"
        return Block(f"(-{a.text})", dtype, a.dims, a.control, named=False)

    def inverted(self, a: Block) -> Block | None:
        return Block(f"(~{a.text})", "i8", a.dims, a.control, named=False)


def _covers(dims: tuple[Dim, ...], wanted: tuple[Dim, ...]) -> bool:
    return all(a[0] >= b[1] for a, b in zip(dims, wanted, strict=True))

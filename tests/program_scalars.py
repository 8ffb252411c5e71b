"""Random scalar expressions: operators, conversions, choices, elements of arrays."""

from __future__ import annotations

from tests import program_ranges
from tests.program_scope import ARITHMETIC, BITWISE, COMPARISONS, Choices
from tests.program_values import EDGES, ELEMENTS, FLOATS, INT_MAX, INT_MIN, Block, Dim, Scalar, literal


class ScalarExpressions(Choices):
    """Writes scalar expressions over what is live in `scope`. Views come from a subclass, calls from another."""

    def view(self, a: Block) -> Block | None:
        """A view of an array, or None if this one has none of the kind that was drawn."""
        raise NotImplementedError

    def scalar(self, kind: str, depth: int = 2, control: bool = False) -> Scalar:
        """An expression of a type; with `control`, one that certainly is control."""
        if not self.burn() or depth <= 0 or self.chance(0.15):
            return self._leaf(kind, control)
        if self.chance(0.12):
            condition = self.condition(depth - 1, control)
            a, b = self.scalar(kind, depth - 1, control), self.scalar(kind, depth - 1, control)
            text = f"({a.text} if {condition.text} else {b.text})"
            return _either(text, kind, a, b, condition.control)
        if self.chance(0.07):
            a, b = self.scalar(kind, depth - 1, control), self.scalar(kind, depth - 1, control)
            return _either(f"({a.text} {self.rng.choice(('and', 'or'))} {b.text})", kind, a, b)
        if kind != "bool" and self.chance(0.1):
            a, b = self.scalar(kind, depth - 1, control), self.scalar(kind, depth - 1, control)
            return _either(f"{self.rng.choice(('min', 'max'))}({a.text}, {b.text})", kind, a, b)
        if kind != "bool" and self.chance(0.3):
            found = self.called_scalar(kind, depth, control)
            if found is not None:
                return found
        return {"bool": self._bool, "int": self._int, "float": self._float}[kind](depth, control)

    def called_scalar(self, kind: str, depth: int, control: bool) -> Scalar | None:
        """The scalar result of a call, or None if there is none to make."""
        return None

    def number(self, depth: int = 1, control: bool = False) -> Scalar:
        return self.scalar(self.rng.choice(("int", "int", "float", "bool")), depth, control)

    def condition(self, depth: int = 2, control: bool = False) -> Scalar:
        """What a test accepts: mostly a bool."""
        return self.scalar("bool" if self.chance(0.85) else self.rng.choice(("int", "float")), depth, control)

    def _leaf(self, kind: str, control: bool) -> Scalar:
        known = self.scalars(kind, control)
        if known and self.chance(0.6):
            return self.rng.choice(known)
        if kind != "bool" and not control and self.fuel > 0 and self.chance(0.6):
            found = self.element(kind)
            if found is not None:
                return found
        if kind == "int" and self.chance(0.3):
            found = self._size_of(control)
            if found is not None:
                return found
        return literal(self._literal(kind))

    def _literal(self, kind: str) -> bool | int | float:
        if kind == "bool":
            return self.chance(0.5)
        if kind == "float":
            common = (
                0.0,
                0.5,
                1.0,
                -1.0,
                2.0,
                0.1,
                3.5,
                -0.25,
                1e-3,
                100.0,
                self.rng.uniform(-4, 4),
                self.rng.gauss(0, 30),
            )
            rare = (-0.0, 1e10, 1e-300, 5e-324, 9007199254740993.0, 1.7976931348623157e308, 16777217.0, 3.4e38, 1e-46)
            return self.rng.choice(rare) if self.chance(0.05 + self.program.risk) else self.rng.choice(common)
        if self.chance(0.08):
            return self.rng.choice(EDGES)
        return self.rng.randint(-1000, 1000) if self.chance(0.15) else self.rng.randint(-2, 9)

    def _size_of(self, control: bool) -> Scalar | None:
        known = self.arrays(lambda a: a.control or not control)
        if not known:
            return None
        a = self.rng.choice(known)
        axis = self.rng.randrange(a.rank)
        low, high = a.dims[axis]
        text = f"len({a.text})" if axis == 0 and self.chance(0.6) else f"{a.text}.shape[{axis}]"
        return Scalar(text, "int", low, high, a.control)

    def element(self, kind: str) -> Scalar | None:
        """An element of an array that is live."""
        known = self.arrays(lambda a: a.kind == kind and a.nonempty)
        if not known:
            return None
        a = self.rng.choice(known)
        if self.chance(0.1):
            a = self.view(a) or a
        if not a.nonempty:
            return None
        low, high = ELEMENTS[a.dtype]
        return Scalar(self.element_of(a), kind, low, high)

    def element_of(self, a: Block) -> str:
        """The text of an element of a nonempty array."""
        indices = [
            self.index(dim, f"len({a.text})" if k == 0 else f"{a.text}.shape[{k}]") for k, dim in enumerate(a.dims)
        ]
        if len(indices) == 2 and self.chance(0.15):
            return f"{a.text}[{indices[0]}][{indices[1]}]"
        return f"{a.text}[{', '.join(indices)}]"

    def index(self, dim: Dim, length: str) -> str:
        """An int that should be below a nonzero length."""
        if self.risky() and self.chance(0.3):
            return self.scalar("int", 1).text
        known = [s for s in self.scalars("int") if s.within(0, dim[0] - 1)]
        if known and self.chance(0.6):
            return self.rng.choice(known).text
        if self.fuel > 0 and self.chance(0.4):
            value = self.scalar("int", 1)
            return f"{value.text} % {length if self.chance(0.5) else dim[0]}"
        if self.chance(0.1):
            return f"{length} - {self.rng.randint(1, dim[0])}"
        return str(self.rng.randrange(dim[0]))

    def _bool(self, depth: int, control: bool) -> Scalar:
        form = self.rng.randrange(10)
        if form < 6:
            a, b = self.number(depth - 1, control), self.number(depth - 1, control)
            if program_ranges.of_comparison(a, b) or self.risky():
                text = f"({a.text} {self.rng.choice(COMPARISONS)} {b.text})"
                return Scalar(text, "bool", 0, 1, a.control and b.control)
        a = self.scalar("bool" if form != 6 else self.rng.choice(("int", "float")), depth - 1, control)
        if form == 6:
            return Scalar(f"bool({a.text})", "bool", 0, 1, a.control)
        if form == 7:
            return Scalar(f"(not {a.text})", "bool", 0, 1, a.control)
        b = self.scalar("bool", depth - 1, control)
        return _either(f"({a.text} {self.rng.choice('&|^')} {b.text})", "bool", a, b)

    def _int(self, depth: int, control: bool) -> Scalar:
        if self.chance(0.12):
            return self._int_of_one(depth, control)
        kinds = ("int", "int", "int", "int", "int", "bool")
        a, b = (self.scalar(self.rng.choice(kinds), depth - 1, control) for _ in range(2))
        return self.binary(self.rng.choice(ARITHMETIC + BITWISE), a, b, "int")

    def _int_of_one(self, depth: int, control: bool) -> Scalar:
        form = self.rng.choice(("-", "~", "+", "abs", "int"))
        a = self.scalar("int", depth - 1, control)
        if form == "int":
            a = self.scalar(self.rng.choice(("float", "bool", "int")), depth - 1, control)
            if not a.within(INT_MIN, INT_MAX - 1024) and not self.risky():
                a = literal(2.5)
            return Scalar(f"int({a.text})", "int", int(max(a.low, INT_MIN)), int(min(a.high, INT_MAX)), a.control)
        if a.low == INT_MIN and form in ("-", "abs") and not self.risky():
            form = "~"
        low, high = {
            "-": (-a.high, -a.low),
            "~": (~int(a.high), ~int(a.low)),
            "+": (a.low, a.high),
            "abs": (0, max(abs(a.low), abs(a.high))),
        }[form]
        text = f"abs({a.text})" if form == "abs" else f"({form}{a.text})"
        return Scalar(text, "int", low, min(high, INT_MAX), a.control)

    def _float(self, depth: int, control: bool) -> Scalar:
        form = self.rng.randrange(12)
        if form < 2:
            a = self.scalar("float", depth - 1, control)
            text, low, high = [(f"(-{a.text})", -a.high, -a.low), (f"abs({a.text})", 0.0, max(-a.low, a.high))][form]
            return Scalar(text, "float", low, high, a.control)
        if form == 2:
            a = self.number(depth - 1, control)
            return Scalar(f"float({a.text})", "float", a.low, a.high, a.control)
        kinds = ["float", self.rng.choice(("float", "float", "int", "bool"))]
        if form < 5:
            kinds = ["int", "int"]
        self.rng.shuffle(kinds)
        a, b = (self.scalar(kind, depth - 1, control) for kind in kinds)
        return self.binary("/" if form < 5 else self.rng.choice((*ARITHMETIC, "/")), a, b, "float")

    def binary(self, op: str, a: Scalar, b: Scalar, kind: str) -> Scalar:
        """`a op b` of type `kind`, made safe unless a risk is taken."""
        if kind == "int" and a.kind == b.kind == "bool" and op in "&|^":
            op = "+"
        if not self.risky():
            if op in ("/", "//", "%") and b.low <= 0 <= b.high:
                b = self.nonzero(b)
            if op == "**":
                a, b = self._modest(a, 30), literal(self.rng.randint(0, 4))
                b = literal(float(b.low)) if kind == "float" and a.kind != "float" else b
            if op in ("<<", ">>"):
                b = literal(self.rng.randint(0, 12)) if self.chance(0.6) else _masked(b, 7)
            if program_ranges.of_binary(op, a, b) is None:
                a, b = self._modest(a, 1000), self._modest(b, 1000)
            if program_ranges.of_binary(op, a, b) is None:
                op, b = "-", literal(1.0) if kind == "float" and a.kind != "float" else b
        low, high = program_ranges.of_binary(op, a, b) or ((INT_MIN, INT_MAX) if kind == "int" else (-1e100, 1e100))
        return Scalar(f"({a.text} {op} {b.text})", kind, low, high, a.control and b.control)

    def nonzero(self, b: Scalar) -> Scalar:
        b = self._modest(b, 10**6)
        if b.kind == "float":
            high = max(abs(b.low), abs(b.high), 0.5)
            text = f"(abs({b.text}) + 0.5)" if self.chance(0.5) else f"max({b.text}, 0.5)"
            return Scalar(text, "float", 0.5, high + 0.5, b.control)
        high = int(max(abs(b.low), abs(b.high))) + 1
        text = self.rng.choice((f"(abs({b.text}) + 1)", f"max({_as_int(b)}, 1)"))
        return Scalar(text, "int", 1, high, b.control)

    def _modest(self, a: Scalar, most: int) -> Scalar:
        return a if a.within(-most, most) else self.reduced(a, -most, most)

    def reduced(self, a: Scalar, low: float, high: float) -> Scalar:
        """A number with `a` in it that lies between two bounds."""
        if a.kind == "bool" or a.within(low, high):
            return a
        if a.kind == "float":
            form = self.rng.randrange(3)
            text = (f"min(max({a.text}, {float(low)}), {float(high)})", f"({a.text} % {float(high)})")[form % 2]
            if form == 2 and high >= 1.0:
                text = f"{self.program.primitive('tanh')}({a.text})"
            return Scalar(text, "float", low, high, a.control)
        modulus = self.rng.randint(max(int(high) // 2, 1), int(high) + (low <= 0))
        mask = (1 << (int(high) + 1).bit_length() - 1) - 1
        text, least, most = self.rng.choice(
            (
                (f"({a.text} % {modulus})", 0, modulus - 1),
                (f"({a.text} & {mask})", 0, mask),
                (f"min(max({a.text}, {int(low)}), {int(high)})", int(low), int(high)),
            )
        )
        return Scalar(text, "int", least, most, a.control)

    def stored(self, dtype: str, depth: int = 2) -> str:
        """A scalar to be stored as an element of type `dtype`."""
        kind = (
            self.rng.choice(("float", "float", "int", "bool"))
            if dtype in FLOATS
            else self.rng.choice(("int", "int", "bool"))
        )
        value = self.scalar(kind, depth)
        low, high = ELEMENTS[dtype]
        return value.text if self.risky() else self.reduced(value, low, high).text


def _either(text: str, kind: str, a: Scalar, b: Scalar, control: bool = True) -> Scalar:
    return Scalar(text, kind, min(a.low, b.low), max(a.high, b.high), control and a.control and b.control)


def _masked(b: Scalar, mask: int) -> Scalar:
    return Scalar(f"({b.text} & {mask})", "int", 0, mask, b.control)


def _as_int(b: Scalar) -> str:
    return f"int({b.text})" if b.kind == "bool" else b.text

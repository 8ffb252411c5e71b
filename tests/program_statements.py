"""Random control flow and whole functions, over the simple statements of tests.program_assignments."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.program_assignments import SIMPLE, Assignments
from tests.program_scope import FUEL, Function, Program, Scope
from tests.program_values import Block, Scalar, Value

COUNTERS = ("i", "j", "k", "r", "c")

MOST_ROUNDS = 200
"""How often a statement may be executed in one call, by the loops around it."""


@dataclass(frozen=True)
class Loop:
    """A loop around a statement; `data` if its whole body counts as under data control."""

    data: bool


class Writer(Assignments):
    """Writes one function."""

    def __init__(self, program: Program, parameters: list[Value], results: list[Value]) -> None:
        super().__init__(program, parameters)
        self.results = results
        self.loops: list[Loop] = []
        self.results_are_control = True

    def write(self, name: str, size: int) -> Function:
        """The function, of about `size` statements."""
        self.depth = 1
        self.emit_block(size)
        self.emit_return()
        header = f"def {name}({', '.join(p.text for p in self.parameters)}):"
        results = [replace(r, control=self.results_are_control) if isinstance(r, Block) else r for r in self.results]
        return Function(name, self.parameters, results, self.spent + len(self.lines), [header, *self.lines])

    # Blocks

    def emit_block(self, size: int) -> None:
        """About `size` statements, and at least one line."""
        before = len(self.lines)
        while size > 0:
            size -= self.emit_statement(size)
        if len(self.lines) == before:
            self.emit("pass")

    def emit_inner(self, scope: Scope, size: int) -> tuple[Scope, bool]:
        """A block in a scope of its own: what is live behind it, and whether its end is reached."""
        outer, self.scope = self.scope, scope
        self.depth += 1
        self.emit_block(size)
        left = self.chance(0.12) and self.emit_jump()
        self.depth -= 1
        self.scope = outer
        return scope, not left

    def emit_statement(self, size: int) -> int:
        """A statement of at most `size`; how much of it was used."""
        self.fuel = self.rng.choice((4, 10, FUEL, 2 * FUEL))
        if size >= 3 and self.chance(0.3):
            compound = self.rng.choice((self.emit_if, self.emit_if, self.emit_for, self.emit_for, self.emit_while))
            used = self.rng.randint(2, min(size - 1, 9))
            compound(used)
            return used + 1
        if self.chance(0.05) and self.emit_conditional_jump():
            return 1
        for _ in range(8):
            if self.rng.choices(_SIMPLE, _WEIGHTS)[0](self):
                break
        return 1

    def emit_if(self, size: int) -> None:
        condition = self.condition(2)
        branches = self.rng.choice((1, 1, 2, 2, 3))
        data = not condition.control
        before = self.scope
        self.emit(f"if {condition.text}:")
        open_ends = []
        scope, reached = self.emit_inner(before.inner(data=data), max(size // branches, 1))
        open_ends += [scope] * reached
        if branches == 3:
            # the second test is made under the first
            condition = self.condition(2)
            data = data or not condition.control
            self.emit(f"elif {condition.text}:")
            scope, reached = self.emit_inner(before.inner(data=data), max(size // branches, 1))
            open_ends += [scope] * reached
        if branches > 1:
            self.emit("else:")
            scope, reached = self.emit_inner(before.inner(data=data), max(size // branches, 1))
            open_ends += [scope] * reached
        else:
            open_ends.append(before.inner())
        if open_ends:
            first, *others = open_ends
            before.live = {n: v for n, v in first.live.items() if all(n in other.live for other in others)}
        else:
            before.live = {p.text: p for p in self.parameters}

    def emit_for(self, size: int) -> None:
        free = [name for name in COUNTERS if name not in self.scope.counters]
        rounds = MOST_ROUNDS // self.scope.weight
        if not free or rounds < 1:
            return
        name = free[0] if self.chance(0.7) else self.rng.choice(free)
        text, low, high, trips, control = self._range(min(rounds, 8))
        loop = Loop(self.data or not control or self.chance(0.35))
        scope = self.scope.inner(trips, loop.data)
        scope.counters[name] = Scalar(name, "int", low, high, control)
        self.emit(f"for {name} in range({text}):")
        self.loops.append(loop)
        self.emit_inner(scope, size)
        self.loops.pop()

    def _range(self, most: int) -> tuple[str, float, float, int, bool]:
        """Arguments of a range of at most `most` ints: text, least and greatest int, how many, control or not."""
        known = self.arrays(lambda a: a.dims[0][1] <= most)
        form = self.rng.randrange(8)
        if form < 3 and known:
            a = self.rng.choice(known)
            high = a.dims[0][1]
            if form == 2:
                return f"len({a.text}) - 1, -1, -1", 0, max(high - 1, 0), high, a.control
            return f"len({a.text})", 0, max(high - 1, 0), high, a.control
        if form == 3:
            start, step = self.rng.randint(-2, 3), self.rng.choice((1, 2, 3, -1, -2))
            count = self.rng.randint(0, most)
            stop = start + step * count
            return (
                f"{start}, {self.size(stop)}, {step}",
                min(start, stop + (step < 0)),
                max(start, stop - 1),
                count,
                True,
            )
        control = self.chance(0.4)
        stop = self.reduced(self._as_int(self.scalar("int", 1, control)), 0, most)
        if form == 4:
            start = self.reduced(self.scalar("int", 1, control), 0, 4)
            return f"{start.text}, {stop.text}", 0, max(stop.high - 1, 0), most, start.control and stop.control
        if form == 5:
            step = self.scalar("int", 1, control)
            text = step.text if self.risky() else f"{self.reduced(step, 0, 3).text} + 1"
            return f"0, {stop.text}, {text}", 0, max(stop.high - 1, 0), most, step.control and stop.control
        return stop.text, 0, max(stop.high - 1, 0), most, stop.control

    def _as_int(self, a: Scalar) -> Scalar:
        return a if self.chance(0.9) else replace(a, text=f"int({a.text})")

    def emit_while(self, size: int) -> None:
        rounds = MOST_ROUNDS // self.scope.weight
        if rounds < 1:
            return
        form = self.rng.randrange(3)
        trips = min(self.rng.randint(1, 6), rounds)
        if form == 2:
            self._emit_halving(size, rounds)
            return
        condition = self.condition(1) if self.chance(0.4) else None
        loop = Loop(self.data or (condition is not None and not condition.control) or self.chance(0.3))
        count = self.new_variable(Scalar("", "int", 0, trips, not loop.data))
        self.emit(f"{count} = {self.size(trips)}")
        self.kept.add(count)
        self.scope.live[count] = self.variables[count]
        endless = condition is None and self.chance(0.25)
        test = "True" if endless else f"{count} > 0" if self.chance(0.7) else count
        self.emit(f"while {test}{f' and {condition.text}' if condition else ''}:")
        self.loops.append(loop)
        scope = self.scope.inner(trips, loop.data)
        self.depth += 1
        self.emit(f"{count} -= 1" if self.chance(0.5) else f"{count} = {count} - 1")
        if endless:
            self.emit(f"if {count} < 0:")
            self.emit(" break")
        self.depth -= 1
        self.emit_inner(scope, size)
        self.loops.pop()

    def _emit_halving(self, size: int, rounds: int) -> None:
        """A loop whose number of rounds the data decide."""
        bits = min(rounds, 10)
        start = self.reduced(self.scalar("int", 1), 0, 2**bits - 1)
        value = self.new_variable(Scalar("", "int", 0, 2**bits - 1))
        self.emit(f"{value} = {start.text}")
        self.kept.add(value)
        self.scope.live[value] = self.variables[value]
        self.emit(f"while {self.rng.choice((f'{value} > 0', value, f'{value} != 0', f'not {value} == 0'))}:")
        self.loops.append(Loop(True))
        self.depth += 1
        self.emit(self.rng.choice((f"{value} >>= 1", f"{value} //= 2", f"{value} = {value} // 3")))
        self.depth -= 1
        self.emit_inner(self.scope.inner(bits, True), size)
        self.loops.pop()

    # Leaving

    def emit_jump(self) -> bool:
        """A break, continue or return, where the rules about data allow one."""
        in_data_body = not self.loops or self.loops[-1].data
        if self.loops and (in_data_body or not self.data) and self.chance(0.7):
            self.emit(self.rng.choice(("break", "continue")))
            return True
        if (not self.data or all(loop.data for loop in self.loops)) and self.chance(0.5):
            self.emit_return()
            return True
        return False

    def emit_conditional_jump(self) -> bool:
        condition = self.condition(1)
        outer, self.scope = self.scope, self.scope.inner(data=not condition.control)
        self.depth += 1
        at = len(self.lines)
        done = self.emit_jump()
        self.depth -= 1
        self.scope = outer
        if done:
            self.lines.insert(at, f"{' ' * self.depth}if {condition.text}:")
        return done

    def emit_return(self) -> None:
        values = [self._returned(result) for result in self.results]
        if self.data:
            self.data_return = True
            self.results_are_control = False
        self.emit(f"return {', '.join(values)}" if values else "return")

    def _returned(self, result: Value) -> str:
        if isinstance(result, Scalar):
            value = self.scalar(result.kind, self.rng.choice((0, 1, 2)))
            return value.text if self.risky() else self.reduced(value, result.low, result.high).text
        found = self.like(result.dims, (result.dtype,))
        self.results_are_control = self.results_are_control and found.control
        return found.text


_SIMPLE, _WEIGHTS = list(SIMPLE), list(SIMPLE.values())

"""Statements of Python as statements of the language."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from runs.foreign import advice, joins, names
from runs.foreign.expressions import Expressions, filled
from runs.foreign.findings import CONVERTED


class Statements:
    """Writes the bodies of functions in the language."""

    def __init__(self, expressions: Expressions, taken: set[str]):
        self.expressions, self.taken = expressions, taken
        self.findings, self.aliases = expressions.findings, expressions.aliases
        expressions.new_name = self._name

    def block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """A block; never an empty one."""
        found: list[ast.stmt] = []
        for statement in body:
            before = header(statement)
            self.expressions.before = [] if _is_simple(statement) else None
            new = [*self._statement(statement)]
            new = [*(self.expressions.before or ()), *new]
            self.expressions.before = None
            for each in new:
                if each is not statement:
                    _placed(each, statement)
            after = "; ".join(map(header, new)) or "nothing"
            if after != before:
                self.findings.say(CONVERTED, statement, before, after)
            found += new
        return found or [ast.copy_location(ast.Pass(), body[0])]

    def _statement(self, node: ast.stmt) -> Iterator[ast.stmt]:
        match node:
            case ast.Assert() | ast.Import() | ast.ImportFrom():
                return
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
                return
            case ast.AnnAssign(value=None):
                return
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from self._statement(ast.copy_location(ast.Assign([target], value), node))
            case ast.Assign():
                yield from self._assign(node)
            case ast.AugAssign(target=ast.Subscript()):
                loop = joins.chosen_rows(node, self.expressions, self._name("place"))
                if loop is None:
                    self.expressions.generic_visit(node)
                yield node if loop is None else loop
            case ast.For():
                yield from self._for(node)
            case ast.If() | ast.While():
                node.test = self.expressions.expression(node.test)
                node.body = self.block(node.body)
                node.orelse = self.block(node.orelse) if node.orelse else []
                yield node
            case _:
                self.expressions.generic_visit(node)
                yield node

    def _assign(self, node: ast.Assign) -> Iterator[ast.stmt]:
        if self.is_generator(node):
            return_value = self.expressions.expression(node.value)
            if isinstance(return_value, ast.Call) and ast.unparse(return_value.func) == "seed":
                yield ast.Expr(return_value)
            return
        if len(node.targets) > 1 and isinstance(node.value, ast.Constant | ast.Name):
            for target in reversed(node.targets):
                yield from self._assign(ast.copy_location(ast.Assign([target], copy.copy(node.value)), node))
            return
        target = node.targets[0]
        join = joins.join_of(node.value, self.expressions)
        if join is not None and isinstance(target, ast.Name):
            yield from joins.joined(target.id, join, self.expressions)
            return
        swap = joins.swapped(node)
        if swap is not None:
            yield swap
            return
        if isinstance(node.value, ast.List) and not node.value.elts:
            self.findings.left(node, "an empty list", advice.LIST)
        if isinstance(target, ast.Subscript) and self._is_masked(target):
            yield self._masked(target, node.value)
            return
        self.expressions.generic_visit(node)
        yield node

    def is_generator(self, node: ast.Assign) -> bool:
        """Whether a generator of random numbers is made; its name is remembered."""
        value, target = node.value, node.targets[0]
        if not isinstance(value, ast.Call) or not isinstance(target, ast.Name):
            return False
        last = names.called(value, self.aliases).rpartition(".")[2]
        if last not in ("default_rng", "RandomState", "Random"):
            return False
        self.expressions.generators.add(target.id)
        return True

    def _is_masked(self, target: ast.Subscript) -> bool:
        kinds = self.expressions.ranks
        mask = kinds.of(target.slice)
        return mask.mask and mask.rank == 1 == kinds.of(target.value).rank and isinstance(target.value, ast.Name)

    def _masked(self, target: ast.Subscript, value: ast.expr) -> ast.stmt:
        """`a[mask] = v`, for a scalar, as a loop."""
        counter, place = self._name("place"), ast.Load()
        rank = self.expressions.rank(value)
        if rank != 0:
            self.findings.left(
                target, "an assignment to a mask of what may be an array", "write the loop, with a count"
            )
        mask = self.expressions.expression(target.slice)
        test = _element(mask, counter)
        store = ast.Assign(
            [ast.Subscript(target.value, ast.Name(counter, place), ast.Store())], self.expressions.expression(value)
        )
        return _loop(counter, filled("len(A)", A=target.value), [ast.If(test, [store], [])])

    def _for(self, node: ast.For) -> Iterator[ast.stmt]:
        node = self._iterated(node)
        node.iter = self.expressions.expression(node.iter)
        node.body = self.block(node.body)
        node.orelse = self.block(node.orelse) if node.orelse else []
        yield node

    def _iterated(self, node: ast.For) -> ast.For:
        """A loop over something else than a range, as one over a range."""
        called = names.called(node.iter, self.aliases) if isinstance(node.iter, ast.Call) else ""
        args = node.iter.args if isinstance(node.iter, ast.Call) else []
        match called, args:
            case "np.arange", _:
                node.iter = ast.copy_location(ast.Call(ast.Name("range"), args, []), node.iter)
            case "reversed", [ast.Call(func=ast.Name(id="range"), args=[end])]:
                node.iter = filled("range(A - 1, -1, -1)", A=end)
            case "enumerate", [array] if isinstance(node.target, ast.Tuple) and len(node.target.elts) == 2:
                counter, element = node.target.elts
                if isinstance(counter, ast.Name) and isinstance(array, ast.Name):
                    return self._over(node, counter.id, [element], [array])
            case "zip", _ if isinstance(node.target, ast.Tuple) and all(isinstance(each, ast.Name) for each in args):
                return self._over(node, self._name("row"), node.target.elts, args)
            case (
                "itertools.combinations",
                [ast.Call(func=ast.Name(id="range"), args=[end]), ast.Constant(value=int(count))],
            ):
                return self._combinations(node, end, count)
            case "", _ if isinstance(node.iter, ast.Name):
                return self._over(node, self._name("row"), [node.target], [node.iter])
        return node

    def _over(self, node: ast.For, counter: str, elements: Sequence[ast.expr], arrays: Sequence[ast.expr]) -> ast.For:
        """A loop over the elements or rows of arrays side by side."""
        assigned: list[ast.stmt] = []
        for element, array in zip(elements, arrays, strict=False):
            value = ast.Subscript(array, ast.Name(counter), ast.Load())
            assigned.append(ast.copy_location(ast.Assign([element], value), node))
        node.target = ast.copy_location(ast.Name(counter, ast.Store()), node.target)
        node.iter = ast.copy_location(filled("range(len(A))", A=arrays[0]), node.iter)
        node.body = [*assigned, *node.body]
        return node

    def _combinations(self, node: ast.For, end: ast.expr, count: int) -> ast.For:
        """A loop over all sets of so many of the first numbers, as loops one inside the other."""
        elements = node.target.elts if isinstance(node.target, ast.Tuple) else []
        counters = [each.id for each in elements if isinstance(each, ast.Name)]
        if len(counters) != count:
            self.findings.left(node, "combinations without a name for each", f"{count} loops, one inside the other")
            return node
        if any(_leaves(each) for each in node.body):
            self.findings.left(
                node, "break or continue in a loop over combinations", "loops, one inside the other, and a flag"
            )
            return node
        body = node.body
        for place in reversed(range(1, count)):
            inner = _loop(counters[place], end, body)
            assert isinstance(inner, ast.For)
            inner.iter = filled("range(A + 1, B)", A=ast.Name(counters[place - 1]), B=copy.deepcopy(end))
            body = [_placed(inner, node)]
        node.target = ast.copy_location(ast.Name(counters[0], ast.Store()), node.target)
        node.iter = filled("range(A)", A=end)
        node.body = body
        return node

    def _name(self, wanted: str) -> str:
        """A name that nothing has."""
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name)
        return name


def header(node: ast.stmt) -> str:
    """A statement as text, of compound ones the first line."""
    if not hasattr(node, "body"):
        return ast.unparse(node)
    stub = copy.copy(node)
    stub.body = [ast.Pass()]
    if hasattr(stub, "orelse"):
        stub.orelse = []
    return ast.unparse(stub).partition("\n")[0]


def _is_simple(node: ast.stmt) -> bool:
    """Whether a statement computes what is in it once, so that another one may stand before it."""
    return isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr)


def _placed(node: ast.stmt, where: ast.stmt) -> ast.stmt:
    """A new statement, with all that is new in it, where another one stood."""
    for each in ast.walk(node):
        if isinstance(each, ast.expr | ast.stmt) and not hasattr(each, "lineno"):
            ast.copy_location(each, where)
    return node


def _loop(counter: str, end: ast.expr, body: list[ast.stmt]) -> ast.stmt:
    return ast.For(ast.Name(counter, ast.Store()), filled("range(A)", A=end), body, [], None)


def _element(array: ast.expr, counter: str) -> ast.expr:
    """The element at a counter of an array or of a comparison of arrays."""
    if (
        isinstance(array, ast.Compare)
        and isinstance(array.left, ast.Name)
        and isinstance(array.comparators[0], ast.Constant)
    ):
        return ast.Compare(ast.Subscript(array.left, ast.Name(counter), ast.Load()), array.ops, array.comparators)
    return ast.Compare(ast.Subscript(array, ast.Name(counter), ast.Load()), [ast.NotEq()], [ast.Constant(0)])


def _leaves(node: ast.stmt) -> bool:
    """Whether a statement breaks off or goes on with the loop that it stands in."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.For | ast.While):
        return False
    return any(isinstance(each, ast.stmt) and _leaves(each) for each in ast.iter_child_nodes(node))

"""How many axes the arrays of a foreign program have, as far as its text tells: for `a @ b`, `a.sum(axis=0)`, masks.

It knows the arguments of the contract, and follows assignments and calls. What it does not know, it says nothing of.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from runs.foreign import names
from tasks.contract import Contract


class Kind(NamedTuple):
    """What is known of a value: its number of axes, whether it holds truth values, its parts if it is a tuple."""

    rank: int | None = None
    mask: bool = False
    parts: tuple[Kind, ...] | None = None


UNKNOWN: Final = Kind()
SCALAR: Final = Kind(0)
_ROUNDS: Final = 4


class Ranks:
    """The kinds of all expressions of a program."""

    def __init__(self, tree: ast.Module, contract: Contract, aliases: Mapping[str, str]):
        self.aliases = aliases
        self.functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
        self.results: dict[str, Kind] = {}
        self.variables: dict[str, dict[str, Kind]] = {name: {} for name in self.functions}
        self._known: dict[ast.expr, Kind] = {}
        for _ in range(_ROUNDS):
            self._enter(contract)
            for name, function in self.functions.items():
                self._function(function, self.variables[name])

    def of(self, node: ast.expr) -> Kind:
        """The kind of an expression of the program as it was read."""
        return self._known.get(node, UNKNOWN)

    def same(self, node: ast.expr, other: ast.expr) -> None:
        """Know of an expression that takes the place of another what is known of that."""
        self._known[other] = self.of(node)

    def _enter(self, contract: Contract) -> None:
        """Give the functions of the contract their arguments."""
        if contract.functions is not None:
            for signature in contract.functions:
                kinds = [Kind(each.type.count(":")) for each in signature.parameters]
                self._called(signature.name, kinds)
            return
        self._called("fit", [Kind(2), Kind(1), SCALAR, SCALAR])
        model = self.results.get("fit", UNKNOWN)
        predict = self.functions.get("predict")
        if predict is None:
            return
        parts = model.parts or (model,)
        if len(predict.args.args) == 2 and len(parts) != 1:
            parts = (model,)
        self._called("predict", [*parts, Kind(1)])

    def _called(self, name: str, kinds: Sequence[Kind]) -> None:
        function = self.functions.get(name)
        if function is not None:
            for parameter, kind in zip(function.args.args, kinds, strict=False):
                self._store(self.variables[name], parameter.arg, kind)

    @staticmethod
    def _store(variables: dict[str, Kind], name: str, kind: Kind) -> None:
        known = variables.get(name, UNKNOWN)
        if known.rank is None and known.parts is None:
            variables[name] = kind

    def _function(self, function: ast.FunctionDef, variables: dict[str, Kind]) -> None:
        for node in ast.walk(function):
            if isinstance(node, ast.For):
                self._loop(node, variables)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, self._kind(node.value, variables), variables)
            elif isinstance(node, ast.Return) and node.value is not None:
                kind = self._kind(node.value, variables)
                if kind != UNKNOWN:
                    self.results[function.name] = kind
        for node in ast.walk(function):
            if isinstance(node, ast.expr):
                self._known[node] = self._kind(node, variables)

    def _loop(self, node: ast.For, variables: dict[str, Kind]) -> None:
        if isinstance(node.iter, ast.Call):
            self._side_by_side(node, node.iter, variables)
            for each in ast.walk(node.target):
                if isinstance(each, ast.Name) and names.called(node.iter, self.aliases) in ("range", "np.arange"):
                    self._store(variables, each.id, SCALAR)
            return
        kind = self._kind(node.iter, variables)
        if kind.rank and isinstance(node.target, ast.Name):
            self._store(variables, node.target.id, Kind(kind.rank - 1))

    def _side_by_side(self, node: ast.For, call: ast.Call, variables: dict[str, Kind]) -> None:
        """The targets of a loop over `enumerate(a)` or `zip(a, b)`."""
        called = names.called(call, self.aliases)
        if called not in ("enumerate", "zip", "itertools.combinations") or not isinstance(node.target, ast.Tuple):
            return
        kinds = [self._kind(each, variables) for each in call.args]
        parts = [Kind(each.rank - 1) if each.rank else UNKNOWN for each in kinds]
        if called == "enumerate":
            parts.insert(0, SCALAR)
        if called == "itertools.combinations":
            parts = [SCALAR] * len(node.target.elts)
        for target, part in zip(node.target.elts, parts, strict=False):
            if isinstance(target, ast.Name):
                self._store(variables, target.id, part)

    def _assign(self, target: ast.expr, kind: Kind, variables: dict[str, Kind]) -> None:
        if isinstance(target, ast.Name):
            self._store(variables, target.id, kind)
        elif isinstance(target, ast.Tuple) and kind.parts is not None and len(kind.parts) == len(target.elts):
            for each, part in zip(target.elts, kind.parts, strict=True):
                self._assign(each, part, variables)

    def _kind(self, node: ast.expr, variables: dict[str, Kind]) -> Kind:
        match node:
            case ast.Constant():
                return SCALAR
            case ast.Name(id=name):
                return variables.get(name, UNKNOWN)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return Kind(None, False, tuple(self._kind(each, variables) for each in elements))
            case ast.UnaryOp(op=ast.Not()) | ast.BoolOp():
                return SCALAR
            case ast.UnaryOp(operand=operand):
                return self._kind(operand, variables)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return product(self._kind(left, variables), self._kind(right, variables))
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self._kind(left, variables), self._kind(right, variables)
                bits = isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor)
                return Kind(widest([one, other]).rank, bits and one.mask and other.mask)
            case ast.Compare(left=left, comparators=others):
                rank = widest([self._kind(each, variables) for each in (left, *others)]).rank
                return Kind(rank, bool(rank))
            case ast.IfExp(body=body):
                return self._kind(body, variables)
            case ast.Subscript(value=value, slice=index):
                return self._element(self._kind(value, variables), index, variables)
            case ast.Attribute(value=value, attr="T"):
                return self._kind(value, variables)
            case ast.Attribute(value=value, attr="shape"):
                rank = self._kind(value, variables).rank
                return UNKNOWN if rank is None else Kind(None, False, (SCALAR,) * rank)
            case ast.Attribute(attr="size" | "ndim"):
                return SCALAR
            case ast.Call():
                return self._call(node, variables)
        return UNKNOWN

    def _element(self, base: Kind, index: ast.expr, variables: dict[str, Kind]) -> Kind:
        if base.parts is not None and isinstance(index, ast.Constant) and isinstance(index.value, int):
            return base.parts[index.value] if -len(base.parts) <= index.value < len(base.parts) else UNKNOWN
        indices = index.elts if isinstance(index, ast.Tuple) else [index]
        rank = base.rank
        for each in indices:
            if rank is None:
                return UNKNOWN
            if isinstance(each, ast.Slice):
                continue
            kind = self._kind(each, variables)
            if not kind.rank or (kind.mask and kind.rank == 2):
                rank -= 1
        return Kind(rank, base.mask) if rank is not None and rank >= 0 else UNKNOWN

    def _call(self, node: ast.Call, variables: dict[str, Kind]) -> Kind:
        name = names.called(node, self.aliases)
        kinds = [self._kind(each, variables) for each in node.args]
        words = {each.arg: each.value for each in node.keywords}
        if name in self.functions:
            self._called(name, kinds)
            return self.results.get(name, UNKNOWN)
        method = not name.startswith(("np.", "math.")) and isinstance(node.func, ast.Attribute)
        if method:
            assert isinstance(node.func, ast.Attribute)
            kinds.insert(0, self._kind(node.func.value, variables))
            name = f"np.{node.func.attr}"
        short = name.removeprefix("np.")
        if short in ("len", "int", "float", "bool", "count_nonzero") or name.startswith("math."):
            return SCALAR
        if short in ("zeros", "ones", "full", "empty") and node.args:
            return self._shaped(node.args[0], kinds[0])
        if short in ("array", "asarray") and node.args and isinstance(node.args[0], ast.List):
            nested = any(isinstance(each, ast.List) for each in node.args[0].elts)
            return Kind(2 if nested else 1)
        if short in ("array", "asarray", "ascontiguousarray") and kinds:
            return kinds[0]
        if short in names.REDUCTIONS:
            if "axis" in words or len(kinds) > 1:
                rank = kinds[0].rank if kinds else None
                return UNKNOWN if not rank else Kind(rank - 1)
            return SCALAR
        if short in ("dot", "matmul") and len(kinds) == 2:
            return product(kinds[0], kinds[1])
        if short in ("outer", "hstack", "column_stack"):
            joined = kinds[0].parts if kinds and short == "hstack" else None
            return Kind(1) if joined is not None and all(each.rank == 1 for each in joined) else Kind(2)
        if short in ("arange", "bincount", "permutation", "flatnonzero", "unique"):
            return Kind(1)
        return widest(kinds) if short in names.ELEMENTWISE or short in names.DTYPES else UNKNOWN

    def _shaped(self, shape: ast.expr, kind: Kind) -> Kind:
        if isinstance(shape, ast.Tuple | ast.List):
            return Kind(len(shape.elts))
        return Kind(len(kind.parts)) if kind.parts is not None else Kind(1)


def widest(kinds: Sequence[Kind]) -> Kind:
    """The kind of what an operation of elements gives; unknown if that of one is."""
    ranks = [each.rank for each in kinds]
    if not ranks or any(rank is None for rank in ranks):
        known = [rank for rank in ranks if rank]
        return Kind(max(known)) if known else UNKNOWN
    return Kind(max(rank for rank in ranks if rank is not None))


def product(left: Kind, right: Kind) -> Kind:
    """The kind of `left @ right`."""
    if left.rank in (1, 2) and right.rank in (1, 2):
        return Kind(left.rank + right.rank - 2)
    return UNKNOWN

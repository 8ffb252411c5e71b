"""Which arrays of a function may look at the same memory.

The language copies arrays element by element, first to last; numpy as if by way of a copy. The two differ where what is
written overlaps what is read, so that numpy's way is taken only where it can't.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from primitives import syntax
from primitives.checked import Checked
from primitives.types import Type
from runs.export.typed import Typed

FRESH = frozenset({"zeros", "full", "array", "copy", "astype", "take"})


class Aliases:
    """The names of a function in classes: names of different classes never share memory.

    Args:
        function: whose names.
        strangers: whether arguments may share memory as they come from outside; else only what the function itself
            does counts.
    """

    def __init__(self, function: Checked, strangers: bool = True):
        self._parent: dict[str, str] = {}
        self._kinds = function.types
        writable = [
            name
            for name, kind in zip(function.parameters, function.arguments, strict=True)
            if kind.rank > 0 and not kind.readonly
        ]
        for other in (
            writable[1:] if strangers else ()
        ):  # a caller may pass views of one array, and so may the parts of a model be
            self._join(writable[0], other)
        for node in ast.walk(function.node):
            if isinstance(node, ast.Assign):
                self._learn(node)

    def overlap(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether a view that is written may share memory with what is read."""
        targets = {self.find(name) for name in self.roots(target)}
        return any(self.find(name) in targets for name in self.roots(value))

    def roots(self, node: ast.expr) -> set[str]:
        """The names whose memory the array that an expression gives may look at."""
        if isinstance(node, ast.Name):
            return {node.id}
        if isinstance(node, ast.Subscript | ast.Attribute):
            return self.roots(node.value)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in FRESH:
                return set()
            return self._all(node.args)
        return self._all(node.elts) if isinstance(node, ast.Tuple | ast.List) else set()

    def _all(self, nodes: Iterable[ast.expr]) -> set[str]:
        found: set[str] = set()
        for each in nodes:
            found |= self.roots(each)
        return found

    def _learn(self, node: ast.Assign) -> None:
        target = node.targets[0]
        targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        roots = {each for each in self.roots(node.value) if self._is_array(each)}
        for each in targets:
            if isinstance(each, ast.Name) and self._is_array(each.id):
                for root in roots:
                    self._join(each.id, root)

    def _is_array(self, name: str) -> bool:
        kind: Type | None = self._kinds.get(name)
        return kind is not None and kind.rank > 0

    def find(self, name: str) -> str:
        """The name that stands for all of a class."""
        while self._parent.get(name, name) != name:
            name = self._parent[name]
        return name

    def _join(self, one: str, other: str) -> None:
        self._parent[self.find(one)] = self.find(other)


def written_and_returned(program: Typed, function: Checked) -> tuple[set[str], set[str]]:
    """The classes of names whose memory a function writes to, and those whose memory it gives back.

    The classes are those of `Aliases(function, strangers=False)`.
    """
    aliases = Aliases(function, strangers=False)
    written: set[str] = set()
    returned: set[str] = set()
    for node in ast.walk(function.node):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = syntax.items(node.targets[0])
        elif isinstance(node, ast.AugAssign):
            kind = function.types.get(node.target.id) if isinstance(node.target, ast.Name) else None
            targets = [node.target] if kind is None or kind.rank > 0 else []
            written |= {aliases.find(each) for target in targets for each in aliases.roots(target)}
        elif isinstance(node, ast.Return) and not syntax.gives_nothing(node):
            assert node.value is not None
            arrays = [each for each in syntax.items(node.value) if _rank(function, each) > 0]
            returned |= {aliases.find(each) for array in arrays for each in aliases.roots(array)}
        written |= {
            aliases.find(each)
            for target in targets
            if isinstance(target, ast.Subscript)
            for each in aliases.roots(target)
        }
        callee = program.called(function, node) if isinstance(node, ast.Call) else None
        if callee is not None and isinstance(node, ast.Call):
            inner = Aliases(callee, strangers=False)
            below, _ = written_and_returned(program, callee)
            for name, given in zip(callee.parameters, node.args, strict=True):
                if inner.find(name) in below and _rank(function, given) > 0:
                    written |= {aliases.find(each) for each in aliases.roots(given)}
    return written, returned


def _rank(function: Checked, node: ast.expr) -> int:
    found = function.values.get(node)
    if found is not None:
        return found[0].rank
    kind = function.types.get(node.id) if isinstance(node, ast.Name) else None
    return 0 if kind is None else kind.rank

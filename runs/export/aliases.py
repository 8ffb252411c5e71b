"""Which arrays of a function may look at the same memory.

The language copies arrays element by element, first to last; numpy as if by way of a copy. The two differ where what is
written overlaps what is read, so that numpy's way is taken only where it can't.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from primitives.checked import Checked
from primitives.types import Type

FRESH = frozenset({"zeros", "full", "array", "copy", "astype", "take"})


class Aliases:
    """The names of a function in classes: names of different classes never share memory."""

    def __init__(self, function: Checked):
        self._parent: dict[str, str] = {}
        self._kinds = function.types
        writable = [
            name
            for name, kind in zip(function.parameters, function.arguments, strict=True)
            if kind.rank > 0 and not kind.readonly
        ]
        for other in writable[1:]:  # a caller may pass views of one array, and so may the parts of a model be
            self._join(writable[0], other)
        for node in ast.walk(function.node):
            if isinstance(node, ast.Assign):
                self._learn(node)

    def overlap(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether a view that is written may share memory with what is read."""
        targets = {self._find(name) for name in self.roots(target)}
        return any(self._find(name) in targets for name in self.roots(value))

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

    def _find(self, name: str) -> str:
        while self._parent.get(name, name) != name:
            name = self._parent[name]
        return name

    def _join(self, one: str, other: str) -> None:
        self._parent[self._find(one)] = self._find(other)

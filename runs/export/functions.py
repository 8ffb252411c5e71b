"""The functions of an exported file: those of the program that run, and the definitions of primitives that they use."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from population.usefulness import with_fields
from primitives.catalogue import CATALOGUE
from primitives.checked import Checked
from primitives.types import Type, element_dtype
from runs.export import nodes
from runs.export.names import TAKEN, free
from runs.export.rewriting import NUMPY, Rewriter
from runs.export.scalars import SCALARS, with_needs
from runs.export.typed import Typed


@dataclass(slots=True)
class Functions:
    """The texts of a file.

    Attributes:
        scalars: of primitives on scalars.
        definitions: of primitives that are loops.
        program: of the program's own functions, in its order.
        names: everything that is defined, and every name of the program.
    """

    scalars: list[str]
    definitions: list[str]
    program: list[str]
    names: set[str] = field(default_factory=set)


def functions_of(program: Typed, known: Collection[str]) -> Functions:
    """Write the functions of a program in plain numpy.

    Args:
        program: checked.
        known: the names in it.
    """
    writer = _Writer(program, {*known, *TAKEN, *SCALARS})
    for each in program.entries:
        writer.name(each, each.name)
    order = {name: place for place, name in enumerate(program.module.functions)}
    own = sorted(writer.own, key=lambda item: order[item[0]])
    return Functions(
        [str(SCALARS[name].text).strip("\n") for name in with_needs(writer.needed)],
        writer.definitions,
        [text for _, text in own],
        writer.known,
    )


class _Writer:
    """Writes functions, each when it is first called for; those of equal text are one."""

    def __init__(self, program: Typed, known: set[str]):
        self.program, self.known = program, known
        self.needed: set[str] = set()
        self.definitions: list[str] = []
        self.own: list[tuple[str, str]] = []
        self._names: dict[int, str] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def name(self, function: Checked, called: str) -> str:
        """The name of a function in the file; it is written, with all that it calls, if it was not before."""
        known = self._names.get(id(function))
        if known is None:
            known = self._names[id(function)] = self._write(function, called)
        return known

    def _write(self, function: Checked, called: str) -> str:
        body = Rewriter(self.program, function, self.name, self.needed.add).body()
        node = function.node
        docstring = _docstring(function, called)
        if function in self.program.entries:
            body = [*_conversions(function), *body]
        if docstring:
            body = [ast.Expr(ast.Constant(docstring)), *body]
        written = with_fields(node, name="f", body=body)
        key = (called, ast.dump(written))
        if key in self._texts:
            return self._texts[key]
        base = called if not function.library else re.sub(r"(_[12s]|_[12]d)+$", "", called)
        first = not function.library and not any(name == called for name, _ in self.own)
        new = base if first else free(base if base != called or not function.library else called, self.known)
        self.known.add(new)
        self._texts[key] = new
        written.name = new
        text = source_of(written)
        if function.library:
            self.definitions.append(text)
        else:
            self.own.append((called, text))
        return new


def source_of(node: ast.FunctionDef) -> str:
    """The text of a function."""
    text = ast.unparse(ast.fix_missing_locations(node))
    return re.sub(r"^( *return) \((.+)\)$", _without_parentheses, text, flags=re.MULTILINE)


def _without_parentheses(line: re.Match[str]) -> str:
    """`return (a, b)` as people write it."""
    shorter = f"{line[1]} {line[2]}"
    try:
        same = ast.dump(ast.parse(shorter.strip())) == ast.dump(ast.parse(line[0].strip()))
    except SyntaxError:
        same = False
    return shorter if same else line[0]


def _docstring(function: Checked, called: str) -> str | None:
    if not function.library:
        return ast.get_docstring(function.node)
    if called in CATALOGUE:
        return CATALOGUE[called].doc
    return _OPERATIONS.get(called.split("_")[0], "An operator of whole arrays, element by element, first to last.")


_OPERATIONS = {
    "assign": "Copy the elements of b into a, first to last.",
    "fill": "Write v into every place of a.",
    "pow": "a ** b, element by element.",
}


def _conversions(function: Checked) -> list[ast.stmt]:
    """What makes arrays of any ints those that the function is written for."""
    used = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    return [
        nodes.assign(ast.Name(name), nodes.call("np.asarray", ast.Name(name), dtype=nodes.name(_numpy(kind))))
        for name, kind in zip(function.parameters, function.arguments, strict=True)
        if kind.rank > 0 and kind.readonly and not element_dtype(kind).is_float and name in used
    ]


def _numpy(kind: Type) -> str:
    return NUMPY[element_dtype(kind).name]


def constants(program: Typed, used: Sequence[str]) -> list[str]:
    """The constants of a program that its functions name."""
    words = set(re.findall(r"\w+", "\n".join(used)))
    return [f"{name} = {value!r}" for name, value in program.module.constants.items() if name in words]

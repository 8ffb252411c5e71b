"""The functions of an exported file: those of the program that run, and the definitions of primitives that they use."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from population.usefulness import with_fields
from primitives.catalogue import CATALOGUE
from primitives.checked import Checked
from primitives.types import Type, element_dtype
from runs.export import nodes
from runs.export.compiled import GLOBAL_STREAM, STREAM, WRITTEN, NumbaRewriter, drawing, wrapper
from runs.export.names import TAKEN, free
from runs.export.rewriting import NUMPY, Rewriter
from runs.export.scalars import SCALARS, Written, with_needs
from runs.export.typed import Typed
from runs.layout import in_short_lines


@dataclass(slots=True)
class Functions:
    """The texts of a file.

    Attributes:
        scalars: of primitives on scalars.
        definitions: of primitives that are loops.
        program: of the program's own functions, in its order.
        names: everything that is defined, and every name of the program.
        wrappers: of functions that are compiled: what people call in their place.
        compiled: the names of these functions, and whether they draw random numbers.
    """

    scalars: list[str]
    definitions: list[str]
    program: list[str]
    names: set[str] = field(default_factory=set)
    wrappers: list[str] = field(default_factory=list)
    compiled: tuple[tuple[str, bool], ...] = ()


def functions_of(program: Typed, known: Collection[str], compiled: bool = False) -> Functions:
    """Write the functions of a program in plain numpy.

    Args:
        program: checked.
        known: the names in it.
        compiled: whether numba compiles them.
    """
    writer = (CompiledWriter if compiled else Writer)(program, {*known, *TAKEN, *SCALARS})
    for each in program.entries:
        writer.name(each, each.name)
    order = {name: place for place, name in enumerate(program.module.functions)}
    own = sorted(writer.own, key=lambda item: order[item[0].removeprefix("compiled_")])
    scalars = [str(writer.scalars[name].text).strip("\n") for name in with_needs(writer.needed, writer.scalars)]
    texts = (scalars, writer.definitions, [text for _, text in own])
    if not isinstance(writer, CompiledWriter):
        return Functions(*texts, writer.known)
    scalars, definitions, functions = ([f"@njit\n{text}" for text in each] for each in texts)
    return Functions(scalars, definitions, functions, writer.known, writer.wrappers(), writer.inner())


class Writer:
    """Writes functions, each when it is first called for; those of equal text are one."""

    scalars: Mapping[str, Written] = SCALARS

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
        node, body = function.node, self.rewriter(function).body()
        docstring = _docstring(function, called)
        body = [*self.beginning(function), *body]
        if docstring:
            body = [ast.Expr(ast.Constant(docstring)), *body]
        written = with_fields(node, name="f", body=body, args=self.parameters(function))
        key = (called, ast.dump(written))
        if key in self._texts:
            return self._texts[key]
        base = called if not function.library else re.sub(r"(_[12s]|_[12]d)+$", "", called)
        first = self.keeps_name(function) and not any(name == called for name, _ in self.own)
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

    # -- what differs between plain and compiled functions

    def rewriter(self, function: Checked) -> Rewriter:
        """What rewrites a function."""
        return Rewriter(self.program, function, self.name, self.needed.add)

    def beginning(self, function: Checked) -> list[ast.stmt]:
        """The first statements of a function."""
        return _conversions(function) if function in self.program.entries else []

    def parameters(self, function: Checked) -> ast.arguments:
        """The parameters of a function."""
        return function.node.args

    def keeps_name(self, function: Checked) -> bool:
        """Whether a function has the name that the program calls it by."""
        return not function.library


class CompiledWriter(Writer):
    """Writes functions for numba; those that are called from outside leave their names to wrappers."""

    scalars = WRITTEN

    def __init__(self, program: Typed, known: set[str]):
        super().__init__(program, known)
        self.draws = drawing(program)

    def rewriter(self, function: Checked) -> Rewriter:
        """What rewrites a function for numba."""
        return NumbaRewriter(self.program, function, self.name, self.needed.add, self.draws)

    def beginning(self, function: Checked) -> list[ast.stmt]:
        """Nothing: wrappers convert arrays."""
        return []

    def parameters(self, function: Checked) -> ast.arguments:
        """The parameters of a function, and the stream of random numbers if it draws some."""
        if not self.draws(function):
            return function.node.args
        return with_fields(function.node.args, args=[*function.node.args.args, ast.arg(STREAM)])

    def keeps_name(self, function: Checked) -> bool:
        """Whether a function has the name that the program calls it by."""
        return not function.library and function not in self.program.entries

    def name(self, function: Checked, called: str) -> str:
        """The name of a function in the file."""
        if function in self.program.entries and not called.startswith("compiled_"):
            called = f"compiled_{called}"
        return super().name(function, called)

    def inner(self) -> tuple[tuple[str, bool], ...]:
        """The names of the functions that are called from outside, and whether they draw random numbers."""
        return tuple((self.name(each, each.name), self.draws(each)) for each in self.program.entries)

    def wrappers(self) -> list[str]:
        """What people call."""
        entries = self.program.entries
        texts = [wrapper(each, self.name(each, each.name), self.draws(each)) for each in entries]
        return [*([GLOBAL_STREAM.strip("\n")] if any(map(self.draws, entries)) else []), *texts]


def source_of(node: ast.FunctionDef) -> str:
    """The text of a function."""
    text = ast.unparse(ast.fix_missing_locations(node))
    return in_short_lines(re.sub(r"^( *return) \((.+)\)$", _without_parentheses, text, flags=re.MULTILINE))


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

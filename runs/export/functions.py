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
from runs.export.compiled import GLOBAL_STREAM, STREAM, WRITTEN, NumbaRewriter, drawing, use_numba, wrapper
from runs.export.names import BUILTINS, TAKEN, free
from runs.export.pure import NeedsViews
from runs.export.pure_arrays import ArrayRewriter, conversions
from runs.export.pure_lists import ListRewriter
from runs.export.rewriting import NUMPY, Rewriter
from runs.export.scalars import SCALARS, Written, with_needs
from runs.export.typed import Typed
from runs.export.words import Words
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


def functions_of(program: Typed, known: Collection[str], words: Words = Words.NUMPY) -> Functions:
    """Write the functions of a program.

    Args:
        program: checked.
        known: the names in it.
        words: what they are written in.
    """
    taken = {*known, *TAKEN, *SCALARS}
    if words is Words.PURE:
        try:
            return _written(ListWriter(program, {*taken, *BUILTINS}))
        except NeedsViews:
            return _written(ArrayWriter(program, {*taken, *BUILTINS}))
    return _written(
        {Words.NUMPY: Writer, Words.EITHER: EitherWriter, Words.NUMBA: CompiledWriter}[words](program, taken)
    )


def _written(writer: Writer) -> Functions:
    program = writer.program
    for each in program.entries:
        writer.name(each, each.name)
    order = {name: place for place, name in enumerate(program.module.functions)}
    own = sorted(writer.own, key=lambda item: order[item[0].removeprefix(writer.prefix)])
    scalars = [str(writer.scalars[name].text).strip("\n") for name in with_needs(writer.needed, writer.scalars)]
    texts = (scalars, writer.definitions, [text for _, text in own])
    if not isinstance(writer, CompiledWriter):
        return Functions(*texts, writer.known)
    if isinstance(writer, EitherWriter):
        names = re.findall(r"^def (\w+)", "\n".join(each for part in texts for each in part), flags=re.MULTILINE)
        return Functions(*texts, writer.known, [*writer.wrappers(), use_numba(names)])
    scalars, definitions, functions = ([f"@njit\n{text}" for text in each] for each in texts)
    return Functions(scalars, definitions, functions, writer.known, writer.wrappers(), writer.inner())


class Writer:
    """Writes functions, each when it is first called for; those of equal text are one."""

    scalars: Mapping[str, Written] = SCALARS
    prefix = ""
    """Of the names of functions that leave their names to wrappers."""

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
    prefix = "compiled_"

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
        if function in self.program.entries and not called.startswith(self.prefix):
            called = f"{self.prefix}{called}"
        return super().name(function, called)

    def inner(self) -> tuple[tuple[str, bool], ...]:
        """The names of the functions that are called from outside, and whether they draw random numbers."""
        return tuple((self.name(each, each.name), self.draws(each)) for each in self.program.entries)

    def wrappers(self) -> list[str]:
        """What people call."""
        entries = self.program.entries
        texts = [wrapper(each, self.name(each, each.name), self.draws(each)) for each in entries]
        return [*([GLOBAL_STREAM.strip("\n")] if any(map(self.draws, entries)) else []), *texts]


class EitherWriter(CompiledWriter):
    """Writes functions that mean the same to numpy and to numba.

    Those that are called from outside keep their names and convert arrays themselves; but those that draw random
    numbers leave both to wrappers, which hand on the stream.
    """

    prefix = "drawing_"

    def beginning(self, function: Checked) -> list[ast.stmt]:
        """What makes arrays of any ints those that the function is written for."""
        return [] if self.draws(function) else Writer.beginning(self, function)

    def keeps_name(self, function: Checked) -> bool:
        """Whether a function has the name that the program calls it by."""
        return super().keeps_name(function) if self.draws(function) else Writer.keeps_name(self, function)

    def name(self, function: Checked, called: str) -> str:
        """The name of a function in the file."""
        return super().name(function, called) if self.draws(function) else Writer.name(self, function, called)

    def wrappers(self) -> list[str]:
        """What people call, where it is not the function itself."""
        drawing = [each for each in self.program.entries if self.draws(each)]
        return (
            [GLOBAL_STREAM.strip("\n"), *(wrapper(each, self.name(each, each.name), True) for each in drawing)]
            if drawing
            else []
        )


class ListWriter(Writer):
    """Writes functions for lists. Raises NeedsViews for what lists can't be."""

    def rewriter(self, function: Checked) -> Rewriter:
        """What rewrites a function."""
        return ListRewriter(self.program, function, self.name, self.needed.add, self.known)

    def beginning(self, function: Checked) -> list[ast.stmt]:
        """Nothing: lists are read as they are."""
        return []


class ArrayWriter(Writer):
    """Writes functions for the class for arrays."""

    def rewriter(self, function: Checked) -> Rewriter:
        """What rewrites a function."""
        return ArrayRewriter(self.program, function, self.name, self.needed.add, self.known)

    def beginning(self, function: Checked) -> list[ast.stmt]:
        """What makes arrays of lists."""
        self.needed.add("Array")
        if function not in self.program.entries:
            return []
        used = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
        pairs = zip(function.parameters, function.arguments, strict=True)
        return conversions([name for name, kind in pairs if kind.rank > 0 and name in used])


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
        return ast.get_docstring(function.node) or _of_entry(function, called)
    if called in CATALOGUE:
        return CATALOGUE[called].doc
    return _OPERATIONS.get(called.split("_")[0], "An operator of whole arrays, element by element, first to last.")


def _of_entry(function: Checked, called: str) -> str | None:
    """What the two functions of a learner do, if it does not say so itself."""
    names = function.parameters
    if called.endswith("fit") and len(names) == 4 and function.arguments[0].readonly:
        return f"Learn rows {names[0]}, shape (rows, columns), of classes {names[1]}. Returns the model."
    if called.endswith("predict") and function.arguments and function.arguments[-1].readonly:
        return f"Predict the class of one query {names[-1]}."
    return None


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

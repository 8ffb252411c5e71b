"""A foreign program as a whole, converted: its text in the language, and what is said of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from fitness.programs import compile_for
from primitives import syntax
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPE_NAMES
from primitives.errors import Diagnostic, ProgramError
from primitives.parser import BUILTINS
from runs.foreign import advice, names
from runs.foreign.classes import as_functions
from runs.foreign.expressions import Expressions
from runs.foreign.findings import CONVERTED, LEFT, Finding, Findings
from runs.foreign.ranks import Ranks
from runs.foreign.renaming import renamed, retyped
from runs.foreign.signatures import adapted
from runs.foreign.statements import Statements, header
from runs.layout import laid_out
from tasks import Task


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a program.

    Attributes:
        source: its text in the language, as far as it could be written in it.
        findings: line by line.
        faults: what the compiler has to say of the result beyond that, by the lines of the file that was read.
    """

    source: str
    findings: tuple[Finding, ...]
    faults: tuple[Diagnostic, ...]

    @property
    def whole(self) -> bool:
        """Whether the result is a program of the language that keeps the task's contract."""
        return not self.faults and not any(each.kind == LEFT for each in self.findings)


def convert(source: str, task: Task) -> Converted:
    """Write a learner in plain numpy in the language.

    Args:
        source: a module with `fit` and `predict`, or the functions of the task's contract.
        task: that it is for.

    Raises:
        ProgramError: it is not Python, or does not define the functions.
    """
    tree = _parsed(source)
    findings = Findings()
    if task.contract.functions is None:
        as_functions(tree, findings)
    missing = set(task.contract.names) - {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    if missing:
        line = next((each for each in tree.body if isinstance(each, ast.ClassDef)), None)
        allowed = f"{task.name} needs {'; '.join(task.contract.lines)}, as functions at the top level"
        raise ProgramError(
            [Diagnostic(1 if line is None else line.lineno, 1, f"no {' and no '.join(sorted(missing))}", allowed)]
        )
    aliases = names.imported(tree)
    _leave_out(tree, task, findings)
    adapted(tree, task.contract, findings)
    renamed(tree, findings)
    retyped(tree, findings)
    ranks = Ranks(tree, task.contract, aliases)
    expressions = Expressions(ranks, aliases, findings)
    taken = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    tree.body = list(_top_level(tree, Statements(expressions, taken), findings))
    _import(tree)
    _widen_bounds(tree, task)
    faults = _faults(tree, task, _spoilt(source, {each.line for each in findings.items if each.kind == LEFT}))
    return Converted(laid_out(tree, source), tuple(sorted(set(findings.items))), faults)


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        fault = Diagnostic(error.lineno or 1, error.offset or 1, f"invalid syntax: {error.msg}", "write valid Python")
    except ValueError as error:
        fault = Diagnostic(1, 1, f"text that can't be parsed: {error}", "write valid Python")
    except (RecursionError, MemoryError):
        fault = Diagnostic(1, 1, "an expression nested too deeply", "split it into several statements")
    raise ProgramError([fault])


def _leave_out(tree: ast.Module, task: Task, findings: Findings) -> None:
    """Leave out the functions that those of the contract don't call."""
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    pending, reached = list(task.contract.names), set[str]()
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += {each.id for each in ast.walk(functions[name]) if isinstance(each, ast.Name)} & set(functions)
    for name in sorted(set(functions) - reached):
        findings.say(CONVERTED, functions[name], f"def {name}", "nothing: the task's functions don't call it")
        tree.body.remove(functions[name])


def _top_level(tree: ast.Module, statements: Statements, findings: Findings) -> Iterable[ast.stmt]:
    """What stands at the top level of the result."""
    for place, node in enumerate(tree.body):
        if isinstance(node, ast.FunctionDef):
            node.body = statements.block(node.body)
            yield node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if isinstance(node, ast.ImportFrom) and node.module == "primitives":
                continue
            for module in [each.name for each in node.names] if isinstance(node, ast.Import) else [str(node.module)]:
                owner = module.partition(".")[0]
                if owner in advice.LIBRARY and owner not in ("itertools", "random"):
                    findings.left(node, f"an import of {module}", advice.LIBRARY[owner])
            findings.say(CONVERTED, node, header(node), "nothing: only primitives are imported")
        elif isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            findings.say(CONVERTED, node, header(node), "nothing: a program has no __main__")
        elif isinstance(node, ast.Assign) and statements.is_generator(node):
            instead = "the machine starts the random numbers: seed(v) in fit to start them yourself"
            findings.differs(node, header(node), instead)
        elif isinstance(node, ast.Assign):
            folded = _number(node.value)
            if folded is not None and not isinstance(node.value, ast.Constant):
                findings.say(CONVERTED, node, ast.unparse(node), f"{ast.unparse(node.targets[0])} = {folded!r}")
                node.value = ast.copy_location(ast.parse(repr(folded), mode="eval").body, node.value)
                for each in ast.walk(node.value):
                    ast.copy_location(each, node)
            yield node
        elif isinstance(node, ast.ClassDef):
            findings.left(
                node, f"a class, {node.name}", "functions at the top level: fit returns what the object would keep"
            )
        elif place == 0 and syntax.is_text(node):
            yield node
        else:
            yield from statements.block([node])


def _number(node: ast.expr) -> int | float | None:
    """The value of a text of numbers and operators: `2 ** 10 - 1`."""
    if not all(
        isinstance(each, ast.Constant | ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop) for each in ast.walk(node)
    ):
        return None
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            positive = _number(operand)
            return None if positive is None else -positive
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _number(left), _number(right)
            if one is None or other is None or abs(one) > 2**31 or abs(other) > 2**31:
                return None
            match op:
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.Mult():
                    return one * other
                case ast.Div() if other:
                    return one / other
                case ast.Pow() if abs(other) <= 62 and one > 0:
                    power: int | float = one**other
                    return power if abs(power) < 2**63 else None
                case ast.LShift() if isinstance(one, int) and isinstance(other, int) and 0 <= other <= 31:
                    return one << other
    return None


def _import(tree: ast.Module) -> None:
    """Import the primitives that the functions name."""
    functions = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    wanted = sorted((used & (set(CATALOGUE) | set(DTYPE_NAMES))) - functions - BUILTINS)
    if wanted:
        place = 1 if tree.body and syntax.is_text(tree.body[0]) else 0
        node = ast.ImportFrom("primitives", [ast.alias(name) for name in wanted], 0)
        node.lineno = node.end_lineno = 0
        node.col_offset = node.end_col_offset = 0
        tree.body.insert(place, node)


def _widen_bounds(tree: ast.Module, task: Task) -> None:
    """Write int bounds of `clip(a, -1, 1)` as floats, where the compiler says that they have to be."""
    lines = {each.line for each in _faults(tree, task, set()) if each.found.startswith("clip(array of f")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "clip" and node.lineno in lines:
            for each in (part for bound in node.args[1:] for part in ast.walk(bound) if isinstance(part, ast.Constant)):
                each.value = float(each.value) if isinstance(each.value, int) else each.value


def _spoilt(source: str, left: set[int]) -> set[int]:
    """The lines that are left to a person, and those that use what is assigned in them."""
    statements = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.stmt)]
    assigned = {
        name.id
        for each in statements
        if isinstance(each, ast.Assign) and each.lineno in left
        for target in each.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    names = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Name)]
    return left | {each.lineno for each in names if each.id in assigned}


def _faults(tree: ast.Module, task: Task, known: set[int]) -> tuple[Diagnostic, ...]:
    """What the compiler says of a tree, of lines of which nothing is said yet."""
    for node in ast.walk(tree):  # what numpy's names have left behind
        if isinstance(node, ast.expr | ast.stmt | ast.alias | ast.arg) and not hasattr(node, "lineno"):
            node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = 1, 0, 1, 0
    try:
        compile_for(task, tree)
    except ProgramError as error:
        return tuple(each for each in error.diagnostics if each.line not in known)
    return ()

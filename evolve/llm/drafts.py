"""From a reply to a program that can be judged: its edits applied, its imports set right, its signatures checked."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evolve.llm.edits import with_edits
from evolve.llm.replies import Reply, ReplyError, read_reply
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES
from tasks import Contract

_LEARNER: Final = {"fit": ("x", "y", "n_symbols", "n_classes")}
_IMPORTED: Final = frozenset({*CATALOGUE, *DTYPES})


class DraftError(ReplyError):
    """A reply gave a program that breaks what is fixed.

    Attributes:
        source: the program.
    """

    def __init__(self, message: str, source: str):
        super().__init__(message)
        self.source = source


@dataclass(frozen=True, slots=True)
class Draft:
    """A program that a reply proposes, not yet checked by the checker.

    Attributes:
        source: its text, with the comments that it has.
        notes: what was set right in it.
    """

    source: str
    notes: tuple[str, ...]


def draft_of(text: str, base: str, contract: Contract) -> Draft:
    """The program that a reply proposes.

    Args:
        text: the reply.
        base: the program that it edits.
        contract: of the task.

    Raises:
        ReplyError: the reply can't be read, or an edit can't be applied.
        DraftError: it changes a signature that the task fixes.
    """
    reply: Reply = read_reply(text, contract.names)
    source = with_edits(base, reply.edits) if reply.program is None else reply.program
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Draft(source, ())  # the checker says what is wrong
    fault = signature_fault(tree, base, contract)
    if fault is not None:
        raise DraftError(fault, source)
    return Draft(*_imports_set_right(source, tree))


def signature_fault(tree: ast.Module, base: str, contract: Contract) -> str | None:
    """What is wrong with the functions that the task fixes, None if nothing is.

    They are there, once, and have the parameters of the contract, or of the program that was shown.
    """
    shown = _parameters(ast.parse(base))
    fixed: dict[str, tuple[str, ...]] = dict(_LEARNER)
    if contract.functions is not None:
        fixed = {each.name: tuple(one.name for one in each.parameters) for each in contract.functions}
    defined = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    for name in contract.names:
        nodes = [each for each in defined if each.name == name]
        if len(nodes) != 1:
            count = "does not define" if not nodes else f"defines {len(nodes)} times"
            return f"the program {count} {name}, which the task asks for once"
        (node,) = nodes
        if name not in fixed:
            continue
        found = tuple(each.arg for each in node.args.args)
        plain = not (node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.args.defaults)
        if not plain or found not in (fixed[name], shown.get(name)):
            return (
                f"line {node.lineno} changes the signature of {name}, which the task fixes: "
                f"def {name}({', '.join(shown.get(name, fixed[name]))})"
            )
    return None


def _parameters(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    return {each.name: tuple(one.arg for one in each.args.args) for each in functions}


def _imports_set_right(source: str, tree: ast.Module) -> tuple[str, tuple[str, ...]]:
    """A program without imports of what it does not use, and with those of primitives that it lacks."""
    used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    bound = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    bound |= {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    bound |= {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    alone = [each for each in imports if _alone(each, tree.body)]
    stray = [each for each in alone if _everything(each) or not (used & _names(each) or _ours(each))]
    ours = [each for each in imports if isinstance(each, ast.ImportFrom) and _ours(each) and each not in stray]
    known = set().union(*(_names(each) for each in imports))
    missing = sorted((used & _IMPORTED) - known - bound)
    notes = [f"left out {'' if _everything(each) else 'the unused '}`{ast.unparse(each)}`" for each in stray]
    lines = source.split("\n")
    for each in reversed(stray):
        del lines[each.lineno - 1 : each.end_lineno]
    if missing:
        notes.append(f"imported {', '.join(missing)}")
        line = f"from primitives import {', '.join(missing)}"
        if ours:
            spot = ours[-1].lineno - 1 - sum(each.lineno < ours[-1].lineno for each in stray)
        else:
            first = tree.body[0]
            docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            spot = (first.end_lineno or 1) if docstring else 0
        lines.insert(spot, line)
    return "\n".join(lines), tuple(notes)


def _everything(node: ast.stmt) -> bool:
    return _ours(node) and "*" in {each.name for each in node.names}  # type: ignore[attr-defined]


def _ours(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "primitives"


def _names(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {(each.asname or each.name).partition(".")[0] for each in node.names}


def _alone(node: ast.stmt, body: Sequence[ast.stmt]) -> bool:
    """Whether no other statement stands on the lines of one."""
    last = node.end_lineno or node.lineno
    return all(each is node or each.lineno > last or (each.end_lineno or each.lineno) < node.lineno for each in body)

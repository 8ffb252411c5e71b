"""Dead code: what a program does without any effect on its answers, and the program without it.

Removed are assignments whose values never reach an answer, branches and loops that do nothing else, code behind a
`return`, `break` or `continue`, functions that nothing calls, and parts of a learner's model that `predict` does not
use. A program that ends with the status `ok` gives the same answers without its dead code. What stays are writes to
arrays that something useful may share memory with, and all draws of random numbers, since the next draws depend on
them. Usefulness is a property of a variable in its whole function, not of one assignment (M. Brameier and W. Banzhaf,
"Effective Linear Genetic Programming", 2001, remove introns at run time likewise).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from population.usefulness import (
    COMPOUND,
    DRAWING,
    WRITING,
    Facts,
    clean,
    effects_of,
    statements_in,
    statements_inside,
    with_fields,
)
from primitives import syntax

LEARNER: Final = ("fit", "predict")


def without_dead_code(tree: ast.Module, entries: Sequence[str] = LEARNER) -> ast.Module:
    """A program that gives the same answers as another one that ends with `ok`; it shares what stays with it.

    Args:
        tree: a program in the language.
        entries: the functions that are called from outside. Of the learner's the model is theirs to change.
    """
    return _cleaned(tree, tuple(entries))


@lru_cache(maxsize=64)
def _cleaned(tree: ast.Module, entries: tuple[str, ...]) -> ast.Module:
    """The same, remembered for a while: a child's key and the child that is judged are made of it."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    entries = entries_of(tree, entries)
    facts = _facts(functions)
    reached = _reached(functions, entries)
    cleaned = {name: clean(functions[name], _facts_for(functions[name], facts)) for name in reached}
    if entries == LEARNER and "fit" in cleaned and "predict" in cleaned:
        cleaned |= _without_unused_parts(cleaned, facts)
        if any(cleaned[name] is not functions[name] for name in reached):
            reached = _reached(cleaned, entries)
    body: list[ast.stmt] = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            body.append(node)
        elif node.name in reached:
            body.append(cleaned[node.name])
    return _with_names_used(with_fields(tree, body=body))


def entries_of(tree: ast.Module, entries: Sequence[str]) -> tuple[str, ...]:
    """Those of the functions called from outside that a program has; all of its functions if it has none of them."""
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return tuple(name for name in entries if name in names) or tuple(names)


# -- which functions


def _reached(functions: dict[str, ast.FunctionDef], entries: Iterable[str]) -> set[str]:
    found: set[str] = set()
    pending = [name for name in entries if name in functions]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(each for each in called_in(functions[name]) if each in functions)
    return found


@lru_cache(maxsize=4096)
def called_in(function: ast.FunctionDef) -> tuple[str, ...]:
    """The names that a function calls, each once, in the order of the statements that do."""
    return tuple(dict.fromkeys(name for each in syntax.body(function) for name in _calls(each)))


@lru_cache(maxsize=1 << 15)
def _calls(node: ast.stmt) -> tuple[str, ...]:
    found = sorted(effects_of(node).calls)
    for inner in statements_inside(node):
        found += _calls(inner)
    return tuple(found)


def _facts(functions: dict[str, ast.FunctionDef]) -> dict[str, Facts]:
    """What each function may do, those that it calls included."""
    facts = {name: _own_facts(node) for name, node in functions.items()}
    pending = [name for name, own in facts.items() if own != _NO_FACTS]
    if not pending:
        return facts
    callers: dict[str, list[str]] = {name: [] for name in functions}
    for name, node in functions.items():
        for called in called_in(node):
            if called in callers:
                callers[called].append(name)
    for called in pending:
        its = facts[called]
        for name in callers[called]:
            own = facts[name]
            new = Facts(own.draws or its.draws, own.writes or its.writes)
            if new != own:
                facts[name] = new
                pending.append(name)
    return facts


_NO_FACTS: Final = Facts(False, False)


@lru_cache(maxsize=4096)
def _own_facts(function: ast.FunctionDef) -> Facts:
    calls = set(called_in(function))
    writes = bool(calls & WRITING) or any(effects_of(each).written for each in statements_in(syntax.body(function)))
    return Facts(bool(calls & DRAWING), writes)


def _facts_for(function: ast.FunctionDef, facts: dict[str, Facts]) -> tuple[tuple[str, Facts], ...]:
    return tuple((name, facts[name]) for name in called_in(function) if name in facts)


# -- the model of a learner


def _without_unused_parts(functions: dict[str, ast.FunctionDef], facts: dict[str, Facts]) -> dict[str, ast.FunctionDef]:
    """`fit` and `predict` without the parts of the model that `predict` does not name; one part always stays."""
    fit, predict = functions["fit"], functions["predict"]
    if "fit" in called_in(fit) or any({"fit", "predict"} & set(called_in(each)) for each in functions.values()):
        return {}
    arguments = predict.args.args
    named = {name for each in statements_in(syntax.body(predict)) for name in _names(each)}
    unused = [index for index, argument in enumerate(arguments[:-1]) if argument.arg not in named]
    returns = [each for each in statements_in(syntax.body(fit)) if isinstance(each, ast.Return)]
    calls = {name for each in returns for name in effects_of(each).calls}
    if not unused or calls & (DRAWING | WRITING) or any(name in facts and any(facts[name]) for name in calls):
        return {}
    unused = unused[: len(arguments) - 2]
    parts = len(arguments) - 1
    if any(not isinstance(each.value, ast.Tuple) or len(each.value.elts) != parts for each in returns):
        return {}  # the last, a program that breaks the contract; the checker rejects it
    kept = [index for index in range(parts) if index not in unused]
    body = _with_returns(syntax.body(fit), kept)
    docstring = fit.body[: len(fit.body) - len(body)]
    shorter = with_fields(fit, body=[*docstring, *body])
    left = [*(arguments[index] for index in kept), arguments[-1]]
    other = with_fields(predict, args=with_fields(predict.args, args=left))
    return {"fit": clean(shorter, _facts_for(shorter, facts)), "predict": other}


def _names(node: ast.stmt) -> frozenset[str]:
    effects = effects_of(node)
    return effects.assigned | effects.read | effects.written


def _with_returns(statements: Sequence[ast.stmt], kept: Sequence[int]) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for node in statements:
        if isinstance(node, ast.Return):
            assert isinstance(node.value, ast.Tuple)
            parts = [node.value.elts[index] for index in kept]
            result.append(with_fields(node, value=parts[0] if len(parts) == 1 else with_fields(node.value, elts=parts)))
        elif isinstance(node, COMPOUND):
            inner = _with_returns(node.body, kept), _with_returns(node.orelse, kept)
            result.append(with_fields(node, body=inner[0], orelse=inner[1]))
        else:
            result.append(node)
    return result


def _with_names_used(tree: ast.Module) -> ast.Module:
    """The program without imports and constants that no function names."""
    used: set[str] = set()
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            used |= names_in(function)
    body: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names = [alias for alias in node.names if alias.name in used]
            if names:
                body.append(node if len(names) == len(node.names) else with_fields(node, names=names))
        elif not isinstance(node, ast.Assign) or (isinstance(node.targets[0], ast.Name) and node.targets[0].id in used):
            body.append(node)
    return with_fields(tree, body=body)


@lru_cache(maxsize=4096)
def names_in(function: ast.FunctionDef) -> frozenset[str]:
    """The names that a function reads or calls."""
    found: set[str] = set()
    for each in statements_in(syntax.body(function)):
        effects = effects_of(each)
        found |= effects.read | effects.calls
    return frozenset(found)

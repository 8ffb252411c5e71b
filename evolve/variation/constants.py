"""Operators on literal numbers."""

from __future__ import annotations

import ast
import math

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.expressions import Grower
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from primitives.syntax import literal
from primitives.types import FLOAT, INT

_MOST = 2**62


def _is_number(scope: Scope, site: Site) -> bool:
    return site.type in (INT, FLOAT) and literal(site.node) is not None


def _drawn(context: Context, random: Random) -> tuple[Scope, Site, int | float] | None:
    found = context.site(random, _is_number)
    if found is None:
        return None
    scope, site = found
    value = literal(site.node)
    assert value is not None
    return scope, site, value


def _changed(context: Context, scope: Scope, site: Site, value: int | float) -> ast.Module | None:
    if (isinstance(value, int) and abs(value) >= _MOST) or not math.isfinite(value):
        return None
    return context.replacing(scope, site.path, nodes.number(value))


def perturb(context: Context, random: Random) -> ast.Module | None:
    """A literal a little greater or less."""
    found = _drawn(context, random)
    if found is None:
        return None
    scope, site, value = found
    if isinstance(value, float):
        new = value * math.exp(0.3 * random.normal()) if value else random.normal()
        return _changed(context, scope, site, float(f"{new:.4g}"))
    return _changed(context, scope, site, value + (1 if random.chance(0.5) else -1))


def rescale(context: Context, random: Random) -> ast.Module | None:
    """A literal doubled, halved, or with the other sign."""
    found = _drawn(context, random)
    if found is None:
        return None
    scope, site, value = found
    choices = [value * 2, value // 2 if isinstance(value, int) else value / 2, -value]
    others = [each for each in choices if each != value]
    return _changed(context, scope, site, random.choose(others)) if others else None


def redraw(context: Context, random: Random) -> ast.Module | None:
    """Another literal in its place: a small number, a power of two, or one that the program uses elsewhere."""
    found = _drawn(context, random)
    if found is None:
        return None
    scope, site, value = found
    used = [literal(each.node) for each in scope.sites if each.type is site.type]
    choices: list[int | float] = [each for each in used if each is not None and each != value]
    choices += [0.0, 0.5, 1.0, 2.0, 0.1] if site.type is FLOAT else [0, 1, 2, 3, 2 ** random.below(9)]
    new = random.choose(choices)
    return None if new == value else _changed(context, scope, site, new)


def generalise(context: Context, random: Random) -> ast.Module | None:
    """A parameter, a variable, a counter or a length in place of a literal."""
    found = context.site(random, _is_number)
    if found is None:
        return None
    scope, site = found
    live = scope.live(site.place)
    grower = Grower(context, scope, live, random)
    names = live.of(site.type, site.control)
    length = grower.length(site.control) if site.type is INT and (not names or random.chance(0.3)) else None
    if length is not None:
        return context.replacing(scope, site.path, length)
    return context.replacing(scope, site.path, nodes.name(random.choose(names))) if names else None

"""The operators of variation: `OPERATORS`. What each does is in the module that its function comes from."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from evolve.variation import (
    bits_at_once,
    constants,
    crossover,
    functions,
    gathering,
    guards,
    identities,
    insertions,
    invariants,
    loops,
    model,
    operands,
    pairing,
    peeling,
    statement_edits,
    tables,
    types,
    variables,
)
from evolve.variation.context import Context
from evolve.variation.random import Random

Make = Callable[[Context, Random], ast.Module | None]


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to vary a program.

    Attributes:
        name: what it does, in a word or three.
        make: how.
        parents: how many it takes: 2 if it needs a donor.
    """

    name: str
    make: Make
    parents: int = 1
    weight: float = 1.0

    def vary(self, context: Context, generator: np.random.Generator) -> ast.Module | None:
        """A new tree that shares what did not change with the context's, or None if it finds nothing to vary."""
        return self.make(context, Random(generator))


OPERATORS: Final = (
    Operator("insert statement", insertions.insert_statement),
    Operator("insert idiom", insertions.insert_idiom, weight=10.0),
    Operator("delete statement", statement_edits.delete),
    Operator("replace statement", statement_edits.replace),
    Operator("move statement", statement_edits.move),
    Operator("swap statements", statement_edits.swap),
    Operator("copy statement", statement_edits.copy),
    Operator("change operator", operands.change_operator),
    Operator("change primitive", operands.change_primitive),
    Operator("change operand", operands.change_operand),
    Operator("replace expression", operands.replace_expression),
    Operator("repeat expression", operands.repeat_expression),
    Operator("grow expression", operands.grow),
    Operator("shrink expression", operands.shrink),
    Operator("swap operands", operands.swap_operands),
    Operator("change bound", operands.change_bound),
    Operator("perturb constant", constants.perturb),
    Operator("rescale constant", constants.rescale),
    Operator("redraw constant", constants.redraw),
    Operator("generalise constant", constants.generalise),
    Operator("wrap in branch", loops.wrap_in_branch),
    Operator("wrap in loop", loops.wrap_in_loop),
    Operator("unwrap", loops.unwrap),
    Operator("nest loop deeper", loops.nest_deeper),
    Operator("pair throughout", pairing.pair_throughout, weight=2.0),
    Operator("interchange loops", loops.interchange),
    Operator("fuse loops", loops.fuse),
    Operator("split loop", loops.split),
    Operator("hoist out of loop", loops.hoist),
    Operator("hoist expression", invariants.hoist_expression),
    Operator("tabulate", tables.tabulate),
    Operator("bits at once", bits_at_once.bits_at_once),
    Operator("peel loop", peeling.peel),
    Operator("split range", peeling.split_range),
    Operator("apply identity", identities.rewrite),
    Operator("introduce variable", variables.introduce),
    Operator("inline variable", variables.inline),
    Operator("drop variable", variables.drop),
    Operator("merge variables", variables.merge),
    Operator("change element type", types.change_element_type),
    Operator("pack bits", types.pack_bits),
    Operator("unpack bits", types.unpack_bits),
    Operator("add model part", model.add_part),
    Operator("remove model part", model.remove_part),
    Operator("gather model", gathering.gather_model),
    Operator("extract function", functions.extract),
    Operator("inline function", functions.inline),
    Operator("inline guard", guards.inline_guard),
    Operator("inline test", guards.inline_test),
    Operator("graft expression", crossover.graft_expression, parents=2),
    Operator("graft statement", crossover.graft_statement, parents=2),
    Operator("graft function", crossover.graft_function, parents=2),
)
"""All operators."""

BY_NAME: Final = {operator.name: operator for operator in OPERATORS}

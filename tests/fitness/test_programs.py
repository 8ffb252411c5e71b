"""Compiling for a task: what its contract asks for must be there, and nothing may be known beforehand."""

from dataclasses import replace

import pytest

from fitness.programs import compile_for
from primitives.errors import ProgramError
from tasks import LEARNER, rung
from tests.episodes import BEST_FIT, BLANK, PackingTask

LEARN = rung("parity-6-2")
PACK = PackingTask()


def faults(task, source):
    with pytest.raises(ProgramError) as caught:
        compile_for(task, source)
    return caught.value.diagnostics


def test_a_learner_has_code_for_fit_and_predict_together():
    compiled = compile_for(LEARN, LEARNER.blank)
    assert compiled.task_contract is LEARNER
    assert compiled.learner is not None
    assert compiled.functions == {}
    assert compiled.literals == 1


@pytest.mark.parametrize("source", [BEST_FIT, BLANK])
def test_a_program_with_another_contract_has_code_for_each_function(source):
    compiled = compile_for(PACK, source)
    assert compiled.learner is None
    assert compiled.functions.keys() == {"score", "least"}


def test_all_functions_are_reported_on_at_once():
    found = faults(PACK, "def score(item, room):\n    return room\n")
    assert [each.line for each in found] == [1, 1]
    assert {"no function least", "3 arguments for score(item, room)"} == {each.found for each in found}


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("return scores", "return room[0]", 6, "score returns int"),
        ("return scores", "return scores, 1", 6, "score returns array of i8, rank 1, int"),
        ("return scores", "pass", 6, "score returns nothing"),
        ("zeros(bins, i8)", "zeros(bins)", 6, "score returns array of f8, rank 1"),
        ("return 1", "return 1.0", 14, "least returns float"),
    ],
)
def test_a_result_of_another_type_is_a_fault_of_the_function(old, new, line, found):
    source = BEST_FIT.replace(old, new)
    if "zeros(bins)" in new:
        source = source.replace("i8, zeros", "zeros").replace("1000 - room[i]", "1.0")
    elif "room[0]" in new:
        source = source.replace("    scores = zeros(bins, i8)\n", "    scores = zeros(bins, i8)\n    scores[0] = 0\n")
    (fault,) = faults(PACK, source)
    assert (fault.line, fault.found) == (line, found)
    assert fault.allowed in ("it returns array of i8, rank 1", "it returns int")


def test_what_an_argument_may_be_is_what_the_contract_says():
    (fault,) = faults(PACK, BEST_FIT.replace("scores[i] = 1000 - room[i]", "room[i] = 0"))
    assert fault.line == 10
    assert "read-only" in fault.found
    (fault,) = faults(PACK, BEST_FIT.replace("zeros(bins, i8)", "zeros(item, i8)"))
    assert "depends on data" in fault.found


def test_a_bool_serves_as_an_int_and_a_view_as_an_array():
    compile_for(PACK, BEST_FIT.replace("return 1", "return room[0] > 3").replace("return scores", "return room[1:]"))


def test_more_literals_than_the_task_allows_are_a_fault_that_says_where():
    table = "".join(f"            scores[i] += {n * 10_000}\n" for n in range(20))
    source = BEST_FIT.replace("            scores[i] = 1000 - room[i]\n", table)
    (fault,) = faults(PACK, source)
    assert source.splitlines()[fault.line - 1].strip() == "scores[i] += 70000"
    assert "of numbers in the program" in fault.found
    assert "packing allows 64" in fault.allowed


def test_a_task_may_allow_more_literals_than_another():
    source = LEARNER.blank.replace("a = 0", "a = 123456789012")
    assert compile_for(LEARN, source).literals == 8
    tight = replace(LEARN, budget=replace(LEARN.budget, literals=7))
    (fault,) = faults(tight, source)
    assert (fault.line, fault.column) == (5, 9)

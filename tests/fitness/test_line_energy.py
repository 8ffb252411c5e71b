"""The energy of lines adds up to the energy of the program."""

import pytest

from fitness import models
from fitness.limits import limits_of
from fitness.line_energy import energy_by_line
from fitness.problem import judge, problems
from fitness.programs import compile_for
from fitness.traced import traced_energy
from primitives.seeds import source
from tasks import Purpose, rung
from tests.episodes import FIRST_FIT, PackingTask

LIMITS = limits_of(rung("parity-6-2").budget)


@pytest.fixture(params=["learner", "episode"])
def played(request):
    """A program compiled for a task, and an instance of that."""
    task, text = (
        (rung("parity-6-2"), source("gf2_elimination")) if request.param == "learner" else (PackingTask(), FIRST_FIT)
    )
    return compile_for(task, text), problems(task, Purpose.SEARCH, 1, 1)[0], text


def test_lines_add_up_to_what_the_machine_priced(played):
    program, instance, text = played
    status, spent = energy_by_line(program, instance, LIMITS, 5)
    assert status == "ok"
    assert sum(spent.values()) == pytest.approx(judge(program, instance, LIMITS, 5).energy)
    assert set(spent) <= set(range(len(text.splitlines()) + 1))


def test_lines_add_up_to_what_a_model_of_traces_says(played):
    program, instance, _ = played
    status, spent = energy_by_line(program, instance, LIMITS, 5, "bytedmd")
    traced = traced_energy(program, instance, LIMITS, 5, [models.get("bytedmd")])
    assert status == "ok"
    assert sum(spent.values()) == pytest.approx(traced.fit["bytedmd"] + traced.predict["bytedmd"])


def test_a_program_that_fails_has_a_status_and_no_figures():
    text = "def fit(x, y, n_symbols, n_classes):\n    return x[99, 0]\n\n\ndef predict(a, q):\n    return a\n"
    task = rung("parity-6-2")
    instance = problems(task, Purpose.SEARCH, 1, 1)[0]
    assert energy_by_line(compile_for(task, text), instance, LIMITS, 5) == ("index_error", {})

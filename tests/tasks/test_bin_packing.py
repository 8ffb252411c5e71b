"""The example of docs/tasks.md: online bin packing, with the programs beside it."""

import re
from pathlib import Path

import numpy as np
import pytest

from fitness.limits import limits_of
from fitness.problem import problem
from fitness.programs import compile_for
from fitness.score import score
from tasks import Purpose, instances, load_task

EXAMPLES = Path("docs/examples")


@pytest.fixture(scope="module")
def task():
    return load_task("docs/examples/bin_packing.py:OnlineBinPacking")


@pytest.fixture(scope="module")
def quality(task):
    """Gives the score of a program on the same few instances."""
    problems = [problem(each) for each in instances(task, Purpose.VERIFICATION, 0, 24)]

    def scored(source):
        return score(compile_for(task, source), problems, limits_of(task.budget), 0, task)

    return scored


def heuristic(priorities):
    return f"from primitives import f8, full, zeros\n\n\ndef priority(item, bins):\n    return {priorities}\n"


def test_best_fit_is_better_than_first_fit_and_both_are_better_than_worst_fit(quality):
    best, first = (quality((EXAMPLES / f"{name}_fit.py").read_text()) for name in ("best", "first"))
    worst = quality("def priority(item, bins):\n    p = bins * 1.0\n    p[len(bins) - 1] = -1.0\n    return p\n")
    assert best.accuracy > first.accuracy > worst.accuracy + 0.03
    assert first.energy < best.energy


def test_the_blank_program_is_first_fit(task, quality):
    first = quality((EXAMPLES / "first_fit.py").read_text())
    assert quality(task.contract.blank).accuracy == first.accuracy


def test_chance_is_a_new_bin_for_every_item(task, quality):
    assert quality(heuristic("bins * 1.0")).accuracy == pytest.approx(task.chance, abs=0.01)


def test_priorities_of_the_wrong_length_are_a_failure(quality):
    assert quality(heuristic("zeros(3, f8)")).status == "unusable_answer"


def test_no_bin_is_filled_beyond_its_capacity_and_the_bound_holds(task):
    (episode,) = instances(task, Purpose.SEARCH, 1, 1)
    plot, answer, offered = episode.play(), None, []
    random = np.random.default_rng(0)
    with pytest.raises(StopIteration) as end:
        while True:
            call = plot.send(answer)
            item, bins = call.arguments
            assert (bins >= item).all()
            assert bins[-1] == 100
            offered.append(len(bins))
            answer = random.random(len(bins))
    assert len(offered) == task.items
    assert 0 < end.value.value <= 1


def test_the_page_shows_files_that_exist_and_a_learners_task_that_conforms(tmp_path):
    text = Path("docs/tasks.md").read_text(encoding="utf-8")
    for path in re.findall(r"docs/examples/\w+\.py", text):
        assert Path(path).is_file()
    blocks = [
        "\n".join(line[4:] for line in each.splitlines()) for each in re.findall(r"(?:^ {4}.*\n|^\n)+", text, re.M)
    ]
    (learner,) = [block for block in blocks if "(Task)" in block]
    file = tmp_path / "learner.py"
    file.write_text(learner)
    from tasks.contract_suite import check_task

    assert check_task(load_task(f"{file}:LastOne")) == []
    assert len(learner.strip().splitlines()) <= 24

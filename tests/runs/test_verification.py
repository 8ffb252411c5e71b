"""The sceptic's checks: what is right passes each of them, and what is wrong fails in the one that is meant for it."""

import json

import numpy as np
import pytest

from primitives.errors import ProgramError
from primitives.seeds import source
from runs.cpython import Outcome
from runs.verification import verify
from runs.verification.agreement import Process
from runs.verification.scaling import power_law
from tests.runs.verification_tasks import Choices, Parity

GF2 = source("gf2_elimination")

NEAREST = """\
def fit(x, y, n_symbols, n_classes):
    return x, y


def predict(x, y, q):
    best = len(q) + 1
    answer = 0
    for r in range(len(x)):
        distance = 0
        for c in range(len(q)):
            distance += x[r, c] ^ q[c]
        if distance < best:
            best = distance
            answer = y[r]
    return answer
"""

PAIRS = """\
def fit(x, y, n_symbols, n_classes):
    for i in range(x.shape[1]):
        for j in range(i):
            wrong = 0
            for r in range(len(x)):
                wrong += x[r, i] ^ x[r, j] ^ y[r]
            if wrong == 0:
                return i + 0, j + 0
    return 0, 0


def predict(i, j, q):
    return q[i] ^ q[j]
"""

CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 1\n\n\ndef predict(m, q):\n    return m\n"

BUILT_IN = "def fit(x, y, n_symbols, n_classes):\n    return 1\n\n\ndef predict(m, q):\n    return q[1] ^ q[3]\n"

LARGEST = """\
def choose(seen, scale):
    best = 0
    for i in range(len(seen)):
        if seen[i] > seen[best]:
            best = i
    return best
"""


class AsTheMachine:
    """A runner whose answers are those of another with one of them changed, or none at all."""

    def __init__(self, change):
        self.change = change

    def learner(self, source, examples, seed):
        return self.change(Process().learner(source, examples, seed))

    def calls(self, source, contract, calls, seed):
        return self.change(Process().calls(source, contract, calls, seed))


def checks(task, program, **options):
    report = verify(task, program, seed=3, quick=True, **options)
    return {check.name: check for check in report.checks}


def verdicts(found):
    return {name: check.verdict for name, check in found.items()}


@pytest.fixture(scope="module")
def gf2():
    return checks(Parity(), GF2)


def test_elimination_passes_every_check(gf2):
    assert set(verdicts(gf2).values()) == {"pass"}
    assert list(gf2) == [
        "fresh instances",
        "larger: test-parity-12-80",
        "CPython",
        "determinism",
        "variant: labels shuffled",
        "variant: itself",
        "curve: rows",
        "scaling with n",
    ]


def test_growth_is_fitted_for_fit_query_and_time(gf2):
    exponents = gf2["scaling with n"].figures["exponents"]
    assert exponents.keys() == {"fit_energy", "query_energy", "seconds"}
    assert 2 < exponents["fit_energy"]["exponent"] < 4
    assert 0.9 < exponents["fit_energy"]["r_squared"] <= 1
    assert gf2["scaling with n"].figures["energy_model"] == "dmc v1"


def test_two_rows_can_not_tell_the_secret_and_the_curve_says_so(gf2):
    points = gf2["curve: rows"].figures["points"]
    assert [point["determined"] for point in points] == [False, True, True]
    assert points[0]["high"] < 0.9 <= points[-1]["low"]


def test_what_memorises_passes_at_its_size_and_fails_at_a_larger_one():
    found = verdicts(checks(Parity(n=4), NEAREST))
    assert found["fresh instances"] == found["CPython"] == "pass"
    assert found["larger: test-parity-12-80"] == "fail"
    assert found["scaling with n"] == "fail"


def test_a_constant_fails_on_fresh_instances_and_knows_nothing_that_it_can_not_have_learned():
    found = verdicts(checks(Parity(), CONSTANT))
    assert found["fresh instances"] == found["variant: itself"] == "fail"
    assert found["variant: labels shuffled"] == found["curve: rows"] == "pass"


def test_a_secret_built_into_the_program_shows_without_labels_and_on_too_few_rows():
    found = checks(Parity(fixed=True), BUILT_IN)
    assert found["fresh instances"].verdict == "pass"
    assert found["variant: labels shuffled"].verdict == "fail"
    assert found["curve: rows"].verdict == "fail"
    assert "rows 2, where the labels can't tell the secret" in found["curve: rows"].detail


def test_accuracy_that_falls_with_more_rows_fails():
    worse = PAIRS.replace("range(x.shape[1])", "range(x.shape[1] if len(x) < 60 else 2)")
    assert verdicts(checks(Parity(rows=40), PAIRS))["curve: rows"] == "pass"
    check = checks(Parity(rows=40), worse)["curve: rows"]
    assert check.verdict == "fail"
    assert "at 80, where it can learn more" in check.detail


def test_a_program_that_fails_at_a_larger_size_is_reported_with_status_line_and_size():
    program = BUILT_IN.replace("return 1", "return x[0, 0] if x.shape[1] < 12 else x[0, 99]")
    check = checks(Parity(fixed=True), program)["scaling with n"]
    assert check.verdict == "fail"
    assert "at n 12 it failed on" in check.detail
    assert "index_error in line 2" in check.detail
    assert [point["failure"] is None for point in check.figures["points"]] == [True, False, False]


def test_failures_are_counted_and_are_no_accuracies():
    program = BUILT_IN.replace("return 1", "return x[0, 0] // x[0, 1]")
    check = checks(Parity(fixed=True), program)["fresh instances"]
    assert check.verdict == "fail"
    [failure] = check.figures["failures"]
    assert (failure["status"], failure["line"]) == ("zero_division", 2)
    assert check.figures["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda outcome: Outcome((1 - outcome.results[0], *outcome.results[1:])), "1 of 20 answers differ"),
        (lambda outcome: Outcome(outcome.results[:-1]), "1 of 20 answers differ"),
        (lambda outcome: Outcome(None, "CPython was killed after 60 s"), "CPython was killed"),
    ],
)
def test_an_answer_that_differs_from_cpythons_fails(change, said):
    check = checks(Parity(), GF2, runner=AsTheMachine(change))["CPython"]
    assert check.verdict == "fail"
    assert said in check.detail


def test_programs_that_draw_random_numbers_agree_with_cpython():
    program = "from primitives import randint\n\n\n" + CONSTANT.replace("return m", "return randint(0, 2) ^ m")
    found = checks(Parity(), program)
    assert found["CPython"].verdict == found["determinism"].verdict == "pass"
    assert found["CPython"].figures["answers"] == 20
    assert found["determinism"].figures["adapts_to_queries"]


def test_what_a_learner_keeps_of_its_queries_is_reported():
    counting = """\
from primitives import i8, zeros


def fit(x, y, n_symbols, n_classes):
    return zeros(2, i8)


def predict(count, q):
    count[q[0]] += 1
    return count[1] > count[0]
"""
    check = checks(Parity(), counting)["determinism"]
    assert check.verdict == "pass"
    assert "its answers depend on the order of the queries" in check.detail


def test_the_first_calls_of_an_episode_are_compared_with_cpython():
    found = checks(Choices(), LARGEST)
    assert found["fresh instances"].verdict == found["CPython"].verdict == found["determinism"].verdict == "pass"
    assert "first 10 calls" in found["CPython"].detail
    assert {found[name].verdict for name in ("larger", "variants", "curves", "scaling with n")} == {"not applicable"}


def test_a_task_that_is_not_the_same_twice_is_not_deterministic():
    check = checks(Choices(impure=True), LARGEST.replace("return best", "return best + seen[0]"))["determinism"]
    assert check.verdict == "fail"
    assert "answers" in check.detail


def test_where_no_part_of_an_instance_runs_there_is_nothing_to_compare():
    check = checks(Parity(), CONSTANT.replace("return 1", "return x[0, 99]"))["CPython"]
    assert check.verdict == "not applicable"
    assert "index_error in line 2" in check.detail


def test_the_exponent_of_a_power_law_is_found():
    sizes = [2.0, 4.0, 9.0, 31.0]
    exponent, r_squared = power_law(sizes, [5 * n**2.5 for n in sizes])
    assert (exponent, r_squared) == (pytest.approx(2.5), pytest.approx(1.0))
    assert power_law(sizes, [1.0, 8.0, 2.0, 9.0]).r_squared < 0.7


def test_the_report_is_json_and_the_same_for_one_seed():
    first, again, other = (
        json.dumps(verify(Parity(), CONSTANT, seed=seed, quick=True).as_json()) for seed in (5, 5, 6)
    )
    assert first == again != other
    assert not json.loads(first)["passed"]


def test_too_few_instances_to_show_anything_are_refused():
    with pytest.raises(ValueError, match="on 3 instances of test-parity-8-80 not even a perfect program"):
        verify(Parity(), GF2, seed=0, instances=3)


def test_a_program_that_does_not_keep_the_contract_is_refused():
    with pytest.raises(ProgramError):
        verify(Parity(), LARGEST, seed=0)


def test_every_check_is_announced_before_it_is_made():
    events = []

    class Watcher:
        def started(self, name):
            events.append(name)

        def finished(self, check):
            events.append(check)

    report = verify(Parity(), CONSTANT, seed=0, quick=True, observer=Watcher())
    assert events[1::2] == list(report.checks)
    assert events[::2] == [check.name for check in report.checks]
    assert np.isfinite([check.figures.get("accuracy", 0.0) for check in report.checks]).all()

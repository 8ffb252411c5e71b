"""Episodes: a task calls functions of a program, each call starts with nothing, and limits are of the whole."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from fitness import Control, Limits, ReadOnly, measure
from fitness import models as energy_models
from fitness.episode import play_episode
from fitness.limits import limits_of
from fitness.problem import judge, problem
from fitness.programs import compile_for
from fitness.score import Failed, Score, score
from fitness.timing import timed
from fitness.traced import traced_energy
from tasks import Budget, Call, Contract, Parameter, Purpose, Signature, Task, UnusableAnswer, instances
from tasks.task import TaskError
from tests.episodes import BEST_FIT, BLANK, FIRST_FIT, Packing, PackingTask

PACK = PackingTask()
SIZES = (7, 9, 4, 11, 3)


def played(source, episode, **limits):
    program = compile_for(PACK, source)
    return play_episode(PACK.contract, program.functions, episode, limits=Limits(**limits))


@dataclass
class Script:
    """An episode that makes the calls it is given, and keeps what came back."""

    calls: list[Any]
    quality: Any = 1.0
    results: list[Any] = field(default_factory=list)
    closed: bool = False

    def play(self):
        try:
            for call in self.calls:
                self.results.append((yield call))
            return self.quality
        finally:
            self.closed = True


class Whatever(Task):
    """A contract of one function."""

    family = name = summary = "test"
    budget = Budget(steps=10_000, energy=1e6, memory=1 << 16)
    gate, instances, chance = 0.9, 2, 0.0

    def __init__(self, result, *parameters):
        self.contract = Contract((Signature("f", parameters, result),), "")

    def draw(self, generator, purpose):
        raise NotImplementedError


def results(source, result, parameters, *arguments, **options):
    """What comes back from calls of f."""
    task, episode = Whatever(result, *parameters), Script([Call("f", each) for each in arguments])
    play = play_episode(task.contract, compile_for(task, source).functions, episode, **options)
    return play, episode.results


def test_the_task_sees_the_answers_and_judges_them():
    assert played(BEST_FIT, Packing((20, 20, 20, 20))).quality == 1.0
    assert played(BEST_FIT, Packing((20, 20, 20, 20, 1))).quality == 0.8
    assert played(BLANK, Packing(SIZES)).quality == 0.0


def test_an_answer_that_the_task_can_do_nothing_with_is_a_failure():
    class Refusing:
        def play(self):
            yield Call("least", (np.array([20, 20]),))
            raise UnusableAnswer("too short")

    play = played(BEST_FIT, Refusing())
    assert (play.status, play.line, play.quality) == ("unusable_answer", None, None)
    assert play.steps > 0


def test_energy_and_steps_are_those_of_the_calls():
    calls = [("least", [ReadOnly([20, 20])]), ("score", [7, ReadOnly([20, 20]), Control(2)])]
    each = [measure(BEST_FIT, name, arguments) for name, arguments in calls]
    play = played(BEST_FIT, Packing((7,), bins=2))
    assert play.energy == pytest.approx(sum(one.energy["dmc"] for one in each))
    assert play.steps == sum(one.steps for one in each)
    assert play.peak_memory == max(one.peak_memory for one in each)
    assert play.seconds > 0


def test_limits_are_of_the_whole_episode():
    whole = played(BEST_FIT, Packing(SIZES))
    assert whole.status == "ok"
    assert played(BEST_FIT, Packing(SIZES), steps=whole.steps, energy=whole.energy * 1.0001).status == "ok"
    short = played(BEST_FIT, Packing(SIZES), steps=whole.steps - 1)
    assert (short.status, short.steps, short.quality) == ("out_of_steps", whole.steps - 1, None)
    assert played(BEST_FIT, Packing(SIZES), energy=whole.energy * 0.99).status == "out_of_energy"
    assert played(BEST_FIT, Packing(SIZES), memory=32).status == "out_of_memory"


def test_an_endless_episode_ends_with_the_steps():
    class Endless:
        def play(self):
            while True:
                yield Call("least", (np.zeros(1, dtype=np.int64),))

    assert played(BEST_FIT, Endless(), steps=1000).status == "out_of_steps"


def test_a_call_that_fails_ends_the_episode_and_closes_it():
    episode = Script([Call("f", (1,)), Call("f", (0,)), Call("f", (1,))])
    task = Whatever("int", Parameter("a", "int"))
    program = compile_for(task, "def f(a):\n    b = 1\n    return b // a\n")
    play = play_episode(task.contract, program.functions, episode)
    assert (play.status, play.line, play.quality) == ("zero_division", 3, None)
    assert episode.results == [1]
    assert episode.closed


def test_results_are_python_scalars_and_arrays_of_the_type_of_the_contract():
    for result, returned, value in (("int", "a > 1", 1), ("bool", "a > 1", True), ("float", "a / 2", 1.5)):
        _, (found,) = results(f"def f(a):\n    return {returned}\n", result, [Parameter("a", "int")], (3,))
        assert (type(found), found) == (type(value), value)
    source = (
        "from primitives import f4, zeros\n\n\ndef f(a):\n    b = zeros((2, 3), f4)\n    b[1, 2] = 0.5\n    return b\n"
    )
    _, (found,) = results(source, "f4[:, :]", [Parameter("a", "int")], (3,))
    assert (found.dtype, found.tolist()) == (np.float32, [[0, 0, 0], [0, 0, 0.5]])


def test_nothing_is_carried_from_one_call_to_the_next():
    source = "from primitives import i8, zeros\n\n\ndef f(a, b):\n    c = zeros(500, i8)\n    s = c[0] + b[0]\n"
    source += "    for i in range(500):\n        s += c[i]\n        c[i] = a\n    b[0] = a\n    return s\n"
    scratch = np.zeros(1, dtype=np.int64)
    parameters = [Parameter("a", "int"), Parameter("b", "i8[:]", writable=True)]
    play, found = results(source, "int", parameters, *[(77, scratch)] * 20)
    assert found == [0] * 20
    assert scratch.tolist() == [0]
    once, _ = results(source, "int", parameters, (77, scratch))
    assert play.energy == pytest.approx(20 * once.energy)
    assert play.peak_memory == once.peak_memory


def test_random_numbers_go_on_and_start_from_the_seed():
    source = "from primitives import randint\n\n\ndef f(a):\n    return randint(0, 1000000)\n"
    (_, first), (_, again), (_, other) = (
        results(source, "int", [Parameter("a", "int")], *[(0,)] * 10, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert len(set(first + other)) == 20


def test_a_control_parameter_is_free_and_a_data_parameter_is_priced():
    source = "def f(a):\n    return a + a\n"
    free, _ = results(source, "int", [Parameter("a", "int", control=True)], (5,))
    priced, _ = results(source, "int", [Parameter("a", "int")], (5,))
    assert (free.energy, priced.energy) == (0, 2)


def test_arrays_that_share_memory_are_the_same_cells_for_the_program():
    text = np.arange(10, dtype=np.uint8)
    source = "def f(a, b):\n    return a[3] + b[0]\n"
    parameters = [Parameter("a", "u1[:]"), Parameter("b", "u1[:]")]
    shared, _ = results(source, "int", parameters, (text, text[3:]))
    apart, _ = results(source, "int", parameters, (text, text[3:].copy()))
    assert shared.energy == pytest.approx(math.sqrt(4) + 1)
    assert apart.energy > shared.energy


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *(("int", True), ("int", 1.0), ("int", 2**63), ("int", None), ("bool", 1), ("float", "1"), ("float", math.nan)),
        *(("int", np.zeros(1, dtype=np.int64)), ("i8[:]", [1, 2]), ("i8[:]", np.zeros(2)), ("u1[:]", 3)),
        *(("i8[:]", np.zeros((2, 2), dtype=np.int64)), ("f8[:]", np.array([math.inf])), ("f4[:, :]", np.zeros((1, 1)))),
    ],
)
def test_an_argument_of_another_type_is_the_fault_of_the_task(kind, given):
    with pytest.raises(TaskError, match=r"in call 1 the task gives .* to f as a; the contract says " + kind[:2]):
        results("def f(a):\n    return 0\n", "int", [Parameter("a", kind)], (given,))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *(("int", np.uint8(3)), ("int", -(2**63)), ("bool", np.True_), ("float", 1), ("float", np.float32(0.5))),
        *(("u1[:]", np.zeros(0, dtype=np.uint8)), ("f8[:, :]", np.zeros((3, 2)).T)),
    ],
)
def test_an_argument_of_the_type_is_taken(kind, given):
    assert results("def f(a):\n    return 0\n", "int", [Parameter("a", kind)], (given,))[0].status == "ok"


@pytest.mark.parametrize(
    ("episode", "message"),
    [
        (Script([("least", 3)]), r"yields tuple \('least', 3\) as its call 1; it yields a Call"),
        (Script([Call("fit", ())]), "calls 'fit', which its contract lacks; it has score, least"),
        (Script([Call("least", ())]), r"calls least with 0 arguments; the contract says least\(room: i8\[:\]\) -> int"),
        (Script([Call("least", 3)]), r"calls least with int 3 arguments; the contract says"),
        *((Script([], quality), r"as the quality; it returns a number from 0 to 1") for quality in (1.01, -0.1, None)),
        *((Script([], quality), r"as the quality; it returns a number from 0 to 1") for quality in (math.nan, True)),
    ],
)
def test_a_task_that_breaks_its_contract_is_told_so(episode, message):
    with pytest.raises(TaskError, match=message):
        played(BEST_FIT, episode)
    assert episode.closed or not episode.calls


def test_an_episode_is_played_by_a_generator():
    class Plain:
        def play(self):
            return 0.5

    with pytest.raises(TaskError, match="it is a generator that yields each Call"):
        played(BEST_FIT, Plain())


def test_whatever_a_task_raises_is_told_as_its_fault():
    class Raising:
        def play(self):
            answer = yield Call("least", (np.zeros(1, dtype=np.int64),))
            return {}[answer]

    with pytest.raises(TaskError, match=r"play\(\) raises KeyError: 1 \(.*test_episode.py, line \d+\)"):
        played(BEST_FIT, Raising())


def test_examples_are_for_learners_and_episodes_for_others():
    learner = compile_for(PackingTask(), BEST_FIT)
    from tasks import LEARNER, rung

    examples = problem(next(instances(rung("parity-6-2"), Purpose.SEARCH, 0, 1)))
    with pytest.raises(TaskError, match="draws examples, and its contract is not that of learners"):
        judge(learner, examples, Limits(), 0)
    with pytest.raises(TaskError, match="draws an episode, and its contract is that of learners"):
        judge(compile_for(rung("parity-6-2"), LEARNER.blank), problem(Packing(SIZES)), Limits(), 0)


def test_episodes_are_scored_like_examples():
    problems = [problem(each) for each in instances(PACK, Purpose.SEARCH, 0, 8)]
    programs = [compile_for(PACK, source) for source in (BEST_FIT, FIRST_FIT, BLANK)]
    best, first, blank = (score(each, problems, limits_of(PACK.budget), 0, PACK) for each in programs)
    assert isinstance(best, Score)
    assert best.accuracy >= first.accuracy > blank.accuracy == 0
    assert (best.fit_energy, best.fit_steps) == (0, 0)
    assert best.accuracy_low < best.accuracy < best.accuracy_high
    assert isinstance(score(programs[0], problems, Limits(steps=10), 0, PACK), Failed)


def test_other_models_price_each_call_and_times_are_taken():
    program, model = compile_for(PACK, BEST_FIT), energy_models.get("bytedmd")
    found = traced_energy(program, problem(Packing((7,), bins=2)), Limits(), 0, [model])
    each = (
        measure(BEST_FIT, "least", [ReadOnly([20, 20])], energy=["bytedmd"]),
        measure(BEST_FIT, "score", [7, ReadOnly([20, 20]), Control(2)], energy=["bytedmd"]),
    )
    assert found.status == "ok"
    assert found.fit == {"bytedmd": 0.0}
    assert found.predict == {"bytedmd": sum(one.energy["bytedmd"] for one in each)}
    seconds = timed(program, problem(Packing(SIZES)), Limits(), 0)
    assert seconds.fit == 0 <= seconds.predict

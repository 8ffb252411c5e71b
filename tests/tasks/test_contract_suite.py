"""The contract suite: every rung conforms, and each way of breaking the contract is found."""

import random
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from tasks import RUNGS, Budget, Call, Contract, Examples, Floor, Parameter, Purpose, Signature, Task, Variant
from tasks.contract_suite import assert_task_conforms, check_task
from tasks.text import TEXT_RUNGS

BUDGET = Budget(steps=1000, energy=1e6, memory=1 << 16)


@pytest.mark.parametrize("name", [name for name in RUNGS if name not in TEXT_RUNGS])
def test_every_rung_that_needs_no_data_conforms(name):
    assert_task_conforms(RUNGS[name])


class First(Task):
    """Learners' task: the first of four bits, or its complement, whichever an instance has drawn."""

    budget, gate, chance, instances = BUDGET, 0.9, 0.5, 32
    name, summary = "first", "the first of four bits, or its complement"

    def draw(self, generator, purpose):
        rows, flip = generator.integers(0, 2, (40, 4), dtype=np.uint8), generator.integers(2, dtype=np.uint8)
        y = rows[:, 0] ^ flip
        return Examples(rows[:20], y[:20], rows[20:], y[20:].astype(np.int64), 2, 2)


HIGHEST = Signature("highest", (Parameter("limit", "int"), Parameter("values", "f8[:]")), "int")
SCALED = Signature("scaled", (Parameter("values", "f8[:]"),), "f8[:]")
BLANK = "def highest(limit, values):\n    return 0\n\n\ndef scaled(values):\n    return values\n"


@dataclass(frozen=True)
class Values:
    """An episode: scale some values, and find the highest."""

    values: np.ndarray

    def play(self):
        scaled = yield Call("scaled", (self.values,))
        place = yield Call("highest", (len(self.values), self.values))
        return float(0 <= place < len(self.values) and len(scaled) == len(self.values))


class Highest(Task):
    """A task of episodes."""

    contract = Contract((HIGHEST, SCALED), BLANK)
    budget, gate, chance, instances = BUDGET, 0.9, 0.1, 32
    name, summary = "highest", "find the highest of some values"

    def draw(self, generator, purpose):
        return Values(generator.random(10))


def test_a_learners_task_and_a_task_of_episodes_conform():
    assert_task_conforms(First())
    assert_task_conforms(Highest())


def changed(base, **attributes):
    """A task that is `base` but for some attributes."""
    return type("Changed", (base,), attributes)()


def drawing(change):
    """First, with every instance changed."""
    return changed(First, draw=lambda self, generator, purpose: change(First.draw(self, generator, purpose)))


def playing(play):
    """Highest, with another episode."""
    episode = type("Other", (Values,), {"play": play})
    globals()["Other"] = episode  # where pickle looks for it
    episode.__module__, episode.__qualname__ = __name__, "Other"
    return changed(Highest, draw=lambda self, generator, purpose: episode(generator.random(10)))


class Raising(First):
    @property
    def gate(self):
        return 1 / 0


BROKEN_ATTRIBUTES = [
    (changed(First, name=""), "its name is ''; it is one line"),
    (changed(First, summary="two\nlines"), "its summary is 'two\\nlines'"),
    (changed(First, family=None), "its family is None"),
    (changed(First, interval="queries"), "its interval is 'queries'"),
    (changed(First, contract="learner"), "its contract is 'learner'"),
    (changed(First, contract=Contract((), "")), "its contract has no functions"),
    (changed(First, contract=Contract(None, "import os\n")), "blank program is not in the language"),
    (changed(First, contract=Contract(None, "def fit(x):\n    return 0\n")), "does not define fit of 4 parameters"),
    (changed(Highest, contract=Contract((HIGHEST, HIGHEST), BLANK)), "two functions of its contract have one name"),
    (changed(Highest, contract=Contract((HIGHEST,), "def h(a):\n    return a\n")), "does not define highest of 2"),
    (changed(First, budget=None), "its budget is None"),
    (changed(First, budget=replace(BUDGET, steps=0)), "its budget of steps is 0"),
    (changed(First, budget=replace(BUDGET, energy=float("nan"))), "its budget of energy is nan"),
    (changed(First, budget=replace(BUDGET, memory=1 << 40)), "its budget of memory is"),
    (changed(First, instances=0), "its instances are 0"),
    (changed(First, chance=1.0), "its chance is 1.0"),
    (changed(First, gate=0.5), "its gate is 0.5; it is a number above chance, 0.5"),
    (changed(First, gate=1.5), "its gate is 1.5"),
    (changed(First, best=0.8), "its best is 0.8"),
    (changed(First, gate=0.99), "nothing can pass its gate, 0.99"),
    (changed(First, instances=5), "nothing can pass its gate, 0.9"),
    (changed(First, floor=Floor(-1.0, 0.0, "")), "its floor is"),
    (changed(First, floor=Floor(1e9, 0.0, "")), "is above its budget"),
    (Raising(), "its gate raises ZeroDivisionError: division by zero"),
]


def raising(self, generator, purpose):
    raise KeyError("text")


BROKEN_DRAWS = [
    (changed(First, draw=raising), "draw(generator, SEARCH) raises KeyError: 'text'"),
    (changed(First, draw=lambda self, generator, purpose: [1, 2]), "draw returns list"),
    (
        changed(First, draw=lambda self, generator, purpose: Values(np.zeros(3))),
        "draw returns Values, and its contract",
    ),
    (drawing(lambda each: replace(each, x=each.x.astype(np.int64))), "x is an array of int64 and rank 2"),
    (drawing(lambda each: replace(each, y=each.y.tolist())), "y is list"),
    (drawing(lambda each: replace(each, queries=each.queries[0])), "queries is an array of uint8 and rank 1"),
    (drawing(lambda each: replace(each, answers=each.answers.astype(np.uint8))), "answers is an array of uint8"),
    (drawing(lambda each: replace(each, x=each.x[:0])), "x is empty"),
    (drawing(lambda each: replace(each, n_symbols=300)), "n_symbols is 300"),
    (drawing(lambda each: replace(each, y=each.y[1:])), "x has 20 rows and y 19"),
    (drawing(lambda each: replace(each, queries=each.queries[:, 1:])), "x has 4 columns and queries 3"),
    (drawing(lambda each: replace(each, x=each.x + 1)), "x holds 2; with this n_symbols it holds 0 to 1"),
    (drawing(lambda each: replace(each, answers=each.answers - 2)), "answers holds -2"),
    (drawing(lambda each: replace(each, answers=0 * each.answers)), "all queries have the same answer"),
    (changed(First, budget=replace(BUDGET, memory=100)), "rows and queries take 180 bytes"),
    (changed(First, chance=0.2), "always answering the most frequent training label is right on"),
    (drawing(lambda each: replace(each, x=each.x ^ np.uint8(random.randrange(2)))), "uses the global random numbers"),
    (
        drawing(lambda each: replace(each, queries=np.random.randint(0, 2, (20, 4)).astype(np.uint8))),
        "uses the global random numbers",
    ),
    (
        drawing(lambda each: replace(each, x=np.random.default_rng().integers(0, 2, (20, 4), dtype=np.uint8))),
        "two draws with one seed differ",
    ),
    (
        changed(First, draw=lambda self, generator, purpose: First.draw(self, np.random.default_rng(0), purpose)),
        "draws with different seeds are the same",
    ),
    (
        changed(
            First,
            draw=lambda self, generator, purpose: First.draw(
                self, generator if purpose is Purpose.SEARCH else np.random.default_rng(0), purpose
            ),
        ),
        "selection and verification get the same instance",
    ),
]


class Local:
    """An episode that can't be pickled: it holds a function."""

    def __init__(self, values):
        self.values, self.judge = values, lambda place: float(place == 0)

    def play(self):
        yield Call("scaled", (self.values,))
        return self.judge((yield Call("highest", (3, self.values))))


def endless(self):
    while True:
        yield Call("highest", (1, self.values))


def shortened(self):
    scaled = yield Call("scaled", (self.values,))
    return float(scaled[0] == 0)


def forgetful(self):
    object.__setattr__(self, "values", self.values[1:])
    yield Call("scaled", (self.values,))
    return 0.0


def ends(value):
    def play(self):
        yield Call("scaled", (self.values,))
        return value

    return play


def yields(call):
    def play(self):
        yield call(self.values)
        return 0.0

    return play


BROKEN_EPISODES = [
    (changed(Highest, draw=First.draw), "draw returns Examples, and its contract has functions of its own"),
    (playing(lambda self: 0.5), "play() returns float, not a generator"),
    (playing(ends(1.5)), "play returns 1.5 as the quality"),
    (playing(ends(None)), "play returns None as the quality"),
    (playing(yields(lambda values: 3)), "play() yields int, not a tasks.Call"),
    (playing(yields(lambda values: Call("lowest", ()))), "play() calls 'lowest'; its contract has highest, scaled"),
    (playing(yields(lambda values: Call("scaled", ()))), "play() calls scaled with 0 arguments"),
    (playing(yields(lambda values: Call("highest", (0.5, values)))), "with float as limit; it is int"),
    (playing(yields(lambda values: Call("highest", (True, values)))), "with bool as limit; it is int"),
    (playing(yields(lambda values: Call("scaled", (values.astype(int),)))), "array of int64 as values; it is f8[:]"),
    (playing(yields(lambda values: Call("scaled", (values * np.inf,)))), "array of float64 as values"),
    (playing(endless), "play() makes more than"),
    (playing(shortened), "play() raises IndexError"),
    (playing(forgetful), "another way the second time"),
    (changed(Highest, draw=lambda self, generator, purpose: Local(generator.random(4))), "pickling an instance raises"),
]


def related(**relatives):
    return changed(First, **relatives)


BROKEN_RELATIVES = [
    (related(larger=(3,)), "a larger task is int; it is a task"),
    (related(larger=None), "its larger, variants or curves raises TypeError"),
    (related(variants=(3,)), "a variant is int"),
    (related(larger=(changed(First, gate=0.1, name="other"),)), "a larger task: its gate is 0.1"),
    (
        related(curves={"n": [(3, Highest()), (4, drawing(lambda each: replace(each, x=each.x ^ 1)))]}),
        "named first as well",
    ),
    (
        related(variants=(Variant("doubled", changed(First, name="other", draw=raising)),)),
        "the variant 'doubled': draw(generator, SEARCH) raises KeyError",
    ),
]


@pytest.mark.parametrize(
    ("task", "words"),
    [*BROKEN_ATTRIBUTES, *BROKEN_DRAWS, *BROKEN_EPISODES, *BROKEN_RELATIVES],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_the_contract_is_found(task, words):
    findings = check_task(task)
    assert any(words in str(finding) for finding in findings), [str(finding) for finding in findings]
    with pytest.raises(AssertionError):
        assert_task_conforms(task)


def test_a_variant_that_can_not_pass_needs_no_gate_in_reach():
    hopeless = changed(First, name="hopeless", best=0.5)
    assert not check_task(related(variants=(Variant("hopeless", hopeless, most=0.5),)))
    assert check_task(related(variants=(Variant("hopeless", hopeless),)))


def test_windows_of_a_stream_count_once_in_memory():
    def draw(self, generator, purpose):
        stream = generator.integers(0, 2, 50_000, dtype=np.uint8)
        windows = sliding_window_view(stream[:-1], 16)
        return Examples(windows[:-100], stream[16:-100], windows[-100:], stream[-100:].astype(np.int64), 2, 2)

    assert_task_conforms(changed(First, draw=draw, budget=replace(BUDGET, memory=51_000)))
    assert check_task(changed(First, draw=draw, budget=replace(BUDGET, memory=49_000)))

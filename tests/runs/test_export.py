"""Exported files: the same predictions as the machine's, without this project, in the words of numpy."""

import ast
import random
import sys
import warnings

import numpy as np
import pytest

from evolve.variation import OPERATORS, Context
from fitness import Limits, learner, play, stage
from fitness.programs import compile_for
from population import without_dead_code
from primitives import seeds
from primitives.dtypes import dtype_of_numpy, u1
from primitives.errors import ProgramError
from primitives.parser import parse
from primitives.types import BOOL, FLOAT, INT, array_type
from runs.export.main_block import main_of
from runs.export.module import code_of, file_text, written
from runs.export.names import BUILTINS, TAKEN, renamed
from runs.export.shapes import text_of
from runs.export.trial import calls_of
from runs.export.typed import typed_functions
from runs.export.words import Words
from runs.verification.conduct import shrunk
from runs.verification.small_part import small_part
from runs.verification.trials import Subject
from tasks import LEARNER, Purpose, instances, load_task, rung
from tests import cpython
from tests.agreement import measured
from tests.programs import generate
from tests.runs.exports import NUMBA, NUMPY, PURE, answers, predictions

RUNGS = ("parity-10-3", "sum-20-3", "copy-8", "markov-2")
STEPS = 3_000_000
LEARNS_LONG = ("sgd_network_hinge", "sgd_network_logistic", "sign_sgd", "random_projection")
COMPILED = ("gf2_elimination", "walsh_hadamard", "sparse_linear", "sgd_network_hinge", "ppm_c", "version_space")
"""Seeds that between them use what differs under numba: compiling all of them takes a minute."""

SEED = 77


INTERPRETERS = {
    "numpy": (Words.EITHER, NUMPY),
    "numpy and numba": (Words.EITHER, NUMBA),
    "the standard library": (Words.PURE, PURE),
}
"""The words of a file, and what the interpreter lacks."""


def exported(source, words=Words.EITHER):
    tree = parse(source)
    return file_text("An export.", code_of(without_dead_code(tree), LEARNER, words))


def instance_of(name, rows=120, queries=25):
    [instance] = instances(rung(name), Purpose.SEARCH, 5, 1)
    return shrunk(instance, rows, queries)


def machine_answers(source, instance):
    """What the machine predicts; None if it fails, or takes too long for CPython."""
    staged = stage(instance.x, instance.y, instance.queries, instance.n_symbols, instance.n_classes)
    played = play(learner(source), staged, seed=SEED, limits=Limits(steps=STEPS), priced=False)
    return played.answers.tolist() if played.status == "ok" else None


def agree(programs, directory, interpreter="numpy"):
    """Whether each program (name, source, instance), exported, predicts what the machine predicts; how many did."""
    words, blocked = INTERPRETERS[interpreter]
    cases, wanted = [], []
    for name, source, instance in programs:
        expected = machine_answers(source, instance)
        if expected is not None:
            cases.append((exported(source, words), instance, SEED))
            wanted.append((name, expected))
    found = predictions(cases, directory, blocked, warnings="default" if blocked == NUMBA else "error")
    assert [(name, each) for (name, _), each in zip(wanted, found, strict=True)] == wanted
    return len(wanted)


@pytest.mark.parametrize("interpreter", ["numpy", "the standard library"])
def test_every_seed_algorithm_predicts_the_same_as_a_file_of_its_own(tmp_path, interpreter):
    programs = []
    for name in seeds.SEEDS:
        rows = 30 if name in LEARNS_LONG else 120
        programs += [(name, seeds.source(name), instance_of(each, rows)) for each in RUNGS]
    text = instance_of("pydoc", 2000)
    programs += [(name, seeds.source(name), text) for name in ("context_mixing", "ppm_c", "ngram_backoff")]
    programs += [(name, seeds.source(name), instance_of("parity-10-3")) for name in seeds.TEXTBOOK]
    assert agree(programs, tmp_path / "empty", interpreter) >= len(programs) - 6, (
        "some take long on tasks they are not meant for"
    )


def test_compiled_by_numba_the_same_files_predict_the_same(tmp_path):
    programs = [(name, seeds.source(name), instance_of("parity-10-3", 30)) for name in COMPILED]
    assert agree(programs, tmp_path / "empty", "numpy and numba") == len(programs)


def test_descendants_of_the_seeds_predict_the_same_too(tmp_path):
    programs = []
    for number, name in enumerate(
        ("gf2_packed", "subset_table", "sparse_linear", "context_mixing", "sgd_network_hinge")
    ):
        instance = instance_of("parity-10-3", 40)
        programs += [(f"{name}, {len(line)} steps", line[-1], instance) for line in descendants(name, number, instance)]
    assert agree(programs, tmp_path / "empty") == len(programs) == 15


def descendants(name, seed, instance, steps=12):
    """Three descendants of a seed, after 4, 8 and 12 steps, each of which left a program that does not fail."""
    generator = np.random.default_rng(seed)
    line = [seeds.source(name)]
    context = Context(parse(line[0]))
    while len(line) <= steps:
        operator = OPERATORS[generator.integers(len(OPERATORS))]
        tree = None if operator.parents > 1 else operator.vary(context, generator)
        if tree is None:
            continue
        source = ast.unparse(ast.fix_missing_locations(tree))
        try:
            child = Context(parse(source))
        except ProgramError:
            continue
        if machine_answers(source, instance) is not None:
            context = child
            line.append(source)
    return [line[: stop + 1] for stop in range(4, steps + 1, 4)]


@pytest.mark.parametrize("words", [Words.NUMPY, Words.EITHER, Words.PURE])
def test_random_programs_of_the_whole_language_give_the_same_to_the_last_bit(words):
    compared = 0
    for seed in range(160):
        rng = random.Random(seed)
        program = generate(rng, rng.randint(3, 40))
        try:
            machine = measured(program, seed, ())
        except ProgramError:
            continue
        arguments = cpython.fresh(program.args)
        if machine.status != "ok" or shares(arguments) or (words is Words.PURE and lacks_rows(arguments)):
            continue
        tree = parse(program.source)
        entry = {"main_": [type_of(each) for each in arguments]}
        taken = TAKEN | BUILTINS if words is Words.PURE else TAKEN
        tree = renamed(tree, taken)
        text = file_text("An export.", written(typed_functions(tree, entry), tree, words))
        given = [listed(each) if words is Words.PURE else widened(each) for each in arguments]
        found = run(text, given, seed)
        alike = same_lists if words is Words.PURE else same
        assert alike(machine.value, found), f"seed {seed}\n{program.source}\n{text}"
        compared += 1
    assert compared > 80


def lacks_rows(arguments):
    """Whether a matrix has no rows: a list of no rows does not say how many columns it has."""
    return any(isinstance(each, np.ndarray) and each.ndim == 2 and len(each) == 0 for each in arguments)


def run(text, arguments, seed):
    namespace = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(text, "exported.py", "exec"), namespace)
        if "STREAM" in namespace:
            namespace["seed"](seed)
        return namespace["main_"](*arguments)


def listed(argument):
    """An argument as a program without numpy takes it."""
    return widened(argument).tolist() if isinstance(argument, np.ndarray) else argument


def same_lists(machine, found):
    """Whether a result without numpy is the machine's: floats to the last bit."""
    if isinstance(machine, tuple):
        return len(machine) == len(found) and all(map(same_lists, machine, found))
    if isinstance(machine, np.ndarray):
        return len(machine) == len(found) and all(
            same_lists(machine[place], found[place]) for place in range(len(found))
        )
    if isinstance(machine, float | np.floating):
        return isinstance(found, float) and repr(float(machine)) == repr(found)
    return isinstance(found, int) and int(machine) == found


def widened(argument):
    ints = isinstance(argument, np.ndarray) and argument.dtype.kind in "biu"
    return argument.astype(np.int64) if ints else argument


def shares(arguments):
    arrays = [each for each in arguments if isinstance(each, np.ndarray)]
    return any(np.shares_memory(one, other) for place, one in enumerate(arrays) for other in arrays[:place])


def type_of(value):
    if isinstance(value, np.ndarray):
        return array_type(u1 if value.dtype == np.bool_ else dtype_of_numpy(value.dtype), value.ndim)
    return {bool: BOOL, int: INT, float: FLOAT}[type(value)]


def same(machine, found):
    """Whether a result is the machine's: floats to the last bit, ints in whatever they are held."""
    if isinstance(machine, tuple):
        return len(machine) == len(found) and all(map(same, machine, found))
    if isinstance(machine, np.ndarray):
        if machine.dtype.kind == "f":
            return (
                machine.dtype == found.dtype and machine.shape == found.shape and machine.tobytes() == found.tobytes()
            )
        return found.dtype == np.int64 and np.array_equal(machine, found)
    if isinstance(machine, float):
        return isinstance(found, float) and repr(machine) == repr(float(found))
    return not isinstance(found, float) and int(machine) == int(found)


WORDS = """
from primitives import argmax, axpy, bincount, f4, fill, sum, u1, window, xor_rows, zeros

def fit(x, y, n_symbols, n_classes):
    table = zeros((3, n_symbols), u1)
    fill(table, 1)
    xor_rows(table, 0, 1)
    counts = bincount(y, n_classes)
    axpy(2, counts, counts)
    small = zeros(4, f4)
    small[0] += 0.1
    small[1] += small[0]
    return table, small, argmax(counts) + sum(window(y, 0, 2))

def predict(table, small, best, q):
    np = best
    return np + (q[0] > 3)
"""


def test_it_is_written_as_numpy_where_that_is_the_same_and_as_a_loop_where_it_is_not():
    text = file_text("An export.", code_of(parse(WORDS), LEARNER))
    for words in (
        "table = np.zeros((3, n_symbols), dtype=np.int64)",
        "table[:] = 1",
        "table[0] ^= table[1]",
        "np.bincount(y, minlength=n_classes)",
        "axpy(2, counts, counts)",  # an array added to itself: numpy's way is not the definition's
        "small[0] = np.float64(small[0]) + 0.1",  # 0.1 has no four bytes
        "small[1] += small[0]",
        "np.argmax(counts) + y[0:0 + 2].sum()",
        "np_ = best",
        "return np_ + int(q[0] > 3)",
    ):
        assert words in text, text
    assert "primitives" not in text


DRAWN = ["parity-10-3", "noisy-parity-20-3", "sum-20-3", "and-20-3", "majority-15", "copy-8"]


@pytest.mark.parametrize("words", [Words.EITHER, Words.PURE])
@pytest.mark.parametrize("name", [*DRAWN, "markov-2"])
def test_a_file_draws_instances_of_its_task_like_those_of_the_ladder(name, words):
    task = rung(name)
    namespace = {}
    code = code_of(parse(LEARNER.blank), LEARNER, words)
    text = file_text("An export.", code, [main_of(task, code)])
    exec(compile(text, "exported.py", "exec"), namespace)
    assert ("numpy" in text) is (words is not Words.PURE)
    generator = random.Random(0) if words is Words.PURE else np.random.default_rng(0)
    [wanted] = instances(task, Purpose.SEARCH, 0, 1)
    drawn = namespace["draw"](generator)
    assert all(isinstance(each, list if words is Words.PURE else np.ndarray) for each in drawn)
    x, y, queries, answers = map(np.asarray, drawn)
    assert (x.shape, y.shape, queries.shape) == (wanted.x.shape, wanted.y.shape, wanted.queries.shape)
    assert len(answers) == len(queries)
    assert x.max() < wanted.n_symbols
    if name == "markov-2":
        return
    for mine, others in ((y, wanted.y), (answers, wanted.answers)):
        frequencies = [np.bincount(each, minlength=wanted.n_classes) / len(each) for each in (mine, others)]
        assert np.abs(frequencies[0] - frequencies[1]).max() < 0.25


@pytest.mark.parametrize("words", [Words.NUMPY, Words.EITHER, Words.PURE])
def test_an_episode_answers_every_call_as_the_machine_does(words, tmp_path):
    task = load_task("docs/examples/bin_packing.py:OnlineBinPacking")
    for source in (BEST_FIT, FULLEST):
        text = text_of("module", words, "An export.", parse(source), task, 0)
        subject = Subject(task, source, compile_for(task, source), SEED, steps=0)
        [instance] = instances(task, Purpose.SEARCH, 0, 1)
        small, machine = small_part(subject, instance)
        assert len(machine.answers) == 32
        [found] = answers([[text, SEED, calls_of(small, machine)]], tmp_path, PURE if words is Words.PURE else NUMPY)
        assert found == [each.tolist() for each in machine.answers]


BEST_FIT = "def priority(item, bins):\n    return bins * -1.0\n"
FULLEST = """
from primitives import astype, f4, f8, random, zeros

def priority(item, bins):
    found = zeros(len(bins), f4)
    for i in range(len(bins)):
        found[i] = 1.0 / (1 + bins[i] - item) + 0.001 * random()
    return astype(found * 3.0 + found, f8)
"""


def test_numba_is_used_from_a_number_of_rows_on_and_never_for_fewer(monkeypatch):
    task = rung("parity-10-2")
    namespace = {}
    text = text_of("module", Words.EITHER, "An export.", parse(seeds.source("constant")), task, 0, worth=50)
    exec(compile(text, "exported.py", "exec"), namespace)
    called = []
    namespace["use_numba"] = lambda: called.append(True)
    x, y = np.zeros((30, 10), dtype=np.uint8), np.zeros(30, dtype=np.uint8)
    namespace["learn_and_predict"](x, y, x[:20], 2, 2)
    assert not called
    namespace["learn_and_predict"](x, y, x[:21], 2, 2)
    assert called


def test_without_numba_the_file_goes_on_in_numpy(monkeypatch):
    namespace = {}
    exec(compile(exported(seeds.source("gf2_elimination")), "exported.py", "exec"), namespace)
    fit = namespace["fit"]
    monkeypatch.setitem(sys.modules, "numba", None)
    namespace["use_numba"]()
    assert namespace["fit"] is fit

"""Predicting the next character: what an instance is, which texts it is made of, and what it gives away."""

import pickle
from dataclasses import dataclass, replace

import numpy as np
import pytest

from tasks import instances
from tasks.alphabet import OTHER, SIZE, symbols
from tasks.corpora import DataError
from tasks.next_character import WINDOW, NextCharacter
from tasks.task import Budget, Purpose
from tasks.text import TEXT_ALIASES, TEXT_RUNGS
from tests.text_files import SPLITS, TEXTS, corpus, wiki, write, write_parquet

PURPOSES = list(Purpose)
BUDGET = Budget(1000, 1e3, 1000)


@dataclass(frozen=True)
class Texts:
    """A corpus in memory; without a text to hold back it fails when that is asked for."""

    learned: str
    held_back: str | None = None
    name = title = "texts"

    def training(self):
        return np.frombuffer(self.learned.encode(), np.uint8)

    def validation(self):
        if self.held_back is None:
            raise DataError("nothing is held back")
        return np.frombuffer(self.held_back.encode(), np.uint8)


TRAINING, HELD_BACK = wiki(5, 2000), wiki(6, 300)


def task(learned=TRAINING, held_back=HELD_BACK, characters=500, queries=1000, searched=300):
    return NextCharacter(Texts(learned, held_back), "texts", characters, queries, searched, 0.5, BUDGET, instances=2)


def drawn(task, purpose=Purpose.VERIFICATION, seed=0):
    return task.draw(np.random.default_rng(seed), purpose)


def stream(x, y):
    """The text that windows and what follows them are made of."""
    return np.concatenate([x[0], y])


def readable(instance, seed=0):
    """The texts that are trained on and asked, with the secret permutation undone; other characters are 127."""
    original = np.argsort(np.random.default_rng(seed).permutation(SIZE))
    asked = stream(instance.queries, instance.answers)
    return original[stream(instance.x, instance.y)], np.where(asked < 0, OTHER, original[asked])


def text_of(codes):
    return bytes(codes.tolist())


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_row_is_the_window_before_its_class_and_shares_its_memory(purpose):
    instance = drawn(task(), purpose)
    assert instance.x.shape == (500 - WINDOW, WINDOW) and instance.y.shape == (500 - WINDOW,)
    assert instance.x.dtype == instance.y.dtype == instance.queries.dtype == np.uint8
    assert instance.answers.dtype == np.int64
    assert (instance.x[1:, -1] == instance.y[:-1]).all()
    assert (instance.x[1:, :-1] == instance.x[:-1, 1:]).all()
    assert np.shares_memory(instance.x[-1], instance.y)
    assert instance.n_symbols == instance.n_classes == SIZE


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_query_shows_the_answer_to_the_one_before_and_no_more(purpose):
    instance = drawn(task(), purpose)
    count = 1000 if purpose is Purpose.VERIFICATION else 300
    assert instance.queries.shape == (count, WINDOW) and instance.answers.shape == (count,)
    known = instance.answers[:-1] >= 0
    assert (instance.queries[1:, -1] == instance.answers[:-1])[known].all()
    assert (instance.queries[1:, :-1] == instance.queries[:-1, 1:]).all()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_character_outside_the_alphabet_has_no_right_answer(purpose):
    instance = drawn(task(), purpose)
    _, asked = readable(instance)
    assert (instance.answers[asked[WINDOW:] == OTHER] == -1).all()
    assert 0 < np.sum(instance.answers < 0) == np.sum(asked[WINDOW:] == OTHER)


def test_symbols_are_relabelled_by_a_new_secret_in_each_instance():
    first, second = instances(task(characters=None), Purpose.VERIFICATION, seed=0, count=2)
    assert not np.array_equal(first.answers, second.answers)
    assert len(np.unique(first.y)) == len(np.unique(second.y)) == len(np.unique(symbols(TRAINING)))
    pairs = set(zip(first.y.tolist(), second.y.tolist(), strict=True))
    assert len(pairs) == len(np.unique(first.y))
    assert sum(one != other for one, other in pairs) > 0.8 * len(pairs)


def test_verification_asks_the_text_held_back_from_its_start_after_a_window_of_newlines():
    _, asked = readable(drawn(task()))
    assert text_of(asked) == text_of(symbols("\n" * WINDOW + HELD_BACK[:1000]))


def test_the_whole_text_is_trained_on_for_verification_and_its_start_in_a_search():
    whole = task(characters=None)
    learned, _ = readable(drawn(whole))
    assert text_of(learned) == text_of(symbols(TRAINING))
    learned, _ = readable(drawn(whole, Purpose.SEARCH))
    assert text_of(symbols(TRAINING)).startswith(text_of(learned))
    assert 0.88 < len(learned) / len(TRAINING) < 0.92


def test_training_search_and_selection_have_parts_of_their_own():
    whole, encoded = text_of(symbols(TRAINING)), len(TRAINING)
    places = {purpose: set() for purpose in (Purpose.SEARCH, Purpose.SELECTION)}
    for purpose, found in places.items():
        for seed in range(40):
            learned, asked = readable(drawn(task(), purpose, seed), seed)
            start = whole.index(text_of(asked))
            found.update(range(start, start + len(asked)))
            assert whole.index(text_of(learned)) + len(learned) <= 0.91 * encoded
    assert 0.89 * encoded < min(places[Purpose.SEARCH])
    assert max(places[Purpose.SEARCH]) < min(places[Purpose.SELECTION])
    assert all(len(found) > 0.03 * encoded for found in places.values())


def test_slices_come_from_all_over_the_text():
    whole = text_of(symbols(TRAINING))
    starts = [whole.index(text_of(readable(drawn(task(), seed=seed), seed)[0])) for seed in range(40)]
    assert min(starts) < 0.2 * len(whole) and max(starts) > 0.8 * len(whole)


def test_a_search_never_opens_the_text_held_back(tmp_path):
    write(tmp_path, "wiki.train.raw")
    alone = replace(task(searched=100), corpus=corpus(tmp_path))
    for purpose in (Purpose.SEARCH, Purpose.SELECTION):
        assert len(drawn(alone, purpose).answers) == 100
    assert 0 < alone.chance < 1
    with pytest.raises(DataError, match=r"wiki\.valid\.raw"):
        drawn(alone)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_same_generator_draws_the_same_instance_from_plain_files_and_parquet(tmp_path, purpose):
    write(tmp_path / "plain", *TEXTS)
    for split in SPLITS:
        write_parquet(tmp_path / "parquet", split, 2)
    one, two = (
        drawn(replace(task(searched=100), corpus=corpus(tmp_path / each)), purpose, 3) for each in ("plain", "parquet")
    )
    for name in ("x", "y", "queries", "answers"):
        assert (getattr(one, name) == getattr(two, name)).all()
    assert not np.array_equal(drawn(task(), purpose, 4).answers, one.answers)


@pytest.mark.parametrize("length", [600, 700, 1000])
def test_a_slice_has_its_length_where_characters_have_several_bytes(length):
    for seed in range(20):
        instance = drawn(task(learned="書é" * (length // 2), characters=length - 20), seed=seed)
        assert len(instance.y) == length - 20 - WINDOW


def test_texts_that_are_too_short_are_said_to_be():
    with pytest.raises(DataError, match=r"has 400 characters; the task needs 500"):
        drawn(task(learned="é" * 400))
    with pytest.raises(DataError, match="asks 1,000 characters, and its text has 900"):
        drawn(task(held_back="é" * 900))
    with pytest.raises(DataError, match="the task needs 316"):
        drawn(task(learned="a" * 6_000), Purpose.SEARCH)


def test_a_text_that_is_not_utf_8_is_refused(tmp_path):
    write(tmp_path, *TEXTS)
    damaged = (tmp_path / "wiki.train.raw").read_bytes()[:-100] + b"\xff" * 100
    (tmp_path / "wiki.train.raw").write_bytes(damaged)
    unchecked = replace(corpus(tmp_path), train=replace(SPLITS[0], sha256=None))
    with pytest.raises(DataError, match="a text of WikiText-2 is not UTF-8"):
        drawn(replace(task(characters=None), corpus=unchecked))


@pytest.mark.parametrize("sizes", [{"characters": WINDOW}, {"queries": 0}, {"searched": 0}])
def test_sizes_of_which_there_are_no_instances_are_refused(sizes):
    with pytest.raises(ValueError, match=r"there are rows from 17|at least one query"):
        task(**sizes)


def test_chance_is_how_frequent_the_most_frequent_character_is():
    assert task(learned="aab" * 100).chance == pytest.approx(2 / 3)
    assert task(learned="書書書aab").chance == pytest.approx(2 / 6)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_in_shuffled_text_only_frequencies_are_left_to_learn(purpose):
    (variant,) = task(characters=20_000, queries=20_000, searched=20_000).variants
    instance = drawn(variant.task, purpose)
    assert instance.x.shape == (20_000 - WINDOW, WINDOW) and len(instance.answers) == 20_000
    most = np.bincount(instance.answers[instance.answers >= 0]).max() / 20_000
    assert most == pytest.approx(variant.most, abs=0.015)
    after = np.zeros((SIZE, SIZE), int)
    np.add.at(after, (instance.x[:, -1], instance.y), 1)
    guess = after.argmax(axis=1)[instance.queries[:, -1]]
    assert np.mean(guess == instance.answers) < variant.most + 0.015
    assert variant.task.name != task().name


def test_the_curve_has_fewer_training_characters():
    curve = task(characters=None, queries=60_000).curves["rows"]
    assert [rows for rows, _ in curve] == [1_000, 3_000, 10_000, 30_000, 100_000]
    for rows, smaller in curve:
        assert smaller.characters == rows and smaller.queries == 10_000
    assert len({smaller.name for _, smaller in curve}) == 5


def test_a_task_can_be_sent_to_a_worker(tmp_path):
    sent = replace(task(), corpus=corpus(tmp_path))
    assert pickle.loads(pickle.dumps(sent)) == sent


# The rungs


def test_a_rung_without_its_text_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("EVOLVE_DATA", str(tmp_path))
    for name in ("wikitext-mini", "wikitext-2-100k", "wikitext-2", "wikitext-103"):
        with pytest.raises(DataError, match="`evolve data wikitext-"):
            TEXT_RUNGS[name]()


def test_python_documentation_is_always_there_under_two_names():
    rung = TEXT_RUNGS["pydoc"]()
    assert rung.name == TEXT_ALIASES["pydoc"] != "pydoc"
    assert TEXT_RUNGS[rung.name]() == rung
    for purpose in PURPOSES:
        instance = drawn(rung, purpose)
        assert len(instance.y) == 100_000 - WINDOW
        assert len(instance.answers) == (20_000 if purpose is Purpose.VERIFICATION else 2_000)
    assert rung.chance < 0.25 < rung.gate


def test_wikitext_mini_trains_on_the_test_split_and_asks_the_start_of_the_validation_split(wikitext, monkeypatch):
    monkeypatch.setenv("EVOLVE_DATA", str(wikitext))
    rung = TEXT_RUNGS["wikitext-mini"]()
    assert rung.name == "wikitext-mini"
    instance = drawn(rung)
    learned, asked = readable(instance)
    texts = [(wikitext / name).read_bytes().decode() for name in ("wiki.test.raw", "wiki.valid.raw")]
    assert text_of(learned) == text_of(symbols(texts[0]))
    assert text_of(asked) == text_of(symbols("\n" * WINDOW + texts[1][:60_000]))
    assert np.sum(instance.answers < 0) == 11
    assert np.bincount(instance.answers[instance.answers >= 0]).max() == 11_476
    assert rung.chance == pytest.approx(0.1906, abs=1e-4)

"""Ranking, selection and the archive, on scores made by hand; keys, on programs."""

import ast

import numpy as np
import pytest

from fitness.score import Score
from population import Archive, Individual, Reference, hypervolume, normal_form_key, ring, survivors, tournament
from population.ranking import crowding


def individual(number, accuracy=1.0, energy=10.0, seconds=1.0, low=None):
    bound = accuracy if low is None else low
    score = Score(30, accuracy, bound, 1.0, energy, energy / 2, seconds * 1e9, seconds * 5e8, seconds, 1000)
    return Individual(number, str(number), "", (), "made", score)


def ids(individuals):
    return [each.id for each in individuals]


def test_what_is_worse_in_everything_ranks_behind():
    best, middle, worst = individual(0, energy=1), individual(1, energy=2), individual(2, energy=3)
    assert ids(survivors([worst, middle, best], 2, 0.5, 0.95)) == [0, 1]


def test_an_individual_at_chance_ranks_behind_all_that_beat_it_however_cheap():
    cheap = individual(0, accuracy=0.52, low=0.49, energy=0.0)
    assert ids(survivors([cheap, individual(1, accuracy=0.6, energy=1e9)], 2, 0.5, 0.95)) == [1, 0]


def test_an_individual_that_passes_the_gate_ranks_before_all_that_do_not():
    cheap = individual(0, accuracy=0.97, low=0.94, energy=0.0)
    assert ids(survivors([cheap, individual(1, accuracy=0.96, energy=1e9)], 2, 0.5, 0.95)) == [1, 0]


def test_below_chance_accuracy_alone_counts():
    dear = individual(1, accuracy=0.51, low=0.4, energy=1e9)
    assert ids(survivors([individual(0, accuracy=0.5, low=0.4, energy=1), dear], 2, 0.5, 0.95)) == [1, 0]


def test_of_a_crowded_front_the_ends_and_the_lonely_survive():
    front = [individual(n, energy=10.0**e, seconds=10.0**-e) for n, e in enumerate([0, 0.1, 0.2, 2, 4])]
    assert sorted(ids(survivors(front, 3, 0.5, 0.95))) == [0, 3, 4]
    assert np.isinf(crowding([each.score for each in front])[[0, -1]]).all()


def test_the_order_of_arrival_does_not_matter():
    generator = np.random.default_rng(0)
    crowd = [individual(n, *generator.random(3).round(1) + 0.5) for n in range(30)]
    shuffled = [crowd[n] for n in generator.permutation(30)]
    assert survivors(crowd, 10, 0.5, 0.95) == survivors(shuffled, 10, 0.5, 0.95)


def test_tournaments_prefer_the_front_of_the_population():
    population = [individual(n) for n in range(10)]
    generator = np.random.default_rng(0)
    wins = np.bincount([tournament(population, generator).id for _ in range(3000)], minlength=10)
    assert wins[0] > wins[4] > wins[8] > 0


def test_the_archive_keeps_what_nothing_dominates_and_of_equals_the_first():
    archive = Archive(0.5).with_individuals([individual(0, energy=5), individual(1, accuracy=0.9, energy=1)])
    archive = archive.with_individuals([individual(2, energy=6), individual(3, energy=5), individual(4, energy=4)])
    assert ids(archive.members) == [1, 4]


def test_an_archive_may_compare_how_accurate_its_members_surely_are():
    tried, lucky = individual(0, 1.0, energy=5, low=0.99), individual(1, 1.0, energy=4, low=0.98)
    worse = individual(2, 1.0, energy=6, low=0.97)
    assert ids(Archive(0.5).with_individuals([tried, lucky, worse]).members) == [1]
    surely = Archive(0.5, surely=True).with_individuals([tried, lucky, worse])
    assert ids(surely.members) == [1, 0]
    assert ids(surely.with_individuals([individual(3, 1.0, energy=4.5, low=0.99)]).members) == [1, 3]


def test_the_archive_refuses_what_may_be_luck():
    assert not Archive(0.5).with_individuals([individual(0, accuracy=0.6, low=0.49)]).members


def test_the_hypervolume_of_one_point_is_its_box_in_decades():
    volume = hypervolume([individual(0, 1.0, energy=1e3, seconds=1e-4).score], Reference(0.5, 1e-2, 1e6))
    assert volume == pytest.approx(0.5 * 2 * 3)
    assert hypervolume([], Reference(0.5, 1e-2, 1e6)) == 0


PROGRAM = 'def f(a, b):\n    """Text."""\n    c = a + b\n    for i in range(c):\n        c += zeros(i)\n    return c\n'


def key(text):
    return normal_form_key(ast.parse(text))


def test_names_docstrings_and_imports_do_not_change_the_key():
    assert key(PROGRAM) == key(PROGRAM.replace("Text", "Other").replace("c", "total"))
    assert key(PROGRAM) == key("from primitives import zeros\n\n" + PROGRAM)


@pytest.mark.parametrize(
    ("old", "new"), [("a + b", "b + a"), ("+=", "-="), ("zeros", "ones"), ("range(c)", "range(a)")]
)
def test_what_a_program_does_changes_the_key(old, new):
    assert key(PROGRAM) != key(PROGRAM.replace(old, new))


def test_the_value_of_a_constant_of_the_module_changes_the_key():
    program = PROGRAM.replace("a + b", "a + N")
    assert key("N = 3\n" + program) != key("N = 4\n" + program)


def test_in_a_ring_the_ends_of_each_front_go_to_the_next_island():
    fronts = [[individual(10 * island + n, energy=10.0**n, seconds=10.0**-n) for n in range(4)] for island in range(3)]
    arrivals = ring(fronts, 2, 0.5, 0.95)
    assert [sorted(ids(each)) for each in arrivals] == [[20, 23], [0, 3], [10, 13]]
    assert ring(fronts[:1], 2, 0.5, 0.95) == ((),)

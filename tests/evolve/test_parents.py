"""Who becomes a parent."""

from collections import Counter

import numpy as np

from evolve.engine.parents import FROM_FOUNDERS, FROM_FRONT, Parents
from population import Grid
from tests.population.test_population import individual

GROUPS = {
    "population": tuple(individual(number) for number in (0, 1)),
    "front": (individual(10), individual(11)),
    "founders": (individual(20),),
}


def shares(parents, draws=4000):
    generator = np.random.default_rng(0)
    numbers = Counter(parents.draw(generator).id // 10 for _ in range(draws))
    return [numbers[each] / draws for each in range(3)]


def test_a_population_alone_gives_all_parents_the_best_most_often():
    generator = np.random.default_rng(0)
    drawn = Counter(Parents(GROUPS["population"]).draw(generator).id for _ in range(2000))
    assert drawn[0] > 3 * drawn[1] > 0


def test_the_front_and_the_founders_give_their_parts():
    population, front, founders = shares(Parents(**GROUPS))
    assert abs(founders - FROM_FOUNDERS) < 0.03
    assert abs(front - (1 - FROM_FOUNDERS) * FROM_FRONT) < 0.03
    assert population > 0.5


def test_who_is_not_wanted_gives_none():
    assert shares(Parents(GROUPS["population"], Grid(0.5))) == [1, 0, 0]

"""Intervals of accuracy: they cover what they promise, and are never surer than their trials."""

import numpy as np
import pytest

from fitness.interval import (
    BATCHES,
    ONE_SIDED,
    TWO_SIDED,
    _student_quantile,
    batch_means,
    interval_of_mean,
    interval_over_batches,
    interval_over_instances,
    lower_bound,
    quick_low,
)


def test_the_lower_bound_grows_with_instances_and_never_reaches_certainty():
    assert lower_bound([1.0], 0.5) == 0.0
    assert lower_bound([1.0] * 2, 0.5) < lower_bound([1.0] * 8, 0.5) < 0.9 < lower_bound([1.0] * 30, 0.5) < 1.0
    assert lower_bound([0.4, 0.6], 0.5) < lower_bound([0.4, 0.6] * 10, 0.5) < 0.5


@pytest.mark.parametrize("failures", [0.02, 0.1, 0.3])
def test_the_lower_bound_holds_for_learners_that_fail_on_some_instances(failures):
    generator = np.random.default_rng(1)
    trials = np.where(generator.random((4000, 30)) < failures, 0.5, 1.0)
    holds = np.mean([lower_bound(list(trial), 0.5) <= 1 - failures / 2 for trial in trials])
    assert holds > 0.9


def test_the_interval_of_a_mean_is_that_of_its_instances_where_they_differ_most():
    for right in (0, 17, 50):
        accuracies = [1.0] * right + [0.5] * (50 - right)
        mean = float(np.mean(accuracies))
        known, whole = interval_of_mean(mean, 50, 0.5, ONE_SIDED), interval_over_instances(accuracies, 0.5, ONE_SIDED)
        assert whole.low <= known.low < mean or right == 0
        assert (known.low, known.high) == pytest.approx((whole.low, whole.high), abs=0.01)


def test_the_lower_bound_holds_for_learners_whose_accuracy_varies():
    generator = np.random.default_rng(1)
    trials = generator.normal(0.7, 0.1, (4000, 10))
    assert np.mean([lower_bound(list(trial), 0.0) <= 0.7 for trial in trials]) > 0.94


@pytest.mark.parametrize("failures", [0.05, 0.3, 0.9])
def test_the_interval_of_two_bounds_covers_the_expectation(failures):
    generator = np.random.default_rng(2)
    trials = np.where(generator.random((2000, 30)) < failures, 0.5, 1.0)
    intervals = [interval_over_instances(list(trial), 0.5, TWO_SIDED) for trial in trials]
    assert np.mean([low <= 1 - failures / 2 <= high for low, high in intervals]) > 0.93


def test_two_bounds_together_are_wider_than_each_by_itself():
    trials = [0.6, 0.7, 0.9, 0.8]
    both, one = interval_over_instances(trials, 0.5, TWO_SIDED), interval_over_instances(trials, 0.5, ONE_SIDED)
    assert both.low < one.low < np.mean(trials) < one.high < both.high


def test_an_interval_lies_in_0_to_1_also_for_what_does_worse_than_chance():
    for trials in ([0.0] * 5, [1.0] * 5, [0.0, 1.0], [0.1, 0.2]):
        low, high = interval_over_instances(trials, 0.5, TWO_SIDED)
        assert 0 <= low <= np.mean(trials) <= high <= 1
    assert interval_over_instances([0.7], 0.5, TWO_SIDED) == (0.0, 1.0)


# R. A. Fisher's table, to three places: 95 % and 97.5 % points.
@pytest.mark.parametrize(
    ("freedom", "single", "double"), [(2, 2.920, 4.303), (4, 2.132, 2.776), (9, 1.833, 2.262), (29, 1.699, 2.045)]
)
def test_student_s_quantiles_are_those_of_the_tables(freedom, single, double):
    assert _student_quantile(ONE_SIDED, freedom) == pytest.approx(single, rel=0.01)
    assert _student_quantile(TWO_SIDED, freedom) == pytest.approx(double, rel=0.01)


def test_batches_are_of_consecutive_queries_and_as_many_as_there_can_be():
    correct = np.repeat(np.arange(BATCHES) % 2 == 0, 10)
    assert batch_means(correct).tolist() == [1.0, 0.0] * (BATCHES // 2)
    assert len(batch_means(np.ones(1001, dtype=bool))) == BATCHES
    assert len(batch_means(np.ones(7, dtype=bool))) == 7
    assert len(batch_means(np.ones(0, dtype=bool))) == 0


def test_batches_cover_the_expectation_where_neighbouring_queries_depend_on_each_other():
    """Runs of right and of wrong answers, 10 on average: queries as trials would be far too sure."""
    generator = np.random.default_rng(3)
    covered, naive = [], []
    for _ in range(300):
        changes = generator.random(3000) < 0.1
        correct = (np.cumsum(changes) + generator.integers(2)) % 2 == 0
        low, high = interval_over_batches(batch_means(correct), [], TWO_SIDED)
        covered.append(low <= 0.5 <= high)
        half = 1.96 * np.sqrt(0.25 / len(correct))
        naive.append(abs(np.mean(correct) - 0.5) <= half)
    assert np.mean(covered) > 0.9 > 0.6 > np.mean(naive)


def test_batches_cover_the_expectation_where_instances_differ():
    """Each of 20 instances has an accuracy of its own, which batches averaged over them don't show."""
    generator = np.random.default_rng(4)
    covered, batches_alone = [], []
    for _ in range(400):
        correct = generator.random((20, 600)) < generator.normal(0.6, 0.08, (20, 1))
        means = np.mean([batch_means(each) for each in correct], axis=0)
        low, high = interval_over_batches(means, correct.mean(axis=1), TWO_SIDED)
        covered.append(low <= 0.6 <= high)
        low, high = interval_over_batches(means, [], TWO_SIDED)
        batches_alone.append(low <= 0.6 <= high)
    assert np.mean(covered) > 0.93 > 0.6 > np.mean(batches_alone)


def test_few_batches_say_nothing():
    assert interval_over_batches([0.5], [0.5], TWO_SIDED) == (0.0, 1.0)


@pytest.mark.parametrize("chance", [0.5, 0.1, 0.0])
def test_the_quick_bound_is_the_lower_bound_up_to_rounding(chance):
    generator = np.random.default_rng(2)
    for count in (1, 2, 3, 16, 64):
        for trials in (generator.random(count), np.ones(count), np.full(count, chance)):
            low = lower_bound(list(trials), chance)
            assert low <= max(0.0, quick_low(list(map(float, trials)), chance)) <= low + 1e-11

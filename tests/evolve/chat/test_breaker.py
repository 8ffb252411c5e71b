"""A breaker lets calls through until they fail in a row, then one at a time, after pauses that grow."""

import threading

import pytest

from evolve.chat.breaker import Breaker


class Clock:
    """A clock that is set."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(patience=3, pause=10.0, longest=35.0, clock=clock)


def fail(breaker, times=1, outcome="timeout"):
    for _ in range(times):
        assert breaker.admit()
        breaker.record(outcome, "too slow")


def test_failures_in_a_row_open_it(breaker):
    fail(breaker, 2)
    assert breaker.circuit().state == "closed"
    assert breaker.circuit().failures == 2
    fail(breaker)
    assert not breaker.admit()
    circuit = breaker.circuit()
    assert (circuit.state, circuit.left, circuit.error) == ("open", 10.0, "timeout: too slow")
    assert str(circuit) == "open for another 10 s"


@pytest.mark.parametrize("outcome", ["ok", "truncated", "empty"])
def test_an_answer_whatever_it_is_worth_starts_the_count_again(breaker, outcome):
    fail(breaker, 2)
    breaker.admit()
    breaker.record(outcome, "")
    assert breaker.circuit().error == ""
    fail(breaker, 2)
    assert breaker.circuit().state == "closed"


def test_a_call_that_was_ended_says_nothing(breaker):
    fail(breaker, 2)
    breaker.admit()
    breaker.record("closed", "the client was closed")
    assert breaker.circuit().failures == 2


def test_after_the_pause_one_call_decides(breaker, clock):
    fail(breaker, 3)
    clock.now = 10.0
    assert breaker.circuit().state == "half-open"
    assert [breaker.admit() for _ in range(3)] == [True, False, False]
    breaker.record("ok", "")
    assert breaker.circuit().state == "closed"
    assert breaker.admit()


def test_the_pause_grows_with_each_trial_that_fails_up_to_a_limit(breaker, clock):
    fail(breaker, 3)
    pauses = []
    for _ in range(4):
        pauses.append(breaker.circuit().left)
        clock.now += pauses[-1]
        fail(breaker)
    assert pauses == [10.0, 20.0, 35.0, 35.0]
    clock.now += 35.0
    breaker.admit()
    breaker.record("ok", "")
    fail(breaker, 3)
    assert breaker.circuit().left == 10.0


def test_a_trial_that_was_ended_lets_the_next_one_through(breaker, clock):
    fail(breaker, 3)
    clock.now = 10.0
    assert breaker.admit()
    breaker.record("closed", "")
    assert breaker.admit()


def test_failures_of_calls_that_were_under_way_do_not_lengthen_the_pause(breaker, clock):
    assert all(breaker.admit() for _ in range(6))
    for _ in range(6):
        breaker.record("timeout", "too slow")
    assert breaker.circuit().left == 10.0
    assert breaker.circuit().failures == 6


def test_one_of_many_threads_makes_the_trial(breaker, clock):
    fail(breaker, 3)
    clock.now = 10.0
    admitted = []
    threads = [threading.Thread(target=lambda: admitted.append(breaker.admit())) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert admitted.count(True) == 1

"""What a person sees of a search while it goes on: rates, the front, the best of each objective, the operators."""

import io
from collections import Counter

import pytest
from rich.console import Console
from rich.live import Live

from evolve.cli.search_view import View, ladder, sparkline, watching
from evolve.cli.search_watcher import Watcher
from evolve.engine import Progress, Standing
from fitness.score import Score
from population import Archive, Individual
from tests.evolve.searches import TASK, configured


def individual(number, accuracy, energy, seconds):
    score = Score(30, accuracy, accuracy - 0.02, 1.0, energy, energy / 2, 1e3, 5e2, seconds, 100)
    return Individual(number, str(number), "", (), f"operator {number}", score)


def progress(members=(), **values):
    archive = Archive(0.5).with_individuals(members)
    standing = {name: values.pop(name) for name in ("epoch", "hypervolume", "history") if name in values}
    return Progress([Standing("parity-6-2", 0.95, archive, True, **standing)], islands=4, workers=2, **values)


@pytest.fixture
def shown(tmp_path):
    """The text on a terminal after some progress."""

    def show(*states, width=120, height=60):
        console = Console(file=io.StringIO(), force_terminal=True, width=width, height=height)
        with Live(console=console, auto_refresh=False) as live:
            view = View(live, configured(evaluations=4000), [TASK], tmp_path)
            for state in states:
                view.progressed(state)
            lines = console.render_lines(live.renderable, pad=False)
        return "\n".join("".join(part.text for part in line) for line in lines)

    return show


def test_the_view_shows_rates_front_best_and_operators(shown):
    members = [individual(3, 1.0, 5000.0, 2e-5), individual(4, 0.99, 3000.0, 3e-5), individual(5, 0.7, 900.0, 1e-5)]
    outcomes = Counter({("swap", "front"): 2, ("swap", "nothing new"): 6, ("hoist", "rejected"): 4})
    text = shown(
        progress(evaluations=100, seconds=2.0),
        progress(members, evaluations=1100, seconds=7.0, hypervolume=9.5, outcomes=outcomes, lost=1, epoch=3),
    )
    times = f"{3000 / TASK.floor.energy:.1f} times the floor"
    for part in (
        *("1,100 children of 4,000  ", "200/s", "4 islands by 2 workers, 1 lost and replaced", "epoch 3"),
        *(
            "hypervolume 9.500",
            f"2 of 3 on the front surely pass the gate, the cheapest {times}",
            "accuracy 1.0000 (#3)",
        ),
        *("energy 3,000 (#4)", "seconds 2.00e-05 (#3)", "operator 5", "75%", "100%"),
    ):
        assert part in text


def test_the_view_fits_a_small_terminal_whatever_there_is_to_show(shown):
    members = [individual(n, 0.6 + n / 100, 1e7 * n, 1e-5 / n) for n in range(1, 31)]
    names = [f"an operator with a long name {n}" for n in range(30)]
    outcomes = Counter({(name, outcome): 100_000 for name in names for outcome in ("front", "rejected")})
    state = progress(
        members, evaluations=1_234_567, seconds=36_000.0, hypervolume=12.5, outcomes=outcomes, lost=3, epoch=117
    )
    state.history.extend((n, float(n)) for n in range(500))
    state.rungs[:] = [Standing(f"noisy-parity-20-{n}", 0.95, state.archive, n < 7, n < 6) for n in range(12)]
    lines = shown(state, width=80, height=24).split("\n")
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80


def test_the_ladder_shows_which_rungs_are_passed_and_whose_turn_it_is():
    rungs = [Standing(f"rung-{n}", 0.95, Archive(0.5), n < 3, n in (0, 1)) for n in range(6)]
    assert ladder(Progress(rungs, turn=1)).plain == "2 of 6 rungs passed: …  ✓ rung-1●  ▸ rung-2  · rung-3 …"
    assert ladder(Progress(rungs[:1])).plain == "1 of 1 rungs passed:  ✓ rung-0"
    rungs[5].open = True
    assert ladder(Progress(rungs, turn=5)).plain == "2 of 6 rungs passed: …  · rung-3  · rung-4  ▸ rung-5●"


def test_the_view_says_that_nothing_beats_chance(shown):
    assert "nothing surely beats chance yet" in shown(progress())


def test_without_a_terminal_progress_is_written_in_lines(tmp_path, capsys):
    with watching(configured(), [TASK], tmp_path) as observer:
        assert isinstance(observer, Watcher)
        observer.progressed(progress([individual(3, 1.0, 5000.0, 2e-5)], evaluations=10, seconds=1.0))
        observer.progressed(progress(evaluations=11, seconds=1.5))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "best accuracy 1.000 for energy 5,000, front of 1" in lines[0]


def test_a_sparkline_rises_from_its_lowest_to_its_highest_value():
    assert sparkline([0.0, 7.0]) == "▁█"
    assert sparkline([3.0]) == "▁"
    assert sparkline([]) == ""
    assert len(sparkline([float(n) for n in range(100)], width=12)) == 12

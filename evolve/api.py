"""The Python API: `search` does what the command `evolve search` does, `open_run` reads what it left behind.

Use it as `evolve.search` and `evolve.open_run`. What is asked for wrongly is a ValueError with the message of the
command line; `runs.RunError` says that a run can't be made, read or written, `evolve.engine.CrewError` that workers
can't be had or are lost again and again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.engine import Observer
from evolve.settings import Layer, SettingsError, layer_of, resolve
from evolve.settings.preparing import prepare_new, prepare_resumed
from population import Individual
from runs import Birth, Point
from runs import open_run as opened

if TYPE_CHECKING:
    import pandas

Name = str | PathLike[str]


def search(
    preset: Name | None = None,
    *,
    rung: str | None = None,
    ladder: str | Sequence[str] | None = None,
    task: str | None = None,
    data: Name | None = None,
    from_: Name | Sequence[Name] | None = None,
    minutes: float | None = None,
    evaluations: int | None = None,
    islands: int | None = None,
    population: int | None = None,
    epoch: int | None = None,
    migrants: int | None = None,
    energy: str | None = None,
    seed: int | None = None,
    deterministic: bool | None = None,
    workers: int | None = None,
    address: str | None = None,
    llm: str | Sequence[str] | None = None,
    llm_endpoint: str | None = None,
    llm_models: Name | None = None,
    llm_budget: str | None = None,
    llm_parallel: int | None = None,
    llm_temperatures: str | Sequence[str] | None = None,
    replay_llm: Name | None = None,
    run: Name | None = None,
    resume: Name | None = None,
    observer: Observer | None = None,
    stop: threading.Event | None = None,
) -> Run:
    """Search for programs, and wait for it. It may be called from any thread, by one at a time.

    The settings are those of `evolve search` (docs/configuration.md); None stands for one that is not given.

    Args:
        preset: the name of a preset, or a TOML file with settings; what else is given wins over it.
        rung: to search on.
        ladder: rungs to climb, instead of one.
        task: of a person's own, or an installed one, instead of a rung.
        data: the directory where WikiText is.
        from_: what to start from: `seeds`, `textbook`, `scratch` or files.
        minutes: a limit.
        evaluations: a limit, of children.
        islands: populations of each rung.
        population: individuals of an island.
        epoch: children of an island between migrations.
        migrants: individuals that leave an island then.
        energy: the energy model to select by.
        seed: starts the random draws.
        deterministic: whether the number and speed of workers may not matter.
        workers: processes that search; 0 for this one alone.
        address: of a Ray cluster.
        llm: language models that propose programs.
        llm_endpoint: where they answer.
        llm_models: a file with models and their prices.
        llm_budget: what their calls may cost, like `2.50 dollars` or `200000 tokens`.
        llm_parallel: calls under way at a time.
        llm_temperatures: that they are asked with.
        replay_llm: a run, or a directory of files, whose replies are taken instead.
        run: the directory to keep it in.
        resume: a run to go on with, by its limits if others are not given; settings it has already can't be.
        observer: is told what happens.
        stop: another thread may set it, to stop the search after the batches that are under way.

    Raises:
        ValueError: something asked for is wrong; `SettingsError` if it is a setting.
        RunError: the run can't be made, read or written.
        CrewError: there are no workers.
    """
    given = {name.rstrip("_"): value for name, value in locals().items() if name not in _NO_SETTINGS}
    layer = Layer({name: value for name, value in given.items() if value is not None})
    if resume is None:
        prepared = prepare_new(resolve([layer, *([] if preset is None else [layer_of(str(preset))])]))
    elif preset is not None:
        raise SettingsError(f"{resume} has settings of its own, which resume keeps; leave out {preset}")
    else:
        prepared = prepare_resumed(Path(resume), layer)
    directory = prepared.store.directory
    try:
        with prepared.store:
            prepared.search(observer, stop)
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(f"evolve.open_run({str(directory)!r}) has what was found")
        raise
    return open_run(directory)


_NO_SETTINGS = frozenset({"preset", "resume", "observer", "stop"})


def open_run(directory: Name) -> Run:
    """The run in a directory, also while its search goes on.

    Raises:
        RunError: there is no such directory, it holds no run, or one of another version; the message says which.
    """
    with opened(Path(directory)):
        return Run(Path(directory))


@dataclass(frozen=True, slots=True)
class Run:
    """What a search left behind, or has found so far: it is read from its directory at each call.

    Attributes:
        directory: where it is kept.
    """

    directory: Path

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs that the search has reached, from the first to the last."""
        with opened(self.directory) as run:
            return run.rungs()

    @property
    def configuration(self) -> dict[str, Any]:
        """The settings of the search, resolved, and what it needs to go on."""
        with opened(self.directory) as run:
            return run.configuration

    def front(self, rung: str | None = None) -> list[Individual]:
        """The Pareto front of a rung, from the cheapest in energy to the dearest.

        Args:
            rung: its name; None for the highest that has a front.

        Returns:
            Individuals with their scores on instances that the search has not seen, or if it has not ended, as it saw
            them last.
        """
        with opened(self.directory) as run:
            return list(run.front(rung).members)

    def individual(self, number: int) -> Individual:
        """The individual of a number, with the score that it was born with. Raises RunError if there is none."""
        with opened(self.directory) as run:
            return run.individual(number)

    def history(self, rung: str | None = None) -> list[Point]:
        """How the front of a rung grew: evaluations, seconds, epoch, hypervolume and members at each change."""
        with opened(self.directory) as run:
            return run.history(rung)

    def to_frame(self, *, everyone: bool = False) -> pandas.DataFrame:
        """Programs as a pandas DataFrame, a row for each, with all figures of their scores.

        Args:
            everyone: all individuals that survived selection, with the scores that they were born with, which were
                taken on other instances in every epoch, and so compare within an epoch only. Otherwise the fronts of
                all rungs, with the figures of `front`.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_frame needs pandas: pip install 'evolve[frames]', or pip install pandas") from error
        with opened(self.directory) as run:
            if everyone:
                rows = [_born(each, run.birth(each.id)) for each in run.individuals()]
            else:
                fronts = [run.front(rung) for rung in run.rungs()]
                rows = [
                    _row(each, front.rung, {"verified": front.verified}) for front in fronts for each in front.members
                ]
        return pandas.DataFrame(rows)

    def __repr__(self) -> str:
        with opened(self.directory) as run:
            front = run.front()
            name, version = run.energy
            head = f"Run({str(self.directory)!r}): {sum(run.children()):,} children in {run.seconds():,.0f} s"
            lines = [f"{head}, front of {len(front.members)} on {front.rung}"]
            lines[0] += " (verified)" if front.verified else " (not verified yet)"
        for each in front.members:
            score = each.score
            lines.append(
                f"  {each.id:>8}  accuracy {score.accuracy:.4f}  energy {score.energy:,.0f} ({name} v{version})"
            )
        return "\n".join(lines)


def _born(individual: Individual, birth: Birth) -> dict[str, Any]:
    """The row of an individual with its score at birth, and where and when that was."""
    more = {"island": birth.island, "epoch": birth.epoch, "instances_seed": birth.seed, "born": birth.seconds}
    return _row(individual, birth.rung, more)


def _row(individual: Individual, rung: str, more: dict[str, Any]) -> dict[str, Any]:
    """A row of a table: an individual and its score."""
    origin = {"id": individual.id, "rung": rung, "operator": individual.operator, "parents": individual.parents}
    return origin | asdict(individual.score) | more | {"source": individual.source}

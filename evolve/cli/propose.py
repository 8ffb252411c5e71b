"""`evolve propose`: print a prompt about a run for any language model or person, and feed an answer back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError, read_text, refusing
from evolve.cli.run_tasks import opened, quoted, task_of
from evolve.cli.tasks_option import new_seed, seed_option

if TYPE_CHECKING:
    from runs import Run
    from runs.proposals import Proposal

OPERATORS = ("edit", "rewrite", "crossover", "simplify", "idea", "repair")
"""The names in `evolve.llm.requests`, here so that `--help` needs nothing else."""


def _ids(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, ...]:
    """Read `3,17`."""
    try:
        numbers = tuple(int(each) for each in value.split(",")) if value else ()
    except ValueError:
        numbers = (-1,)
    if any(each < 0 for each in numbers):
        raise click.BadParameter(f"{value} are no ids of individuals; give numbers with commas between, like 3,17.")
    return numbers


@click.command(name="propose")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--operator", type=click.Choice(OPERATORS), help="What to ask for.  [default: one is drawn]")
@click.option("--parents", metavar="ID,...", callback=_ids, help="One to three programs to show.  [default: drawn]")
@click.option("--rung", metavar="NAME", help="A rung of the run.  [default: the highest that has a front]")
@click.option("--reply", metavar="FILE", type=click.Path(path_type=Path), help="Feed an answer back; - reads it.")
@click.option(
    "--proposal",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="The prompt that --reply answers, or the answer that --operator repair is about.  [default: the last]",
)
@seed_option
def command(
    run: Path,
    operator: str | None,
    parents: tuple[int, ...],
    rung: str | None,
    reply: Path | None,
    number: int | None,
    seed: int | None,
) -> None:
    """Print a prompt about the run in the directory RUN, for any chat window or agent; with --reply judge the answer.

    Prompts and answers are stored in the run. An answer is read, checked, judged on fresh instances and compared with
    its parents and the front. What is accepted waits in the run: a search that is going on takes it in after its turn,
    one that has ended when it is resumed. Exit code 1: the answer was not accepted.
    """
    from runs.proposals import answer, record
    from tasks import TaskError

    seed = new_seed() if seed is None else seed
    with opened(run) as found, refusing(TaskError):
        if reply is None:
            proposal = _asked(found, operator, parents, rung, number, seed)
            stored = record(run, proposal)
            click.echo(proposal.prompt, nl=False)
            click.echo(
                f"\nThis is proposal {stored} ({proposal.request}, seed {seed}). Save the answer in a file, and then:\n"
                f"  evolve propose {quoted(found)} --proposal {stored} --reply FILE",
                err=True,
            )
            return
        if operator is not None or parents or rung is not None:
            raise InputError("--operator, --parents and --rung belong to a prompt; an answer needs --reply alone.")
        from evolve.cli.propose_report import report
        from evolve.llm.answering import answered

        proposal = _to_answer(found, number)
        outcome = answered(found, task_of(found, proposal.rung), proposal, _text(reply), seed)
        stored = answer(run, outcome.proposal)
        click.echo(report(outcome, found, stored), nl=False)
    if not outcome.accepted:
        sys.exit(1)


def _asked(
    run: Run, operator: str | None, parents: tuple[int, ...], rung: str | None, number: int | None, seed: int
) -> Proposal:
    """The proposal to ask for."""
    from evolve.llm.asking import AskingError, asked
    from evolve.llm.costs import measuring

    if number is not None and operator != "repair":
        raise InputError("--proposal goes with --reply FILE, or with --operator repair.")
    if operator == "repair" and parents:
        raise InputError("a repair shows the parents of the proposal that it repairs; leave out --parents.")
    name = run.front(rung).rung
    if not name or name not in run.rungs():
        raise InputError(f"the search in {run.directory} has not begun; ask again when it has.")
    task = task_of(run, name)
    with refusing(AskingError):
        return asked(
            run,
            task,
            measuring(task, seed, run.energy[0]),
            seed=seed,
            request=operator,
            parents=parents,
            repairs=number,
        )


def _to_answer(run: Run, number: int | None) -> Proposal:
    """The prompt that was answered."""
    proposals = run.proposals()
    if not proposals:
        raise InputError(f"nothing was asked yet: `evolve propose {quoted(run)}` prints a prompt.")
    found = [each for each in proposals if each.number == (number or proposals[-1].number)]
    if not found:
        raise InputError(f"{run.directory} has no proposal {number}; the last is {proposals[-1].number}.")
    return found[0]


def _text(path: Path) -> str:
    """The text of a reply. Raises InputError if it can't be read."""
    if str(path) != "-":
        return read_text(path)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"the reply is not UTF-8: {error.reason} at byte {error.start}.") from error

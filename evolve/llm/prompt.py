"""The prompt: the task in words, the language, what is known of the programs that are shown, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evolve.llm.card import language_card
from evolve.llm.requests import Request
from fitness.score import Score
from population import Individual
from tasks import Task

HOT: Final = 6
"""Lines of a program whose energy is told."""

LEAST_SHARE: Final = 0.02
"""Of the energy that a line takes to be told."""

MEMBERS: Final = 10
"""Of the front that are listed."""

FORM: Final = """\
Edits are blocks of this form, as many as are needed. SEARCH holds whole lines of the first program, copied exactly,
enough of them to fit one place only; REPLACE holds the lines that take their place.

<<<<<<< SEARCH
lines of the program
=======
new lines
>>>>>>> REPLACE

A whole program is one ```python block. Give edits or a program, not both. Keep the signatures of the functions that the
task asks for; what `fit` returns, and `predict` takes before `q`, may change together. A few sentences about the idea
may come first."""
"""How to answer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A program that is shown.

    Attributes:
        individual: of the run.
        text: its program as it is shown; edits apply to that of the first one.
        costs: the energy of its lines, by number from 1 (0: passing the model on); empty if it is unknown.
        steps: of its lineage, the last ones in words.
    """

    individual: Individual
    text: str
    costs: Mapping[int, float]
    steps: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a prompt tells of the run.

    Attributes:
        task: of the rung.
        model: the energy model, with its version.
        front: of the rung, from the cheapest on.
        tried: what was proposed lately and how it did, in words.
    """

    task: Task
    model: str
    front: Sequence[Individual]
    tried: Sequence[str]


def prompt(situation: Situation, shown: Sequence[Shown], request: Request, fault: tuple[str, str] | None = None) -> str:
    """The text of a prompt; the same for the same arguments.

    Args:
        situation: of the run.
        shown: one to three programs.
        request: what is asked for.
        fault: for a repair, the program that did not work and what was wrong with it.
    """
    parts = [
        "You improve a program that learns, for an evolutionary search. What counts is accuracy first, then the energy "
        "of moving data, then time; they are never added up.",
        f"# Task\n{_task(situation.task, situation.model)}",
        f"# Language\n{language_card()}",
        f"# Front: the programs that no other one beats\n{_front(situation, shown)}",
        *(_program(number, each, situation) for number, each in enumerate(shown, start=1)),
    ]
    if situation.tried:
        lines = "\n".join(f"- {each}" for each in situation.tried)
        parts.append(f"# Proposed lately, and how it did\n{lines}")
    if fault is not None:
        source, reason = fault
        parts.append(
            f"# The proposal that did not work\nWhat was wrong:\n{reason}\n\n```python\n{source.rstrip()}\n```"
        )
    what = "the proposal that did not work" if fault is not None else "the first program"
    parts.append(f"# What to do\n{request.text}\n\n{FORM.replace('the first program', what)}")
    return "\n\n".join(parts) + "\n"


def _task(task: Task, model: str) -> str:
    lines = [f"{task.name}: {task.summary}"]
    lines += ["The program defines, for every instance anew:", *(f"    {each}" for each in task.contract.lines)]
    if task.contract.functions is None:
        lines.append(
            "fit gets the training rows x, of symbols, with their classes y; what it returns is the model. predict "
            "gets the model and one query q at a time, and returns its class. Inputs are read-only, the model's arrays "
            "may be written. Every instance has a secret of its own: only the kind of problem is known in advance."
        )
    best = "" if task.best is None else f", the best possible is {task.best:.3f}"
    lines.append(
        f"Guessing has an accuracy of {task.chance:.3f}{best}. The gate is {task.gate:.3f}: less is worth little."
    )
    budget = task.budget
    lines.append(
        f"Limits on an instance: {budget.steps:,} steps, energy {budget.energy:,.0f}, {budget.memory:,} bytes of "
        f"arrays; {budget.literals:,} bytes of numbers in the program."
    )
    if task.floor is not None:
        lines.append(f"No program is known to need less energy than {task.floor.energy:,.0f} dmc: {task.floor.reason}.")
    lines.append(f"Energy is that of the model {model}, on an instance on average.")
    return "\n".join(lines)


def figures(score: Score) -> str:
    """Accuracy, energy and time of a program in words."""
    part = score.fit_energy / score.energy if score.energy else 0.0
    return (
        f"accuracy {score.accuracy:.3f} (surely {score.accuracy_low:.3f}), energy {score.energy:,.0f} "
        f"({part:.0%} of it in fit), {score.seconds * 1e6:,.1f} µs"
    )


def _front(situation: Situation, shown: Sequence[Shown]) -> str:
    names = {each.individual.id: f", program {number}" for number, each in enumerate(shown, start=1)}
    lines = [f"#{each.id}{names.get(each.id, '')}: {figures(each.score)}" for each in situation.front]
    chosen = [line for each, line in zip(situation.front, lines, strict=True) if each.id in names]
    rest = [line for line in lines if line not in chosen][: max(0, MEMBERS - len(chosen))]
    kept = [line for line in lines if line in chosen or line in rest]
    more = [f"and {len(lines) - len(kept)} more"] if len(lines) > len(kept) else []
    return "\n".join(f"- {each}" for each in [*kept, *more]) or "- nobody yet"


def place(individual: Individual, front: Sequence[Individual], gate: float) -> str:
    """Where an individual stands relative to the front, in words."""
    score = individual.score
    passes = "it surely passes the gate" if score.accuracy_low >= gate else "it does not surely pass the gate"
    standing = next((each.score for each in front if each.id == individual.id), None)
    if standing is None:
        return f"not on the front; {passes}"
    cheaper = sum(each.score.energy < standing.energy for each in front)
    better = sum(each.score.accuracy > standing.accuracy for each in front)
    return f"on the front: of {len(front)}, {cheaper} need less energy and {better} are more accurate; {passes}"


def _program(number: int, shown: Shown, situation: Situation) -> str:
    individual = shown.individual
    lines = [f"# Program {number}: #{individual.id}, made by {individual.operator}"]
    lines.append(f"{figures(individual.score)}; {place(individual, situation.front, situation.task.gate)}.")
    lines += [f"```python\n{shown.text.rstrip()}\n```", *hottest(shown.text, shown.costs)]
    if shown.steps:
        lines.append(
            "How it came about, the last steps (figures of different instances): " + "; ".join(shown.steps) + "."
        )
    return "\n".join(lines)


def hottest(text: str, costs: Mapping[int, float]) -> list[str]:
    """The lines of a program that take most of its energy, in words; nothing if that is unknown."""
    total = sum(costs.values())
    if total <= 0:
        return []
    source = text.split("\n")
    found = []
    for line, cost in sorted(costs.items(), key=lambda each: (-each[1], each[0]))[:HOT]:
        if cost / total >= LEAST_SHARE:
            code = f": `{source[line - 1].strip()}`" if 0 < line <= len(source) else " (passing the model to predict)"
            found.append(f"- line {line} is {cost / total:.0%} of the energy{code}")
    return ["Where its energy goes:", *found]

"""An individual of a population."""

from __future__ import annotations

from dataclasses import dataclass

from fitness.score import Score


@dataclass(frozen=True, slots=True)
class Individual:
    """A program with its origin and its score.

    Attributes:
        id: its number in the run.
        key: `normal_form_key` of its program.
        source: its program.
        parents: the ids of the individuals it came from; none for a seed.
        operator: the name of the operator that made it, or of the seed.
        score: what it achieved; scores are compared only between individuals that were judged on the same instances.
    """

    id: int
    key: str
    source: str
    parents: tuple[int, ...]
    operator: str
    score: Score

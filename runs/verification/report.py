"""What a verification says: a `Check` for everything that was looked at, and the `Report` of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

Verdict = Literal["pass", "fail", "not applicable"]

PASS: Final = "pass"
FAIL: Final = "fail"
NOT_APPLICABLE: Final = "not applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what, in a few words.
        verdict: whether it holds, or that the task or the program gives nothing to look at.
        detail: why, in one sentence for people.
        figures: what was measured, ready for JSON; "points", if there, is a table: a list of rows with the same keys.
    """

    name: str
    verdict: Verdict
    detail: str
    figures: Mapping[str, Any] = field(default_factory=dict)


class Observer(Protocol):
    """Is told what is being done, for a person who waits."""

    def started(self, name: str) -> None:
        """A check begins."""

    def finished(self, check: Check) -> None:
        """A check has ended."""


class Silence:
    """An observer that ignores everything."""

    def started(self, name: str) -> None:
        """Do nothing."""

    def finished(self, check: Check) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one program on one task.

    Attributes:
        task: its name.
        seed: that the instances and the program's random numbers were drawn from.
        quick: whether fewer instances and sizes were looked at than usual.
        checks: in the order in which they were made.
    """

    task: str
    seed: int
    quick: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(each for each in self.checks if each.verdict == FAIL)

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failed

    def as_json(self) -> dict[str, Any]:
        """The report as JSON's types."""
        return {
            "task": self.task,
            "seed": self.seed,
            "quick": self.quick,
            "passed": self.passed,
            "checks": [
                {
                    "name": each.name,
                    "verdict": each.verdict,
                    "detail": each.detail,
                    "figures": dict(each.figures),
                }
                for each in self.checks
            ],
        }

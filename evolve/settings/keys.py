"""The table of the settings: the fields of `Settings`, each declared once.

From a field come the option of `evolve search`, the key of a TOML file, the parameter of `evolve.search`, what is
allowed, the default and the documentation. Everything that reads the table reads `KEYS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any, Final

LIMITS: Final = frozenset({"minutes", "evaluations"})
"""The limits of a search. Who gives one replaces both of what is less near: a file, a preset, the defaults."""

TASKS: Final = frozenset({"rung", "ladder", "task"})
"""The ways to name what is searched on. Who gives one replaces all of what is less near, and nobody may give two."""

MODELS: Final = ("dmc", "bytedmd")
"""The energy models that a search can select by."""


class Kind(Enum):
    """What the value of a setting is, in words for messages."""

    TEXT = "a text"
    TEXTS = "a text, or a list of texts"
    PATH = "a path"
    INTEGER = "a whole number"
    NUMBER = "a number"
    TRUTH = "true or false"
    BUDGET = 'dollars or tokens, like "2.50 dollars" or "200000 tokens"'


@dataclass(frozen=True, slots=True)
class Key:
    """A setting.

    Attributes:
        name: of the key of a file, and with `--` before it of the option.
        kind: what its value is.
        default: its value when nobody gives it; None if `unset` then says what holds.
        help: a sentence or two for people.
        unset: what holds when it is not given, for people; empty if there is a default, or nothing to say.
        metavar: what stands for the value in the help of the command line.
        example: a value, in TOML, that shows how one is written.
        least, most: bounds of a number.
        choices: all values that are allowed, empty for no such limit.
    """

    name: str
    kind: Kind
    default: Any
    help: str
    unset: str = ""
    metavar: str | None = None
    example: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What its value may be, for people."""
        if self.choices:
            return " or ".join(f'"{each}"' for each in self.choices)
        if self.least is None:
            return self.kind.value
        if self.most is None:
            return f"{self.kind.value} of at least {self.least}"
        return f"{self.kind.value} from {self.least} to {self.most}"


def _about(kind: Kind, help: str, **more: Any) -> dict[str, Any]:
    """The metadata of a field of `Settings`: what `Key` has but for the name and the default."""
    return {"kind": kind, "help": help, **more}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a search, complete and checked; `from_` is called `from` everywhere else."""

    rung: str | None = field(
        default=None,
        metadata=_about(
            Kind.TEXT,
            "The rung of the ladder to search on; `evolve tasks` lists them.",
            unset="parity-10-3 if no task is named at all",
            metavar="NAME",
            example='"parity-10-3"',
        ),
    )
    ladder: tuple[str, ...] | None = field(
        default=None,
        metadata=_about(
            Kind.TEXTS,
            "Rungs to climb, from first to last: names with commas, FIRST..LAST in the order of `evolve tasks`, "
            "or `default` for the parity rungs up to parity-20-3. What passes the gate of a rung goes on to the next.",
            metavar="RUNGS",
            example='["parity-4-1", "parity-6-1", "parity-6-2"]',
        ),
    )
    task: str | None = field(
        default=None,
        metadata=_about(
            Kind.TEXT,
            "A task of your own, or the name of an installed one.",
            metavar="FILE.py:NAME",
            example='"mine.py:MyTask"',
        ),
    )
    data: Path | None = field(
        default=None,
        metadata=_about(
            Kind.PATH,
            "The directory where WikiText is.",
            unset="EVOLVE_DATA, else ~/.cache/evolve",
            metavar="DIR",
            example='"texts"',
        ),
    )
    from_: tuple[str, ...] = field(
        default=("seeds",),
        metadata=_about(
            Kind.TEXTS,
            "What to start from: `seeds` for the programs that come with evolve and pass, `textbook` for plain ones, "
            "`scratch` for the empty program, or a FILE with a program of yours.",
            metavar="FILE",
        ),
    )
    minutes: float | None = field(
        default=1.5,
        metadata=_about(
            Kind.NUMBER,
            "Stop after this time.",
            unset="no limit of time",
            metavar="M",
            least=0,
            example="10",
        ),
    )
    evaluations: int | None = field(
        default=None,
        metadata=_about(
            Kind.INTEGER,
            "Stop after so many children. With minutes as well, whatever comes first stops the search.",
            unset="no limit of children",
            metavar="N",
            least=0,
            example="100000",
        ),
    )
    islands: int | None = field(
        default=None,
        metadata=_about(
            Kind.INTEGER,
            "Populations that evolve apart, but for migrants; so many for each rung.",
            unset="4, or as many as workers if these are more and the search is not deterministic",
            metavar="N",
            least=1,
            example="4",
        ),
    )
    population: int = field(
        default=32, metadata=_about(Kind.INTEGER, "Individuals that survive on an island.", metavar="N", least=1)
    )
    epoch: int = field(
        default=1000,
        metadata=_about(
            Kind.INTEGER,
            "Children of an island after which individuals migrate, new instances are drawn, and all are judged again.",
            metavar="N",
            least=1,
        ),
    )
    migrants: int = field(
        default=4,
        metadata=_about(
            Kind.INTEGER,
            "Individuals that leave an island at the end of an epoch, for the next one in a ring.",
            metavar="N",
            least=0,
        ),
    )
    energy: str = field(
        default="dmc",
        metadata=_about(Kind.TEXT, "The energy model to select by (docs/energy.md).", choices=MODELS),
    )
    seed: int = field(
        default=0,
        metadata=_about(
            Kind.INTEGER,
            "Starts the random draws, of the instances too.",
            metavar="N",
            least=0,
            most=2**63 - 1,
        ),
    )
    deterministic: bool = field(
        default=False,
        metadata=_about(
            Kind.TRUTH,
            "Find the same with the same seed, whatever the number of workers (slower). It needs evaluations.",
        ),
    )
    workers: int | None = field(
        default=None,
        metadata=_about(
            Kind.INTEGER,
            "Processes that search; 0 for this one alone.",
            unset="all cores of this computer",
            metavar="N",
            least=0,
            example="2",
        ),
    )
    address: str | None = field(
        default=None,
        metadata=_about(
            Kind.TEXT,
            "A Ray cluster to search on with so many workers.",
            unset="this computer",
            metavar="HOST:PORT",
            example='"head:6379"',
        ),
    )
    llm: tuple[str, ...] | None = field(
        default=None,
        metadata=_about(
            Kind.TEXTS,
            "Language models that propose programs beside the search, by the names that their endpoint has for them, "
            "with commas. Their keys come from the environment.",
            unset="none",
            metavar="MODEL",
            example='["gpt-5-mini"]',
        ),
    )
    llm_endpoint: str | None = field(
        default=None,
        metadata=_about(
            Kind.TEXT,
            "Where the models answer: any address that speaks the OpenAI protocol, up to `/v1`.",
            unset="what llm_models says, else OPENAI_BASE_URL, else OpenAI's",
            metavar="URL",
            example='"http://localhost:8000/v1"',
        ),
    )
    llm_models: Path | None = field(
        default=None,
        metadata=_about(
            Kind.PATH,
            "A TOML file with models: their endpoints, the variables of their keys, and their prices.",
            unset="EVOLVE_MODELS, else ~/.config/evolve/models.toml",
            metavar="FILE",
            example='"models.toml"',
        ),
    )
    llm_budget: str | None = field(
        default=None,
        metadata=_about(
            Kind.BUDGET,
            "What calls of models may cost together. No call is sent that it might not pay.",
            unset="200000 tokens",
            metavar="BUDGET",
            example='"2.50 dollars"',
        ),
    )
    llm_parallel: int = field(
        default=2,
        metadata=_about(
            Kind.INTEGER,
            "Calls of models under way at a time; of a replay, replies that are taken at the end of a turn.",
            metavar="N",
            least=1,
            most=64,
        ),
    )
    llm_temperatures: tuple[str, ...] = field(
        default=("0.3", "0.7", "1.0"),
        metadata=_about(
            Kind.TEXTS,
            "Temperatures from 0 to 2 that models are asked with, one of them drawn for each call.",
            metavar="T",
        ),
    )
    replay_llm: Path | None = field(
        default=None,
        metadata=_about(
            Kind.PATH,
            "Ask no model, but take the replies of an earlier run, or of a directory of text files.",
            metavar="RUN",
            example='"evolve-runs/parity-10-3-1"',
        ),
    )
    run: Path | None = field(
        default=None,
        metadata=_about(
            Kind.PATH,
            "The directory where the run is kept; a new one.",
            unset="evolve-runs/ and the task's name with a number",
            metavar="DIR",
            example='"runs/mine"',
        ),
    )


def attribute(name: str) -> str:
    """The field of `Settings`, and the parameter of `evolve.search`, that holds the setting of a name."""
    return "from_" if name == "from" else name


KEYS: Final[dict[str, Key]] = {
    each.name.rstrip("_"): Key(name=each.name.rstrip("_"), default=each.default, **each.metadata)
    for each in fields(Settings)
}
"""All settings by name, in the order in which they are shown."""

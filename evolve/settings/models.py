"""The settings of language models: what they may be, and what goes on beside a search because of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evolve.llm.budget import DEFAULT, Budget, budget_of
from evolve.llm.plan import Plan, plan_of
from evolve.settings.errors import SettingsError
from evolve.settings.keys import KEYS, Settings

if TYPE_CHECKING:
    from evolve.chat import Model
    from evolve.engine import Beside
    from runs.ledger import Call
    from tasks import Task

MODELS: Final = frozenset(name for name in KEYS if "llm" in name)
"""The settings of language models, which a run that is gone on with may be given anew."""

HOTTEST: Final = 2.0


def names_of(words: Sequence[str]) -> tuple[str, ...]:
    """The names of models in words with commas.

    Raises:
        SettingsError: one is named twice, or none.
    """
    names = tuple(part.strip() for word in words for part in word.split(",") if part.strip())
    if not names or len(set(names)) < len(names):
        raise SettingsError("has to name models, each once")
    return names


def temperatures_of(words: Sequence[str]) -> tuple[str, ...]:
    """Temperatures in words with commas, as they were written.

    Raises:
        SettingsError: one is no number from 0 to 2.
    """
    texts = tuple(part.strip() for word in words for part in word.split(",") if part.strip())
    for each in texts:
        try:
            number = float(each)
        except ValueError:
            number = math.nan
        if not 0 <= number <= HOTTEST:
            raise SettingsError(f"has to be temperatures from 0 to 2, not {each}")
    return texts


def plan_for(settings: Settings) -> Plan | None:
    """What a new search does with language models; None if it has nothing to do with any.

    Raises:
        SettingsError: a model or the budget can't be used.
    """
    if settings.replay_llm is None and settings.llm is None:
        return None
    models = _models(settings.llm or (), settings.llm_endpoint, settings.llm_models)
    budget = budget_of(settings.llm_budget or DEFAULT)
    assert budget is not None
    temperatures = tuple(map(float, settings.llm_temperatures))
    replay = None if settings.replay_llm is None else str(settings.replay_llm.absolute())
    _look_at(models, budget)
    _look_for(replay)
    return Plan(models, budget, 0, settings.llm_parallel, temperatures, settings.seed, replay)


def plan_again(
    stored: Mapping[str, Any], given: Mapping[str, Any], calls: Sequence[Call], spelled: Callable[[str], str]
) -> Plan | None:
    """What a search that is gone on with does with language models: as before, but for what is given.

    A budget that is given is for what comes; otherwise what is left of the run's own goes on.

    Args:
        stored: the run's configuration.
        given: settings.
        calls: of the run until now.
        spelled: how a setting is called.

    Raises:
        SettingsError: a model or the budget can't be used; or models are asked although the run is deterministic.
    """
    plan = None if stored.get("llm") is None else plan_of(stored["llm"])
    if not MODELS & given.keys():
        return plan
    names = given.get("llm") or (() if plan is None or "replay_llm" in given else [each.name for each in plan.models])
    replay = None if plan is None or "llm" in given else plan.replay
    if "replay_llm" in given:
        replay = str(given["replay_llm"].absolute())
    if not names and replay is None:
        raise SettingsError(f"{' and '.join(map(spelled, sorted(MODELS & given.keys())))} need {spelled('llm')}")
    if names and stored.get("deterministic"):
        raise SettingsError(f"the run is deterministic, and models are not; leave {spelled('llm')} out")
    models = () if plan is None else plan.models
    if {"llm", "llm_endpoint", "llm_models", "replay_llm"} & given.keys():
        models = _models(names, given.get("llm_endpoint"), given.get("llm_models"))
    budget, since = (None, 0) if plan is None else (plan.budget, plan.since)
    if budget is None or "llm_budget" in given:
        budget, since = budget_of(given.get("llm_budget", DEFAULT)), len(calls)
    assert budget is not None
    _look_at(models, budget)
    _look_for(replay)
    before = Plan(models, budget) if plan is None else plan
    temperatures = tuple(map(float, given.get("llm_temperatures", before.temperatures)))
    parallel = given.get("llm_parallel", before.parallel)
    return Plan(models, budget, since, parallel, temperatures, stored["seed"], replay)


def _models(names: Sequence[str], endpoint: str | None, file: Path | None) -> tuple[Model, ...]:
    from evolve.chat.models_file import model

    return tuple(model(name, endpoint, file) for name in names)


def _look_at(models: Sequence[Model], budget: Budget) -> None:
    """Raise SettingsError if a budget can't pay models."""
    unknown = [each.name for each in models if each.cost(1, 1) is None]
    if budget.unit == "dollars" and unknown:
        raise SettingsError(
            f"the budget is in dollars, and what {', '.join(unknown)} costs is not known; give input_price and "
            'output_price in a file of models (llm_models), or a budget like "200000 tokens"'
        )


def _look_for(replay: str | None) -> None:
    """Raise SettingsError if a cassette can't be read."""
    if replay is None:
        return
    from evolve.llm.cassette import CassetteError, cassette
    from runs import RunError

    try:
        cassette(Path(replay))
    except (CassetteError, RunError) as error:
        raise SettingsError(str(error)) from error


@contextmanager
def company(directory: Path, tasks: Sequence[Task], file: str | None, plan: Plan | None) -> Iterator[Beside | None]:
    """What goes on beside a search while this is open; keys are kept from all processes but the one that asks.

    Args:
        directory: of the run.
        tasks: of its rungs.
        file: of a person's own task, or its name; None for rungs of the ladder.
        plan: what is done with models.

    Raises:
        ValueError: there is no cassette where one was.
        RunError: the run can't be read or written.
    """
    from evolve.llm.hiding import hidden

    models = () if plan is None else plan.models
    with hidden(["OPENAI_API_KEY", *(each.key_variable for each in models)]) as environment:
        if plan is None:
            yield None
        elif plan.replay is not None:
            from evolve.llm.cassette import cassette
            from evolve.llm.replaying import Replay

            named = {each.name: each for each in tasks}
            yield Replay(directory, named, cassette(Path(plan.replay)), plan.seed, plan.parallel)
        else:
            from evolve.llm.companion import Companion

            with Companion(directory, file, tuple(each.name for each in tasks), plan, environment) as companion:
                yield companion

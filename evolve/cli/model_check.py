"""The check of `evolve doctor` that a language model answers."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Final

from evolve.cli.finding import Finding, Level

if TYPE_CHECKING:
    from evolve.chat import Model

CHECK: Final = "language model"

DEADLINE: Final = 15.0
"""Seconds that are waited for an answer."""

TOKENS: Final = 8
"""That the model may write."""


def language_model(model: Model | None = None) -> Finding:
    """Whether a language model answers: one that was asked for, else the endpoint that the environment names.

    A model is asked for a few tokens. Without one its endpoint is asked for the names of those that it has, which costs
    nothing; what is wrong is then only a note, since nobody asked.

    Args:
        model: with an empty name for any of its endpoint; None for what the environment names.
    """
    from evolve.chat.listing import names_like
    from evolve.chat.models_file import ENDPOINT_VARIABLE, models_in, unnamed, usual_file
    from evolve.settings.errors import SettingsError

    if model is not None:
        return _called(model) if model.name else _listed(model, asked=True)
    try:
        file = usual_file()
        named = models_in(file) if file is not None else {}
        if any(os.environ.get(each) for each in ("OPENAI_API_KEY", ENDPOINT_VARIABLE)):
            return _listed(unnamed(), asked=False)
    except SettingsError as error:
        return Finding(CHECK, "note", " ".join(error.mistakes), "only edits by a language model need it")
    if named:
        return Finding(CHECK, "ok", f"{file} has {names_like('', tuple(named))}; evolve doctor --llm NAME asks one")
    return Finding(CHECK, "ok", "none configured; only edits by a language model need one")


def _called(model: Model) -> Finding:
    """What comes of a tiny call."""
    from evolve.chat import Message, Question
    from evolve.chat.breaker import HARMLESS
    from evolve.chat.client import Client
    from evolve.chat.endpoints import address
    from evolve.chat.models_file import prices
    from evolve.chat.reply import BROKEN
    from evolve.chat.retries import Backoff

    with Client(random.Random(0), Backoff(attempts=1)) as client:
        done = client.ask(Question(model, (Message("user", "Say ok."),), 0.0, TOKENS, DEADLINE))
    who = f"{model.name} at {address(model)}"
    if done.outcome not in HARMLESS or BROKEN in done.detail:
        level: Level = "note" if done.text else "problem"  # who wrote something works, though not well
        return Finding(CHECK, level, f"{who}: {done.outcome}", done.detail)
    assert done.usage is not None
    about = "about " if done.usage.estimated else ""
    tokens = f"{about}{done.usage.read} tokens read, {done.usage.written} written"
    return Finding(CHECK, "ok", f"{who} answered in {done.seconds:.1f} s ({tokens}); {prices(model)}")


def _listed(model: Model, asked: bool) -> Finding:
    """What comes of asking for the names of models."""
    from evolve.chat.client import Client
    from evolve.chat.endpoints import address
    from evolve.chat.listing import names_like

    with Client(random.Random(0)) as client:
        found = client.names(model, DEADLINE)
    where = address(model)
    if found.outcome != "ok":
        if asked:
            return Finding(CHECK, "problem", f"{where}: {found.outcome}", found.detail)
        advice = f"{found.detail} (only edits by a language model need it)"
        return Finding(CHECK, "note", f"{where}: {found.outcome}", advice)
    there = names_like("", found.names) or "no model"
    return Finding(CHECK, "ok", f"{where} has {there}; evolve doctor --llm NAME asks one")

"""The process of the proposer: `python -m evolve.llm.process`, started by `evolve.llm.companion` beside a search.

The first line of its input is a `Plan` with the run and its tasks, in JSON. It ends when its input does, which is when
the driver of the search ends, however that ends. What it writes are lines of JSON: `{"line": ...}` says how it goes,
`{"notice": ...}` what a person should know, `{"over": ...}` why it ends by itself. Keys are in its environment alone.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

POLL: Final = 0.2
"""Seconds between looks at a run that has not begun."""


def main() -> None:
    """Propose until the input ends, or the budget."""
    document = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    import evolve.chat.connections  # noqa: F401  the client library, before the process gives way to others
    from evolve.chat.client import Client
    from evolve.llm.plan import plan_of
    from evolve.llm.proposer import Proposer
    from evolve.settings.naming import named_task
    from fitness import measure
    from runs import RunError, open_run
    from tasks import TaskError

    measure("def f(a):\n    return a + 1\n", "f", [1], energy=("dmc",))  # loads the machine
    plan = plan_of(document["plan"])
    directory = Path(document["run"])
    try:
        with Client(random.Random(plan.seed)) as client:
            while not _begun(directory):
                time.sleep(POLL)
            tasks = {name: named_task(name, document["task"]) for name in document["rungs"]}
            os.nice(document["nice"])
            with open_run(directory) as run:
                proposer = Proposer(run, tasks, plan, client.ask, lambda text: _say(notice=text))
                proposer.finish_judging()
                more = True
                while more:
                    _say(line=proposer.standing.line)
                    more = proposer.step()
                _say(line=proposer.standing.line, over=f"the budget of {plan.budget} is used up: models are not asked")
    except (RunError, TaskError, ValueError) as error:
        _say(over=str(error))


def _begun(directory: Path) -> bool:
    from runs import open_run

    with open_run(directory) as run:
        return bool(run.islands())


def _say(**what: str) -> None:
    """Write a line for the driver, which may be gone."""
    message: Mapping[str, Any] = what
    try:
        print(json.dumps(message), flush=True)
    except OSError:
        os._exit(0)


def _end_with_input() -> None:
    """End at once when the driver ends or wants it, whatever is under way: what is stored is whole."""
    while sys.stdin.readline():
        pass
    os._exit(0)


if __name__ == "__main__":
    main()

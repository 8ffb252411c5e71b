"""The proposer beside a search, seen from its driver: a process that is started, listened to, and ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from evolve.llm.plan import Plan
from runs.ledger import abandon

NICE: Final = 10
"""How much the process gives way to the workers, which then get nine tenths of a core that they share with it."""

GRACE: Final = 1.0
"""Seconds that the process has to end by itself."""


class Companion:
    """The proposer of a search (`evolve.engine.Beside`); a context manager that starts and ends its process.

    Args:
        directory: of the run.
        task: the file of a person's own task, or its name; None for a rung of the ladder.
        rungs: names of the rungs.
        plan: what it does.
        environment: of the process, with the keys.
        nice: how much the process gives way to others, from 0 to 19.
    """

    def __init__(
        self,
        directory: Path,
        task: str | None,
        rungs: tuple[str, ...],
        plan: Plan,
        environment: Mapping[str, str],
        nice: int = NICE,
    ):
        self._directory = directory
        where = {"run": str(directory.absolute()), "task": task, "rungs": rungs}
        self._document = {**where, "plan": plan.document, "nice": nice}
        self._environment = dict(environment)
        self._process: subprocess.Popen[str] | None = None
        self._threads: list[threading.Thread] = []
        self._line = "models  starting"
        self._messages: deque[str] = deque()
        self._errors: deque[str] = deque(maxlen=1)
        self._ending = False

    def __enter__(self) -> Self:
        """Start the process. What an earlier search left under way is given up first."""
        abandon(self._directory)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "evolve.llm.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment | {"PYTHONPATH": os.pathsep.join(each or os.curdir for each in sys.path)},
            process_group=0,  # Ctrl-C is for the search
        )
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(json.dumps(self._document) + "\n")
        process.stdin.flush()
        errors = threading.Thread(target=self._keep_error, args=(process.stderr,), daemon=True)
        self._threads = [errors, threading.Thread(target=self._listen, args=(process.stdout, errors), daemon=True)]
        for each in self._threads:
            each.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the process."""
        self.over()

    @property
    def line(self) -> str:
        """How it goes."""
        return self._line

    def notices(self) -> list[str]:
        """What was said since this was asked last."""
        return [self._messages.popleft() for _ in range(len(self._messages))]

    def turn_over(self) -> None:
        """It does not wait for turns."""

    def over(self) -> None:
        """End the process, and give up the calls under way."""
        process, self._process = self._process, None
        if process is None:
            return
        self._ending = True
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for each in self._threads:
            each.join()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
        abandon(self._directory)

    def _listen(self, stream: IO[str], errors: threading.Thread) -> None:
        said = ""
        for text in stream:
            message: dict[str, Any] = json.loads(text)
            self._line = message.get("line", self._line)
            said = message.get("over", said)
            self._messages.extend(message[name] for name in ("notice", "over") if name in message)
        errors.join()
        if not said and not self._ending:
            why = f" ({self._errors[-1]})" if self._errors else ""
            self._line = "models  their process has ended"
            self._messages.append(f"the process that asks models has ended{why}; the search goes on without it")

    def _keep_error(self, stream: IO[str]) -> None:
        for text in stream:
            if text.strip():
                self._errors.append(text.strip())

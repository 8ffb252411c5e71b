"""Starts the server for tests in a process of its own, and reads what it was asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent.parent


@dataclass(frozen=True)
class Served:
    """A server that runs.

    Attributes:
        url: its address, up to `/v1`.
        record: the file that it writes its requests to.
        process: that it is.
    """

    url: str
    record: Path
    process: subprocess.Popen[str]

    def requests(self, model: str | None = None) -> list[dict[str, Any]]:
        """The requests until now, or those to one model: `method`, `path`, `headers`, `body`, `at`."""
        lines = self.record.read_text(encoding="utf-8").splitlines() if self.record.exists() else []
        found = [json.loads(each) for each in lines]
        return [each for each in found if model is None or (each["body"] or {}).get("model") == model]


@contextmanager
def serving(
    folder: Path,
    *,
    script: dict[str, list[Any]] | None = None,
    replies: Path | None = None,
    answer: str | None = None,
    key: str | None = None,
    certificate: Path | None = None,
    port: int = 0,
) -> Iterator[Served]:
    """A server that is killed at the end. Its script and its record are files of `folder`.

    Args:
        folder: an existing directory.
        script: what is done with requests to models (`behaviours.SCRIPTS` has the form).
        replies: a directory with the texts of good replies.
        answer: a function that gives them: `FILE.py:NAME`.
        key: that has to be sent.
        certificate: a file with it and its private key, to speak TLS.
        port: to listen on; 0 for any that is free.
    """
    record = folder / "requests.jsonl"
    words: list[Any] = ["--port", port, "--record", record]
    if script is not None:
        (folder / "script.json").write_text(json.dumps(script), encoding="utf-8")
        words += ["--script", folder / "script.json"]
    for name, value in {"--replies": replies, "--answer": answer, "--key": key, "--certificate": certificate}.items():
        words += [name, value] if value is not None else []
    command = [sys.executable, "-m", "tests.evolve.chat.server", *map(str, words)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, "the server did not start"
        yield Served(url, record, process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()

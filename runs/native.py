"""Running what an exported file learns again and again, in a process of its own, to measure time or energy.

The start of Python, the imports and the drawing of the instance are over before anything is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

SECONDS: Final = 120.0
"""After which the process is killed if it does not answer."""

CHILD: Final = """\
import contextlib, io, json, sys, time

path, seed, numba = sys.argv[1:4]
sys.argv[:] = [path, seed]
if numba == "no":
    sys.modules["numba"] = None  # so that it can't be imported
module = {"__name__": "exported", "__file__": path}
with open(path, encoding="utf-8") as file:
    exec(compile(file.read(), path, "exec"), module)
if numba == "yes":
    module["use_numba"]()
if "main" not in module:
    sys.exit("it has no main that learns an instance of its task")
kept, learn = [], module.get("learn_and_predict")


def keep(*arguments):
    kept[:] = [arguments]
    return learn(*arguments)


def whole():
    with contextlib.redirect_stdout(io.StringIO()):
        module["main"]()


if learn is not None:
    module["learn_and_predict"] = keep
whole()
work = whole if learn is None or not kept else lambda: learn(*kept[0])
print("ready", flush=True)
for line in sys.stdin:
    least, times, start = float(line), [], time.perf_counter()
    while not times or time.perf_counter() - start < least:
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    print(json.dumps([len(times), time.perf_counter() - start, min(times)]), flush=True)
"""


class FileError(Exception):
    """The file failed, or did not answer in time; the message says how."""


class Timed(NamedTuple):
    """What a file did: how often it learned the instance, the seconds of all, and the least of one."""

    runs: int
    seconds: float
    least: float


class Native:
    """A file in a process of its own, which has drawn an instance and learned it once.

    Use it in a `with`. Raises FileError when it fails.

    Args:
        file: the file.
        seed: of the instance that it draws.
        numba: whether numba compiles it; None leaves that to the file.
    """

    def __init__(self, file: Path, seed: int, numba: bool | None = None):
        self.file = file
        compiles = {None: "", False: "no", True: "yes"}[numba]
        self._folder = tempfile.TemporaryDirectory()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", CHILD, str(file.absolute()), str(seed), compiles],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=self._folder.name,
            env=environment | {"OPENBLAS_NUM_THREADS": "1"},
        )

    def __enter__(self) -> Self:
        """Wait until it is ready."""
        try:
            self._answer()
        except FileError:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def run(self, seconds: float) -> Timed:
        """Learn the instance at least once, again and again for so many seconds."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{seconds}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failure() from None
        runs, total, least = json.loads(self._answer(seconds))
        return Timed(runs, total, least)

    def _answer(self, more: float = 0.0) -> str:
        """The next line that it prints."""
        timer = threading.Timer(SECONDS + more, self._process.kill)
        timer.start()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        late = not timer.is_alive()
        timer.cancel()
        if late:
            raise FileError(f"{self.file} was stopped after {SECONDS + more:g} s")
        if not line:
            raise self._failure()
        return line

    def _failure(self) -> FileError:
        _, errors = self._process.communicate()
        last = (errors.strip().splitlines() or ["without a word"])[-1]
        return FileError(f"{self.file} ends with exit code {self._process.returncode}: {last}")

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

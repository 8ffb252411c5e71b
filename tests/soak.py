"""Kills searches at random moments and goes on with them: `python -m tests.soak [--minutes M] [--seed S]`.

Of a search on Ray, again and again a worker, the driver or a process of Ray is killed, or Ctrl-C pressed;
then what has to hold of a run is checked (`tests.evolve.faults`), and the search goes on, now and then in one process.
The first claim that does not hold is printed with where the run is, and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.evolve.faults import broken_claims, children_of, kill, processes, searching, stored, wait_until

VICTIMS = ("worker", "driver", "raylet", "gcs", "ctrl-c")
SETTINGS = ("--rung", "parity-6-2", "--evaluations", 10_000_000)
LONGEST = 5.0
"""Seconds at most between the first child of a search and the end of its victim."""


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="stop after this time (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments and victims (default: %(default)s)")
    options = parser.parse_args()
    generator = np.random.default_rng(options.seed)
    run = Path(tempfile.mkdtemp(prefix="evolve-soak-")) / "run"
    end = time.monotonic() + 60 * options.minutes
    kills = 0
    while time.monotonic() < end:
        victim = VICTIMS[generator.integers(len(VICTIMS))]
        complaint = blow(run, victim, generator)
        if complaint:
            print(f"{victim}, kill {kills}: {complaint}\nthe run is in {run}", file=sys.stderr)
            return 1
        kills += 1
        print(f"{kills:4} {victim:7} {children_of(run):9,} children, {len(stored(run)):7,} kept", file=sys.stderr)
    print(f"{kills} kills, {children_of(run):,} children, nothing lost", file=sys.stderr)
    return 0


def blow(run: Path, victim: str, generator: np.random.Generator) -> str:
    """Search for a moment and strike; what does not hold then, or nothing."""
    before = stored(run) if run.exists() else set()
    words = ("--resume", run, "--evaluations", 10_000_000) if run.exists() else (*SETTINGS, "--run", run)
    workers = 0 if victim in ("driver", "ctrl-c") and generator.random() < 0.5 else 2
    with searching(*words, "--workers", workers) as search:
        if not wait_until(search, run, children_of(run) + 1):
            return "the search made no children: " + search.communicate()[1]
        time.sleep(generator.uniform(0, LONGEST))
        before |= stored(run)
        if victim == "ctrl-c":
            os.killpg(search.pid, signal.SIGINT)
        else:
            kill(processes(search.pid, victim)[0])
        if victim == "worker":
            if not wait_until(search, run, children_of(run) + 1):
                return "the search did not go on without a worker: " + search.communicate()[1]
            kill(search.pid)
        _, err = search.communicate(timeout=120)
    if "Traceback" in err:
        return err
    if victim == "ctrl-c" and search.returncode:
        return f"exit code {search.returncode}: {err}"
    lost = before - stored(run)
    return "; ".join([*broken_claims(run), *([f"individuals {sorted(lost)} are lost"] if lost else [])])


if __name__ == "__main__":
    sys.exit(main())

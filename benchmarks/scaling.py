"""`python -m benchmarks.scaling [RUNG]`: how many children two workers make in the time in which one makes one.

Both search with the same configuration, in turns, each time in a new process; Ray's start does not count. Other
processes on the computer take from two workers what they leave to one, so an idle computer is needed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from runs import open_run


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__.partition("\n")[0])
    parser.add_argument("rung", nargs="?", default="parity-20-3", help="default: %(default)s")
    parser.add_argument("--minutes", type=float, default=1.0, help="of each search (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="searches of each kind (default: %(default)s)")
    options = parser.parse_args()
    rates: dict[int, list[float]] = {1: [], 2: []}
    for repeat in range(options.repeats):
        for workers in (1, 2) if repeat % 2 == 0 else (2, 1):
            rates[workers].append(rate(options.rung, workers, options.minutes, repeat))
            print(f"{workers} workers, seed {repeat}: {rates[workers][-1]:.0f} children/s", flush=True)
    ratios = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    print(f"two workers make {sum(ratios) / len(ratios):.2f} times as many, {min(ratios):.2f} to {max(ratios):.2f}")
    return 0


def rate(rung: str, workers: int, minutes: float, seed: int) -> float:
    """Children a second of a search with so many workers, from when they are at work."""
    with tempfile.TemporaryDirectory() as directory:
        run = Path(directory) / "run"
        words = ("search", "--rung", rung, "--workers", workers, "--minutes", minutes, "--seed", seed, "--run", run)
        subprocess.run([sys.executable, "-m", "evolve", *map(str, words)], check=True, capture_output=True)
        with open_run(run) as opened:
            return sum(opened.children()) / opened.seconds()


if __name__ == "__main__":
    sys.exit(main())

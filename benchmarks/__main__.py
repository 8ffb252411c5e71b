"""`python -m benchmarks`: every benchmark, after a line about the computer."""

import os
import platform
from pathlib import Path

import numba
import numpy as np

from benchmarks import energy_models, learners, machine, search


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def computer() -> str:
    """What the figures were measured on."""
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}"
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()}, {versions}"


def main() -> None:
    """Print all figures; each is the best of several runs on one core, but for the searches, which run once."""
    print(f"{computer()}\n", flush=True)
    machine.run()
    print()
    learners.run()
    print()
    energy_models.run()
    print()
    search.run()


if __name__ == "__main__":
    main()

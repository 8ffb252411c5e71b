"""Taking times: the best of several runs, since everything else a computer does only makes them longer."""

import time
from collections.abc import Callable

REPEATS = 5


def best_seconds(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """The shortest of several runs, after one that does not count."""
    run()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def rate(what: str, count: int, seconds: float, unit: str = "M/s") -> None:
    """Print how many of something a second make, in millions, and the time of the whole."""
    print(f"{what:<64} {count / seconds / 1e6:9.1f} {unit} {1e3 * seconds:10.2f} ms", flush=True)


def duration(what: str, seconds: float) -> None:
    """Print a time."""
    print(f"{what:<64} {1e3 * seconds:24.2f} ms", flush=True)

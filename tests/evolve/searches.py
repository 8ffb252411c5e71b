"""Searches for tests: two programs to start from, a small task, and an observer that keeps what it is told."""

from dataclasses import asdict, replace

from evolve.engine import Configuration, Seed, Silent, search
from runs import create_run, open_run
from tasks import rung

TEXTBOOK = """
from primitives import zeros


def fit(x, y, n_symbols, n_classes):
    best, a, b = -1, 0, 0
    wrong = zeros(len(y))
    for i in range(x.shape[1]):
        for j in range(x.shape[1]):
            right = 0
            for row in range(len(y)):
                wrong[row] = 0.0
                if (x[row, i] ^ x[row, j]) == y[row]:
                    right += 1
                else:
                    wrong[row] = 1.0
            if right > best:
                best, a, b = right, i, j
    return a, b


def predict(a, b, q):
    return q[a] ^ q[b]
"""
"""It tries all pairs of bits, every pair twice, and keeps what nobody reads: for a search to improve."""

HALF = TEXTBOOK.replace("range(x.shape[1]):\n            right", "range(i):\n            right")
TASK = replace(rung("parity-6-2"), instances=30)
SEEDS = (Seed("textbook", TEXTBOOK), Seed("half", HALF))
CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return a\n"
FAILING = "def fit(x, y, n_symbols, n_classes):\n    return x[99, 0]\n\n\ndef predict(a, q):\n    return a\n"


class Watcher(Silent):
    """An observer that keeps what it is told, and sets an event after some evaluations."""

    def __init__(self, stop_after=None, stop=None):
        self.stop_after = stop_after
        self.stop = stop
        self.missing = {}
        self.messages = []
        self.hypervolumes = []

    def dropped(self, name, reason):
        self.missing[name] = reason

    def noticed(self, message):
        self.messages.append(message)

    def progressed(self, progress):
        self.hypervolumes.append(progress.hypervolume)
        if self.stop_after is not None and progress.evaluations >= self.stop_after:
            self.stop.set()


def configured(task=TASK, **settings):
    """Settings of a search that takes a second."""
    return Configuration(
        (task.name,),
        **{"evaluations": 150, "population": 12, "epoch": 30, "islands": 2, "deterministic": True} | settings,
    )


def searched(directory, observer=None, seeds=SEEDS, task=TASK, workers=0, stop=None, clock=None, **settings):
    """The result of a search whose run is in a new directory."""
    configuration = configured(task, **settings)
    timed = {} if clock is None else {"clock": clock}
    with create_run(directory, asdict(configuration) | {"gate": task.gate}) as store:
        return search([task], configuration, seeds, store, workers=workers, observer=observer, stop=stop, **timed)


def population_of(directory):
    """All individuals of a run with their scores, and where they were born."""
    with open_run(directory) as run:
        return run.individuals()

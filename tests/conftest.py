"""Settings that all tests share."""

import hypothesis
import pytest

from fitness import measure

# The first example of a property compiles the machine, which takes longer than any deadline for one example.
hypothesis.settings.register_profile("evolve", deadline=None, print_blob=True)
hypothesis.settings.load_profile("evolve")


@pytest.fixture(scope="session", autouse=True)
def _machine() -> None:
    """Compile the builds first: no test then waits for it, nor finds a word about it in what a command prints."""
    for energy in ((), ("dmc",), ("bytedmd",)):
        measure("def f(a):\n    return a + 1\n", "f", [1], energy=energy)

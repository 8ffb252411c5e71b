"""Drafts: what is set right in a program that a reply proposes."""

from evolve.llm.drafts import draft_of
from tasks import LEARNER

PROGRAM = """
def fit(x, y, n_symbols, n_classes):
    return zeros(3, u1)


def predict(a, q):
    return q[a[0]]
"""


def test_an_import_of_everything_becomes_one_of_what_is_used():
    draft = draft_of(f"```python\nfrom primitives import *\n{PROGRAM}```", LEARNER.blank, LEARNER)
    assert "from primitives import u1, zeros\n" in draft.source
    assert "*" not in draft.source
    assert draft.notes == ("left out `from primitives import *`", "imported u1, zeros")

"""Seed programs: known learning algorithms, written in the language, that a search may start from.

One file each. They are read as text; nothing here imports or runs them. How well each does is for the tests to say.
They are tuned by hand; the package `textbook` has plain programs that are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

FAMILIES = {
    "parity": "the XOR of a few secret bits",
    "noise": "the same, with some training labels flipped",
    "function": "sum, AND or majority of a few secret bits",
    "symbols": "the symbol at a secret place; Markov sources of order 2 and 3",
    "text": "the next character of a text",
}
"""The families of tasks that seeds are meant for, with what is to be learned."""

SEEDS: Mapping[str, tuple[str, ...]] = {
    "gf2_elimination": ("parity",),
    "gf2_packed": ("parity",),
    "backtracking": ("parity", "symbols"),
    "walsh_hadamard": ("parity", "noise"),
    "subset_table": ("parity", "function", "symbols"),
    "constant": ("parity", "noise", "function", "symbols", "text"),
    "majority_class": ("parity", "noise", "function", "symbols", "text"),
    "perceptron": ("function", "symbols"),
    "naive_bayes": ("function", "symbols", "text"),
    "nearest_neighbour": ("function", "symbols"),
    "sparse_linear": ("parity", "noise", "function"),
    "random_projection": ("function",),
    "sgd_network_hinge": ("parity", "noise", "function"),
    "sgd_network_logistic": ("parity", "noise", "function"),
    "sign_sgd": ("parity", "noise", "function"),
    "ngram_backoff": ("symbols", "text"),
    "ppm_c": ("symbols", "text"),
    "context_mixing": ("symbols", "text"),
    "softmax_regression": ("function", "symbols", "text"),
}
"""The families that each seed program is meant for; the names are those of the files. It runs on the others as well."""

TEXTBOOK = ("exhaustive_search", "gaussian_elimination", "version_space")
"""The names of the textbook programs, in the package `textbook` below. They are for sparse parity."""


def source(name: str) -> str:
    """The source of a seed program, or of a textbook program. Raises ValueError for an unknown one."""
    if name not in SEEDS and name not in TEXTBOOK:
        raise ValueError(f"there is no seed {name}; there are {', '.join((*SEEDS, *TEXTBOOK))}")
    folder = resources.files(__name__) if name in SEEDS else resources.files(__name__).joinpath("textbook")
    return folder.joinpath(f"{name}.py").read_text(encoding="utf-8")


def seeds_for(family: str) -> tuple[str, ...]:
    """The names of the seed programs meant for a family. Raises ValueError for an unknown one."""
    if family not in FAMILIES:
        raise ValueError(f"there is no family {family}; there are {', '.join(FAMILIES)}")
    return tuple(name for name, families in SEEDS.items() if family in families)

"""Primitives and whole-array operations cost what their definitions in the language cost (docs/energy.md)."""

import pytest

from primitives import elementwise
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES
from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, cost, matrix, price, u1, with_imports

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

PRIMITIVES = [
    claim("max", "def f(a, b):\n    return max(a, b)\n", [1, 2], [(0, 1), (1, 1)]),
    claim("abs, int and float", "def f(v):\n    return float(int(abs(v)))\n", [-1.5], [(0, 8), (0, 8), (0, 1)]),
    claim("exp", "def f(v):\n    return exp(v)\n", [0], [(0, 1)]),
    claim("a random draw", "def f(v):\n    x = random()\n    return x + x\n", [1], [(0, 8), (0, 8)]),
    claim("randint reads its data bound", "def f(v):\n    return randint(0, v)\n", [3], [(0, 1)]),
    claim("seed reads", "def f(v):\n    seed(v)\n", [3], [(0, 1)]),
    claim(
        "full is zeros and fill",
        "def f(v):\n    a = full(2, v, u1)\n    return a[0] + 0\n",
        [3],
        # [v a0 a1]: v; [a0 a1 v p]: p; [a1 v p a0]: p; [v a0 p a1], p leaves: a0
        [(2, 1), (0, 1), (1, 1), (1, 1)],
    ),
    claim(
        "the array that full replaces stays until it is filled",
        "def f(v):\n    a = zeros(3, u1)\n    a = full(1, v, u1)\n    return v + 0\n",
        [3],
        # [v z z z a]: v; [z z z a v p]: p; [v a]: v
        [(4, 1), (0, 1), (1, 1)],
    ),
    claim(
        "array is zeros and a store for each scalar",
        "def f(v, w):\n    a = array([w, v], u1)\n    return v + 0\n",
        [3, 4],
        # [w v a0 a1]: w; [v a1 w a0]: v; [w a0 v a1]: v
        [(3, 1), (3, 1), (1, 1)],
    ),
    claim(
        "operations inside array are executed before it is allocated",
        "def f(v, w):\n    a = array([w + 1, v], u1)\n",
        [3, 4],
        # [w v]: w; [v w t a0 a1]: t; [v w a1 a0]: v
        [(1, 1), (2, 1), (3, 1)],
    ),
    claim(
        "window reads a data start",
        "def f(a, v):\n    w = window(a, v, 2)\n    return w[1] + w[1]\n",
        [u1(1, 2, 3), 1],
        # [v a2 a1 a0]: v; [a2 a1 a0 v]: a2, twice
        [(3, 1), (3, 1), (0, 1)],
    ),
    claim(
        "dot is its loop",
        "def f(a, b):\n    return dot(a, b)\n",
        [u1(1, 2), u1(3, 4)],
        # [b1 b0 a1 a0 s]: a0; [b1 b0 a1 s a0]: b0; [b1 a1 s a0 b0 t]: s; [b1 a1 a0 b0 t s]: t;
        # [b1 a1 a0 b0 s]: a1; [b1 a0 b0 s a1]: b1; [a0 b0 s a1 b1 t]: s; [a0 b0 a1 b1 t s]: t
        [(1, 1), (3, 1), (3, 1), (1, 1), (3, 1), (4, 1), (3, 1), (1, 1)],
    ),
    claim(
        "filling a slice passes the value to a function",
        "def f(a, v):\n    a[0:2] = v\n",
        [u1(1, 2), 3],
        # [v a1 a0]: v; [a1 a0 v p]: p; [a1 v p a0]: p
        [(2, 1), (0, 1), (1, 1)],
    ),
    claim(
        "copying a slice is a loop",
        "def f(a, b):\n    a[0:2] = b\n",
        [u1(1, 2), u1(3, 4)],
        # [b1 b0 a1 a0]: b0; [b1 a1 b0 a0]: b1
        [(2, 1), (3, 1)],
    ),
    claim(
        "an array and a scalar",
        "def f(a, v):\n    b = a + v\n",
        [u1(1, 2), 3],
        # [v a1 a0]: v; [a1 a0 v p], then eight bytes each of c0 and c1: a0; [a1 v p c0 c1 a0]: p;
        # [a1 v c1 a0 p c0]: a1; [v c1 a0 p c0 a1]: p
        [(2, 1), (18, 1), (17, 1), (19, 1), (9, 1)],
    ),
    claim(
        "an update of a whole array",
        "def f(a, b):\n    a ^= b\n",
        [u1(1, 2), u1(3, 4)],
        # [b1 b0 a1 a0]: a0; [b1 b0 a1 a0]: b0; [b1 a1 b0 a0]: a1; [b1 b0 a0 a1]: b1
        [(0, 1), (2, 1), (2, 1), (3, 1)],
    ),
]


@both
@pytest.mark.parametrize("claimed", PRIMITIVES)
def test_a_primitive_pays_like_its_loop(implementation, claimed):
    check(implementation, claimed)


@both
def test_energy_is_split_by_line(implementation):
    source = (
        "from primitives import sum\n"
        "def g(x):\n"
        "    return x + 1\n"  # x: (0, 1)
        "def f(a, v):\n"
        "    s = sum(a)\n"  # [v a a s]: s, a0: [v a1 s a0]; [v a1 a0 s]: s, a1
        "    t = g(v)\n"  # [v a0 a1 s]: v
        "    while v:\n"  # [a0 a1 s v t]: v; [a0 a1 s t v]: v
        "        v -= 1\n"  # [a0 a1 s t v]: v
        "    return s\n"
    )
    found = price(implementation, source, [u1(1, 2), 1])
    lines = {3: [(0, 1)], 5: [(0, 1), (1, 1), (0, 1), (2, 1)], 6: [(3, 1)], 7: [(1, 1), (0, 1)], 8: [(0, 1)]}
    spent = {line: energy for line, energy in found.by_line.items() if energy}
    assert spent == pytest.approx({line: cost(reads) for line, reads in lines.items()}, rel=1e-12)


def definitions():
    """What has a definition: how it is called, the definition's text and name, the arguments and their ranks."""
    for primitive in CATALOGUE.values():
        for overload in primitive.overloads:
            if overload.kind == "definition":
                letters = iter("abcdef")
                given = ["f8" if rank < 0 else next(letters) for rank in overload.ranks]
                call = f"{primitive.name}({', '.join(given)})"
                ranks = [rank for rank in overload.ranks if rank >= 0]
                yield pytest.param(
                    call, overload.source, overload.function, given, ranks, id=f"{call} {overload.ranks}"
                )
    dtype = DTYPES["u1"]
    for op in ["+", "/", "//", "&", "<<", "<"]:
        for left, right in ["11", "1s", "s1", "22", "2s", "s2"]:
            dtypes = [None if kind == "s" else dtype for kind in (left, right)]
            text, name = elementwise.definition(op, left, right, elementwise.result_dtype(op, *dtypes, False))
            ranks = [0 if kind == "s" else int(kind) for kind in (left, right)]
            yield pytest.param(f"a {op} b", text, name, ["a", "b"], ranks, id=f"{left} {op} {right}")


SIZE_ARGUMENTS = {"bincount": 1, "unpack": 1, "permutation": 0}


@both
@pytest.mark.parametrize(("call", "text", "name", "given", "ranks"), list(definitions()))
def test_a_primitive_costs_what_its_definition_costs(implementation, call, text, name, given, ranks):
    values = {0: 2, 1: u1(1, 1, 1, 1), 2: matrix([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1])}
    args = [values[rank] for rank in ranks]
    size = SIZE_ARGUMENTS.get(name)
    control = [] if size is None else [size]
    before = "return " if "return" in text else ""
    names = ", ".join(part for part in given if part != "f8")
    header = f"def f({names}):\n    {before}"
    primitive = price(implementation, with_imports(f"{header}{call}\n"), args, control)
    own = text.replace(f"def {name}(", "def own(").replace(", dtype):", "):").replace(", dtype)", ", f8)")
    definition = price(implementation, with_imports(f"{own}\n{header}own({names})\n"), args, control)
    assert primitive.energy == pytest.approx(definition.energy, rel=1e-12)
    assert primitive.reads == definition.reads

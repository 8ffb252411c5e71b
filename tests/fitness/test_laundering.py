"""Nothing turns data into control for free: a laundering costs what honest work costs, or it can't be written.

The tricks are those that worked on public trackers (conversions, tables, choices of literals, counting, stores at data
indices, writes that refresh), and others that the language would allow. Each computes what an honest program computes.
"""

from textwrap import indent

import numpy as np
import pytest

from fitness.limits import limits_of
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import Score, score
from primitives.errors import ProgramError
from primitives.parser import parse
from tasks import Purpose, rung
from tests.fitness.dmc_claims import IMPLEMENTATIONS, price, with_imports

ROWS, COLUMNS = 12, 8
both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)


def bits(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 2, shape, dtype=np.uint8)


def assert_no_cheaper(implementation: str, laundering: str, honest: str, args: list) -> None:
    laundered = price(implementation, with_imports(laundering), args)
    paid = price(implementation, with_imports(honest), args)
    assert laundered.value == paid.value
    assert laundered.energy >= 0.9 * paid.energy


# One bit of every row, used many times: a laundering would read it once.
USES = """
def f(x, w):
    s = 0
    for r in range(x.shape[0]):
{bit}
        for k in range(len(w)):
            s += v * w[k]
    return s
"""

BIT_FUNCTIONS = """
def chosen(a, r):
    if a[r, 3]:
        return 1
    return 0
def translated(v):
    if v:
        return 1
    return 0
def returned_early(a, r):
    for i in range(2):
        if a[r, 3] == i:
            return i
    return 0
def itself(v):
    return v
def sized(a, r):
    if a[r, 3]:
        return zeros(1, u1)
    return zeros(0, u1)
"""

BITS = {
    "int": "v = int(x[r, 3])",
    "a float and back": "v = int(float(x[r, 3]))",
    "a bool and back": "v = int(bool(x[r, 3]))",
    "a comparison": "v = int(x[r, 3] > 0)",
    "a choice of literals": "v = 1 if x[r, 3] else 0",
    "a literal in a branch": "v = 0\nif x[r, 3]:\n    v = 1",
    "literals in two branches": "if x[r, 3]:\n    v = 1\nelse:\n    v = 0",
    "a table": "t = array([0, 1], u1)\nv = t[x[r, 3]]",
    "a literal stored at a data index": "t = zeros(2, u1)\nt[x[r, 3]] = 1\nv = t[1]",
    "a literal stored in a branch": "t = zeros(1, u1)\nif x[r, 3]:\n    t[0] = 1\nv = t[0]",
    "a row of a table": "t = zeros((2, 1), u1)\nt[1, 0] = 1\nrow = t[x[r, 3]]\nv = row[0]",
    "a window on a table": "t = array([0, 1], u1)\nrow = window(t, x[r, 3], 1)\nv = row[0]",
    "counting rounds": "v = 0\nfor i in range(x[r, 3]):\n    v += 1",
    "assigning in counted rounds": "v = 0\nfor i in range(x[r, 3]):\n    v = 1",
    "a while loop": "v = 0\nwhile v < x[r, 3]:\n    v += 1",
    "the position of a break": "v = 0\nfor i in range(2):\n    v = i\n    if i == x[r, 3]:\n        break",
    "rounds before a break": "v = 0\nwhile True:\n    if v == x[r, 3]:\n        break\n    v += 1",
    "a skipped assignment": "v = 1\nfor i in range(1):\n    if x[r, 3]:\n        continue\n    v = 0",
    "min": "v = min(x[r, 3], 1)",
    "max of a literal": "v = max(0, x[r, 3])",
    "and": "v = x[r, 3] and 1",
    "or": "v = x[r, 3] or 0",
    "not": "v = int(not (not x[r, 3]))",
    "literals returned in branches": "v = chosen(x, r)",
    "literals returned for an argument": "v = translated(x[r, 3])",
    "a counter returned from its loop": "v = returned_early(x, r)",
    "an argument handed back": "v = itself(x[r, 3])",
    "several values at once": "v, u = x[r, 3], 0",
    "arithmetic that cancels": "v = (x[r, 3] + 1000) - 1000",
    "the length of a chosen array": "t = zeros(0, u1)\nif x[r, 3]:\n    t = zeros(1, u1)\nv = len(t)",
    "the length of a chosen view": "t = x[0, 0:0]\nif x[r, 3]:\n    t = x[0, 0:1]\nv = t.shape[0]",
    "the length of a returned array": "t = sized(x, r)\nv = len(t)",
    "a primitive": "v = popcount(x[r, 3])",
    "a sum of one element": "v = sum(x[r, 3:4])",
    "a count": "v = count_nonzero(x[r, 3:4])",
    "a histogram": "h = bincount(x[r, 3:4], 2)\nv = h[1]",
    "argmax": "t = zeros(2, u1)\nt[1] = x[r, 3]\nv = argmax(t)",
    "a whole-array comparison": "t = x[r, 3:4] > 0\nv = t[0]",
    "a filled array": "t = zeros(1, u1)\nt[:] = x[r, 3]\nv = t[0]",
    "randomness seeded by data": "seed(0)\nu = random()\nseed(x[r, 3])\nv = int(random() != u)",
    "a random range": "v = randint(x[r, 3], x[r, 3] + 1)",
}


@both
@pytest.mark.parametrize("statements", BITS.values(), ids=BITS)
def test_a_bit_is_not_laundered(implementation, statements):
    laundering = BIT_FUNCTIONS + USES.format(bit=indent(statements, " " * 8))
    honest = USES.format(bit="        v = x[r, 3]")
    assert_no_cheaper(implementation, laundering, honest, [bits(ROWS, COLUMNS), bits(10)])


@both
def test_a_data_counter_in_place_of_a_variable_is_no_cheaper(implementation):
    honest = """
def f(x, w):
    s = 0
    for r in range(x.shape[0]):
        v = x[r, 3]
        for k in range(len(w)):
            s += v * w[k]
    return s
"""
    laundering = """
def f(x, w):
    s = 0
    for r in range(x.shape[0]):
        for v in range(x[r, 3], x[r, 3] + 1):
            for k in range(len(w)):
                s += v * w[k]
    return s
"""
    assert_no_cheaper(implementation, laundering, honest, [bits(ROWS, COLUMNS), bits(10)])


# The parity of three secret columns in every row.
PARITIES = """
def f(x):
    n = 0
    for r in range(x.shape[0]):
{parity}
        n += p
    return n
"""

PARITY_FUNCTIONS = """
def flip(p, v):
    if v:
        return 1 - p
    return p
def odd(a):
    n = 0
    for i in range(len(a)):
        if a[i]:
            n += 1
    while n > 1:
        n -= 2
    return n
"""

PAIR = "t = array([0, 1], u1)\n"
SECRET = "for c in range(2, 8, 2):\n"
PARITY = {
    "conversions": "p = int(x[r, 2]) ^ int(x[r, 4]) ^ int(x[r, 6])",
    "comparisons": "p = int((x[r, 2] != x[r, 4]) != (x[r, 6] != 0))",
    "choices of literals": "p = (1 if x[r, 2] else 0) ^ (1 if x[r, 4] else 0) ^ (1 if x[r, 6] else 0)",
    "flips in branches": f"p = 0\n{SECRET}    if x[r, c]:\n        p = 1 - p",
    "flips in functions": f"p = 0\n{SECRET}    p = flip(p, x[r, c])",
    "flips in counted rounds": f"p = 0\n{SECRET}    for i in range(x[r, c]):\n        p = 1 - p",
    "a sum reduced by a while loop": "p = x[r, 2] + x[r, 4] + x[r, 6]\nwhile p > 1:\n    p -= 2",
    "a table of parities": "t = array([0, 1, 0, 1], u1)\np = t[x[r, 2] + x[r, 4] + x[r, 6]]",
    "a table in two dimensions": "t = zeros((2, 2), u1)\nt[0, 1] = 1\nt[1, 0] = 1\np = t[t[x[r, 2], x[r, 4]], x[r, 6]]",
    "a copied row": "row = copy(x[r])\np = row[2] ^ row[4] ^ row[6]",
    "a function that counts": "p = odd(x[r, 2:8:2])",
    "a packed word": "p = parity(pack(x[r, 2:8:2]))",
    "a mean": "p = int(mean(x[r, 2:8:2]) * 3.0 + 0.5) % 2",
    "a sign": f"q = 1.0\n{SECRET}    q *= 1.0 - 2.0 * x[r, c]\np = int(q < 0.0)",
    "elements that change places": f"{PAIR}{SECRET}    if x[r, c]:\n        t[0], t[1] = t[1], t[0]\np = t[0]",
    "names that change places": f"{PAIR}u = t[1:]\n{SECRET}    if x[r, c]:\n        t, u = u, t\np = t[0]",
    "a window that moves": f"t = array([0, 1, 0, 1], u1)\nu = t\n{SECRET}    if x[r, c]:\n        u = u[1:]\np = u[0]",
    "the length of a view": f"t = x[0, 0:4]\n{SECRET}    if x[r, c]:\n        t = t[1:]\np = len(t) % 2",
}


@both
@pytest.mark.parametrize("statements", PARITY.values(), ids=PARITY)
def test_a_parity_is_not_laundered(implementation, statements):
    laundering = PARITY_FUNCTIONS + PARITIES.format(parity=indent(statements, " " * 8))
    honest = PARITIES.format(parity="        p = x[r, 2] ^ x[r, 4] ^ x[r, 6]")
    assert_no_cheaper(implementation, laundering, honest, [bits(ROWS, COLUMNS)])


@pytest.mark.xfail(reason="which array a name stands for is state that nothing pays for", strict=True)
@both
def test_counting_by_moving_a_view_is_no_cheaper(implementation):
    honest = """
def f(x):
    n = 0
    for i in range(len(x)):
        if x[i]:
            n += 1
    return n
"""
    laundering = """
def f(x):
    rest = x
    for i in range(len(x)):
        if x[i]:
            rest = rest[1:]
    return len(x) - len(rest)
"""
    assert_no_cheaper(implementation, laundering, honest, [np.ones(16, dtype=np.uint8)])


# Three dot products of the same vectors: a laundering would bring far data near without reading them.
DOTS = """
def f(a, b):
    s = 0
    for k in range(3):
{refresh}
        for i in range(len(a)):
            s += {left}[i] * {right}[i]
    return s
"""

DOT_FUNCTIONS = """
def same(a):
    return a
"""

REFRESHES = {
    "a store of its own value": ("a[0] = a[0]", "a", "b"),
    "a store of the value it is known to have": ("a[0] = 1", "a", "b"),
    "an exchange there and back": ("a[0], a[1] = a[1], a[0]\na[0], a[1] = a[1], a[0]", "a", "b"),
    "a view": ("c = a[:]", "c", "b"),
    "a window": ("c = window(a, 0, len(a))", "c", "b"),
    "a copy": ("c = copy(a)", "c", "b"),
    "two copies": ("c = copy(a)\nd = copy(b)", "c", "d"),
    "a copy into itself": ("a[:] = a", "a", "b"),
    "a sum with zero": ("c = a + 0", "c", "b"),
    "an update with zero": ("a ^= 0", "a", "b"),
    "another name": ("c = a\nd = c", "d", "b"),
    "a call that returns it": ("c = same(a)", "c", "b"),
    "scratch memory": ("c = zeros(4, u1)\nc[0] = 1", "a", "b"),
    "scratch memory in the way": ("c = zeros(100, u1)\nc = zeros(1, u1)", "a", "b"),
}


@both
@pytest.mark.parametrize(("statements", "left", "right"), REFRESHES.values(), ids=REFRESHES)
def test_a_vector_is_not_refreshed(implementation, statements, left, right):
    laundering = DOT_FUNCTIONS + DOTS.format(refresh=indent(statements, " " * 8), left=left, right=right)
    honest = DOTS.format(refresh="        pass", left="a", right="b")
    ones = np.ones(16, dtype=np.uint8)
    assert_no_cheaper(implementation, laundering, honest, [ones, bits(16)])


@both
def test_a_dot_product_costs_the_same_however_it_is_written(implementation):
    loop = "def f(a, b):\n    s = 0\n    for i in range(len(a)):\n        s += a[i] * b[i]\n    return s\n"
    args = [bits(16), bits(16)]
    honest = price(implementation, loop, args).energy
    for call in ("dot(a, b)", "sum(a * b)", "matvec(outer(a, b), b)[0]", "popcount(pack(a) & pack(b))"):
        assert price(implementation, with_imports(f"def f(a, b):\n    return {call}\n"), args).energy >= 0.9 * honest


NO_SYNTAX = {
    "an f-string": 'def f(v):\n    return f"{v}"\n',
    "a string": 'def f(v):\n    return "a"\n',
    "formatting": 'def f(v):\n    return "%d" % v\n',
    "bytes": "def f(v):\n    return b'a'[v]\n",
    "pickling": "import pickle\ndef f(v):\n    return pickle.loads(pickle.dumps(v))\n",
    "an import of a part": "from os import path\ndef f(v):\n    return v\n",
    "an import from a part of primitives": "from primitives.generator import reseed\ndef f(v):\n    return v\n",
    "an import under another name": "from primitives import dot as d\ndef f(v):\n    return v\n",
    "an import of everything": "from primitives import *\ndef f(v):\n    return v\n",
    "an import inside a function": "def f(v):\n    import sys\n    return v\n",
    "frames": "import sys\ndef f(v):\n    return sys._getframe(1).f_locals\n",
    "getattr": 'def f(a):\n    return getattr(a, "x")\n',
    "a global variable": "def f(v):\n    global s\n    s = v\n    return s\n",
    "a default argument": "def f(v, memory=0):\n    return v\n",
    "a mutable constant": "MEMORY = [0]\ndef f(v):\n    return v\n",
    "a closure": "def f(v):\n    def g():\n        return v\n    return g()\n",
    "a lambda": "def f(v):\n    g = lambda: v\n    return g()\n",
    "a class": "class C:\n    pass\ndef f(v):\n    return v\n",
    "a decorator": "def g(h):\n    return h\n@g\ndef f(v):\n    return v\n",
    "a generator": "def f(v):\n    yield v\n",
    "a comprehension": "def f(v):\n    return [v for i in range(3)]\n",
    "a dict": "def f(v):\n    t = {0: 0, 1: 1}\n    return t[v]\n",
    "a set": "def f(v):\n    return v in {1}\n",
    "try": "def f(v):\n    try:\n        return 1 // v\n    except ZeroDivisionError:\n        return 0\n",
    "with": "def f(v):\n    with v:\n        return 0\n",
    "assert": "def f(v):\n    assert v\n    return 0\n",
    "an assignment expression": "def f(v):\n    return (w := v) + w\n",
    "match": "def f(v):\n    match v:\n        case 1:\n            return 1\n    return 0\n",
    "a statement at the top level": "for i in range(3):\n    pass\ndef f(v):\n    return v\n",
}

NO_MEANING = {
    "str": "def f(v):\n    return str(v)\n",
    "repr": "def f(v):\n    return repr(v)\n",
    "__import__": "def f(v):\n    return __import__(v)\n",
    "a private attribute": "def f(a):\n    return a._memory\n",
    "a special attribute": "def f(a):\n    return a.__class__\n",
    "tobytes": "def f(a):\n    return a.tobytes()\n",
    "to_numpy": "def f(a):\n    return a.to_numpy()\n",
    "inspection": "def f(v):\n    return f.__code__\n",
    "eval": "def f(v):\n    return eval(v)\n",
    "exec": "def f(v):\n    exec(v)\n",
    "open": "def f(v):\n    return open(v)\n",
    "print": "def f(v):\n    print(v)\n",
    "globals": "def f(v):\n    return globals()\n",
    "identity": "def f(v):\n    return v is 1\n",
    "id": "def f(v):\n    return id(v)\n",
    "hash": "def f(v):\n    return hash(v)\n",
    "type": "def f(v):\n    return type(v)(v)\n",
    "a chained assignment": "def f(v):\n    x = y = v\n    return x\n",
    "an assignment to an attribute": "def f(a):\n    a.shape = 3\n    return 0\n",
    "a name that is not there": "def f(v):\n    return secret\n",
    "a primitive that is not imported": "def f(a):\n    return dot(a, a)\n",
    "recursion": "def f(v):\n    return f(v)\n",
}


@pytest.mark.parametrize("source", NO_SYNTAX.values(), ids=NO_SYNTAX)
def test_what_the_language_has_no_syntax_for_is_not_parsed(source):
    with pytest.raises(ProgramError) as caught:
        parse(source)
    assert_clear(caught.value)


@pytest.mark.parametrize("source", NO_MEANING.values(), ids=NO_MEANING)
def test_what_reaches_out_of_the_language_is_not_compiled(source):
    with pytest.raises(ProgramError) as caught:
        price("machine", source, [np.ones(3)])
    assert_clear(caught.value)


def assert_clear(error: ProgramError) -> None:
    for diagnostic in error.diagnostics:
        assert diagnostic.line >= 1 and diagnostic.column >= 1
        assert diagnostic.found and diagnostic.allowed


def queries_cost(model: str, last: str, column: str) -> float:
    """The mean energy of the queries of a program that answers with the column whose bit is the first label."""
    program = f"""
from primitives import u1, zeros

def fit(x, y, n_symbols, n_classes):
    for i in range(x.shape[1]):
        if x[0, i] == y[0]:
            return {model}
    return {last}

def predict(a, q):
    return q[{column}]
"""
    task = rung("parity-20-3")
    drawn = problems(task, Purpose.SEARCH, 0, 4)
    judged = score(compile_for(task, program), drawn, limits_of(task.budget), 0, task)
    assert isinstance(judged, Score)
    return judged.energy - judged.fit_energy


@pytest.mark.xfail(reason="the length of a model's array is state that nothing pays for", strict=True)
def test_a_model_in_the_length_of_an_array_is_no_cheaper():
    honest = queries_cost("i", "0", "a")
    assert queries_cost("zeros(i + 1, u1)", "zeros(1, u1)", "len(a) - 1") >= 0.9 * honest

"""The catalogue holds together: entries, definitions and what `from primitives import ...` gives."""

import ast
import graphlib
import subprocess
import sys

import pytest

import primitives
from primitives import elementwise
from primitives.catalogue import CATALOGUE, overload
from primitives.dtypes import DTYPES
from primitives.syntax import faults

BUILTINS = {"abs", "min", "max", "int", "float", "bool", "len", "range"}
DEFINITIONS = [
    pytest.param(primitive, choice, id=choice.function)
    for primitive in CATALOGUE.values()
    for choice in primitive.overloads
    if choice.kind == "definition"
]


def parameters(primitive):
    inside = primitive.signature.partition("(")[2].removesuffix(")")
    return [name for name in inside.split(", ") if name]


def definition(source):
    (function,) = ast.parse(source).body
    return function


def names(function):
    """The names that a definition uses without assigning them."""
    found = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = {node.id for node in found if isinstance(node.ctx, ast.Store)} | {each.arg for each in function.args.args}
    return {node.id for node in found} - own


@pytest.mark.parametrize("primitive", CATALOGUE.values(), ids=CATALOGUE)
def test_every_entry_is_complete(primitive):
    assert primitive.signature.startswith(f"{primitive.name}(")
    assert primitive.doc.endswith(".")
    assert primitive.returns
    assert getattr(primitives, primitive.name) is primitive.cpython
    assert len({choice.ranks for choice in primitive.overloads}) == len(primitive.overloads)
    for choice in primitive.overloads:
        assert (choice.source is not None) == (choice.function is not None) == (choice.kind == "definition")
        if choice.kind != "special":
            assert len(choice.ranks) == len(parameters(primitive))


@pytest.mark.parametrize(("primitive", "choice"), DEFINITIONS)
def test_a_definition_is_one_function_in_the_language(primitive, choice):
    function = definition(choice.source)
    assert function.name == choice.function
    assert [each.arg for each in function.args.args] == parameters(primitive)
    assert not list(faults(function))
    assert names(function) <= CATALOGUE.keys() | DTYPES.keys() | BUILTINS


@pytest.mark.parametrize(("primitive", "choice"), DEFINITIONS)
def test_counters_are_used_for_nothing_else_and_not_after_their_loop(primitive, choice):
    function = definition(choice.source)
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For)]
    inside = {id(node) for loop in loops for node in ast.walk(loop) if getattr(node, "id", None) == loop.target.id}
    counters = {loop.target.id for loop in loops}
    used = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id in counters]
    assert all(id(node) in inside for node in used)
    assert sum(isinstance(node.ctx, ast.Store) for node in used) == len(loops)


def test_a_definition_never_leads_back_to_itself():
    calls = {
        primitive.name: {
            name
            for choice in primitive.overloads
            if choice.kind == "definition"
            for name in names(definition(choice.source)) & CATALOGUE.keys()
            if not (name == primitive.name and overload(name, (0,)).kind == "operation")
        }
        for primitive in CATALOGUE.values()
    }
    graphlib.TopologicalSorter(calls).prepare()


def test_overloads_are_found_by_ranks():
    assert overload("exp", (0,)).kind == "operation"
    assert overload("exp", (2,)).function == "exp_2"
    assert overload("copy", (2,)).function == "copy_2d"
    assert overload("astype", (1, -1)).kind == "definition"
    assert overload("zeros", (0, -1)).kind == "special"
    assert overload("dot", (1, 2)) is None
    with pytest.raises(KeyError):
        overload("nothing", ())


def test_impure_primitives_draw_or_write():
    draw = {"normal", "permutation", "randint", "random", "seed", "shuffle"}
    write = {"add_outer", "add_rows", "assign", "axpy", "fill", "shuffle", "swap_rows", "xor_rows"}
    assert {name for name, primitive in CATALOGUE.items() if not primitive.pure} == draw | write


def test_operators_have_definitions_in_the_language():
    i8 = DTYPES["i8"]
    texts = [elementwise.unary_definition(op, rank, i8) for op in elementwise.UNARY for rank in (1, 2)]
    in_place = elementwise.ARITHMETIC | elementwise.BITWISE | elementwise.SHIFTS
    for rank in ("1", "2"):
        for other in (rank, "s"):
            texts += [elementwise.inplace_definition(op, int(rank), other) for op in in_place]
        for op in in_place | elementwise.COMPARISONS:
            texts += [elementwise.definition(op, *kinds, i8) for kinds in [(rank, rank), (rank, "s"), ("s", rank)]]
    for source, name in texts:
        function = definition(source)
        assert function.name == name
        assert not list(faults(function))
    assert len(texts) == 4 + 4 * 12 + 6 * 18


def test_the_text_of_an_operator():
    assert elementwise.definition("+", "1", "1", DTYPES["i8"]) == (
        "def add_1_1(a, b):\n"
        "    same_shape(a, b)\n"
        "    out = zeros(len(a), i8)\n"
        "    for i in range(len(a)):\n"
        "        out[i] = a[i] + b[i]\n"
        "    return out\n",
        "add_1_1",
    )


def test_importing_the_primitives_loads_neither_numba_nor_the_rest_of_the_project():
    code = "import sys, primitives; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numba", "libcst", "ray", "fitness", "tasks", "population", "runs", "evolve"} & set(loaded)

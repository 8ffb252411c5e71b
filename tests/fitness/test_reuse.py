"""What is known of a program's relatives changes nothing that is found of it, and is bounded."""

import ast
import copy

import numpy as np
import pytest

from evolve.variation import OPERATORS, Context
from fitness.programs import compile_for
from population import dead_code as dead
from population import normal_form as keys
from population import normal_form_key, usefulness, without_dead_code
from primitives import checker, codegen
from primitives import literals as weights
from primitives.errors import ProgramError
from primitives.inspection import inspect_learner
from primitives.literals import literals
from primitives.recent import Recent
from primitives.seeds import source
from primitives.text import text_of
from tasks import LEARNER, rung
from tests.primitives.test_inspection import FIT, QUERY

TASK = rung("parity-20-3")
SEEDS = ("gf2_elimination", "sgd_network_hinge", "subset_table")


def strangers(tree):
    """The same program, of nodes that nobody has met."""
    return copy.deepcopy(tree)


def compiled(tree):
    """All of a compiled program, or what is wrong with it."""
    try:
        learner = compile_for(TASK, tree).learner
    except ProgramError as error:
        return str(error)
    code = learner.code
    tables = [each.tolist() for each in (code.instructions, code.prices, code.lines, code.int_constants)]
    rest = (code.ints, code.floats, code.arrays, code.cells, code.cell_names, code.array_names, code.library_spans)
    return tables, repr(code.float_constants.tolist()), rest, code.entries, learner.play, learner.counter, learner.query


def inspected(tree):
    """What is known of a program's functions, without the nodes."""
    try:
        inspection = inspect_learner(tree, FIT, QUERY)
    except ProgramError as error:
        return str(error)
    result = []
    for found in inspection.functions.values():
        each = found.checked
        types = (each.name, each.arguments, each.types, each.bits, each.result_masks, each.dependences)
        places = (list(each.musts), found.pinned, found.counter_names, list(found.before.values()))
        result.append((types, places, inspection.data[found], len(found.control)))
    return result


def without_a_statement(tree, generator):
    """A program that shares most with another one, and is often faulty: one statement of a function is left out."""
    index = generator.choice([i for i, each in enumerate(tree.body) if isinstance(each, ast.FunctionDef)])
    body = list(tree.body[index].body)
    del body[generator.integers(len(body))]
    function = copy.copy(tree.body[index])
    function.body = body or [ast.Pass(lineno=function.lineno, col_offset=0)]
    return ast.Module([*tree.body[:index], function, *tree.body[index + 1 :]], [])


def children(name, count):
    """Children in a chain, and relatives of them that are seldom in the language."""
    generator = np.random.default_rng(len(name))
    context = Context(ast.parse(source(name)))
    for _ in range(count):
        operator = OPERATORS[generator.integers(len(OPERATORS))]
        child = operator.vary(context.beside(context), generator)
        if child is not None:
            yield child
            yield without_a_statement(child, generator)
            context = context.accepts(child) or context


@pytest.mark.parametrize("name", SEEDS)
def test_a_child_compiles_to_the_same_code_lines_and_faults_whatever_is_known_of_its_parents(name):
    found = [(compiled(child), compiled(strangers(child))) for child in children(name, 40)]
    assert all(known == fresh for known, fresh in found)
    assert {isinstance(known, str) for known, _ in found} == {False, True}


@pytest.mark.parametrize("name", SEEDS)
def test_a_child_is_inspected_likewise(name):
    assert all(inspected(child) == inspected(strangers(child)) for child in children(name, 30))


@pytest.mark.parametrize("name", SEEDS)
def test_a_child_has_the_same_key_dead_code_and_literals(name):
    for child in children(name, 40):
        other = strangers(child)
        assert normal_form_key(child) == normal_form_key(other)
        left, right = without_dead_code(child), without_dead_code(other)
        assert ast.dump(left, include_attributes=True) == ast.dump(right, include_attributes=True)
        known, fresh = literals(child), literals(other)
        assert known.bytes == fresh.bytes
        assert known.largest is fresh.largest or ast.dump(known.largest) == ast.dump(fresh.largest)


@pytest.mark.parametrize("name", SEEDS)
def test_the_text_of_a_child_is_what_python_writes_and_reads_back_as_the_same_tree(name):
    for child in children(name, 30):
        text = text_of(child)
        assert text == ast.unparse(child) + "\n"
        assert ast.dump(ast.parse(text)) == ast.dump(child)


def test_what_a_name_means_is_part_of_what_is_known():
    text = "A = {}\n\n\ndef fit(x, y, n_symbols, n_classes):\n    return A\n\n\ndef predict(a, q):\n    return int(a)\n"
    tree = ast.parse(text.format("1"))
    for value in ("1", "True", "1.0", "2", "1"):
        changed = ast.Module([ast.parse(f"A = {value}").body[0], *tree.body[1:]], [])
        assert compiled(changed) == compiled(strangers(changed))
    with pytest.raises(ProgramError, match="A is not defined"):
        compile_for(TASK, ast.Module(tree.body[1:], []))


def test_an_import_that_takes_the_name_of_a_variable_is_found_in_a_known_function():
    tree = ast.parse(LEARNER.blank.replace("return", "dot = 1\n    return", 1))
    compile_for(TASK, tree)
    with pytest.raises(ProgramError, match="dot, a primitive or builtin, as a variable"):
        compile_for(TASK, ast.Module([*ast.parse("from primitives import dot").body, *tree.body], []))


def test_a_program_with_too_many_variants_is_refused_though_all_of_them_are_known(monkeypatch):
    helpers = "def one(v):\n    return v\n\n\ndef two(v, w):\n    return one(v) + one(w)\n\n\n"
    text = "def fit(x, y, n_symbols, n_classes):\n    return two(y[0], 1) + two(2, 0.5)\n"
    tree = ast.parse(helpers + text + "\n\ndef predict(a, q):\n    return int(a)\n")
    fresh, known = [], []
    compiled(tree)
    for limit in range(0, 2000, 20):
        monkeypatch.setattr(checker, "MOST_TEXT", limit)
        known.append(compiled(tree))
        fresh.append(compiled(strangers(tree)))
    assert known == fresh
    assert len({each for each in known if isinstance(each, str)}) > 2


def test_what_is_known_is_bounded():
    for child in children("subset_table", 40):
        compiled(child)
    for known in (checker.KNOWN, codegen.KNOWN_BLOCKS):
        assert 0 < len(known) <= known.size
    remembered = [each for module in (checker, weights, usefulness, dead, keys) for each in vars(module).values()]
    sizes = [each.cache_parameters()["maxsize"] for each in remembered if hasattr(each, "cache_parameters")]
    assert len(sizes) > 5
    assert None not in sizes


def test_the_least_recent_is_forgotten_first():
    recent = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c"), len(recent)) == (1, None, 3, 2)

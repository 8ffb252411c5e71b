"""What programs compile to: the instructions of small ones, blocks that are shared, and a learner's loop."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from primitives.block import CELL
from primitives.code import Code, Linker
from primitives.compiler import Argument, compile_program
from primitives.dtypes import f8, u1
from primitives.errors import ProgramError
from primitives.learner import Learner, compile_learner
from primitives.opcodes import HAND, MNEMONIC, READ, TAKE, WRITE_INT, WRITE_WORD
from primitives.types import FLOAT, INT, Type, array_type

DATA_INT, DATA_FLOAT, SIZE = Argument(INT, True), Argument(FLOAT, True), Argument(INT)
VECTOR, MATRIX = Argument(array_type(f8, 1)), Argument(array_type(f8, 2))


def mnemonics(code: Code) -> str:
    """The program's own instructions, without those of primitives' definitions and of the entry."""
    own = [MNEMONIC[row[0]] for row, line in zip(code.instructions, code.lines, strict=True) if line]
    return " ".join(own)


def compiled(source: str, *arguments: Argument) -> Code:
    return compile_program(source, "f", arguments)


@pytest.mark.parametrize(
    ("source", "arguments", "expected"),
    [
        ("def f(x):\n    return x\n", [DATA_INT], "IMOV RET"),
        ("def f(x):\n    return x + 1\n", [DATA_INT], "IADD RET"),
        ("def f(x):\n    return x / 2\n", [DATA_INT], "I2FX FDIV RET"),
        ("def f(x):\n    return x > 2\n", [DATA_INT], "ILT RET"),
        ("def f(x):\n    x += 0.5\n    return -x\n", [DATA_FLOAT], "FADD FNEG RET"),
        ("def f(x):\n    if x:\n        x = 1\n    return x\n", [DATA_INT], "JZ IMOV IMOV RET"),
        (
            "def f(x):\n    if x and not x > 3:\n        x = 1\n    else:\n        x = 2\n    return x\n",
            [DATA_INT],
            "JZ ILT JNZ IMOV JUMP IMOV IMOV RET",
        ),
        ("def f(x):\n    return x and 1\n", [DATA_INT], "JZ JUMP IMOV JUMP IMOV RET"),
        ("def f(x):\n    while x:\n        x -= 1\n    return x\n", [DATA_INT], "JUMP ISUB JNZ IMOV RET"),
        ("def f(x):\n    while True:\n        x -= 1\n", [DATA_INT], "ISUB JUMP RET"),
        (
            "def f(a):\n    s = 0.0\n    for i in range(len(a)):\n        s += a[i]\n    return s\n",
            [VECTOR],
            "FMOV DIM IMOV IMOV FOR LD1F8 FADD NEXT1 FMOV RET",
        ),
        (
            "def f(n):\n    s = 0\n    for i in range(n, 0, -1):\n        s += i\n    return s\n",
            [DATA_INT],
            "IMOV IMOV IMOV FOR IMOV IADD NEXT IMOV RET",
        ),
        ("def f(a):\n    a[0], a[1] = a[1], a[0]\n", [VECTOR], "LD1F8 LD1F8 ST1F8 ST1F8 RET"),
        ("def f(m, i):\n    return m[i, 0] * m[0, i]\n", [MATRIX, DATA_INT], "LD2F8 LD2F8 FMUL RET"),
        ("def f(m, i):\n    r = m[i]\n    return r[0]\n", [MATRIX, DATA_INT], "ROW LD1F8 RET"),
        ("def f(m):\n    return m[0:2, 1].T\n", [MATRIX], None),
        ("def f(m):\n    return m.T[0:2, 1]\n", [MATRIX], "TURN SLICE AFREE COL AFREE ATAKE RET"),
        ("def f(x):\n    return g(x)\ndef g(x):\n    return x\n", [DATA_INT], "IMOV CALL IMOV IMOV RET IMOV RET"),
        ("def f(a, i):\n    return a[i] + a[int(a[i])]\n", [VECTOR, DATA_INT], "LD1F8 LD1F8 F2I TOUCH1 LD1F8 FADD RET"),
        (
            "from primitives import zeros\ndef f(n):\n    a = zeros((n, 2))\n    return a\n",
            [SIZE],
            "ALLOC AMOV RET",
        ),
        ("def f(a):\n    return a + a\n", [VECTOR], "AMOV AMOV CALL ATAKE ATAKE RET"),
    ],
)
def test_small_programs(source: str, arguments: list[Argument], expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ProgramError):
            compiled(source, *arguments)
    else:
        assert mnemonics(compiled(source, *arguments)) == expected


def test_a_data_operand_is_read_and_a_result_written_where_it_goes() -> None:
    code = compiled("def f(x, n):\n    y = x * n + x\n    return y\n", DATA_INT, SIZE)
    (x, _), (result,) = code.entries["f"].parameters, code.entries["f"].results
    names = {name: cell for cell, name in code.cell_names.items()}
    assert names == {"f.x": x.cell, "f.y": names["f.y"]}
    y, temporary = names["f.y"], code.cells - 1
    multiply, add, move = code.prices[code.lines > 0][:3].tolist()
    assert multiply == [x.cell * CELL + READ, 0, 0, temporary * CELL + WRITE_INT]
    assert add == [temporary * CELL + TAKE, x.cell * CELL + READ, 0, y * CELL + WRITE_INT]
    assert move == [y * CELL + HAND, 0, 0, result.cell * CELL + WRITE_INT]


def test_control_has_no_cells() -> None:
    code = compiled("def f(n):\n    m = n + 1\n    return m * 2\n", SIZE)
    assert code.cells == 0
    assert not code.prices.any()


def test_a_data_counter_keeps_its_cell_after_the_loops_around_it() -> None:
    loops = "    for i in range(2):\n        for j in range(x):\n            pass\n"
    source = f"def f(x):\n{loops}    y = x * x + x\n    return y\n"
    code = compiled(source, DATA_INT)
    (counter,) = [cell for cell, name in code.cell_names.items() if name == "f.j"]
    multiply = next(row for row, line in enumerate(code.lines) if line == 5)
    assert code.prices[multiply, 3] // CELL != counter


def test_constants_are_shared_and_zeros_differ_by_their_sign() -> None:
    code = compiled("def f(x):\n    return x + 0.0 + 0.0 - -0.0 + 1 + True\n", DATA_FLOAT)
    assert [str(value) for value in code.float_constants] == ["0.0", "-0.0", "1.0"]


def test_lines_are_the_programs_own_and_0_in_definitions() -> None:
    code = compiled("from primitives import sum\n\ndef f(a):\n    return sum(a)\n", VECTOR)
    ((start, end, _),) = code.library_spans
    assert set(code.lines[start:end]) == {0}
    assert set(code.lines[2:start]) == {4}


def test_a_function_has_a_block_for_each_combination_of_types_and_of_data() -> None:
    functions = "def g(x):\n    return x + x\n"
    once = compiled("def f(x, n):\n    return g(x) + g(x)\n" + functions, DATA_INT, SIZE)
    twice = compiled("def f(x, n):\n    return g(x) + g(n)\n" + functions, DATA_INT, SIZE)
    thrice = compiled("def f(x, n):\n    return g(x) + g(n) + g(0.5)\n" + functions, DATA_INT, SIZE)
    assert [mnemonics(code).count("RET") for code in (once, twice, thrice)] == [2, 3, 4]


def test_definitions_are_compiled_once_for_all_programs_and_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    linked: list[Linker] = []
    init = Linker.__init__
    monkeypatch.setattr(Linker, "__init__", lambda self, roots: (linked.append(self), init(self, roots))[1])
    source = "from primitives import dot\ndef f(a, b):\n    return dot(a, b)\n"
    longer = "from primitives import dot, sum\ndef f(a, b):\n    x = sum(a) + 1.0\n    return x * dot(a, b) + sum(b)\n"
    first, other, again = (compiled(text, VECTOR, VECTOR) for text in (source, longer, source))
    shared = [{block for block in linker.bases if block.library and block.name == "dot"} for linker in linked]
    assert shared[0] == shared[1] == shared[2]
    assert len(shared[0]) == 1
    assert np.array_equal(first.instructions, again.instructions)
    assert np.array_equal(first.prices, again.prices)
    assert len(other.library_spans) == 2


def test_a_blocks_code_does_not_depend_on_where_it_is_laid() -> None:
    """Two programs that differ in front of a definition only: the definition's fields differ by its frame's place."""
    alone = compiled("from primitives import dot\ndef f(a, b):\n    return dot(a, b)\n", VECTOR, VECTOR)
    behind = compiled("from primitives import dot\ndef f(a, b):\n    c = a\n    return dot(c, b)\n", VECTOR, VECTOR)
    bodies = [code.instructions[slice(*code.library_spans[0][:2])] for code in (alone, behind)]
    assert np.array_equal(bodies[0][:, 0], bodies[1][:, 0])
    loads = bodies[0][:, 0] == MNEMONIC.index("LD1F8")
    assert set(bodies[1][loads, 2] - bodies[0][loads, 2]) == {1}


def test_a_tree_and_its_text_give_the_same_code() -> None:
    source = "def f(x):\n    return x * x\n"
    code, other = compiled(source, DATA_INT), compile_program(ast.parse(source), "f", [DATA_INT])
    assert np.array_equal(code.instructions, other.instructions)
    assert np.array_equal(code.prices, other.prices)


# -- learners

QUERY = array_type(u1, 1, True)
FIT = [Argument(array_type(u1, 2, True)), Argument(QUERY), SIZE, SIZE]


def learner(source: str, query: Type = QUERY) -> Learner:
    return compile_learner(source, FIT, query)


def loop(compiled: Learner) -> tuple[str, np.ndarray]:
    """The mnemonics and prices of a learner's loop."""
    start = compiled.play.position
    return " ".join(MNEMONIC[op] for op in compiled.code.instructions[start:, 0]), compiled.code.prices[start:]


def test_the_loop_passes_the_model_and_each_query_to_predict() -> None:
    model = learner(
        "def fit(x, y, n_symbols, n_classes):\n    return x, x[0, 0], n_classes, 0.5 * x[0, 0]\n"
        "def predict(a, b, c, d, q):\n    return int(d) + b * q[0] + c\n"
    )
    names, prices = loop(model)
    assert names == "AMOV IMOV IMOV FMOV ASK CALL TELL NEXT1 HALT"
    results, parameters = model.code.entries["fit"].results, model.code.entries["predict"].parameters
    assert prices[1].tolist() == [results[1].cell * CELL + READ, 0, 0, parameters[1].cell * CELL + WRITE_INT]
    assert prices[2].tolist() == [0, 0, 0, 0]
    assert prices[3].tolist() == [results[3].cell * CELL + READ, 0, 0, parameters[3].cell * CELL + WRITE_WORD]
    assert model.query == parameters[4].register


def test_the_loops_registers_belong_to_nothing_else() -> None:
    source = "def fit(x, y, n_symbols, n_classes):\n    return x\ndef predict(a, q):\n    return q[0] + a[0, 0]\n"
    model = learner(source)
    instructions = model.code.instructions
    ask, next_round = instructions[model.play.position + 1], instructions[model.play.position + 4]
    assert (ask[1], ask[2], ask[3]) == (model.query, model.queries, model.counter)
    assert (next_round[1], next_round[2], next_round[4]) == (model.counter, model.count, model.play.position)
    fields = instructions[: model.play.position, 1:6]
    assert model.queries == model.code.arrays - 1
    assert model.counter == model.code.ints
    assert not np.any(fields[instructions[: model.play.position, 0] == MNEMONIC.index("IMOV")][:, :2] >= model.counter)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def fit(x, y, s, c):\n    return x\n", "no function predict; predict takes the 1 values"),
        ("def fit(x, y, s, c):\n    return x\ndef predict(q):\n    return 0\n", "predict of 1 parameters"),
        ("def fit(x, y, s, c):\n    pass\ndef predict(q):\n    return 0.5\n", "predict returns float"),
        ("def fit(x, y, s, c):\n    pass\ndef predict(q):\n    pass\n", "predict returns nothing"),
        ("def fit(x, y, s, c):\n    pass\ndef predict(q):\n    return 0, 1\n", "predict returns int, int"),
        ("def predict(q):\n    return 0\n", "no function fit"),
        ("def fit(x, y, s, c):\n    return x[0, 0]\ndef predict(n, q):\n    return q[0:n][0]\n", "a bound of a slice"),
    ],
)
def test_what_is_no_learner_is_refused(source: str, found: str) -> None:
    with pytest.raises(ProgramError, match=found):
        learner(source)


def test_faults_of_both_functions_are_reported_together() -> None:
    with pytest.raises(ProgramError) as error:
        learner("def fit(x, y, s, c):\n    return x[0:x[0, 0]]\ndef predict(a, q):\n    return z\n")
    assert [fault.line for fault in error.value.diagnostics] == [2, 4]

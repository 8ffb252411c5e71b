"""Random well-typed programs of the language, which mostly end, and mostly without a failure.

`generate` writes the program and its arguments. Types, definite assignment and the rules about data and control are
kept by construction; failures happen by chance, where a risk is taken. Statements come from tests.program_statements.
"""

from __future__ import annotations

import ast
import random
from dataclasses import dataclass, replace

import numpy as np

from tests.program_scope import Program
from tests.program_statements import Writer
from tests.program_values import DTYPES, EDGES, ELEMENTS, LIMITS, Block, Scalar, Value, literal, sized

NUMPY = {"u1": np.uint8, "i4": np.int32, "i8": np.int64, "f4": np.float32, "f8": np.float64}
RISKS = (0.0, 0.0, 0.01, 0.03, 0.1)


@dataclass(frozen=True)
class Generated:
    """A program, and arguments for its function `entry`; `control` has the positions of arguments that are control."""

    source: str
    entry: str
    args: tuple[object, ...]
    control: tuple[int, ...]


def generate(rng: random.Random, size: int) -> Generated:
    """A program of about `size` statements."""
    program = Program(rng, rng.choice(RISKS))
    lines = _constants(program)
    helpers = rng.randint(0, min(3, size // 6))
    for number in range(helpers):
        parameters, _ = _parameters(rng, rng.randint(0, 3), helper=True)
        writer = Writer(program, parameters, _results(rng, helper=True))
        program.functions.append(writer.write(f"f{number}", max(size // (2 * helpers + 1), 2)))
    parameters, args = _parameters(rng, rng.randint(1, 5), helper=False)
    entry = Writer(program, parameters, _results(rng, helper=False)).write("main", max(size - size * helpers // 4, 3))
    functions = [*(f.lines for f in program.functions), *([text] for text in program.general), entry.lines]
    rng.shuffle(functions)
    for function in functions:
        lines.extend(function)
    names = sorted(program.used - {"abs"})
    if names:
        lines.insert(0, f"from primitives import {', '.join(names)}")
    if rng.random() < 0.1:
        lines.insert(0, '"""A random program."""')
    control = tuple(k for k, p in enumerate(parameters) if isinstance(p, Scalar) and p.control)
    return Generated(ast.unparse(ast.parse("\n".join(lines))) + "\n", "main", tuple(args), control)


def _constants(program: Program) -> list[str]:
    rng, lines = program.rng, []
    for number in range(rng.randint(0, 3)):
        value = rng.choice((rng.random() < 0.5, rng.randint(1, 6), rng.randint(-500, 500), round(rng.gauss(0, 3), 2)))
        program.constants.append(replace(literal(value), text=f"K{number}"))
        lines.append(f"K{number} = {value!r}")
    return lines


def _results(rng: random.Random, helper: bool) -> list[Value]:
    """What a function returns: nothing, one value, or several."""
    count = rng.choice((0, 1, 1, 1, 2) if helper else (1, 1, 2, 3, 4))
    results: list[Value] = []
    for _ in range(count):
        if rng.random() < 0.5:
            kind = rng.choice(("bool", "int", "int", "float"))
            results.append(Scalar("", kind, *{"bool": (0, 1), "int": (-(10**6), 10**6), "float": (-1e6, 1e6)}[kind]))
        else:
            shape = [rng.randint(1, 5) for _ in range(rng.choice((1, 1, 2)))]
            results.append(Block("", rng.choice(DTYPES), sized(*shape), False))
    return results


def _parameters(rng: random.Random, count: int, helper: bool) -> tuple[list[Value], list[object]]:
    """Parameters, named, and values for them."""
    parameters: list[Value] = []
    args: list[object] = []
    for number in range(count):
        parameter, value = _scalar(rng) if rng.random() < 0.4 else _array(rng)
        buffers = [arg for arg in args if isinstance(arg, np.ndarray)]
        if not helper and buffers and rng.random() < 0.3:
            value = _shared(rng, rng.choice(buffers))
            parameter = Block("", _dtype_name(value), sized(*value.shape), True)
        if isinstance(parameter, Block):
            # a helper that may be given a data shape treats the shape of its parameter as data
            parameter = replace(parameter, control=not helper or rng.random() < 0.6)
        parameters.append(replace(parameter, text=f"p{number}"))
        args.append(value)
    return parameters, args


def _scalar(rng: random.Random) -> tuple[Scalar, object]:
    kind = rng.choice(("bool", "int", "int", "int", "float"))
    if kind == "bool":
        return Scalar("", "bool", 0, 1, rng.random() < 0.2), rng.random() < 0.5
    if kind == "float":
        return Scalar("", "float", -100.0, 100.0, rng.random() < 0.2), rng.choice(
            (0.0, -0.0, 1.5, rng.uniform(-100, 100))
        )
    if rng.random() < 0.4:
        value = rng.randint(0, 6)
        return Scalar("", "int", value, value, control=True), value
    if rng.random() < 0.1:
        value = rng.choice(EDGES)
        return Scalar("", "int", min(value, 0), max(value, 0)), value
    return Scalar("", "int", -1000, 1000, rng.random() < 0.2), rng.randint(-1000, 1000)


def _array(rng: random.Random) -> tuple[Block, object]:
    shape = [
        rng.choice((0, 1, 2, 3, 3, 4, 5, 6, 8)) if rng.random() < 0.3 else rng.randint(2, 5)
        for _ in range(rng.choice((1, 1, 2)))
    ]
    dtype = rng.choice(DTYPES)
    low, high = ELEMENTS[dtype]
    if dtype in LIMITS:
        low, high = rng.choice(
            ((0, 1), (0, min(9, high)), (low, high), *([LIMITS[dtype]] if rng.random() < 0.1 else []))
        )
        items: list[float] = [rng.randint(int(low), int(high)) for _ in range(int(np.prod(shape)))]
    else:
        items = [
            rng.choice((rng.uniform(low, high), rng.gauss(0, 1), 0.0, -0.0, 1.0)) for _ in range(int(np.prod(shape)))
        ]
    values = np.array(items, NUMPY[dtype]).reshape(shape)
    if high == 1 and rng.random() < 0.3:
        values, dtype = values.astype(bool), "u1"
    block = Block("", dtype, sized(*shape), True)
    if dtype in ("i8", "f8") and len(shape) == 1 and shape[0] and rng.random() < 0.2:
        return block, values.tolist()
    if rng.random() < 0.15:
        values = np.asfortranarray(values)
    return block, values


def _shared(rng: random.Random, a: np.ndarray) -> np.ndarray:
    """A view of an array that is an argument already, or that array once more."""
    form = rng.randrange(5)
    if form == 0:
        return a
    if form == 1:
        return a.T
    if form == 2 and a.ndim == 2 and len(a):
        return a[rng.randrange(len(a))]
    if form == 3:
        return a[::-1]
    start = rng.randint(0, len(a))
    return a[start : rng.randint(start, len(a)) : rng.randint(1, 2)]


def _dtype_name(a: np.ndarray) -> str:
    return "u1" if a.dtype == bool else next(name for name, dtype in NUMPY.items() if a.dtype == dtype)

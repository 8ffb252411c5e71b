"""Any text is either a program or refused with a diagnostic, in time; the oddest valid texts run."""

from __future__ import annotations

import time
import warnings

import pytest

from fitness import Limits, measure
from primitives.errors import ProgramError
from primitives.parser import parse

SECONDS = 10.0
STEPS = Limits(steps=1_000_000)
DEEP = 10_000
TEXTS: dict[str, str | bytes] = {
    "nothing": "",
    "a comment": "# nothing else",
    "a million lines": "def main():\n" + "    x = 1\n" * 1_000_000,
    "a million functions": "".join(f"def f{k}(): pass\n" for k in range(1_000_000)),
    "a long line": "def main():\n    x = " + " + ".join(["1"] * 1_000_000) + "\n",
    "nested parentheses": "def main():\n    return " + "(" * DEEP + "1" + ")" * DEEP + "\n",
    "nested brackets": "def main(a):\n    return " + "a[" * DEEP + "0" + "]" * DEEP + "\n",
    "nested calls": "def main(a):\n    return " + "abs(" * DEEP + "0" + ")" * DEEP + "\n",
    "nested calls, fewer": "def main(a):\n    return " + "abs(" * 90 + "0" + ")" * 90 + "\n",
    "many signs": "def main(x):\n    return " + "-" * DEEP + "x\n",
    "many nots": "def main(x):\n    return " + "not " * DEEP + "x\n",
    "a long sum": "def main(x):\n    return " + " + ".join(["x"] * DEEP) + "\n",
    "a long power": "def main(x):\n    return " + " ** ".join(["x"] * DEEP) + "\n",
    "a long condition": "def main(x):\n    return " + " and ".join(["x"] * DEEP) + "\n",
    "a long comparison": "def main(x):\n    return " + " < ".join(["x"] * DEEP) + "\n",
    "a long choice": "def main(x):\n    return " + "x if x else " * DEEP + "x\n",
    "many transposes": "def main(x):\n    return x" + ".T" * DEEP + "\n",
    "many subscripts": "def main(x):\n    return x" + "[0]" * DEEP + "\n",
    "many targets": "def main(x):\n    " + "y = " * DEEP + "x\n",
    "many elifs": "def main(x):\n    if x:\n        pass\n" + "    elif x:\n        pass\n" * 2_000,
    "nested ifs": "def main(x):\n" + "".join(" " * (k + 1) + "if x:\n" for k in range(95)) + " " * 97 + "pass\n",
    "more nested ifs": "def main(x):\n" + "".join(" " * (k + 1) + "if x:\n" for k in range(300)) + " " * 302 + "pass\n",
    "nested loops": "def main(x):\n"
    + "".join(" " * (k + 1) + f"for i{k} in range(x):\n" for k in range(30))
    + " " * 32
    + "pass\n",
    "many parameters": f"def main({', '.join(f'x{k}' for k in range(DEEP))}):\n    pass\n",
    "many arguments": f"def main():\n    main({', '.join(['1'] * DEEP)})\n",
    "a huge int": "def main():\n    return " + "9" * 100_000 + "\n",
    "a huge int in hexadecimal": "def main():\n    return 0x" + "f" * 100_000 + "\n",
    "a huge constant": "K = " + "9" * 4_000 + "\ndef main():\n    return K\n",
    "an int of 65 bits": "def main():\n    return 18446744073709551616\n",
    "a huge float": "def main():\n    return 1e999\n",
    "a huge negative float": "def main():\n    return -1e999\n",
    "a huge float as a constant": "K = 1e999\ndef main():\n    return K\n",
    "a long mantissa": "def main():\n    return 0." + "3" * 100_000 + "\n",
    "a complex number": "def main():\n    return 1j\n",
    "a null character": "def main():\n    return 1\0\n",
    "null bytes": b"\0" * 100,
    "latin 1": "def main():\n    return 1 # \xe9\n".encode("latin-1"),
    "utf-16": "def main():\n    return 1\n".encode("utf-16"),
    "a wrong encoding declared": b"# -*- coding: utf-7 -*-\ndef main():\n    return 1\n",
    "an unknown encoding declared": b"# -*- coding: nonsense -*-\ndef main():\n    return 1\n",
    "a lone surrogate": "def main():\n    return 1 # \ud800\n",
    "a lone surrogate in a name": "def main():\n    \ud800 = 1\n    return 1\n",
    "a lone surrogate in a string": 'def main():\n    return "\ud800"\n',
    "two byte order marks": "\ufeff\ufeffdef main():\n    return 1\n",
    "an unterminated string": 'def main():\n    return "abc\n',
    "an unterminated long string": 'def main():\n    return """abc\n',
    "an unterminated bracket": "def main():\n    return (1\n",
    "an invalid escape": 'def main():\n    return "\\d"\n',
    "an f-string": 'def main(x):\n    return f"{x!r:>{x}}"\n',
    "a nested f-string": "def main(x):\n    return " + 'f"{' * 50 + "x" + '}"' * 50 + "\n",
    "tabs and spaces": "def main():\n\tx = 1\n        return x\n",
    "a backslash at the end": "def main():\n    return 1 + \\",
    "a question": "def main()?\n",
    "dunder access": "def main():\n    return (1).__class__.__bases__\n",
    "an import": "import os\ndef main():\n    return os.system\n",
    "an import of everything": "from primitives import *\ndef main():\n    return 1\n",
    "an import of a module": "from primitives import generator\ndef main():\n    return generator\n",
    "eval": "def main():\n    return eval('1')\n",
    "a lambda": "def main():\n    return (lambda: 1)()\n",
    "a class": "class C:\n    pass\ndef main():\n    return 1\n",
    "a decorator": "def d(f):\n    return f\n@d\ndef main():\n    return 1\n",
    "a default": "def main(x=[]):\n    return 1\n",
    "a starred call": "def main(x):\n    return abs(*x)\n",
    "a keyword": "def main(x):\n    return abs(x=x)\n",
    "a walrus": "def main(x):\n    return (y := x)\n",
    "a yield": "def main(x):\n    yield x\n",
    "a try": "def main(x):\n    try:\n        return 1 // 0\n    except ZeroDivisionError:\n        return 2\n",
    "a global": "K = 1\ndef main():\n    global K\n    K = 2\n    return K\n",
    "a match": "def main(x):\n    match x:\n        case 1:\n            return 1\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_is_parsed_or_refused_in_time(text: str | bytes) -> None:
    start = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            parse(text)
            args = (2,) if "main(x)" in str(text) or "main(a)" in str(text) else ()
            status = measure(text, "main", args, energy=(), limits=STEPS).status
        except ProgramError as error:
            assert error.diagnostics and all(d.line >= 1 and d.column >= 1 for d in error.diagnostics)
            assert len(str(error)) < 1_000_000
        else:
            assert status in ("ok", "out_of_steps", "overflow")
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdef main():\n    return 1\n",
        b"\xef\xbb\xbfdef main():\n    return 1\n",
        "def main():\r\n    return 1\r\n",
        "def main():\r    return 1\r",
        "\n\n\n\x0cdef main():\n    return 1\n",
        "def main():\n\treturn 1",
        "def main(): return 1",
        "def main():\n    return (1\n\n    )\n",
        "# -*- coding: latin-1 -*-\ndef main():\n    return 1\n",
        "def main():\n    \xe4 = 1\n    return \xe4\n",
    ],
)
def test_odd_but_valid_text_runs(text: str | bytes) -> None:
    measurement = measure(text, "main", (), energy=("dmc",), limits=STEPS)
    assert (measurement.status, measurement.value) == ("ok", 1)

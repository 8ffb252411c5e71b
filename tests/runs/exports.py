"""Runs exported files in a fresh interpreter, in an empty directory, and gives what they answer."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

DRIVER = """
import json, sys, traceback

cases, blocked = json.load(open(sys.argv[1])), sys.argv[2:]
for name in blocked:
    sys.modules[name] = None
if "numpy" not in blocked:
    import numpy


def given(argument):
    if not isinstance(argument, dict):
        return argument
    return argument["values"] if "numpy" in blocked else numpy.array(argument["values"], argument["dtype"])


def plain(result):
    if isinstance(result, tuple):
        return [plain(each) for each in result]
    if hasattr(result, "tolist"):
        return result.tolist()
    return [plain(result[place]) for place in range(len(result))] if hasattr(result, "__len__") else result


answers = []
for number, (text, seed, calls) in enumerate(cases):
    module, found = {"__name__": f"exported_{number}"}, []
    try:
        exec(compile(text, f"exported_{number}.py", "exec"), module)
        if "numba" not in blocked and "use_numba" in module:
            module["use_numba"]()
        if "STREAM" in module:
            module["seed"](seed)
        for function, *arguments in calls:
            more = model if function == "predict" else ()
            found.append(module[function](*more, *map(given, arguments)))
            if function == "fit":
                model = found.pop()
                model = model if isinstance(model, tuple) else (model,)
        answers.append([plain(each) for each in found])
    except Exception:
        answers.append(traceback.format_exc())
assert not {"primitives", "fitness", "evolve", "runs", "tasks", "population"} & set(sys.modules)
assert "numpy" not in blocked or not [name for name in sys.modules if name.startswith("numpy.")]
print(json.dumps(answers))
"""

NUMPY = ("numba",)
NUMBA = ()
PURE = ("numpy", "numba")
"""What an interpreter lacks."""


def written(argument):
    if isinstance(argument, np.ndarray):
        return {"values": argument.tolist(), "dtype": argument.dtype.name}
    return argument.item() if isinstance(argument, np.generic) else argument


def learning(instance):
    """The calls of a learner on an instance."""
    sizes = [int(instance.n_symbols), int(instance.n_classes)]
    fit = ["fit", written(instance.x), written(instance.y), *sizes]
    return [fit, *(["predict", written(query)] for query in instance.queries)]


def answers(cases, directory: Path, blocked=NUMPY, timeout=300, warnings="error"):
    """What exported files answer: for each text, seed and list of calls, the results, or a traceback."""
    directory.mkdir(exist_ok=True)
    (directory / "cases.json").write_text(json.dumps(cases))
    flags = ["-I", "-S"] if "numpy" in blocked else ["-I"]
    done = subprocess.run(
        [sys.executable, *flags, "-W", warnings, "-c", DRIVER, "cases.json", *blocked],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def predictions(cases, directory: Path, blocked=NUMPY, **more):
    """What exported learners predict: for each text, instance and seed, the classes, or a traceback."""
    return answers([[text, seed, learning(instance)] for text, instance, seed in cases], directory, blocked, **more)

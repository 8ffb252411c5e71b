"""Runs exported files in a fresh interpreter, in an empty directory, and gives what they predict."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

DRIVER = """
import importlib.util, json, sys, traceback
import numpy as np

answers = []
for number, (text, seed) in enumerate(json.load(open(sys.argv[1]))):
    data = np.load(f"{number}.npz")
    spec = importlib.util.spec_from_loader(f"exported_{number}", loader=None)
    module = importlib.util.module_from_spec(spec)
    try:
        exec(compile(text, f"exported_{number}.py", "exec"), module.__dict__)
        if hasattr(module, "STREAM"):
            module.seed(seed)
        model = module.fit(data["x"], data["y"], int(data["n_symbols"]), int(data["n_classes"]))
        model = model if isinstance(model, tuple) else (model,)
        answers.append([int(module.predict(*model, q)) for q in data["queries"]])
    except Exception as error:
        answers.append(traceback.format_exc())
assert not {"primitives", "fitness", "evolve", "runs", "tasks", "population"} & set(sys.modules)
print(json.dumps(answers))
"""


def predictions(cases, directory: Path, timeout=300, warnings="error"):
    """What exported learners predict: for each text, instance and seed, the classes, or a traceback."""
    directory.mkdir(exist_ok=True)
    for number, (_, instance, _) in enumerate(cases):
        np.savez(
            directory / f"{number}.npz",
            x=instance.x,
            y=instance.y,
            queries=instance.queries,
            n_symbols=instance.n_symbols,
            n_classes=instance.n_classes,
        )
    (directory / "cases.json").write_text(json.dumps([[text, seed] for text, _, seed in cases]))
    done = subprocess.run(
        [sys.executable, "-I", "-W", warnings, "-c", DRIVER, "cases.json"],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

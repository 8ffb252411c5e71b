"""A learner in numpy beside its conversion: the predictions of both on the same data.

The person's own file is run for this, in a process of its own, and only because they ask for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from fitness.limits import limits_of
from fitness.play import play
from fitness.problem import problem
from fitness.programs import learner
from runs.export.trial import run
from runs.verification.conduct import shrunk
from tasks import Examples, Purpose, Task, instances

_EPOCH: Final = 0x666F7265
_INSTANCES: Final = 8
_ROWS: Final = (512, 64, 16)
_QUERIES: Final = 64

CHILD: Final = """\
import contextlib, io, json, sys
import numpy as np

request = json.load(sys.stdin)
arrays = {name: np.array(each, dtype=np.uint8) for name, each in request["arrays"].items()}
module = {"__name__": "learner"}
with contextlib.redirect_stdout(io.StringIO()):
    exec(compile(request["text"], "learner.py", "exec"), module)
    fit, predict = module["fit"], module["predict"]
    required = fit.__code__.co_argcount - len(fit.__defaults__ or ())
    sizes = [request["n_symbols"], request["n_classes"]] if required > 2 else []
    model = fit(arrays["x"], arrays["y"], *sizes)
    several = isinstance(model, tuple) and predict.__code__.co_argcount != 2
    found = [int(predict(*(model if several else (model,)), query)) for query in arrays["queries"]]
print(json.dumps(found))
"""


def compared(original: str, converted: str, task: Task, seed: int) -> tuple[int, int]:
    """Compare the predictions of a learner in numpy with those of its conversion on the machine.

    Args:
        original: the text in numpy. It is run.
        converted: the program in the language.
        task: of learners.
        seed: of fresh instances.

    Returns:
        How many predictions were compared, and how many are different.

    Raises:
        FileFailed: the original does not run; the message says how it ended.
    """
    compiled, limits = learner(converted), limits_of(task.budget)
    compared, different = 0, 0
    for instance in instances(task, Purpose.VERIFICATION, seed, _INSTANCES, _EPOCH):
        assert isinstance(instance, Examples)
        for rows in _ROWS:
            small = shrunk(instance, rows, _QUERIES)
            staged = problem(small).staged
            assert staged is not None
            played = play(compiled, staged, limits=replace(limits, steps=20_000_000), priced=False, seed=seed)
            if played.status == "ok":
                found = np.array(run(CHILD, _request(original, small)))
                compared += len(found)
                different += int(np.sum(found != played.answers))
                break
    return compared, different


def _request(text: str, examples: Examples) -> dict[str, Any]:
    arrays = {"x": examples.x, "y": examples.y, "queries": examples.queries}
    return {
        "text": text,
        "n_symbols": examples.n_symbols,
        "n_classes": examples.n_classes,
        "arrays": {name: each.tolist() for name, each in arrays.items()},
    }

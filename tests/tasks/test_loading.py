"""Loading a person's task: from a file or an installed package, and one message for everything that can go wrong."""

import pickle
import sys
import textwrap

import numpy as np
import pytest

from tasks import Purpose, Task, TaskError, load_task
from tasks.contract_suite import check_task

FIRST = '''
from __future__ import annotations
from dataclasses import dataclass
import numpy as np
from tasks import Budget, Examples, Task


@dataclass(frozen=True)
class First(Task):
    """The first column."""

    n: int = 4
    name = "first"
    summary = "the first of some bits"
    budget = Budget(steps=100_000, energy=1e7, memory=1 << 16)
    gate, chance, instances = 0.9, 0.5, 32

    def draw(self, generator, purpose):
        rows = generator.integers(0, 2, (40, self.n), dtype=np.uint8)
        return Examples(rows[:20], rows[:20, 0], rows[20:], rows[20:, 0].astype(np.int64), 2, 2)
'''


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Writes a file with the task First and more, and gives its path; modules and paths of the test are forgotten."""
    monkeypatch.setattr(sys, "path", sys.path.copy())
    before = set(sys.modules)

    def write(more="", text=FIRST, name="mine.py"):
        path = tmp_path / name
        path.write_text(text + textwrap.dedent(more))
        return path

    yield write
    for name in set(sys.modules) - before:
        if name.startswith("evolve_task_") or name in ("neighbour", "installed_tasks"):
            del sys.modules[name]


def failure(name):
    with pytest.raises(TaskError) as caught:
        load_task(str(name))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_class_in_a_file_is_made_without_arguments(file):
    task = load_task(f"{file()}:First")
    assert isinstance(task, Task)
    assert (task.name, task.n) == ("first", 4)
    assert not check_task(task)


def test_a_task_that_the_file_makes_is_taken_as_it_is(file):
    assert load_task(f"{file('wide = First(9)')}:wide").n == 9


def test_a_file_is_run_once_for_each_text_that_it_has(file):
    path = file()
    task = load_task(f"{path}:First")
    assert type(load_task(f"{path}:First")) is type(task)
    assert pickle.loads(pickle.dumps(task)) == task
    file(text=FIRST.replace("n: int = 4", "n: int = 5"))  # as long as before, and within the same second
    assert load_task(f"{path}:First").n == 5
    assert not (path.parent / "__pycache__").exists()


def test_a_file_may_import_its_neighbours_but_none_takes_the_name_of_a_known_module(file, tmp_path):
    (tmp_path / "neighbour.py").write_text("N = 7\n")
    (tmp_path / "colorsys.py").write_text("raise RuntimeError('the wrong one')\n")
    path = file("import colorsys\nfrom neighbour import N\nwide = First(N)\n")
    assert load_task(f"{path}:wide").n == 7


def test_an_installed_task_is_loaded_by_its_name(file, tmp_path, monkeypatch):
    file(name="installed_tasks.py")
    metadata = tmp_path / "installed_tasks-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: installed-tasks\nVersion: 1.0\n")
    points = "first = installed_tasks:First\nlost = installed_tasks:Lost\nnumber = math:pi\n"
    (metadata / "entry_points.txt").write_text(f"[evolve.tasks]\n{points}")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_task("first").name == "first"
    assert "no task 'second' (installed: first, lost, number)" in failure("second")
    assert "loading the installed task 'lost' raises AttributeError" in failure("lost")
    assert "number is no task, but of type float" in failure("number")


def test_a_name_that_is_no_file_and_not_installed(file):
    assert "there is no task 'nothing' (none is installed); one of your own is FILE.py:NAME" in failure("nothing")


def test_a_file_that_is_not_there(tmp_path):
    message = failure(tmp_path / "missing.py:First")
    assert f"can't read {tmp_path / 'missing.py'} (No such file or directory)" in message


def test_a_directory_is_no_file(tmp_path):
    (tmp_path / "folder.py").mkdir()
    assert "can't read" in failure(tmp_path / "folder.py:First")


@pytest.mark.parametrize("ending", ["", ":"])
def test_a_file_without_a_name(file, ending):
    path = file("class Second(First):\n    pass\n")
    assert f"name the task in it, {path}:NAME (its tasks: First, Second)" in failure(f"{path}{ending}")


def test_a_name_that_the_file_lacks(file):
    assert "has no Frist (its tasks: First)" in failure(f"{file()}:Frist")
    empty = file(text="from tasks import Task\n", name="empty.py")
    assert "it has no task: a class derived from tasks.Task" in failure(f"{empty}:First")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\ny = 1 / 0\n", "raises ZeroDivisionError: division by zero (PATH, line 2)"),
        ("import no_such_module\n", "raises ModuleNotFoundError: No module named 'no_such_module' (PATH, line 1)"),
        ("x = 1\n\ndef f(:\n", "raises SyntaxError: invalid syntax (mine.py, line 3)"),
        ("raise SystemExit\n", "raises SystemExit (PATH, line 1)"),
        ("class Odd(Exception): pass\nraise Odd\n", "raises Odd (PATH, line 2)"),
        ("from tasks import TaskError\nraise TaskError('get the data')\n", "get the data"),
    ],
)
def test_a_file_that_fails_says_where(file, text, words):
    path = file(text=text)
    assert words.replace("PATH", str(path)) in failure(f"{path}:First")
    assert words.replace("PATH", str(path)) in failure(f"{path}:First")  # and again: nothing half-made is kept


@pytest.mark.parametrize(
    ("more", "name", "words"),
    [
        ("number = 3", "number", "is no task, but of type int"),
        ("class Other: pass", "Other", "is a class, but not of tasks"),
        ("class Part(Task):\n    name = 'part'", "Part", "lacks chance, draw, summary; a task defines them"),
        (
            "class Sized(First):\n    def __init__(self, n, *, k, wide=3): ...",
            "Sized",
            "needs n, k to be made; give them defaults, or write `task = Sized(...)` into the file and name that",
        ),
        (
            "class Angry(First):\n    def __init__(self): raise OSError('no disk')",
            "Angry",
            "Angry() raises OSError: no disk (PATH, line 22)",
        ),
        ("class Bad(First):\n    gate = 0.2", "Bad", "breaks the contract of tasks: its gate is 0.2"),
        (
            "class Bad(First):\n    name, summary = 1, 2",
            "Bad",
            "its name is 1; it is one line of text (1 more like it)",
        ),
        ("class Bad(Task):\n    name = summary = 'x'\n    chance = 0.5\n    draw = None", "Bad", "its budget raises"),
    ],
)
def test_what_is_no_whole_task_says_what_is_missing(file, more, name, words):
    path = file(more)
    assert words.replace("PATH", str(path)) in failure(f"{path}:{name}")


def test_the_example_is_a_task_that_conforms():
    task = load_task("docs/examples/bin_packing.py:OnlineBinPacking")
    assert not check_task(task)
    assert task.draw(np.random.default_rng(0), Purpose.SEARCH).sizes.max() <= 100

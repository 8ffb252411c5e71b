"""Claims about the source itself: the layers, the sizes, and what must not be in it."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["evolve", "runs", "population", "fitness", "tasks", "primitives"]
"""Packages from the top down: one imports only those after it."""
GENERATED = {"build", "dist", "evolve-runs", "__pycache__"}


def committed_files() -> Iterator[Path]:
    """The files of the project: not those of an environment, a cache or a run."""
    for directory, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name not in GENERATED and (name == ".ci" or not name.startswith("."))]
        yield from (Path(directory, file) for file in files)


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_packages(path: Path) -> set[str]:
    """The top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_imports_only_packages_below_it(package):
    above = set(LAYERS[: LAYERS.index(package)]) | {"tests", "benchmarks"}
    upwards = {named(path): bad for path in modules(package) if (bad := imported_packages(path) & above)}
    assert not upwards


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_says_what_it_holds_and_what_it_may_import(package):
    docstring = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert len(docstring.split()) >= 10
    assert "import" in docstring.lower()


def test_every_module_says_what_it_is():
    silent = [path for path in modules(*LAYERS) if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not [named(path) for path in silent]


def test_no_file_is_over_400_lines():
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*LAYERS, "tests")}
    assert not {name: length for name, length in lengths.items() if length > 400}


def test_no_handler_catches_everything():
    broad = []
    for path in modules(*LAYERS, "tests"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else set()
                if node.type is None or names & {"Exception", "BaseException"}:
                    broad.append(f"{named(path)}:{node.lineno}")
    assert not broad


def test_the_dependencies_declared_are_the_packages_imported():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for name, needed in project["optional-dependencies"].items() if name != "dev" for each in needed]
    declared = project["dependencies"] + extras
    used = set().union(*(imported_packages(path) for path in modules(*LAYERS)))
    assert {re.split(r"[^\w-]", each)[0] for each in declared} == used - set(LAYERS) - set(sys.stdlib_module_names)


def test_help_is_instant_because_it_imports_nothing_heavy():
    script = (
        "import sys, evolve.cli\n"
        "try: evolve.cli.main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'numpy', 'numba', 'ray', 'libcst', 'openai', 'rich'} & sys.modules.keys()\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_machine_and_no_package_registry_is_named():
    # Brackets, so that this line does not name what it looks for.
    private = re.compile(rb"/(work|farm|root|home|Users|opt)/|pypi[.]org|[p]ythonhosted|[n]pmjs|[i]ndex-url")
    hits = [
        f"{named(path)}:{number}"
        for path in committed_files()
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if private.search(line)
    ]
    assert not hits

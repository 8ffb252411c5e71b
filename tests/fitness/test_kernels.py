"""What was compiled is kept for the sources that it was compiled from, all of them."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import numba

from fitness import kernels

ROOT = kernels.HERE.parent


def imported(path: Path) -> set[Path]:
    """The files of the project that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            module = ROOT / node.module.replace(".", "/")
            found |= {module / f"{alias.name}.py" for alias in node.names} | {module.with_suffix(".py")}
    return {each for each in found if each.exists()}


def test_whatever_a_kernel_can_use_is_among_the_sources() -> None:
    sources = set(kernels.sources())
    missing = {path.name: sorted(imported(path) - sources) for path in sources if path.parent == kernels.HERE}
    assert not {name: files for name, files in missing.items() if files}


def test_a_change_in_any_source_changes_where_kernels_are_kept(tmp_path: Path) -> None:
    for package in ("fitness", "primitives"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    script = "import numba, fitness.kernels; print(numba.config.CACHE_DIR)"

    def kept() -> str:
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    (tmp_path / "fitness" / "__init__.py").write_text("")
    before = kept()
    assert before == kept()
    for name in ("fitness/lru.py", "primitives/opcodes.py"):
        path = tmp_path / name
        path.write_text(path.read_text() + "\n")
        after = kept()
        assert after != before
        assert len(list((tmp_path / "fitness" / "__pycache__").glob("kernels-*"))) == 1
        before = after


def test_kernels_are_kept_in_that_folder() -> None:
    assert Path(numba.config.CACHE_DIR).name.startswith("kernels-")

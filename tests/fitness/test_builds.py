"""Builds are compiled once a process, and once again if that failed; what takes long is announced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fitness import builds


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(builds, "_ready", set())
    monkeypatch.setattr(builds.tempfile, "gettempdir", lambda: str(tmp_path))
    yield


def test_a_build_is_compiled_once(capsys: pytest.CaptureFixture[str]) -> None:
    compiled: list[str] = []
    for build in ("one", "two", "one", "two"):
        builds.ensure(build, lambda build=build: compiled.append(build))
    assert compiled == ["one", "two"]
    assert capsys.readouterr().err == ""


def test_a_build_that_failed_is_not_ready() -> None:
    with pytest.raises(MemoryError):
        builds.ensure("one", lambda: (_ for _ in ()).throw(MemoryError()))
    compiled: list[str] = []
    builds.ensure("one", lambda: compiled.append("one"))
    assert compiled == ["one"]


def test_a_long_compilation_is_announced(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builds, "PATIENCE", 0.02)
    builds.ensure("slow", lambda: time.sleep(0.2))
    assert "compiling the machine, slow build" in (text := capsys.readouterr().err)
    assert "the slow build is ready" in text


def test_a_user_with_a_long_home_has_a_lock_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/" + "/".join(["long"] * 200))
    builds.ensure("one", lambda: None)
    assert len(list(tmp_path.iterdir())) <= 1

"""`evolve doctor`: each check is ok, or says what to do."""

import json
import shutil
from collections import namedtuple
from importlib import metadata

import pytest
from click.testing import CliRunner

from evolve.cli import checks, computer, main
from evolve.cli.computer import Cores, Memory
from evolve.engine import CrewError, ray_crew

GIB = checks.GIB
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "EVOLVE_MODELS"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(main, ["doctor", *words], catch_exceptions=False)


def test_a_real_run_checks_everything_but_ray(doctor):
    done = doctor("--no-ray", "--format", "json")
    document = json.loads(done.stdout)
    names = [each["check"] for each in document["checks"]]
    assert names == ["versions", "cores", "memory", "shared memory", "machine", "texts", "disk", "language model"]
    assert document["ok"] == (done.exit_code == 0)
    assert all(each["advice"] for each in document["checks"] if each["level"] != "ok")
    assert document["checks"][0]["level"] == "ok"


def test_problems_are_counted_and_fail(doctor, monkeypatch):
    found = [checks.Finding("cores", "ok", "8"), checks.Finding("disk", "problem", "full", "make room")]
    monkeypatch.setattr(checks, "CHECKS", tuple(lambda each=each: each for each in found))
    done = doctor()
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1:] == [
        "problem  disk           full",
        f"{'':<24}make room",
        "",
        "1 problem: disk.",
    ]
    monkeypatch.setattr(checks, "CHECKS", (lambda: found[0],))
    assert doctor().stdout.splitlines()[-1] == "A search can run here: evolve search"


@pytest.mark.parametrize(
    ("cores", "level", "words"),
    [
        (Cores(8, 8, None), "ok", "8: a search has 8 workers"),
        (Cores(8, 4, 4.0), "ok", "4 of 8: a search has 4 workers"),
        (Cores(8, 8, 2.5), "note", "--workers 2"),
        (Cores(8, 8, 0.5), "note", "--workers 0"),
        (Cores(1, 1, None), "note", "one process"),
    ],
)
def test_cores_are_those_that_may_be_used(monkeypatch, cores, level, words):
    monkeypatch.setattr(computer, "cores", lambda: cores)
    found = checks.cores()
    assert found.level == level
    assert words in f"{found.found} {found.advice}"


@pytest.mark.parametrize(
    ("memory", "level", "words"),
    [
        (Memory(16 * GIB, 12 * GIB, None), "ok", "12.0 GiB free of 16.0 GiB"),
        (Memory(16 * GIB, 12 * GIB, 2 * GIB), "note", "--workers 3"),
        (Memory(16 * GIB, GIB // 2, None), "problem", "end other programs"),
        (Memory(None, None, None), "note", "not known"),
    ],
)
def test_memory_must_hold_the_workers(monkeypatch, memory, level, words):
    monkeypatch.setattr(computer, "cores", lambda: Cores(8, 8, None))
    monkeypatch.setattr(computer, "memory", lambda: memory)
    found = checks.memory()
    assert found.level == level
    assert words in f"{found.found} {found.advice}"


@pytest.mark.parametrize(("free", "level"), [(90 * GIB, "ok"), (GIB // 2, "note"), (1000, "problem")])
def test_runs_need_room_on_the_disk(monkeypatch, tmp_path, free, level):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, free))
    assert checks.disk().level == level


def test_missing_and_old_packages_are_named(monkeypatch):
    installed = {"evolve": "0.1.0", "numba": "0.60.1", "numpy": "2.10.0"}

    def version(name):
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    required = ["numba>=0.61", "numpy>=2.9", "ray>=2.44", "pyarrow>=17; extra == 'parquet'"]
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(metadata, "requires", lambda name: required)
    found = checks.versions()
    assert found.level == "problem"
    assert "numba 0.60.1 is older than 0.61" in found.found
    assert "ray is missing" in found.found
    assert "pyarrow" not in found.found
    assert "numpy 2.10.0" in found.found


def test_a_machine_that_is_not_compiled_is_announced(monkeypatch, tmp_path):
    import numba

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert "not compiled yet" in checks.machine().found
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "gone"))
    assert "NUMBA_CACHE_DIR" in checks.machine().advice
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    assert checks.machine().level == "problem"


def test_ray_that_does_not_start_is_a_problem_with_a_way_round(monkeypatch):
    def refuse(size, address):
        raise CrewError("can't start Ray: no room; --workers 0 searches in this process")

    monkeypatch.setattr(ray_crew, "connected", refuse)
    found = checks.ray()
    assert (found.level, found.found) == ("problem", "can't start Ray: no room")
    assert "--workers 0" in found.advice


def test_texts_that_are_missing_are_a_note(monkeypatch, tmp_path):
    monkeypatch.setenv("EVOLVE_DATA", str(tmp_path))
    found = checks.texts()
    assert found.level == "note"
    assert "evolve data wikitext-2" in found.advice


def files(root, texts):
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("texts", "quota", "limit"),
    [
        ({"self": "0::/a/b\n", "group/a/cpu.max": "150000 100000", "group/a/b/memory.max": "max"}, 1.5, None),
        ({"self": "0::/\n", "group/cpu.max": "max 100000", "group/memory.max": "1073741824"}, None, GIB),
        (
            {
                "self": "2:memory:/x\n1:cpu,cpuacct:/x\n0::/\n",
                "group/cpu/x/cpu.cfs_quota_us": "50000",
                "group/cpu/x/cpu.cfs_period_us": "100000",
                "group/memory/memory.limit_in_bytes": "9223372036854771712",
            },
            0.5,
            None,
        ),
        ({}, None, None),
    ],
)
def test_limits_of_containers_are_read_in_both_versions(monkeypatch, tmp_path, texts, quota, limit):
    files(tmp_path, texts)
    monkeypatch.setattr(computer, "GROUPS", tmp_path / "group")
    monkeypatch.setattr(computer, "MEMBERSHIP", tmp_path / "self")
    assert computer.cores().quota == quota
    assert computer.memory().limit == limit

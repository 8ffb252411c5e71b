"""Whatever is killed, full, unplugged or impatient: what a run has stored stays, and the search goes on from there."""

import fcntl
import json
import os
import pty
import resource
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from evolve.cli import main
from runs import open_run
from tests.evolve.faults import (
    ROOT,
    broken_claims,
    children_of,
    command,
    evolve,
    kill,
    processes,
    searching,
    stored,
    wait_until,
)
from tests.evolve.searches import population_of

pytestmark = pytest.mark.xdist_group("ray")
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it finds processes in /proc")
SETTINGS = ("--rung", "parity-6-2", "--deterministic", "--islands", 2, "--evaluations", 10**6, "--seed", 5)


@linux
def test_a_run_survives_the_end_of_workers_of_the_driver_and_of_ray_at_random_moments(tmp_path):
    generator, run = np.random.default_rng(0), tmp_path / "run"
    for number, victim in enumerate(("driver", "raylet", "gcs")):
        words = ("--resume", run) if number else (*SETTINGS, "--run", run)
        with searching(*words, "--workers", 2) as search:
            assert wait_until(search, run, children_of(run) + 40), search.communicate()[1]
            if victim == "driver":
                kill(processes(search.pid, "worker")[0])
                assert wait_until(search, run, children_of(run) + 40), search.communicate()[1]
            time.sleep(generator.uniform(0, 1))
            before, (unlucky, *_) = stored(run), processes(search.pid, victim)
            kill(unlucky)
            _, err = search.communicate(timeout=60)
        assert search.returncode == (-signal.SIGKILL if victim == "driver" else 1)
        assert victim == "driver" or (
            "Ray died" in err and "--resume goes on with it" in err and "Traceback" not in err
        )
        assert before <= stored(run)
        assert not broken_claims(run)
    with open_run(run) as opened:
        made = opened.children()
    whole = len(made) * (max(made) + 10)  # each island's share is more than any has made
    before = stored(run)
    assert evolve("search", "--resume", run, "--workers", 0, "--evaluations", whole - sum(made)).returncode == 0
    assert before <= stored(run)
    assert not broken_claims(run)
    words = (*SETTINGS, "--evaluations", whole, "--workers", 0, "--run", tmp_path / "whole")
    assert evolve("search", *words).returncode == 0
    assert population_of(run) == population_of(tmp_path / "whole")


def test_a_full_disk_ends_the_search_with_one_message_and_the_run_goes_on_where_there_is_room(tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))  # of each file: writing more fails

    words = ("search", "--rung", "parity-6-2", "--workers", 0, "--minutes", 5, "--run", tmp_path / "run")
    full = evolve(*words, preexec_fn=little_room)
    assert full.returncode == 2
    assert full.stderr.splitlines()[-1].startswith(f"Error: can't write to {tmp_path / 'run'}: ")
    assert "is intact: make room, then evolve search --resume" in full.stderr
    assert "Traceback" not in full.stderr
    before = stored(tmp_path / "run")
    assert not broken_claims(tmp_path / "run")
    resumed = evolve("search", "--resume", tmp_path / "run", "--workers", 0, "--evaluations", 20)
    assert resumed.returncode == 0, resumed.stderr
    assert before <= stored(tmp_path / "run")
    assert not broken_claims(tmp_path / "run")


def can_mount():
    """Whether a process may have mounts of its own."""
    try:
        return subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_mount(), reason="needs a kernel that lets a process have mounts of its own")
def test_on_a_small_file_system_that_is_full_then_read_only_then_larger_nothing_is_lost(tmp_path):
    run = tmp_path / "disk" / "run"
    search, resume = (
        command("search", "--rung", "parity-6-2", "--minutes", 5, "--run", run),
        ("search", "--resume", run),
    )
    claims = "from pathlib import Path; from tests.evolve.faults import *; print(broken_claims(Path({run!r})))"
    script = f"""
        mkdir {run.parent}; mount -t tmpfs -o size=400k none {run.parent}
        {shlex.join([*search, "--workers", "0"])}; echo code $?
        {shlex.join([sys.executable, "-c", claims.format(run=str(run))])}
        mount -o remount,ro {run.parent}
        {shlex.join(command(*resume, "--workers", 0))}; echo code $?
        mount -o remount,rw,size=50m {run.parent}
        {shlex.join(command(*resume, "--workers", 0, "--evaluations", 20))} | tail -n 1; echo code $?
        {shlex.join([sys.executable, "-c", claims.format(run=str(run))])}
    """
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    out = [line for line in done.stdout.splitlines() if line.startswith(("code", "["))]
    assert out == ["code 2", "[]", "code 2", "code 0", "[]"], done.stdout + done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "full" in errors[0]
    assert "make room" in errors[0]
    assert "can't go on with the run" in errors[1] or "see that it can be written" in errors[1]
    assert "Traceback" not in done.stderr


def on_a_terminal(*words):
    """A search whose terminal is a pseudo-terminal, and the other end of that."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        command("search", *words),
        stdin=its,
        stdout=its,
        stderr=its,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100", "LINES": "50"},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(its)
    return process, ours


def read_to_the_end(terminal):
    """All that comes from a terminal until nobody has it open any more."""
    text = b""
    while True:
        try:
            more = os.read(terminal, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            more = b""
        if not more:
            return text.decode(errors="replace")
        text += more


def test_ctrl_c_on_a_terminal_shows_what_was_found(tmp_path):
    run = tmp_path / "run"
    process, terminal = on_a_terminal("--rung", "parity-6-2", "--minutes", 5, "--run", run, "--workers", 0)
    try:
        os.set_blocking(terminal, False)
        deadline, text = time.monotonic() + 100, b""
        while children_of(run) < 20 and time.monotonic() < deadline:
            try:
                text += os.read(terminal, 1 << 16)
            except BlockingIOError:
                time.sleep(0.05)
        os.set_blocking(terminal, True)
        os.write(terminal, b"\x03")
        shown = read_to_the_end(terminal)
        assert process.wait(timeout=60) == 0
    finally:
        kill(process.pid)
        os.close(terminal)
    assert "hypervolume" in text.decode(errors="replace") + shown
    assert "stopping after the batches that are under way" in shown
    assert "that the search never saw" in shown
    assert f"evolve search --resume {run}" in shown.replace("\r\n", "\n")
    assert "Traceback" not in shown
    assert not broken_claims(run)


def test_a_front_can_be_read_at_any_moment_of_a_search(tmp_path):
    run = tmp_path / "run"
    with searching("--rung", "parity-6-2", "--workers", 0, "--minutes", 5, "--run", run) as search:
        assert wait_until(search, run, 1), search.communicate()[1]
        fronts = []
        while (len(fronts) < 10 or len(set(fronts)) < 2) and children_of(run) < 20_000:
            shown = CliRunner().invoke(main, ["front", str(run), "--format", "json"], catch_exceptions=False)
            assert shown.exit_code == 0
            fronts.append(shown.stdout)
            assert not broken_claims(run)
    assert len(set(fronts)) > 1
    assert all(json.loads(each) for each in fronts)

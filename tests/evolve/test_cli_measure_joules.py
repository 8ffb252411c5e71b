"""Joules are read from the processor's counters where there are any, and nothing is made up where there are none."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evolve.cli import main
from runs.joules.counters import CounterError, Zone, joules, packages
from runs.joules.measuring import measure
from runs.native import FileError


def zone(root, folder, name, energy, most=10_000_000):
    path = root / folder
    path.mkdir(parents=True)
    for file, value in (("name", name), ("energy_uj", energy), ("max_energy_range_uj", most)):
        (path / file).write_text(f"{value}\n")
    return path


@pytest.fixture
def counters(tmp_path):
    """Two packages, one with cores and memory, and the counter of the whole platform."""
    root = tmp_path / "powercap"
    zone(root, "intel-rapl:0", "package-0", 1_000_000)
    zone(root, "intel-rapl:0:0", "core", 600_000)
    zone(root, "intel-rapl:0:1", "dram", 200_000)
    zone(root, "intel-rapl:1", "package-1", 9_000_000)
    zone(root, "intel-rapl:2", "psys", 5_000_000)
    zone(root, "intel-rapl-mmio:0", "package-0", 1_000_000)
    (root / "intel-rapl").mkdir()
    return root


def test_packages_and_memory_are_counted_and_nothing_twice(counters):
    assert [each.name for each in packages(counters)] == ["package-0", "package-0 dram", "package-1"]


def test_a_counter_that_began_at_zero_again_is_read_right(counters):
    zones = packages(counters)
    before = [each.read() for each in zones]
    for folder, value in (("intel-rapl:0", 1_500_000), ("intel-rapl:0:1", 300_000), ("intel-rapl:1", 400_000)):
        (counters / folder / "energy_uj").write_text(f"{value}\n")
    assert joules(zones, before, [each.read() for each in zones]) == pytest.approx(0.5 + 0.1 + 1.4)


def test_a_computer_without_counters_says_so(tmp_path):
    with pytest.raises(CounterError, match="shows no energy counters: there is no"):
        packages(tmp_path / "nothing")
    with pytest.raises(CounterError, match="has no RAPL package"):
        packages(tmp_path)


def test_a_counter_that_may_not_be_read_says_who_may(counters, monkeypatch):
    read = Path.read_text

    def refuse(path, *words, **more):
        if path.name == "energy_uj":
            raise PermissionError(13, "Permission denied")
        return read(path, *words, **more)

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(CounterError, match=r"intel-rapl:0/energy_uj may only be read by root.*chmod a\+r"):
        packages(counters)


def test_a_counter_that_is_no_number_is_refused(counters):
    (counters / "intel-rapl:1" / "energy_uj").write_text("")
    with pytest.raises(CounterError, match="no number"):
        packages(counters)


LEARNER = """
def learn_and_predict():
    pass


def main():
    learn_and_predict()
    print("accuracy 1")
"""


def test_net_joules_are_those_beyond_an_idle_computer(tmp_path, monkeypatch):
    monkeypatch.setattr("runs.joules.measuring.WORK_SECONDS", 0.0)
    folder = zone(tmp_path, "intel-rapl:0", "package-0", 0, 1_000_000_000)
    file = tmp_path / "exported.py"
    counter = str(folder / "energy_uj")
    file.write_text(LEARNER.replace("    pass", f"    open({counter!r}, 'w').write('50000000')"))
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds
        (folder / "energy_uj").write_text("10000000")

    def clock():
        now[0] += 0.5
        return now[0]

    native = measure(file, [Zone(folder, "package-0", 60_000_000)], 1, 0, clock=clock, sleep=sleep)
    watts = (60 - 50 + 10) / 1.5  # the counter stood at 50 J when it was ready, and began at zero again
    assert native.gross == pytest.approx(40.0)
    assert native.idle_watts == pytest.approx(watts)
    assert native.net == pytest.approx(40.0 - 0.5 * watts)
    assert native.runs == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise SystemExit('no data')", r"ends with exit code 1: no data"),
        ("x = 1", "it has no main"),
        (LEARNER.replace("    pass", "    1 / 0"), "ZeroDivisionError"),
    ],
)
def test_a_file_that_fails_is_not_measured(counters, tmp_path, text, message):
    file = tmp_path / "broken.py"
    file.write_text(text)
    with pytest.raises(FileError, match=message):
        measure(file, packages(counters), 1, 0, sleep=lambda _: None)


def run(*words):
    return CliRunner().invoke(main, ["measure-joules", *map(str, words)], catch_exceptions=False)


def test_the_command_measures_and_writes_into_the_report_of_the_export(counters, tmp_path, monkeypatch):
    monkeypatch.setattr("runs.joules.measuring.IDLE_SECONDS", 0.0)
    monkeypatch.setattr("runs.joules.measuring.WORK_SECONDS", 0.01)
    file, report = tmp_path / "exported.py", tmp_path / "exported.verification.json"
    file.write_text(LEARNER)
    report.write_text(json.dumps({"verified": True, "verification": {}, "measured_joules": None}))
    result = run(file, "--repeats", 1, "--counters", counters)
    assert result.exit_code == 0, result.output
    assert "package-0, package-0 dram, package-1" in result.output
    written = json.loads(report.read_text())
    assert written["verified"] is True
    assert written["measured_joules"]["gross"] == 0.0 and written["measured_joules"]["repeats"] == 1


def test_the_command_without_counters_is_one_message_with_exit_code_2_and_leaves_the_report(tmp_path):
    file, report = tmp_path / "exported.py", tmp_path / "exported.verification.json"
    file.write_text(LEARNER)
    report.write_text("{}")
    result = run(file, "--counters", tmp_path / "nothing")
    assert result.exit_code == 2
    assert "this computer shows no energy counters" in result.stderr
    assert report.read_text() == "{}"


def test_a_file_that_is_not_there_and_a_report_that_is_none_are_refused(counters, tmp_path, monkeypatch):
    monkeypatch.setattr("runs.joules.measuring.IDLE_SECONDS", 0.0)
    monkeypatch.setattr("runs.joules.measuring.WORK_SECONDS", 0.01)
    assert "there is no file" in run(tmp_path / "nowhere.py").stderr
    (tmp_path / "exported.py").write_text(LEARNER)
    (tmp_path / "exported.verification.json").write_text("[]")
    result = run(tmp_path / "exported.py", "--counters", counters, "--repeats", 1)
    assert result.exit_code == 2 and "is not a report" in result.stderr

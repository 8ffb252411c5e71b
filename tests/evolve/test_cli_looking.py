"""Looking at a run: `evolve front`, `evolve show` and `evolve diff`."""

import csv
import io
import itertools
import json
import re
import sqlite3
from dataclasses import asdict, replace

import pytest
from click.testing import CliRunner
from rich.console import Console

from evolve.cli import COMMANDS, main
from evolve.cli.changes import Version, changes
from evolve.cli.fresh import judged, label_now
from evolve.cli.listing import listing
from evolve.engine import Seed, search
from fitness import learner
from fitness.fresh import STEPS, instances_for, line_energies
from runs import create_run, open_run
from runs.lineage import lineage
from runs.rendering import rendered
from runs.schema import DATABASE
from tasks import rung
from tests.evolve.searches import TASK, configured, searched
from tests.evolve.test_ladder import MATCH

KEYS = {
    *("id", "rung", "accuracy", "accuracy_low", "accuracy_high", "seconds", "energy", "fit_energy", "steps"),
    *("peak_memory", "instances", "verified", "passes", "operator", "parents"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The directory of a short search."""
    directory = tmp_path_factory.mktemp("looking") / "a run"
    searched(directory, evaluations=300)
    return directory


@pytest.fixture(scope="module")
def winner(run):
    """The cheapest exact program of its front that has a lineage of several steps."""
    with open_run(run) as opened:
        members = [each for each in opened.front().members if len(lineage(opened, each.id)) > 2]
    return min(members, key=lambda each: (-each.score.accuracy, each.score.energy))


def evolve(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def output(*words):
    done = evolve(*words)
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.stdout, "colours are for terminals only"
    return done.stdout


def test_a_front_as_json_is_an_array_of_objects(run):
    documents = json.loads(output("front", run, "--format", "json"))
    with open_run(run) as opened:
        members = opened.front().members
    assert [each["id"] for each in documents] == [each.id for each in members]
    for document, member in zip(documents, members, strict=True):
        assert document.keys() == KEYS
        assert document["energy"] == {"dmc v1": member.score.energy}
        assert document["fit_energy"] == {"dmc v1": member.score.fit_energy}
        assert document["passes"] == (member.score.accuracy_low >= TASK.gate)
        assert document["verified"]
        assert document["rung"] == "parity-6-2"
    assert json.loads(output("front", run, "--rung", "parity-6-2", "--format", "json")) == documents


def test_a_front_as_csv_has_the_same_in_columns(run):
    documents = json.loads(output("front", run, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(output("front", run, "--format", "csv"))))
    assert [float(each["energy_dmc_v1"]) for each in rows] == [each["energy"]["dmc v1"] for each in documents]
    assert {each["verified"] for each in rows} == {"true"}
    assert [each["parents"].split() for each in rows] == [[str(one) for one in each["parents"]] for each in documents]


def test_the_table_tells_the_distance_to_the_floor_and_what_to_do_next(run):
    text = output("front", run)
    assert "× floor" in text
    assert f"The energy floor of parity-6-2 is {TASK.floor.energy:,.0f} (dmc v1)" in text
    assert re.search(r"evolve show '.*a run' \d+\n", text)
    assert re.search(r"evolve diff '.*a run' \d \d+\n", text)
    assert "evolve verify winner.py --rung parity-6-2" in text
    assert ("evolve export" in text) == ("export" in COMMANDS)


def test_a_run_whose_task_is_gone_is_still_shown(run, tmp_path):
    directory = tmp_path / "copy"
    directory.mkdir()
    with sqlite3.connect(run / DATABASE) as original, sqlite3.connect(directory / DATABASE) as copy:
        original.backup(copy)
        (stored,) = copy.execute("SELECT value FROM configuration").fetchone()
        task = {"task": {"rung": None, "file": "gone.py:Task", "data": None}}
        copy.execute("UPDATE configuration SET value = ?", (json.dumps(json.loads(stored) | task),))
    original.close()
    copy.close()
    text = output("front", directory)
    assert "The energy floor is unknown: can't read gone.py" in text
    (number,) = re.findall(r"evolve show .*copy (\d+)\n", text)
    shown = output("show", directory, number)
    assert "energy by line is unknown: can't read gone.py" in shown
    assert "def predict(" in shown
    assert {each["passes"] for each in json.loads(output("front", directory, "--format", "json"))} == {None}
    assert "They can't be judged: can't read gone.py" in output("diff", directory, 0, number)


def test_the_bare_source_is_a_program(run, winner):
    text = output("show", run, winner.id, "--source")
    learner(text)
    assert text.startswith(f'"""Individual {winner.id} of a run: evolved from ')


def test_a_program_is_shown_with_energy_scores_and_lineage(run, winner):
    text = output("show", run, winner.id, "--seed", 3)
    for line in output("show", run, winner.id, "--source").splitlines():
        assert line in text
    for part in ("on the front of parity-6-2, verified", "dmc v1", "times the floor of", "seed 3", "lineage", "in all"):
        assert part in text
    gauges = [float(each) for each in re.findall(r"^ +\d+ +([\d.]+)% [█▏▎▍▌▋▊▉ ]{10}", text, re.MULTILINE)]
    assert sum(gauges) == pytest.approx(100, abs=2)
    assert text == output("show", run, winner.id, "--seed", 3)


def test_all_steps_of_a_lineage_are_shown_on_request(run, winner):
    with open_run(run) as opened:
        steps = lineage(opened, winner.id)
    text = output("show", run, winner.id, "--lineage", "--instances", 5)
    for before, after in itertools.pairwise(steps):
        assert f"  {before.id} to {after.id}: {after.operator}" in text
    assert "on 5 fresh instances" in text


def test_a_seed_is_shown_without_a_lineage(run):
    text = output("show", run, 0)
    assert re.search("the seed (half|textbook)", text)
    assert "lineage" not in text


def test_a_difference_has_the_figures_of_both_on_the_same_instances(run, winner):
    text = output("diff", run, 0, winner.id, "--seed", 4)
    rows = dict(re.findall(r"^   ([a-z][a-z ()\d]*?)   +(.*)$", text, re.MULTILINE))
    assert rows.keys() >= {"accuracy", "at least", "energy (dmc v1)", "of it fit", "calibrated time", "steps"}
    before, after, change = re.split(" {2,}", rows["energy (dmc v1)"])
    assert float(after.replace(",", "")) < float(before.replace(",", ""))
    assert change.startswith("−")
    assert "fresh instances, seed 4" in text


def test_a_ladder_has_a_front_for_each_rung(tmp_path):
    tasks = [replace(rung(name), instances=40) for name in ("parity-4-1", "parity-6-1")]
    configuration = replace(configured(epoch=20, evaluations=150), rungs=tuple(each.name for each in tasks))
    with create_run(tmp_path / "ladder", asdict(configuration)) as store:
        search(tasks, configuration, [Seed("match", MATCH)], store)
    documents = json.loads(output("front", tmp_path / "ladder", "--format", "json"))
    names = list(dict.fromkeys(each["rung"] for each in documents))
    assert names[:2] == ["parity-4-1", "parity-6-1"]
    below = json.loads(output("front", tmp_path / "ladder", "--rung", "parity-4-1", "--format", "json"))
    assert below == [each for each in documents if each["rung"] == "parity-4-1"]
    text = output("front", tmp_path / "ladder")
    assert f"instances of {names[-1]} that" in text
    assert "Other rungs of this run: parity-4-1" in text
    with open_run(tmp_path / "ladder") as opened:
        promoted = opened.events("promoted")[0]["ids"][0]
    assert "promoted  from parity-4-1 to parity-6-1" in output("show", tmp_path / "ladder", promoted)


def test_a_program_does_not_differ_from_itself(run):
    text = output("diff", run, 0, 0)
    assert "No line differs." in text
    assert output("diff", run, 0, 0, "--patch") == ""


def test_a_patch_has_the_lines_that_differ(run, winner):
    with open_run(run) as opened:
        before, after = (rendered(opened.individual(number).source) for number in (0, winner.id))
    patch = output("diff", run, 0, winner.id, "--patch")
    lines = patch.splitlines()
    assert lines[:2] == ["--- a/0.py", f"+++ b/{winner.id}.py"]
    removed = [each[1:] for each in lines[2:] if each.startswith("-")]
    assert set(removed) <= set(before.splitlines())
    assert {each[1:] for each in lines[2:] if each.startswith("+")} <= set(after.splitlines())


def test_a_seed_program_can_be_compared_with(run, winner):
    assert "gf2_packed" in output("diff", run, "seed:gf2_packed", winner.id, "--instances", 3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["front", "{run}", "--rung", "parity-4-1"], "parity-4-1"),
        (["show", "{run}", "99999"], "has no individual 99999; `evolve front` lists"),
        (["diff", "{run}", "0", "99999"], "has no individual 99999"),
        (["diff", "{run}", "0", "best"], "best is no id of an individual"),
        (["diff", "{run}", "0", "seed:best"], "there is no seed best"),
        (["diff", "{run}", "0", "1", "--rung", "x"], "no rung x"),
        (["diff", "nowhere", "0", "1"], "there is no directory nowhere"),
    ],
)
def test_a_wrong_request_is_one_message_with_exit_code_2(run, words, message):
    done = evolve(*(each.format(run=run) for each in words))
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(re.findall("^Error: ", done.stderr, re.MULTILINE)) == 1


def test_a_run_of_a_newer_version_says_so(run, tmp_path):
    (tmp_path / DATABASE).write_bytes((run / DATABASE).read_bytes())
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for words in (["front", tmp_path], ["show", tmp_path, 0], ["diff", tmp_path, 0, 1]):
        done = evolve(*words)
        assert done.exit_code == 2
        assert "newer version" in done.stderr


def test_figures_of_other_models_are_measured_too(run, winner):
    text = output("show", run, winner.id, "--source")
    found = judged(TASK, text, 1, 3, "bytedmd")
    assert found.energy == pytest.approx(sum(line_energies(TASK, text, 1, 3, "bytedmd").values()))
    assert label_now("bytedmd") == "bytedmd v2"


def test_a_program_that_the_task_refuses_is_rejected():
    found = judged(TASK, "def fit(x):\n    return x\n", 1, 3, "dmc")
    assert (found.score.status, found.energy) == ("rejected", None)
    assert line_energies(TASK, "def fit(x):\n    return x\n", 1, 3, "dmc") == {}


def test_a_person_waits_for_so_many_steps_only():
    assert instances_for(TASK, 10.0, None) == TASK.instances
    assert instances_for(TASK, STEPS / 3, None) == 3
    assert instances_for(TASK, 100.0 * STEPS, None) == 1
    assert instances_for(TASK, 100.0 * STEPS, 7) == 7


def test_long_lines_fold_in_their_column():
    long = "value = " + " + ".join(f"name_{number}" for number in range(30))
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    lines = listing(f"{long}\n", {1: 5.0}, console)
    assert len(lines) > 3
    assert max(each.cell_len for each in lines) <= 80
    assert "".join(each.plain[16:].strip() for each in lines).replace(" ", "") == long.replace(" ", "")


def test_changed_lines_show_what_they_cost_before_and_after():
    console = Console(file=io.StringIO(), width=80)
    before, after = Version("a = 1\nb = 2\n", {1: 100.0, 2: 2.0}), Version("a = 1\nc = 3\n", {1: 50.0, 2: 7.0})
    assert [each.plain.split() for each in changes(before, after, console)] == [
        ["100", "50", "a", "=", "1"],
        ["2", "-", "b", "=", "2"],
        ["7", "+", "c", "=", "3"],
    ]

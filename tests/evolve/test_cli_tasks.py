"""`evolve tasks`: the list, one task in full, the check of a person's own, and what is said of bad requests."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evolve.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "bin_packing.py"


@pytest.fixture(autouse=True)
def _no_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what --data does to the environment of this process."""
    monkeypatch.setenv("EVOLVE_DATA", str(tmp_path))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["tasks", *arguments])


def test_every_rung_is_listed_from_the_easiest_on_even_without_its_text(tmp_path: Path) -> None:
    shown = run("--data", str(tmp_path))
    assert shown.exit_code == 0, shown.output
    names = ["parity-4-1", "parity-20-3", "noisy-parity-20-3", "markov-3", "pydoc-", "wikitext-mini", "wikitext-103"]
    places = [shown.output.index(name) for name in names]
    assert places == sorted(places)
    assert "`evolve data` says what to do" in shown.output


def test_json_has_the_figures_of_the_list(tmp_path: Path) -> None:
    shown = run("--data", str(tmp_path), "--format", "json")
    tasks = {each["name"]: each for each in json.loads(shown.output)}
    assert tasks["parity-20-3"]["budget"]["literals"] == 1024
    assert tasks["parity-20-3"]["floor_dmc_v1"]["fit"] > 0
    assert tasks["markov-2"]["chance"] < tasks["markov-2"]["gate"] < tasks["markov-2"]["best"] < 1
    assert "wiki" in tasks["wikitext-mini"]["missing"]


def test_one_rung_is_shown_in_full() -> None:
    shown = run("--rung", "parity-10-3")
    assert shown.exit_code == 0, shown.output
    assert "predict(model..., q: u1[:]) -> int" in shown.output
    assert "0.95, also on parity-20-3" in shown.output


def test_a_task_of_ones_own_shows_its_signatures_and_passes_its_check() -> None:
    name = f"{EXAMPLE}:OnlineBinPacking"
    assert "priority(item: int, bins: i8[:]) -> f8[:]" in run("--task", name).output
    checked = run("--task", name, "--check")
    assert checked.exit_code == 0, checked.output
    assert checked.output == "bin-packing-250 keeps the contract of tasks.\n"


def test_a_task_that_breaks_the_contract_is_told_so(tmp_path: Path) -> None:
    broken = EXAMPLE.read_text(encoding="utf-8").replace("return least / len(room)", "return len(room)")
    file = tmp_path / "broken.py"
    file.write_text(broken, encoding="utf-8")
    checked = run("--task", f"{file}:OnlineBinPacking", "--check")
    assert checked.exit_code == 1
    assert "quality" in checked.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rung", "parity-21-3"), "there is no rung parity-21-3"),
        (("--check",), "--check needs a task"),
        (("--rung", "parity-4-1", "--task", "a.py:B"), "two tasks"),
        (("--task", "absent.py:Nothing"), "absent.py"),
        (("--data", "absent"), "absent"),
    ],
)
def test_a_bad_request_is_one_message_and_exit_code_2(arguments: tuple[str, ...], message: str) -> None:
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert message in shown.output
    assert "Traceback" not in shown.output

"""`evolve data`, as a person at a terminal or a script meets it."""

import json

import pytest
from click.testing import CliRunner

from evolve.cli import main
from tasks.download import ARCHIVES
from tasks.text import TEXT_ALIASES
from tests.text_files import TEXTS, archive_of, serving, write, zipped

CONTENT = zipped()


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `evolve data`; exceptions other than exits fail the test."""
    monkeypatch.setenv("EVOLVE_DATA", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words):
        return CliRunner().invoke(main, ["data", *map(str, words)], catch_exceptions=False)

    return run


@pytest.fixture
def archive(monkeypatch):
    """A small wikitext-2 on a server of this machine takes the place of the real one."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        small = archive_of(CONTENT, server.give("/wikitext-2-raw-v1.zip", CONTENT))
        monkeypatch.setitem(ARCHIVES, "wikitext-2", small)
        yield server


def listed(run, *words):
    result = run(*words, "--format", "json")
    assert result.exit_code == 0
    return {(text["file"], *text["of"]): text for text in json.loads(result.stdout)}


def test_the_list_says_what_is_there_and_what_is_missing(run, archive, tmp_path):
    write(tmp_path, "wiki.train.raw", "wiki.valid.raw")
    result = run("--data", tmp_path)
    assert result.exit_code == 0
    rows = {line.split("  ")[0]: line for line in result.stdout.splitlines()}
    assert "SHA-256" in rows["wiki.train.raw of wikitext-2"]
    assert f"{len(TEXTS['wiki.train.raw']):,}" in rows["wiki.train.raw of wikitext-2"]
    assert "missing" in rows["wiki.test.raw of wikitext-2"]
    assert "missing" in rows["wiki.train.raw of wikitext-103"]
    assert "CC BY-SA 3.0 or GFDL" in result.stdout
    assert "`evolve data NAME` downloads" in result.stdout
    assert str(tmp_path) in result.stdout


def test_the_list_names_a_damaged_file(run, archive, tmp_path):
    (tmp_path / "wiki.test.raw").write_bytes(b"half")
    result = run("--data", tmp_path)
    assert result.exit_code == 0
    assert f"{tmp_path / 'wiki.test.raw'} has 4 bytes rather than" in result.stdout


def test_the_list_as_json(run, archive, tmp_path):
    write(tmp_path / "wikitext", "wiki.train.raw")
    texts = listed(run, "--data", tmp_path)
    train = texts["wiki.train.raw", "wikitext-2"]
    assert train["paths"] == [str(tmp_path / "wikitext" / "wiki.train.raw")]
    assert (train["bytes"], train["checked"]) == (len(TEXTS["wiki.train.raw"]), "SHA-256")
    assert texts["wiki.train.raw", "wikitext-103"]["paths"] == []
    assert texts[TEXT_ALIASES["pydoc"], "pydoc"]["licence"] == "PSF-2.0"


def test_a_download_goes_where_tasks_look_and_is_listed(run, archive, tmp_path):
    result = run("wikitext-2", "--data", tmp_path / "new")
    assert result.exit_code == 0
    assert "Downloading wikitext-2-raw-v1.zip" in result.stderr
    assert "wikitext-2-raw/wiki.train.raw" in result.stdout and "missing" not in result.stdout
    assert (tmp_path / "new" / "wikitext-2-raw" / "wiki.train.raw").read_bytes() == TEXTS["wiki.train.raw"]


def test_without_a_directory_it_is_that_of_the_environment(run, archive, tmp_path):
    assert run("wikitext-2").exit_code == 0
    assert (tmp_path / "elsewhere" / "wikitext-2-raw" / "wiki.valid.raw").is_file()


def test_what_is_there_is_not_downloaded_again(run, archive, tmp_path):
    write(tmp_path, *TEXTS)
    result = run("wikitext-2", "--data", tmp_path)
    assert result.exit_code == 0
    assert "Nothing to download" in result.stderr
    assert not archive.requests


def test_a_failed_download_says_what_to_do_with_exit_code_2(run, archive, tmp_path):
    archive.give("/wikitext-2-raw-v1.zip", b"no", status=403)
    result = run("wikitext-2", "--data", tmp_path)
    assert result.exit_code == 2
    assert "the server answered 403" in result.stderr
    assert f"put it into {tmp_path}, and run this again." in result.stderr
    assert not list(tmp_path.rglob("*.raw"))


def test_a_bar_on_a_terminal_is_moved_and_taken_away(run, archive, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("wikitext-2", "--data", tmp_path)
    assert result.exit_code == 0
    assert "━" in result.stderr


def test_an_unknown_name_is_answered_with_those_there_are(run):
    result = run("wikitext-4")
    assert result.exit_code == 2
    assert "there is no download wikitext-4; there are wikitext-2 and wikitext-103." in result.stderr

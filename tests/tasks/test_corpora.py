"""Where the texts are looked for, and what counts as them."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from tasks import corpora
from tasks.corpora import TEST, TRAIN_103, VALID, DataError, PythonDocumentation, data_directory, wikitext_mini
from tasks.splits import Split, check, locate, read
from tests.text_files import SPLITS, TEXTS, corpus, write, write_parquet

TRAIN = SPLITS[0]
RAW_FOLDERS = [
    ".",
    "wikitext-2-raw",
    "wikitext-2-raw-v1",
    "wikitext-2-raw-v1/wikitext-2-raw",
    "wikitext",
    "wikitext/wikitext-2-raw",
    "wikitext/wikitext-2-raw-v1",
]


def training(directory):
    return corpus(directory).training().tobytes()


def refused(directory):
    with pytest.raises(DataError) as error:
        corpus(directory).training()
    message = str(error.value)
    assert "\n" not in message
    assert "wiki.train.raw of wikitext-2" in message
    assert str(directory) in message
    assert "`evolve data wikitext-2`" in message and "--data DIR" in message
    return message


@pytest.mark.parametrize("folder", RAW_FOLDERS)
def test_plain_files_are_found_in_the_usual_folders(tmp_path, folder):
    write(tmp_path / folder, *TEXTS)
    assert training(tmp_path) == TEXTS["wiki.train.raw"]
    assert corpus(tmp_path).validation().tobytes() == TEXTS["wiki.valid.raw"]


@pytest.mark.parametrize("folder", [".", "wikitext-2-raw-v1", "wikitext/wikitext-2-raw-v1"])
@pytest.mark.parametrize("shards", [1, 2, 3])
def test_parquet_shards_give_the_bytes_of_the_plain_file(tmp_path, folder, shards):
    for split in SPLITS:
        write_parquet(tmp_path / folder, split, shards)
    assert training(tmp_path) == TEXTS["wiki.train.raw"]
    assert corpus(tmp_path).validation().tobytes() == TEXTS["wiki.valid.raw"]


def test_without_the_text_the_message_says_what_where_and_what_to_do(tmp_path):
    refused(tmp_path)
    assert "does not exist" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TEXTS["wiki.train.raw"][:-1], "bytes rather than"),
        (b"", "has 0 bytes"),
        (TEXTS["wiki.train.raw"].decode().encode("utf-16"), "bytes rather than"),
        (TEXTS["wiki.train.raw"].replace(b"\n", b"\r\n"), "bytes rather than"),
        (TEXTS["wiki.train.raw"][:-2] + b"x\n", "SHA-256"),
    ],
    ids=["truncated", "empty", "another encoding", "other line ends", "another text"],
)
def test_a_damaged_file_is_no_text(tmp_path, content, reason):
    (tmp_path / "wiki.train.raw").write_bytes(content)
    message = refused(tmp_path)
    assert str(tmp_path / "wiki.train.raw") in message
    assert reason in message


def test_a_directory_is_no_text(tmp_path):
    (tmp_path / "wiki.train.raw").mkdir()
    assert "is no file" in refused(tmp_path)


def test_a_damaged_file_does_not_hide_a_good_one(tmp_path):
    write(tmp_path / "wikitext", "wiki.train.raw")
    (tmp_path / "wiki.train.raw").write_bytes(b"=")
    assert training(tmp_path) == TEXTS["wiki.train.raw"]


def test_the_size_tells_the_two_training_texts_apart_where_one_directory_could_be_either(tmp_path):
    write(tmp_path, "wiki.train.raw")
    assert locate(TRAIN, tmp_path).paths == (tmp_path / "wiki.train.raw",)
    other = locate(TRAIN_103, tmp_path)
    assert not other.paths
    assert "rather than 540,568,191" in other.faults[0]


def test_a_file_that_is_exchanged_is_noticed(tmp_path):
    write(tmp_path, "wiki.train.raw")
    assert training(tmp_path)
    (tmp_path / "wiki.train.raw").write_bytes(bytes(len(TEXTS["wiki.train.raw"])))
    assert "SHA-256" in refused(tmp_path)


def test_a_shard_that_is_missing_is_named(tmp_path):
    write_parquet(tmp_path, TRAIN, 3)
    (tmp_path / "train-00001-of-00003.parquet").unlink()
    assert "not all of which are there (2 found)" in refused(tmp_path)


def test_parquet_of_another_text_is_refused(tmp_path):
    write_parquet(tmp_path, SPLITS[1], 1)
    shutil.move(tmp_path / "validation-00000-of-00001.parquet", tmp_path / "train-00000-of-00001.parquet")
    assert "90 rows rather than 400" in refused(tmp_path)


def test_parquet_of_other_lines_is_refused(tmp_path):
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"text": ["a\n"] * 400}), tmp_path / "train-00000-of-00001.parquet")
    with pytest.raises(DataError, match=r"not wiki.train.raw"):
        corpus(tmp_path).training()


def test_parquet_without_texts_is_refused(tmp_path):
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "train-00000-of-00001.parquet"
    parquet.write_table(pyarrow.table({"page": ["a"]}), path)
    assert "no column text" in refused(tmp_path)
    path.write_bytes(b"PAR1")
    assert "no parquet file" in refused(tmp_path)


def test_parquet_without_pyarrow_says_how_to_get_it(tmp_path, monkeypatch):
    write_parquet(tmp_path, TRAIN, 1)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "pip install 'evolve[parquet]'" in refused(tmp_path)


def test_a_file_that_can_not_be_read_says_why(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(DataError, match="can't read"):
        read((tmp_path / "empty",), Split("empty", "", 0))
    assert "is no file" in check((tmp_path / "missing",), Split("missing", "", 0))


def test_the_directory_is_that_of_the_environment_else_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("EVOLVE_DATA", str(tmp_path))
    assert data_directory() == tmp_path
    assert corpora.wikitext_2().directory == tmp_path
    monkeypatch.delenv("EVOLVE_DATA")
    assert data_directory().name == "evolve"


def test_python_documentation_holds_back_what_is_nowhere_in_the_training_text():
    corpus = PythonDocumentation()
    learned, held_back = corpus.training().tobytes().decode(), corpus.validation().tobytes().decode()
    assert len(held_back) == 20_000 < 100_000 < len(learned)
    pieces = [held_back[start : start + 80] for start in range(0, 19_920, 80)]
    assert not [piece for piece in pieces if piece in learned]


def test_python_documentation_is_named_by_its_text(monkeypatch):
    name = PythonDocumentation().name
    assert name.startswith("pydoc-") and len(name) == 14
    monkeypatch.setattr(corpora, "_documentation", lambda: "another text")
    assert PythonDocumentation().name != name


def test_a_python_without_documentation_is_told_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(DataError, match="came without its documentation"):
        corpora._documentation.__wrapped__()


def test_the_real_splits_are_the_published_ones(wikitext, monkeypatch):
    for directory in (wikitext, wikitext.parent):
        monkeypatch.setenv("EVOLVE_DATA", str(directory))
        mini = wikitext_mini()
        assert mini.find(TEST) == (Path(wikitext, "wiki.test.raw"),)
        assert mini.find(VALID) == (Path(wikitext, "wiki.valid.raw"),)
        assert mini.training()[:18].tobytes() == b" \n = Robert Boulte"
        assert np.count_nonzero(mini.training() == 10) == TEST.lines

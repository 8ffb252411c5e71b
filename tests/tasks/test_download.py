"""Downloading an archive: all of its files or none, from the first address that has it, over a real connection."""

import hashlib

import pytest

from tasks.download import ARCHIVES, fetch
from tasks.splits import DataError
from tests.text_files import TEXTS, archive_of, corpus, serving, zipped

CONTENT = zipped()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def complete(directory):
    return {path.name: path.read_bytes() for path in (directory / "wikitext-2-raw").iterdir()} == TEXTS


def refused(archive, directory):
    """The message of a failed download, which leaves nothing behind."""
    with pytest.raises(DataError) as error:
        fetch(archive, directory)
    assert not [path for path in directory.rglob("*") if path.is_file()]
    assert not list(directory.iterdir())
    message = str(error.value)
    assert "\n" not in message
    return message


def test_an_archive_is_downloaded_checked_and_unpacked_where_tasks_look(server, data):
    fetch(archive_of(CONTENT, server.give("/a.zip", CONTENT)), data)
    assert complete(data)
    assert [path.name for path in data.iterdir()] == ["wikitext-2-raw"]
    assert corpus(data).training().tobytes() == TEXTS["wiki.train.raw"]


def test_the_server_is_told_a_name_of_our_own(server, data):
    fetch(archive_of(CONTENT, server.give("/a.zip", CONTENT)), data)
    ((_, agent),) = server.requests
    assert agent.startswith("evolve/")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_reported_with_what_to_do(server, data, status):
    archive = archive_of(CONTENT, server.give("/a.zip", b"no", status=status))
    message = refused(archive, data)
    assert f"the server answered {status}" in message
    for known in (archive.urls[0], archive.file, f"{archive.size:,} bytes", archive.sha256, str(data)):
        assert known in message


def test_another_file_in_its_place_is_refused(server, data):
    archive = archive_of(CONTENT, server.give("/a.zip", zipped({"wiki.train.raw": b"another"})))
    assert "not the original" in refused(archive, data)


def test_a_truncated_download_is_refused(server, data):
    archive = archive_of(CONTENT, server.give("/a.zip", CONTENT[:-9], announced=len(CONTENT)))
    assert "it broke" in refused(archive, data)
    archive = archive_of(CONTENT, server.give("/b.zip", CONTENT[:-9]))
    assert "not the original" in refused(archive, data)


def test_without_a_network_the_message_says_what_to_do_by_hand(data):
    with serving() as closed:
        url = closed.give("/a.zip")
    message = refused(archive_of(CONTENT, url), data)
    assert "no connection" in message
    assert "in another way" in message


def test_the_next_address_is_tried_when_one_fails(server, data):
    with serving() as closed:
        dead = closed.give("/a.zip")
    urls = dead, server.give("/b.zip", status=403), server.give("/c.zip", b"?"), server.give("/d.zip", CONTENT)
    fetch(archive_of(CONTENT, *urls), data)
    assert complete(data)
    assert [path for path, _ in server.requests] == ["/b.zip", "/c.zip", "/d.zip"]


def test_an_archive_put_there_by_hand_is_used_without_a_network(data):
    data.mkdir()
    (data / "wikitext-2-raw-v1.zip").write_bytes(CONTENT)
    fetch(archive_of(CONTENT), data)
    assert complete(data)


def test_a_damaged_archive_put_there_by_hand_is_not_used(server, data):
    data.mkdir()
    (data / "wikitext-2-raw-v1.zip").write_bytes(CONTENT[:-1])
    fetch(archive_of(CONTENT, server.give("/a.zip", CONTENT)), data)
    assert complete(data)


def test_damaged_files_are_replaced(server, data):
    (data / "wikitext-2-raw").mkdir(parents=True)
    (data / "wikitext-2-raw" / "wiki.train.raw").write_bytes(b"half")
    fetch(archive_of(CONTENT, server.give("/a.zip", CONTENT)), data)
    assert complete(data)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({**TEXTS, "wiki.test.raw": b"another"}), "has 7 bytes rather than"),
        (zipped({"wiki.train.raw": TEXTS["wiki.train.raw"]}), "wiki.valid.raw"),
        (b"no zip", "not the archive"),
    ],
    ids=["another text", "a text is missing", "no zip"],
)
def test_an_archive_with_other_contents_leaves_none_of_them(server, data, content, reason):
    assert reason in refused(archive_of(content, server.give("/a.zip", content)), data)


class Interrupting:
    """Ctrl-C after the first bytes."""

    total = 0.0

    def update(self, n):
        raise KeyboardInterrupt

    def reset(self):
        """Never comes."""

    close = reset


def test_what_is_interrupted_leaves_nothing_behind(server, data):
    with pytest.raises(KeyboardInterrupt):
        fetch(archive_of(CONTENT, server.give("/a.zip", CONTENT)), data, Interrupting())
    assert not list(data.iterdir())


def test_a_directory_that_can_not_be_written_is_reported(data):
    data.write_text("a file")
    with pytest.raises(DataError, match=r"can't write to .*data"):
        fetch(archive_of(CONTENT), data)


def test_a_full_disk_is_not_taken_for_a_broken_connection(server, data, monkeypatch):
    import pooch

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pooch, "retrieve", full)
    assert "can't write to" in refused(archive_of(CONTENT, server.give("/a.zip", CONTENT)), data)


def test_the_known_archives_are_checked_by_sha_256():
    for name, archive in ARCHIVES.items():
        assert archive.file == f"{name}-raw-v1.zip"
        assert all(url.startswith("https://") and url.endswith(archive.file) for url in archive.urls)
        assert len(archive.sha256) == hashlib.sha256().digest_size * 2

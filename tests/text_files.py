"""Small texts in the layout of WikiText, for tests: the files, parquet shards, a zip archive, and a server for it."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from tasks.corpora import TEST, TRAIN_2, VALID, WikiText
from tasks.download import Archive
from tasks.splits import Split

REAL = Path(__file__).parents[2] / "shared" / "data" / "wikitext"
"""Where the validation and test splits of WikiText are on a machine that develops this project."""


def wiki(seed: int, lines: int) -> str:
    """Lines as in WikiText: some are blank but for a space, some have characters of several bytes."""
    generator = np.random.default_rng(seed)
    text = []
    for _ in range(lines):
        words = ["".join(generator.choice(list("etaoinshrdlu–é書"), 5)) for _ in range(generator.integers(0, 9))]
        text.append(" " + "".join(f"{word} " for word in words) + "\n")
    return "".join(text)


def described(split: Split, text: bytes) -> Split:
    """The split, with what is known of this text."""
    return replace(split, lines=text.count(b"\n"), size=len(text), sha256=hashlib.sha256(text).hexdigest())


TEXTS = {
    "wiki.train.raw": wiki(1, 400).encode(),
    "wiki.valid.raw": wiki(2, 90).encode(),
    "wiki.test.raw": wiki(3, 120).encode(),
}
SPLITS = tuple(described(split, TEXTS[split.file]) for split in (TRAIN_2, VALID, TEST))


def corpus(directory: Path) -> WikiText:
    """A small corpus that is looked for in a directory."""
    return WikiText("wikitext-2", "WikiText-2", directory, SPLITS[0], SPLITS[1], "wikitext-2")


def write(folder: Path, *names: str) -> None:
    """Write the texts of these names into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(TEXTS[name])


def write_parquet(folder: Path, split: Split, shards: int) -> None:
    """Write a text as Hugging Face has it: a row for each line, empty where there are no words."""
    import pyarrow
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    lines = TEXTS[split.file].decode().splitlines(keepends=True)
    rows = [line if line.strip() else "" for line in lines]
    for number, part in enumerate(np.array_split(np.arange(len(rows)), shards)):
        table = pyarrow.table({"text": [rows[row] for row in part]})
        parquet.write_table(table, folder / f"{split.shards}-{number:05}-of-{shards:05}.parquet", row_group_size=50)


def zipped(texts: dict[str, bytes] = TEXTS) -> bytes:
    """An archive of the texts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(f"wikitext-2-raw/{name}", text)
    return buffer.getvalue()


def archive_of(content: bytes, *urls: str) -> Archive:
    """What would be known of an archive."""
    digest = hashlib.sha256(content).hexdigest()
    return Archive("wikitext-2-raw-v1.zip", urls, len(content), digest, "wikitext-2-raw", SPLITS)


class Server:
    """An HTTP server on this machine.

    Attributes:
        answers: what it gives at each path: a status, the content, and how many bytes it announces.
        requests: the path and the User-Agent of each request.
    """

    def __init__(self, port: int) -> None:
        self.answers: dict[str, tuple[int, bytes, int]] = {}
        self.requests: list[tuple[str, str]] = []
        self._port = port

    def give(self, path: str, content: bytes = b"", status: int = 200, announced: int | None = None) -> str:
        """Give an answer at a path from now on; its address."""
        self.answers[path] = (status, content, len(content) if announced is None else announced)
        return f"http://127.0.0.1:{self._port}{path}"


@contextmanager
def serving() -> Iterator[Server]:
    """A server for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append((self.path, self.headers["User-Agent"]))
            status, content, announced = server.answers[self.path]
            self.send_response(status)
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server = Server(listening.server_port)
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()

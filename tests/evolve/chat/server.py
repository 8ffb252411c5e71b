"""A server that speaks the OpenAI protocol of chat completions on loopback, well or badly, for tests.

    python -m tests.evolve.chat.server [--port 0] [--script FILE.json] [--replies DIR] [--answer FILE.py:NAME]
                                       [--record FILE.jsonl] [--key KEY] [--certificate FILE.pem]

It prints its address, up to `/v1`, as its first line, and serves until it is killed. The name of the model decides what
is done with a request: `tests.evolve.chat.behaviours` has the models it knows by itself; a script file adds others, or
replaces these. The text of a good reply comes from the files of a directory, one after the other and round again, or
from a function of the request (the JSON object as a dict); otherwise it is always the same. Every request is recorded
as a line of JSON, before it is answered.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.evolve.chat.behaviours import BEHAVIOURS, PAGE, SCRIPTS
from tests.evolve.chat.exchange import Exchange

REPLY = "Three rows tell the secret of two bits."
"""What is replied when nothing else is asked for."""


class Server(ThreadingHTTPServer):
    """The server; each connection has a thread.

    Args:
        port: to listen on; 0 for any that is free.
        scripts: of models, as in `behaviours.SCRIPTS`.
        answer: the text of a good reply to a request.
        record: the file for the requests.
        key: that has to be sent; None for none.
        certificate: a file with it and its private key, to speak TLS; None not to.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        port: int,
        scripts: dict[str, list[Any]],
        answer: Callable[[dict[str, Any]], str],
        record: Path | None = None,
        key: str | None = None,
        certificate: Path | None = None,
    ):
        self.scripts = SCRIPTS | scripts
        self.answer = answer
        self.record = record
        self.key = key
        self.lock = threading.Lock()
        self.steps: Counter[str] = Counter()
        self.scheme = "http" if certificate is None else "https"
        super().__init__(("127.0.0.1", port), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        """The address, up to `/v1`."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/v1"

    def step(self, model: str) -> dict[str, Any]:
        """What is to be done with the next request to a model."""
        with self.lock:
            number = self.steps[model]
            self.steps[model] += 1
        script = self.scripts[model]
        step = script[min(number, len(script) - 1)]
        return {"do": step} if isinstance(step, str) else dict(step)

    def recorded(self, handler: BaseHTTPRequestHandler, body: Any) -> None:
        """Write down a request."""
        if self.record is None:
            return
        entry = {"at": time.time(), "method": handler.command, "path": handler.path, "body": body}
        line = json.dumps({**entry, "headers": {name.lower(): value for name, value in handler.headers.items()}})
        with self.lock, self.record.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that clients have closed."""


class Handler(BaseHTTPRequestHandler):
    """Reads requests, and does with them what the script of the model says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer `/v1/models`."""
        self.server.recorded(self, None)
        exchange = Exchange(self, {}, "")
        if self.path != "/v1/models":
            exchange.whole(404, PAGE, "text/html")
        elif self._allowed(exchange):
            models = [{"id": name, "object": "model", "owned_by": "tests"} for name in self.server.scripts]
            exchange.json(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        """Answer `/v1/chat/completions`."""
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            request = json.loads(data)
        except ValueError:
            request = {}
        self.server.recorded(self, request)
        exchange = Exchange(self, request, "")
        if self.path != "/v1/chat/completions":
            exchange.whole(404, PAGE, "text/html")
        elif self._allowed(exchange):
            self._answer(exchange)

    def _allowed(self, exchange: Exchange) -> bool:
        key = self.server.key
        if key is None or self.headers.get("Authorization") == f"Bearer {key}":
            return True
        exchange.error(401, "Incorrect API key provided", "invalid_api_key")
        return False

    def _answer(self, exchange: Exchange) -> None:
        model = exchange.request.get("model")
        if model not in self.server.scripts:
            message = f"The model `{model}` does not exist or you do not have access to it."
            exchange.error(404, message, "model_not_found")
            return
        step = self.server.step(model)
        if step["do"] != "status":
            exchange.text = self.server.answer(dict(exchange.request))
        BEHAVIOURS[step.pop("do")](exchange, **step)

    def log_message(self, format: str, *words: Any) -> None:
        """Keep quiet."""


def from_directory(directory: Path) -> Callable[[dict[str, Any]], str]:
    """Answers with the files of a directory in the order of their names, and round again."""
    texts: Iterator[str] = itertools.cycle([path.read_text(encoding="utf-8") for path in sorted(directory.iterdir())])
    lock = threading.Lock()

    def answer(_: dict[str, Any]) -> str:
        with lock:
            return next(texts)

    return answer


def from_function(name: str) -> Callable[[dict[str, Any]], str]:
    """Answers with what a function says: `FILE.py:NAME`."""
    path, _, attribute = name.rpartition(":")
    spec = importlib.util.spec_from_file_location("answers", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[[dict[str, Any]], str] = getattr(module, attribute)
    return function


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path)
    parser.add_argument("--replies", type=Path)
    parser.add_argument("--answer")
    parser.add_argument("--record", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--certificate", type=Path)
    options = parser.parse_args()
    scripts = json.loads(options.script.read_text(encoding="utf-8")) if options.script else {}
    answer: Callable[[dict[str, Any]], str] = lambda _: REPLY  # noqa: E731
    if options.replies:
        answer = from_directory(options.replies)
    if options.answer:
        answer = from_function(options.answer)
    server = Server(options.port, scripts, answer, options.record, options.key, options.certificate)
    print(server.url, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

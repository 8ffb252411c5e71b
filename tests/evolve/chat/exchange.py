"""One request to the server for tests, and the ways to answer it: whole, in pieces, as an event stream, or badly."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

EVENTS = "text/event-stream"
JSON = "application/json"


class Exchange:
    """A request, and the connection that it came on.

    Attributes:
        request: the JSON object that was posted.
        headers: of the request.
        text: what a well-behaved model would reply.
    """

    def __init__(self, handler: BaseHTTPRequestHandler, request: Mapping[str, Any], text: str):
        self.handler = handler
        self.request = request
        self.headers = handler.headers
        self.text = text

    @property
    def streamed(self) -> bool:
        """Whether an event stream was asked for."""
        return self.request.get("stream") is True

    @property
    def counted(self) -> bool:
        """Whether a stream shall tell its usage."""
        return bool((self.request.get("stream_options") or {}).get("include_usage"))

    def whole(self, status: int, body: bytes, kind: str = JSON, headers: Mapping[str, str] | None = None) -> None:
        """Answer with a body and its length."""
        self.begin(status, kind, {"Content-Length": str(len(body)), **(headers or {})})
        self.write(body)

    def json(self, status: int, value: Any, headers: Mapping[str, str] | None = None) -> None:
        """Answer with a JSON value."""
        self.whole(status, json.dumps(value).encode(), JSON, headers)

    def error(
        self, status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with an error as OpenAI words it."""
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
        self.json(status, {"error": error}, headers)

    def begin(self, status: int, kind: str | None, headers: Mapping[str, str] | None = None) -> None:
        """Send the head of an answer."""
        self.handler.send_response(status)
        if kind is not None:
            self.handler.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def begin_chunks(self, status: int = 200, kind: str | None = EVENTS) -> None:
        """Send the head of an answer that comes in chunks of HTTP/1.1."""
        self.begin(status, kind, {"Transfer-Encoding": "chunked"})

    def chunk(self, data: bytes) -> None:
        """Send a chunk; an empty one ends the answer."""
        self.write(b"%x\r\n%s\r\n" % (len(data), data))

    def event(self, value: Any) -> None:
        """Send an event of a stream; a text is sent as it is."""
        self.chunk(b"data: %s\n\n" % (value if isinstance(value, str) else json.dumps(value)).encode())

    def delta(self, text: str | None, finish: str | None = None) -> None:
        """Send a piece of the reply."""
        delta = {"role": "assistant", "content": text} if text is not None else {}
        self.event(self._object("chunk", choices=[{"index": 0, "delta": delta, "finish_reason": finish}]))

    def reply(self, text: str, *, finish: str = "stop", usage: bool = True, pause: float = 0.0, streamed: bool) -> None:
        """Answer as a model does, a few characters at a time if it is a stream, with so many seconds between them."""
        counts = self._usage(text) if usage else None
        if not streamed:
            message = {"role": "assistant", "content": text}
            choices = [{"index": 0, "message": message, "finish_reason": finish}]
            self.json(200, self._object("completion", choices=choices, usage=counts))
            return
        self.begin_chunks()
        for piece in re.findall(r".{1,400}" if len(text) > 4000 else r".{1,8}", text, re.DOTALL):
            self.delta(piece)
            time.sleep(pause)
        self.delta(None, finish)
        if self.counted and counts is not None:
            self.event(self._object("chunk", choices=[], usage=counts))
        self.event("[DONE]")
        self.chunk(b"")

    def reset(self) -> None:
        """Reset the connection: the other side gets an RST."""
        self.handler.close_connection = True
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.handler.connection.close()

    def cut(self) -> None:
        """Close the connection, whatever is still to come."""
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)

    def _usage(self, text: str) -> dict[str, int]:
        """Words for tokens."""
        read = sum(len(str(each.get("content")).split()) for each in self.request.get("messages", []))
        written = len(text.split())
        return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}

    def _object(self, kind: str, **more: Any) -> dict[str, Any]:
        name = {"chunk": "chat.completion.chunk", "completion": "chat.completion"}[kind]
        return {"id": "chatcmpl-1", "object": name, "created": 1, "model": self.request.get("model"), **more}

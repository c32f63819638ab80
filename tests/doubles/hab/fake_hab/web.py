# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Small web servers that answer with bytes or JSON."""

from __future__ import annotations

import contextlib
import json
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Question(t.NamedTuple):
    method: str
    path: str
    token: str | None
    body: bytes


class Answer(t.NamedTuple):
    status: int
    body: object = None


Respond = t.Callable[[Question], Answer]


class _Handler(BaseHTTPRequestHandler):
    respond: Respond
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scheme, _space, token = self.headers.get("Authorization", "").partition(" ")
        question = Question(self.command, self.path, token if scheme == "Bearer" else None, body)
        self._send(type(self).respond(question))

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _send(self, answer: Answer) -> None:
        is_raw = isinstance(answer.body, bytes)
        data = b""
        if answer.body is not None:
            data = t.cast(bytes, answer.body) if is_raw else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/octet-stream" if is_raw else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if answer.status != 204:
            self.wfile.write(data)

    def log_message(self, format: str, *arguments: t.Any) -> None:  # noqa: A002
        """Whoever answers keeps a list of requests if one is wanted."""


def create(respond: Respond, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    handler = type("Bound", (_Handler,), {"respond": staticmethod(respond)})
    return ThreadingHTTPServer((host, port), handler)


@contextlib.contextmanager
def running(respond: Respond) -> t.Iterator[str]:
    """Serve in a thread; gives the URL."""
    server = create(respond)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

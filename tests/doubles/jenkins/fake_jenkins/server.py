# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double over HTTP. Below /_double/ a test looks at it and steers it; that is no part of Jenkins."""

from __future__ import annotations

import dataclasses
import http.server
import json
import threading
import time
import typing as t
import urllib.parse

from fake_jenkins.answers import Answer, Request, as_json, page
from fake_jenkins.controller import Controller
from fake_jenkins.settings import Fault, Settings, User

CONTROL = "/_double/"
#: requests that write, by the ends of their paths; all others only read
WRITES = (
    "/apply", "/configure", "/reload", "/doCreate", "/configSubmit", "/doDelete", "/installNecessaryPlugins",
    "/safeRestart", "/createItem", "/config.xml", "/build", "/buildWithParameters", "/cancelItem", "/cancelQuietDown",
)  # fmt: skip


_PAGES: dict[str, t.Callable[[Fault], Answer]] = {
    "status": lambda fault: page(fault.status, "Something went wrong"),
    "login": lambda _fault: page(200, "Sign in"),
    "crumb": lambda _fault: page(403, "No valid crumb was included in the request"),
    "redirect": lambda _fault: page(301, "Moved", Location="https://jenkins.example.com/"),
}


@dataclasses.dataclass
class Entry:
    """A request that was seen; writes is whether it could change something."""

    method: str
    path: str
    query: dict[str, str]
    user: str | None
    status: int
    writes: bool


class FakeJenkins:
    """A running double. Used as a context, it ends with it."""

    def __init__(self, settings: Settings | None = None, port: int = 0, host: str = "127.0.0.1") -> None:
        self.settings = settings or Settings()
        self.log: list[Entry] = []
        self._lock = threading.RLock()
        self.controller = Controller(self.settings)
        handler = type("Handler", (_Handler,), {"double": self})
        self._server = http.server.ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True
        self.url = f"http://{host}:{self._server.server_port}{self.settings.prefix}"
        if self.settings.url is None:
            self.settings.url = f"{self.url}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> FakeJenkins:
        self._thread.start()
        return self

    def __exit__(self, *_ignored: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        self._server.serve_forever(0.1)

    @property
    def writes(self) -> list[str]:
        return [entry.path for entry in self.log if entry.writes]

    def until_ready(self) -> None:
        """Wait until it has loaded."""
        while self.controller.state != "ready":
            time.sleep(0.01)
            with self._lock:
                self.controller.settle()

    def handle(self, request: Request) -> Answer | None:
        with self._lock:
            if request.path.startswith(CONTROL):
                return self._control(request)
            fault = self._fault(request)
            if fault and fault.kind == "drop_before":
                return None
            if fault and fault.kind in _PAGES:
                found = _PAGES[fault.kind](fault)
                found.from_jenkins = False
                return found
            path, answer = request.path, self.controller.answer(request)
            writes = request.method == "POST" and path.endswith(WRITES)
            status = answer.status if answer else 0
            self.log.append(Entry(request.method, path, request.query, request.user, status, writes))
            if answer and answer.from_jenkins:
                answer.headers.setdefault("X-Jenkins", self.settings.version)
                answer.headers.setdefault("X-Jenkins-Session", self.controller.session)
            return None if fault else answer

    def _fault(self, request: Request) -> Fault | None:
        for fault in self.settings.faults:
            if fault.times and request.path.endswith(fault.path):
                fault.times -= 1
                return fault
        return None

    def _control(self, request: Request) -> Answer:
        name = request.path[len(CONTROL) :]
        if name == "log":
            return as_json([dataclasses.asdict(entry) for entry in self.log])
        if name == "start":
            self.controller.start()
            return Answer(200)
        if name == "settings" and request.method == "POST":
            self.change(json.loads(request.body))
            return Answer(200)
        if name == "forget":
            self.log.clear()
            return Answer(200)
        return page(404, f"The double has no {name}")

    def change(self, changes: dict[str, t.Any]) -> None:
        """Change settings while it runs."""
        for name, value in changes.items():
            if not hasattr(self.settings, name):
                raise AttributeError(name)
            if name == "users":
                value = {user: User(**about) for user, about in value.items()}
            if name == "faults":
                value = [Fault(**about) for about in value]
            setattr(self.settings, name, value)


class _Handler(http.server.BaseHTTPRequestHandler):
    double: t.ClassVar[FakeJenkins]
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        answer = self.double.handle(Request(self.command, parts.path, query, headers, body))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Type": answer.content_type}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Stay silent: the request log is asked for."""

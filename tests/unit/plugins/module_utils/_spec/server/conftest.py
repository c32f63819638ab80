# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that is looked at, a web site, and ports."""

from __future__ import annotations

import base64
import http.server
import socket
import threading
import time
import typing as t
from pathlib import Path

import pytest
import yaml
from unit.plugins.module_utils._spec.server import certificates, machine

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the machine."""
    place = tmp_path_factory.mktemp("machine")
    machine.build(place)
    (place / "etc" / "ssl").mkdir()
    certificates.make(place / "etc" / "ssl", "site")
    certificates.make(place / "etc" / "ssl", "over", days=(-30, -1))
    return place


@pytest.fixture(scope="session")
def compiled() -> t.Callable[[t.Any], list[dict[str, t.Any]]]:
    """The examples of a spec, given as YAML or as data, as the module gets them."""

    def read(spec: t.Any) -> list[dict[str, t.Any]]:
        problems = Problems()
        nodes = yaml.safe_load(spec) if isinstance(spec, str) else spec
        examples = Grammar(VOCABULARY, problems, lambda *_ignored: []).read([Document(nodes, Place())])
        assert problems.found == []
        return examples

    return read


class Site(http.server.BaseHTTPRequestHandler):
    """A web site that shows what a client can do."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(0.5)
        authorized = self.headers.get("Authorization") == "Basic " + base64.b64encode(b"ann:right").decode()
        pages = {
            "/": (200, "Welcome", {"Content-Type": "text/html; charset=utf-8"}),
            "/slow": (200, "Welcome", {}),
            "/json": (200, '{"jobs": [{"name": "build"}]}', {"Content-Type": "application/json", "X-Own": "here"}),
            "/moved": (302, "", {"Location": "/"}),
            "/secret": (200 if authorized else 401, "", {}),
        }
        self._answer(*pages.get(self.path, (404, "", {})))

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(200, f"PUT {self.headers.get('X-Own')} {body}", {})

    def _answer(self, status: int, body: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_words: t.Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="session")
def site() -> t.Iterator[str]:
    """The address of the web site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def closed_port() -> t.Iterator[int]:
    """A port that nothing listens on, and that nobody else gets."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]

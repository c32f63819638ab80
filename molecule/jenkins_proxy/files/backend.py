# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays Jenkins behind the proxy: tells what arrived, streams, takes uploads and speaks after an upgrade."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECES = 3
PAUSE = 0.7


class Jenkins(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade"):
            self._converse()
        elif self.path == "/stream":
            self._stream()
        else:
            self._answer(backend=sys.argv[1], line=self.requestline, headers=self._all_headers())

    def do_POST(self) -> None:
        """Read the upload as it comes."""
        left, digest, began = int(self.headers["Content-Length"]), hashlib.sha256(), 0.0
        while left:
            piece = self.rfile.read1(min(left, 65536))
            began = began or time.monotonic()
            digest.update(piece)
            left -= len(piece)
        self._answer(began=began, sha256=digest.hexdigest())

    def _converse(self) -> None:
        self.send_response(101)
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.close_connection = True
        while said := self.rfile.read1(1024):
            self.wfile.write(said.upper())

    def _stream(self) -> None:
        """Pieces of a known length: these a buffering proxy would hold back, unlike chunks."""
        self.send_response(200)
        self.send_header("Content-Length", str(PIECES * len("piece 0")))
        self.end_headers()
        for number in range(PIECES):
            self.wfile.write(f"piece {number}".encode())
            time.sleep(PAUSE)

    def _all_headers(self) -> dict[str, list[str]]:
        return {name.lower(): self.headers.get_all(name) or [] for name in self.headers}

    def _answer(self, **content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_ignored: Any) -> None:
        """Be quiet."""


ThreadingHTTPServer((sys.argv[1], 8080), Jenkins).serve_forever()

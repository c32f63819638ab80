# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays Jenkins behind a proxy: tells what arrived, streams, redirects, takes uploads and echoes WebSocket frames."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECES = 3
PAUSE = 0.7
WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Jenkins(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket":
            self._echo_frames()
        elif self.path.endswith("/stream"):
            self._stream()
        elif self.path.endswith("/redirect"):
            self._redirect(f"http://{self.headers['Host']}/login?from=%2F")
        elif self.path.endswith("/own-address"):
            self._redirect(f"http://{self.headers['X-Own-Name']}:8080/login")
        else:
            self._answer(backend=sys.argv[1], line=self.requestline, headers=self._all_headers())

    def do_POST(self) -> None:
        """Read the upload as it comes."""
        left, digest, began = int(self.headers["Content-Length"]), hashlib.sha256(), 0.0
        while left:
            piece = self.rfile.read1(min(left, 1 << 20))
            began = began or time.monotonic()
            digest.update(piece)
            left -= len(piece)
        self._answer(began=began, sha256=digest.hexdigest())

    def _echo_frames(self) -> None:
        accept = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + WEBSOCKET).encode(), usedforsecurity=False)
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept.digest()).decode())
        self.end_headers()
        self.close_connection = True
        while head := self.rfile.read(2):
            length, mask = head[1] & 0x7F, self.rfile.read(4)
            said = bytes(byte ^ mask[n % 4] for n, byte in enumerate(self.rfile.read(length)))
            self.wfile.write(bytes([head[0], length]) + said)

    def _stream(self) -> None:
        """Pieces of a known length: these a buffering proxy would hold back, unlike chunks."""
        self.send_response(200)
        self.send_header("Content-Length", str(PIECES * len("piece 0")))
        self.end_headers()
        for number in range(PIECES):
            self.wfile.write(f"piece {number}".encode())
            time.sleep(PAUSE)

    def _redirect(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _all_headers(self) -> dict[str, list[str]]:
        return {name.lower(): self.headers.get_all(name) or [] for name in self.headers}

    def _answer(self, **content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_ignored: Any) -> None:
        """Be quiet."""


ThreadingHTTPServer((sys.argv[1], 8080), Jenkins).serve_forever()

#!/usr/bin/env python3
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of the instance metadata service: version 2 only, so without a token there is no answer."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer

SESSION = "AQAEAtokentokentoken=="
ZONE = "eu-central-1b"
ANSWERS = {
    "/latest/dynamic/instance-identity/document": json.dumps({"region": "eu-central-1", "availabilityZone": ZONE}),
    "/latest/meta-data/placement/availability-zone": ZONE,
}


class Metadata(BaseHTTPRequestHandler):
    def answer(self, status: int, text: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self) -> None:
        lifetime = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if self.path != "/latest/api/token" or not lifetime.isdigit() or not 1 <= int(lifetime) <= 21600:
            return self.answer(400)
        return self.answer(200, SESSION)

    def do_GET(self) -> None:
        if self.headers.get("X-aws-ec2-metadata-token") != SESSION:
            return self.answer(401)
        return self.answer(200, ANSWERS[self.path]) if self.path in ANSWERS else self.answer(404)


HTTPServer(("127.0.0.1", 8169), Metadata).serve_forever()

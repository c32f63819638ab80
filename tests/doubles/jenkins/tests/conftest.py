# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double, and a client that says just what it is told."""

from __future__ import annotations

import base64
import json
import sys
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_jenkins.server import FakeJenkins


class Answer(t.NamedTuple):
    status: int
    headers: t.Mapping[str, str]
    text: str

    @property
    def json(self) -> t.Any:
        return json.loads(self.text)


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_ignored: t.Any) -> None:
        return None


class Client:
    """Sends requests with basic authentication; a token unless a password is asked for."""

    def __init__(self, double: FakeJenkins) -> None:
        self.double = double
        self._opener = urllib.request.build_opener(_Unfollowed)

    def __call__(
        self,
        method: str,
        path: str,
        body: str | dict[str, t.Any] | None = None,
        login: str | None = "admin:admin-token",
        content_type: str = "application/yaml",
        **headers: str,
    ) -> Answer:
        data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        if login:
            headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
        if data is not None:
            headers["Content-Type"] = content_type
        elif method == "POST":
            data = b""
        request = urllib.request.Request(self.double.url + path, data=data, headers=headers, method=method)
        try:
            answer = self._opener.open(request, timeout=5)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.headers, answer.read().decode())


@pytest.fixture
def double() -> t.Iterator[FakeJenkins]:
    with FakeJenkins() as running:
        running.until_ready()
        yield running


@pytest.fixture
def ask(double: FakeJenkins) -> Client:
    return Client(double)

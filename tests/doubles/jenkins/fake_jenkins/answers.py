# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers."""

from __future__ import annotations

import html
import json
import typing as t
import urllib.parse
from dataclasses import dataclass, field

HTML = "text/html;charset=utf-8"


@dataclass
class Request:
    """A request; user and session are known after authentication."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    user: str | None = None
    by_token: bool = False
    session: str | None = None

    @property
    def form(self) -> dict[str, str]:
        """The form of the body; Jenkins reads it only for the content type of forms."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return {}
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Answer:
    """An answer; headers of every page are added later."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain;charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    #: whether it carries X-Jenkins and X-Jenkins-Session
    from_jenkins: bool = True


class Problem(Exception):
    """A request that Jenkins refuses; answer is what it says."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def page(status: int, text: str, **headers: str) -> Answer:
    """A web page with a text."""
    body = f"<!DOCTYPE html><html><body><p>{html.escape(text)}</p></body></html>".encode()
    return Answer(status, body, HTML, {name.replace("_", "-"): value for name, value in headers.items()})


def as_json(value: t.Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), "application/json;charset=utf-8")


def helper(value: t.Any = None, error: str = "") -> Answer:
    """What Jenkins's endpoints for its own pages answer: always 200."""
    return as_json({"status": "error", "message": error} if error else {"status": "ok", "data": value})


def failure(message: str) -> Problem:
    """A failure with a reason: 400 and X-Error."""
    return Problem(page(400, message, **{"X-Error": message}))


def oops() -> Problem:
    """An uncaught exception: no reason, only where to look."""
    return Problem(page(500, "Oops! A problem occurred while processing the request. Logging ID=0a1b2c3d-1111-2222"))


def not_found() -> Problem:
    return Problem(page(404, "Not Found"))

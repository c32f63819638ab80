# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports as the action plugins make them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.result import summary

Report = dict[str, t.Any]


def example(path: str, status: str = "passed", **more: t.Any) -> dict[str, t.Any]:
    titles = path.split("/")
    check = {
        "resource": "port",
        "name": 80,
        "subject": "port 80",
        "property": None,
        "matcher": "be_listening",
        "negated": False,
        "status": status if status in ("failed", "error") else "passed",
        "expected": "port 80 to be listening on tcp",
    }
    if status in ("failed", "error"):
        check.update(got="nothing on tcp", source="/proc/net/tcp")
    return {
        "id": path.lower().replace(" ", "-"),
        "path": titles,
        "title": titles[-1],
        "full_description": " ".join(titles),
        "file": "/specs/web.yml",
        "line": 7,
        "status": status,
        "reason": {"skipped": "not here", "pending": "ticket 7", "fixed": "ticket 7"}.get(status),
        "duration": 0.001,
        "tags": ["a", "b"],
        "severity": "high",
        "meta": {},
        "sensitive": False,
        "checks": [] if status in ("skipped", "pending") else [check],
        **more,
    }


def report(*examples: dict[str, t.Any], host: str = "web01", **more: t.Any) -> Report:
    return {
        "name": "web server",
        "host": host,
        "started": "2026-01-02T03:04:05+00:00",
        "duration": 0.06,
        "spec_valid": True,
        "errors": [],
        "examples": list(examples),
        "summary": summary(examples, 0.06, 3, 0),
        **more,
    }


PROBLEM = {
    "class": "UnknownMatcher",
    "message": "unknown matcher 'be_instaled'; did you mean be_installed?",
    "file": "/specs/web.yml",
    "line": 4,
    "path": "web site > 1 > to",
    "word": "be_instaled",
    "suggestion": "be_installed",
}


@pytest.fixture
def everything() -> Report:
    """One example of each outcome, in groups."""
    return report(
        example("web site/port 80/listens"),
        example("web site/port 80/listens on tcp6", "failed"),
        example("web site/application server/is measured", "error"),
        example("web site/application server/will be written", "pending"),
        example("jobs/one", "skipped"),
        example("jobs/two", "skipped"),
        example("was broken", "fixed"),
    )


@pytest.fixture
def invalid() -> Report:
    return report(spec_valid=False, errors=[PROBLEM])

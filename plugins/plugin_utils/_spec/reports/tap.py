# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.tree import Group, grouped

Report = dict[str, t.Any]
_OK = ("passed", "skipped", "pending")


def text(report: Report) -> str:
    """The report in TAP 14: a subtest for each group, expected and got as YAML."""
    if not report["spec_valid"]:
        problems = [f"{one['file']}:{one['line']} {one['message']}" for one in report["errors"]]
        body = ["1..1", "not ok 1 - spec is valid", *_yaml({"problems": problems})]
    else:
        body = _plan(grouped(report).children)
    return "\n".join(["TAP version 14", *body]) + "\n"


def _plan(children: list[t.Any]) -> list[str]:
    lines = [f"1..{len(children)}"]
    for number, child in enumerate(children, 1):
        lines += _subtest(child, number) if isinstance(child, Group) else _example(child, number)
    return lines


def _subtest(group: Group, number: int) -> list[str]:
    inner = ["    " + line for line in _plan(group.children)]
    return [f"# Subtest: {_said(group.title)}", *inner, f"{_ok(_good(group))} {number} - {_said(group.title)}"]


def _good(child: t.Any) -> bool:
    return all(map(_good, child.children)) if isinstance(child, Group) else child["status"] in _OK


def _example(example: dict[str, t.Any], number: int) -> list[str]:
    status = example["status"]
    directive = {"skipped": "SKIP", "pending": "TODO"}.get(status)
    # A pending example is a test that is not ok and is not expected to be.
    word = "not ok" if status == "pending" else _ok(status in _OK)
    line = f"{word} {number} - {_said(example['title'])}"
    if directive:
        return [f"{line} # {directive} {_said(str(example['reason']))}"]
    checks = [check for check in example["checks"] if check["status"] in ("failed", "error")]
    if status == "passed":
        return [line]
    details = {"status": status, "id": example["id"], "reason": example["reason"]}
    if checks:
        details.update({key: checks[0].get(key) for key in ("expected", "got", "source")})
    return [line, *_yaml(details)]


def _yaml(values: dict[str, t.Any]) -> list[str]:
    # JSON is YAML, and quotes whatever needs it.
    rows = [f"  {key}: {json.dumps(value, ensure_ascii=True)}" for key, value in values.items() if value is not None]
    return ["  ---", *rows, "  ..."]


def _ok(good: bool) -> str:
    return "ok" if good else "not ok"


def _said(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("#", "\\#").split())

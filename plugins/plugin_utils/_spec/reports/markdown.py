# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.documentation import one_line, told

_MARKS = {"passed": "✔", "failed": "✘", "fixed": "✘", "error": "⚠", "skipped": "-", "pending": "…"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def text(report: dict[str, t.Any]) -> str:
    """The report as a document: a heading for each group, a line for each example."""
    lines = [f"# {_plain(report['name'])}", "", f"{_plain(one_line(report))}, {report['started']}", ""]
    if not report["spec_valid"]:
        return "\n".join([*lines, *(f"- {_plain(problem['message'])}" for problem in report["errors"])]) + "\n"
    before: list[str] = []
    for example in report["examples"]:
        groups = example["path"][:-1]
        lines += _headings(before, groups)
        before = groups
        lines += _example(example)
    return "\n".join(lines).rstrip() + "\n"


def _headings(before: list[str], groups: list[str]) -> list[str]:
    lines: list[str] = []
    for depth, title in enumerate(groups):
        if before[: depth + 1] != groups[: depth + 1]:
            lines += ["", f"{'#' * min(depth + 2, 6)} {_plain(title)}", ""]
    return lines


def _example(example: dict[str, t.Any]) -> list[str]:
    reason = f" ({_plain(str(example['reason']))})" if example["reason"] and example["status"] != "fixed" else ""
    lines = [f"- {_MARKS[example['status']]} {_plain(example['title'])}{reason}"]
    if example["status"] in ("failed", "error", "fixed"):
        lines += ["", "  ```text", *(f"  {line}" for line in told(example)), "  ```", ""]
    return lines


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))

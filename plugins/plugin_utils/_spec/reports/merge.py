# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

Report = dict[str, t.Any]
_PROBLEMS = ("failed", "error", "fixed")
_COUNTS = ("examples", "expectations", "passed", "failed", "errors", "skipped", "pending", "fixed", "probes", "forks")


def merge(reports: t.Sequence[Report]) -> dict[str, t.Any]:
    """The totals of several reports, the state of each host, and which example has a problem on which hosts."""
    return {
        "summary": {
            **{name: sum(report["summary"][name] for report in reports) for name in _COUNTS},
            "duration": round(sum(report["duration"] for report in reports), 3),
        },
        "hosts": [_host(report) for report in reports],
        "failing": _failing(reports),
    }


def _host(report: Report) -> dict[str, t.Any]:
    bad = not report["spec_valid"] or any(example["status"] in _PROBLEMS for example in report["examples"])
    return {"host": report["host"], "name": report["name"], "failed": bad, "summary": report["summary"]}


def _failing(reports: t.Sequence[Report]) -> list[dict[str, t.Any]]:
    found: dict[str, dict[str, t.Any]] = {}
    for report in reports:
        for example in report["examples"]:
            if example["status"] in _PROBLEMS:
                entry = {"id": example["id"], "full_description": example["full_description"], "hosts": []}
                found.setdefault(example["id"], entry)["hosts"].append(report["host"])
    return list(found.values())

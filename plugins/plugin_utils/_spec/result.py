# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import (
    ERROR,
    FAILED,
    FIXED,
    HIDDEN,
    PASSED,
    PENDING,
    PROBLEMS,
    SKIPPED,
)

Example = dict[str, t.Any]
_COUNTED = {"passed": PASSED, "failed": FAILED, "errors": ERROR, "skipped": SKIPPED, "pending": PENDING, "fixed": FIXED}
_OF_A_CHECK = ("resource", "name", "subject", "property", "negated", "expected")
_FAILS_ON = {"failure": PROBLEMS, "error": (ERROR,), "never": ()}


def combined(example: Example, outcome: dict[str, t.Any]) -> Example:
    """An example with what came out of it."""
    checks = []
    for number, check in enumerate(example["checks"]):
        told = {**{key: check[key] for key in _OF_A_CHECK}, "name": check["told_name"]}
        found = outcome["checks"][number] if outcome["checks"] else {"status": outcome["status"]}
        checks.append({**told, "matcher": check["matcher"]["word"], **found})
    kept = {key: value for key, value in example.items() if key not in ("checks", "skip", "pending", "eventually")}
    return {
        **kept,
        "status": outcome["status"],
        "reason": outcome.get("reason"),
        "duration": outcome["duration"],
        "checks": checks,
    }


def summary(examples: t.Sequence[Example], duration: float, probes: int, forks: int) -> dict[str, t.Any]:
    counts = {name: sum(example["status"] == status for example in examples) for name, status in _COUNTED.items()}
    return {
        "examples": len(examples),
        "expectations": sum(len(example["checks"]) for example in examples),
        **counts,
        "duration": round(duration, 3),
        "probes": probes,
        "forks": forks,
    }


def flat(example: Example) -> Example:
    """An example as it is returned: what explains its status stands at the top."""
    checks = example["checks"]
    telling = next((check for check in checks if check["status"] in (FAILED, ERROR)), checks[0] if checks else {})
    names = ("resource", "name", "matcher", "property", "negated", "expected", "got", "diff", "source")
    result = {key: value for key, value in example.items() if key not in ("checks", "title")}
    result.update({name: telling.get(name) for name in names})
    result["message"] = message(example)
    if len(checks) > 1:
        result["expectations"] = checks
    return result


def message(example: Example) -> str:
    """One line about the first thing that is wrong with an example."""
    if example["status"] == FIXED:
        return f"expected to fail ({example['reason']}), but it passes"
    for check in example["checks"]:
        if check["status"] in (FAILED, ERROR):
            got = f", but got {check['got']}" if check.get("got") else ""
            could_not = "could not tell whether it is as expected: " if check["status"] == ERROR else ""
            return f"{could_not}expected {check['expected']}{got}"
    return str(example["reason"] or "")


def fails(examples: t.Sequence[Example], fail_on: str) -> bool:
    return any(example["status"] in _FAILS_ON[fail_on] for example in examples)


def returned(examples: t.Sequence[Example], which: str) -> list[Example]:
    """The examples that are returned: all, those with problems, or none (summary)."""
    if which == "summary":
        return []
    return [flat(example) for example in examples if which == "all" or example["status"] in PROBLEMS]


def redacted(value: t.Any, patterns: t.Sequence[re.Pattern[str]]) -> t.Any:
    """The same without what the patterns find."""
    if isinstance(value, str):
        for pattern in patterns:
            value = pattern.sub(HIDDEN, value)
        return value
    if isinstance(value, list):
        return [redacted(item, patterns) for item in value]
    if isinstance(value, dict):
        return {key: redacted(item, patterns) for key, item in value.items()}
    return value

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import textwrap
import typing as t

Report = dict[str, t.Any]
Example = dict[str, t.Any]
_NUMBERED = {"failed": "FAILED", "error": "ERROR", "fixed": "FIXED"}
_INDENT = "  "


class Line(t.NamedTuple):
    """A line of the report, and the status that gives it its colour."""

    text: str
    status: str | None = None


def lines(report: Report) -> list[Line]:
    """The whole report: the tree, what is pending, the failures, the totals."""
    if not report["spec_valid"]:
        return _invalid(report)
    parts = [tree(report), _pending(report), _failures(report), _totals(report)]
    return [line for number, part in enumerate(filter(None, parts)) for line in ([Line("")] if number else []) + part]


def text(report: Report) -> str:
    return "\n".join(line.text for line in lines(report))


def failures(report: Report) -> str:
    """What a failed task says: the problems of the spec, or the failures and the totals."""
    if not report["spec_valid"]:
        return "\n".join(line.text for line in _invalid(report))
    return "\n".join(line.text for line in [*_failures(report), Line(""), *_totals(report)])


def one_line(report: Report) -> str:
    """The totals in one line: web01: 7 examples, 2 failures, 0 errors, 1 skipped in 0.06 s."""
    total = report["summary"]
    parts = [_count(total["examples"], "example"), _count(total["failed"] + total["fixed"], "failure")]
    parts.append(_count(total["errors"], "error"))
    parts += [f"{total[name]} {name}" for name in ("skipped", "pending") if total[name]]
    return f"{report['host']}: {', '.join(parts)} in {report['duration']:.2f} s"


def tree(report: Report) -> list[Line]:
    """The examples below the titles of their groups."""
    found = [Line(f"{report['host']}: {report['name']}")]
    numbers = _numbers(report)
    open_groups: list[str] = []
    skipped = _skipped_groups(report)
    for example in report["examples"]:
        groups = example["path"][:-1]
        shared = _shared(open_groups, groups)
        whole = next((length for length in range(1, len(groups) + 1) if tuple(groups[:length]) in skipped), 0)
        for depth in range(shared, whole or len(groups)):
            reason = f" (SKIPPED: {skipped[tuple(groups[: depth + 1])]})" if depth + 1 == whole else ""
            found.append(Line(_INDENT * (depth + 1) + groups[depth] + reason, "skipped" if reason else None))
        open_groups = groups
        if not whole:
            found.append(
                Line(_INDENT * (len(groups) + 1) + example["title"] + _mark(example, numbers), example["status"])
            )
    return found


def _shared(before: list[str], now: list[str]) -> int:
    for number, (one, other) in enumerate(zip(before, now, strict=False)):
        if one != other:
            return number
    return min(len(before), len(now))


def _skipped_groups(report: Report) -> dict[tuple[str, ...], str]:
    """The groups of which every example was skipped for the same reason."""
    reasons: dict[tuple[str, ...], set[str | None]] = {}
    for example in report["examples"]:
        reason = example["reason"] if example["status"] == "skipped" else None
        for length in range(1, len(example["path"])):
            reasons.setdefault(tuple(example["path"][:length]), set()).add(reason)
    return {group: str(found.pop()) for group, found in reasons.items() if len(found) == 1 and None not in found}


def _numbers(report: Report) -> dict[str, int]:
    numbered = [example["id"] for example in report["examples"] if example["status"] in _NUMBERED]
    return {identity: number for number, identity in enumerate(numbered, 1)}


def _mark(example: Example, numbers: dict[str, int]) -> str:
    status = example["status"]
    if status in _NUMBERED:
        return f" ({_NUMBERED[status]} - {numbers[example['id']]})"
    return "" if status == "passed" else f" ({status.upper()}: {example['reason']})"


def _pending(report: Report) -> list[Line]:
    waiting = [example for example in report["examples"] if example["status"] == "pending"]
    if not waiting:
        return []
    found = [Line("Pending:")]
    return found + [Line(f"  {' > '.join(one['path'])}: {one['reason']}", "pending") for one in waiting]


def _failures(report: Report) -> list[Line]:
    numbers = _numbers(report)
    found = [Line("Failures:")] if numbers else []
    for example in report["examples"]:
        if example["id"] in numbers and example["status"] in _NUMBERED:
            found += [Line(""), *_failure(example, numbers[example["id"]])]
    return found


def _failure(example: Example, number: int) -> list[Line]:
    where = f"  [{place(example)}]" if place(example) else ""
    found = [Line(f"  {number}) {' > '.join(example['path'])}{where}", example["status"])]
    return found + [Line(f"     {line}", example["status"]) for line in told(example)]


def told(example: Example) -> list[str]:
    """What is wrong with an example: expected, got, where it was read."""
    if example["status"] == "fixed":
        return [f"expected to fail ({example['reason']}), but it passes: take the mark pending away"]
    checks = [check for check in example["checks"] if check["status"] in ("failed", "error")]
    return [line for check in checks for line in _told(check)] or [str(example["reason"])]


def _told(check: dict[str, t.Any]) -> list[str]:
    got = "got" if check["status"] == "failed" else "error"
    rows = [("expected", check["expected"]), (got, check.get("got") or "the opposite")]
    if check.get("source"):
        rows.append(("read from", check["source"]))
    found = []
    for name, value in rows:
        first, *rest = textwrap.wrap(str(value), 110, break_on_hyphens=False) or [""]
        found += [f"{name:<10}{first}", *(" " * 10 + line for line in rest)]
    return [*found, *("  " + line for line in check.get("diff") or ())]


def place(example: Example) -> str:
    """File and line of an example, as short as a person needs it."""
    file = str(example["file"] or "").rpartition("/")[2]
    return f"{file}:{example['line']}" if file and example["line"] else file


def _totals(report: Report) -> list[Line]:
    total = report["summary"]
    status = "failed" if total["failed"] + total["fixed"] else "error" if total["errors"] else "passed"
    found = [Line(one_line(report), status)]
    again = [example["id"] for example in report["examples"] if example["status"] in _NUMBERED]
    if again:
        shown = ", ".join(again[:5]) + (", ..." if len(again) > 5 else "")
        found.append(Line(f"run again only these: only: [{shown}]"))
    return found


def _invalid(report: Report) -> list[Line]:
    problems = report["errors"]
    found = [Line(f"The spec has {_count(len(problems), 'problem')}; nothing was checked.", "error")]
    for problem in problems:
        place = ":".join(str(part) for part in (problem["file"], problem["line"]) if part)
        path = f"  {problem['path']}" if problem["path"] else ""
        found.append(
            Line(f"  {place}{path}: {problem['message']}" if place or path else f"  {problem['message']}", "error")
        )
    return found


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"

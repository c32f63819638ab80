# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import html
import typing as t

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.documentation import one_line, place
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.html_assets import SCRIPT, STYLE
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.tree import Group, grouped

Report = dict[str, t.Any]
STATUSES = ("failed", "fixed", "error", "pending", "skipped", "passed")
_PROBLEMS = ("failed", "fixed", "error")


def page(reports: t.Sequence[Report]) -> str:
    """One page that needs nothing else: totals, what failed on which host, and the tree of each host."""
    examples = [example for report in reports for example in report["examples"]]
    title = " and ".join(dict.fromkeys(report["name"] for report in reports))
    parts = [
        f"<h1>{_text(title)}</h1>",
        f'<p class="soft">{_text(_hosts(reports))}</p>',
        _bar(examples),
        _filters(examples),
        _matrix(reports) if len(reports) > 1 else "",
        *(_host(report) for report in reports),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_text(title)}</title>'
    body = "\n".join(part for part in parts if part)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n{body}\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _text(value: t.Any) -> str:
    """Text in HTML; what is no character is shown as such."""
    return html.escape(str(value).encode("utf-8", "replace").decode(), quote=True)


def _hosts(reports: t.Sequence[Report]) -> str:
    if len(reports) == 1:
        return f"{one_line(reports[0])}, {reports[0]['started']}"
    return f"{len(reports)} hosts, {max(report['started'] for report in reports)}"


def _counts(examples: t.Iterable[dict[str, t.Any]]) -> dict[str, int]:
    found = dict.fromkeys(STATUSES, 0)
    for example in examples:
        found[example["status"]] += 1
    return {status: count for status, count in found.items() if count}


def _bar(examples: list[dict[str, t.Any]]) -> str:
    spans = [
        f'<span class="{status}" style="flex:{count}" title="{count} {status}"></span>'
        for status, count in _counts(examples).items()
    ]
    return f'<div class="bar" role="img" aria-label="{len(examples)} examples">{"".join(spans)}</div>'


def _filters(examples: list[dict[str, t.Any]]) -> str:
    buttons = [
        f'<button type="button" class="{status}" data-status="{status}" aria-pressed="false">{count} {status}</button>'
        for status, count in _counts(examples).items()
    ]
    return f'<nav hidden>{"".join(buttons)}<input type="search" placeholder="search" aria-label="search"></nav>'


def _matrix(reports: t.Sequence[Report]) -> str:
    """Which example has a problem on which host."""
    found: dict[str, dict[str, t.Any]] = {}
    for report in reports:
        for example in report["examples"]:
            found.setdefault(example["id"], {"title": example["full_description"]})[report["host"]] = example["status"]
    hosts = list(dict.fromkeys(report["host"] for report in reports))
    rows = [row for row in found.values() if any(row.get(host) in _PROBLEMS for host in hosts)]
    if not rows:
        return ""
    head = "".join(f"<th>{_text(host)}</th>" for host in hosts)
    body = "".join(_row(row, hosts) for row in rows)
    return f"<h2>Problems by host</h2>\n<table><tr><th>Example</th>{head}</tr>{body}</table>"


def _row(row: dict[str, t.Any], hosts: list[str]) -> str:
    marks = [f'<td class="mark {row.get(host, "")}" title="{row.get(host, "not there")}"></td>' for host in hosts]
    return f"<tr><td>{_text(row['title'])}</td>{''.join(marks)}</tr>"


def _host(report: Report) -> str:
    heading = f"<h2>{_text(report['host'])}: {_text(report['name'])}</h2>"
    if report["spec_valid"]:
        return heading + _children(grouped(report).children)
    problems = [
        f'<p class="problem">{_text(one["file"] or "")}:{_text(one["line"] or "")} {_text(one["path"])}<br>'
        f"{_text(one['message'])}</p>"
        for one in report["errors"]
    ]
    return f"{heading}<p>The spec is not valid; nothing was checked.</p>{''.join(problems)}"


def _children(children: list[t.Any]) -> str:
    parts = []
    for child in children:
        parts.append(_group(child) if isinstance(child, Group) else f"<ul>{_example(child)}</ul>")
    return "\n".join(parts).replace("</ul>\n<ul>", "\n")


def _group(group: Group) -> str:
    counts = _counts(group.examples())
    problems = any(status in counts for status in _PROBLEMS)
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    summary = f'<summary>{_text(group.title)} <span class="soft">{told}</span></summary>'
    return f"<details{' open' if problems else ''}>{summary}{_children(group.children)}</details>"


def _example(example: dict[str, t.Any]) -> str:
    status = example["status"]
    reason = f' <span class="soft">({_text(example["reason"])})</span>' if example["reason"] else ""
    words = _text(example["full_description"].lower())
    checks = [check for check in example["checks"] if check["status"] in ("failed", "error")]
    details = "".join(_check(check, example) for check in checks)
    title = _text(example["title"]) + reason + details
    return f'<li class="{status}" data-status="{status}" data-text="{words}">{title}</li>'


def _check(check: dict[str, t.Any], example: dict[str, t.Any]) -> str:
    rows = {
        "expected": check["expected"],
        "got" if check["status"] == "failed" else "error": check.get("got") or "the opposite",
        "difference": "\n".join(check.get("diff") or ()),
        "read from": check.get("source"),
        "spec": place(example),
    }
    return (
        "<dl>" + "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in rows.items() if value) + "</dl>"
    )

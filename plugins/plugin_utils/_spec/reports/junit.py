# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t
from xml.etree import ElementTree

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.documentation import told

Report = dict[str, t.Any]
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED = ("skipped", "pending")
_FAILED = ("failed", "fixed")


def text(reports: t.Sequence[Report]) -> str:
    """One JUnit document: a test suite for each top-level group of each host, a test case for each example."""
    root = ElementTree.Element("testsuites")
    for report in reports:
        for name, examples in _suites(report).items():
            root.append(_suite(report, name, examples))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{sum(report['duration'] for report in reports):.3f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suites(report: Report) -> dict[str, list[dict[str, t.Any]]]:
    if not report["spec_valid"]:
        return {report["name"]: []}
    found: dict[str, list[dict[str, t.Any]]] = {}
    for example in report["examples"]:
        found.setdefault(example["path"][0] if len(example["path"]) > 1 else report["name"], []).append(example)
    return found


def _suite(report: Report, name: str, examples: list[dict[str, t.Any]]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_clean(name), hostname=_clean(report["host"]))
    suite.set("timestamp", report["started"][:19])
    properties = ElementTree.SubElement(suite, "properties")
    ElementTree.SubElement(properties, "property", name="host", value=_clean(report["host"]))
    used: dict[tuple[str, str], int] = {}
    for example in examples:
        suite.append(_case(report, example, used))
    if not report["spec_valid"]:
        suite.append(_invalid(report))
    statuses = [example["status"] for example in examples]
    suite.set("tests", str(len(suite) - 1))
    suite.set("failures", str(sum(status in _FAILED for status in statuses)))
    suite.set("errors", str(statuses.count("error") + (not report["spec_valid"])))
    suite.set("skipped", str(sum(status in _SKIPPED for status in statuses)))
    suite.set("time", f"{sum(example['duration'] for example in examples):.3f}")
    return suite


def _case(report: Report, example: dict[str, t.Any], used: dict[tuple[str, str], int]) -> ElementTree.Element:
    groups = [_undotted(part) for part in (report["host"], report["name"], *example["path"][:-1])]
    class_name, name = _clean(".".join(groups)), _clean(example["title"])
    used[class_name, name] = used.get((class_name, name), 0) + 1
    if used[class_name, name] > 1:
        name += f" ({used[class_name, name]})"
    case = ElementTree.Element("testcase", classname=class_name, name=name, time=f"{example['duration']:.6f}")
    if example["file"]:
        case.set("file", _clean(example["file"]))
        case.set("line", str(example["line"] or 1))
    case.append(_properties(example))
    outcome = _outcome(example)
    if outcome is not None:
        case.append(outcome)
    return case


def _properties(example: dict[str, t.Any]) -> ElementTree.Element:
    properties = ElementTree.Element("properties")
    check = example["checks"][0] if example["checks"] else {}
    values = {
        "id": example["id"],
        "tags": ",".join(example["tags"]),
        "severity": example["severity"],
        "resource": check.get("resource"),
        "matcher": check.get("matcher"),
    }
    for name, value in values.items():
        if value:
            ElementTree.SubElement(properties, "property", name=name, value=_clean(str(value)))
    return properties


def _outcome(example: dict[str, t.Any]) -> ElementTree.Element | None:
    status = example["status"]
    if status == "passed":
        return None
    if status in _SKIPPED:
        return ElementTree.Element("skipped", message=_clean(f"{status}: {example['reason']}"))
    lines = told(example)
    element = ElementTree.Element("failure" if status in _FAILED else "error")
    element.set("type", status)
    element.set("message", _clean(" ".join(" ".join(lines[:2]).split())))
    element.text = _clean("\n".join(lines))
    return element


def _invalid(report: Report) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=_clean(f"{_undotted(report['host'])}.{_undotted(report['name'])}"))
    case.set("name", "spec is valid")
    case.set("time", "0.000")
    problems = [f"{one['file']}:{one['line']} {one['path']}: {one['message']}" for one in report["errors"]]
    error = ElementTree.SubElement(case, "error", type="SpecError", message=_clean(f"{len(problems)} problems"))
    error.text = _clean("\n".join(problems))
    return case


def _undotted(part: str) -> str:
    """Jenkins takes a dot for the end of a package."""
    return part.replace(".", "_")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

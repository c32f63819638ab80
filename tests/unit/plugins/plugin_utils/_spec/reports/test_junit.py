# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit: one test case for each example, as Jenkins and GitLab read it."""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ElementTree

import pytest

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports import junit

from .conftest import example, report


def parsed(*reports: dict[str, t.Any]) -> ElementTree.Element:
    return ElementTree.fromstring(junit.text(reports))


def test_a_suite_for_each_group_at_the_top_with_true_counts(everything: dict[str, t.Any]) -> None:
    root = parsed(everything)
    rows = {suite.get("name"): suite for suite in root}
    assert list(rows) == ["web site", "jobs", "web server"]
    assert root.attrib == {"tests": "7", "failures": "2", "errors": "1", "skipped": "3", "time": "0.060"}
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors", "")) == len(suite.findall("testcase/error"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
        assert (suite.get("hostname"), suite.get("timestamp")) == ("web01", "2026-01-02T03:04:05")


def test_a_failure_tells_what_was_expected(everything: dict[str, t.Any]) -> None:
    (failure,) = parsed(everything).findall(".//testcase[@name='listens on tcp6']/failure")
    assert failure.get("message") == "expected port 80 to be listening on tcp got nothing on tcp"
    assert "read from /proc/net/tcp" in (failure.text or "")
    case = parsed(everything).find(".//testcase[@name='listens on tcp6']")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("/specs/web.yml", "7")
    properties = {one.get("name"): one.get("value") for one in case.findall("properties/property")}
    assert properties["tags"] == "a,b"
    assert (properties["resource"], properties["severity"]) == ("port", "high")


def test_dots_do_not_split_class_names() -> None:
    (case,) = parsed(report(example("nginx 1.22/works"), host="web01.example.org")).iter("testcase")
    assert case.get("classname") == "web01_example_org.web server.nginx 1_22"


def test_same_names_get_a_counter() -> None:
    names = [
        case.get("name") for case in parsed(report(example("a/x"), example("a/x"), example("b/x"))).iter("testcase")
    ]
    assert names == ["x", "x (2)", "x"]


@pytest.mark.parametrize("bad", ["\x00", "\x1b[31m", "\udcff", "\ufffe"])
def test_what_xml_cannot_hold_is_replaced(bad: str) -> None:
    failed = example(f"group/x{bad}y", "failed", reason=bad)
    failed["checks"][0]["got"] = f"<&>{bad}"
    text = junit.text([report(failed)])
    assert "&lt;&amp;&gt;\ufffd" in text
    ElementTree.fromstring(text.encode("utf-8"))


def test_an_invalid_spec_is_one_error(invalid: dict[str, t.Any]) -> None:
    (case,) = parsed(invalid).iter("testcase")
    assert case.get("name") == "spec is valid"
    (error,) = case.findall("error")
    assert "unknown matcher 'be_instaled'" in (error.text or "")


def test_several_hosts_are_one_document(everything: dict[str, t.Any]) -> None:
    root = parsed(everything, report(example("web site/port 80/listens"), host="web02"))
    assert root.get("tests") == "8"
    assert {suite.get("hostname") for suite in root} == {"web01", "web02"}

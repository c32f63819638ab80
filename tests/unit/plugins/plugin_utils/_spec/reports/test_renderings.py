# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP, JSON, Markdown, HTML and the merge of several hosts."""

from __future__ import annotations

import re
import typing as t
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports import html, markdown, structured, tap
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.merge import merge
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.write import FORMATS, write

from .conftest import example, report

VOID = {"meta", "input", "br", "link"}


class Checker(HTMLParser):
    """Knows whether each tag is closed, and what people see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.items: list[tuple[str, str]] = []
        self.urls: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.urls += [str(values[name]) for name in ("src", "href") if name in values]
        if tag == "li":
            self.items.append((str(values["data-status"]), str(values["data-text"])))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_complete_and_needs_nothing_else(everything: dict[str, t.Any]) -> None:
    checker = Checker(html.page([everything]))
    assert checker.open == []
    assert checker.urls == []
    assert [status for status, _text in checker.items] == [one["status"] for one in everything["examples"]]


def test_html_opens_the_groups_with_problems(everything: dict[str, t.Any]) -> None:
    page = html.page([everything])
    assert "<details open><summary>web site" in page
    assert "<details><summary>jobs" in page


def test_html_shows_nothing_of_users_as_tags() -> None:
    bad = example("<script>alert(1)</script>/x", "failed", reason="<b>")
    bad["checks"][0].update(got='"><img src=x>', diff=["<i>"])
    page = html.page([report(bad, host="<u>host", name="<s>name")])
    body = page.partition("<body>")[2].partition("<script>\n")[0]
    assert not re.search(r"<(script|b|img|i|u|s)\b", body)


def test_html_of_several_hosts_tells_where_an_example_fails() -> None:
    pages = html.page([report(example("a/x", "failed")), report(example("a/x"), example("a/y"), host="web02")])
    assert (
        '<td>a x</td><td class="mark failed" title="failed"></td><td class="mark passed" title="passed"></td>' in pages
    )
    assert "<td>a y</td>" not in pages


def test_html_of_an_invalid_spec_tells_the_problems(invalid: dict[str, t.Any]) -> None:
    assert "unknown matcher &#x27;be_instaled&#x27;" in html.page([invalid])


def test_tap_has_plans_that_add_up(everything: dict[str, t.Any]) -> None:
    lines = tap.text(everything).splitlines()
    assert lines[:2] == ["TAP version 14", "1..3"]
    for indent in ("", "    ", "        "):
        plans = sum(int(line.strip()[3:]) for line in lines if re.fullmatch(indent + r"1\.\.\d+", line))
        assert plans == sum(bool(re.match(indent + r"(not )?ok ", line)) for line in lines)


def test_tap_tells_the_outcomes(everything: dict[str, t.Any]) -> None:
    text = tap.text(everything)
    assert '        not ok 2 - listens on tcp6\n          ---\n          status: "failed"\n' in text
    assert "not ok 2 - will be written # TODO ticket 7" in text
    assert "ok 1 - one # SKIP not here" in text
    assert "not ok 3 - was broken" in text


def test_tap_escapes_what_it_would_misread() -> None:
    assert "ok 1 - colour \\#fff" in tap.text(report(example("colour #fff")))


def test_json_is_read_again(everything: dict[str, t.Any]) -> None:
    again = structured.parse(structured.text(everything))
    assert again["examples"] == everything["examples"]
    assert again["summary_line"].startswith("web01: 7 examples")


@pytest.mark.parametrize("text", ["[]", "{}", '{"version": 2, "examples": []}', "x"])
def test_json_that_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"report|Expecting"):
        structured.parse(text)


def test_markdown_is_the_document_of_a_server(everything: dict[str, t.Any]) -> None:
    text = markdown.text(everything)
    assert "## web site\n\n\n### port 80\n\n- ✔ listens\n- ✘ listens on tcp6\n" in text
    assert "- - one (not here)" in text


def test_merge_tells_which_example_fails_on_which_hosts() -> None:
    first = report(example("a/x", "failed"), example("a/y"))
    second = report(example("a/x", "error"), example("a/y"), host="web02")
    third = report(example("a/x"), host="web03")
    merged = merge([first, second, third])
    assert merged["failing"] == [{"id": "a/x", "full_description": "a x", "hosts": ["web01", "web02"]}]
    assert [host["failed"] for host in merged["hosts"]] == [True, True, False]
    assert (merged["summary"]["examples"], merged["summary"]["failed"], merged["summary"]["errors"]) == (5, 1, 1)


def test_files_are_named_after_host_and_report(tmp_path: Path, everything: dict[str, t.Any]) -> None:
    everything["host"] = "../web 01"
    told = write(everything, list(FORMATS), str(tmp_path / "new"), junit_dir=str(tmp_path))
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == [f"web-01-web-server.{ending}" for ending in ("html", "json", "md", "tap", "txt")]
    assert told["junit_file"] == str(tmp_path / "web-01-web-server.xml")
    assert sorted(told["report_files"]) == sorted(str(tmp_path / "new" / name) for name in names)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a spec means: its examples, their titles and ids, and what they have from the groups around them."""

from __future__ import annotations

import typing as t

import pytest

Reader = t.Callable[..., t.Any]


def titles(read: Reader, text: str, **files: str) -> list[str]:
    found = read(text, **files)
    assert found.problems == []
    return [example["full_description"] for example in found.examples]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- {it: works}", ["works"]),
        ("- {expect: {package: nginx}, to: be_installed}", ["package nginx is installed"]),
        ("- {expect: {package: nginx}, not_to: be_installed}", ["package nginx is not installed"]),
        ("- {expect: {package: nginx}, to_not: be_installed}", ["package nginx is not installed"]),
        ("- {expect: {port: 80}, to: {be_listening: tcp}}", ["port 80 is listening on tcp"]),
        ("- {expect: {port: '80'}, to: {be_listening: {with: tcp}}}", ["port 80 is listening on tcp"]),
        ("- {expect: {user: ann}, not_to: {have_uid: 0}}", ["user ann does not have uid 0"]),
        ("- {expect: {file: /x}, its: {mode: 'u=rw,g=r,o='}}", ["file /x mode is '0640'"]),
        ("- {expect: selinux, to: be_enforcing}", ["selinux is enforcing"]),
        ("- {describe: selinux, examples: [{to: be_enforcing}]}", ["selinux is enforcing"]),
        ("- {expect: {package: [a, b]}, to: be_installed}", ["package a is installed", "package b is installed"]),
        ("- {it: has it, expect: {package: [a, b]}, to: be_installed}", ["has it (package a)", "has it (package b)"]),
        (
            "- {expect: {file: /x}, its: {mode: '0644', owner: root}}",
            ["file /x mode is '0644'", "file /x owner is 'root'"],
        ),
        ("- {expect: {file: /x}, to: [exist, {be_mode: '0644'}]}", ["file /x exists and is mode '0644'"]),
        ("- {describe: {user: [a, b]}, examples: [{to: {have_uid: 1}}]}", ["user a has uid 1", "user b has uid 1"]),
        ("- {expect: {value: 7}, to: {be_between: [2, 9]}}", ["value 7 is between 2, 9"]),
        ("- {describe: a, title: b, examples: [{context: c, examples: [{it: d}]}]}", ["b c d"]),
        ("- {it: x, expect: {file: /x}, its: content_as_json, to: {all: {eq: 1}}}", ["x"]),
    ],
)
def test_examples(text: str, expected: list[str], read: Reader) -> None:
    assert titles(read, text) == expected


def test_several_expectations_are_one_example(read: Reader) -> None:
    text = """
- it: is ready
  expectations:
    - {expect: {port: 443}, to: {be_listening: tcp}}
    - {expect: {file: [/a, /b]}, not_to: exist}
    - {expect: {file: /c}, its: {mode: '0600', owner: root}}
"""
    (example,) = read(text).examples
    checks = [(check["subject"], check["property"], check["negated"]) for check in example["checks"]]
    assert checks == [
        ("port 443", None, False),
        ("file /a", None, True),
        ("file /b", None, True),
        ("file /c", "mode", False),
        ("file /c", "owner", False),
    ]


def test_several_expectations_of_several_subjects_are_an_example_each(read: Reader) -> None:
    text = "- {it: is safe, expect: {file: [/a, /b]}, expectations: [{to: exist}, {its: {owner: root}}]}"
    examples = read(text).examples
    assert [example["full_description"] for example in examples] == ["is safe (file /a)", "is safe (file /b)"]
    assert [[check["name"] for check in example["checks"]] for example in examples] == [["/a", "/a"], ["/b", "/b"]]


def test_everything_on_a_group_is_inherited(read: Reader) -> None:
    text = """
- describe: a
  tags: [one]
  severity: high
  sensitive: true
  pending: ticket 7
  meta: {owner: ops, ref: 1}
  eventually: 5
  examples:
    - {it: b, tags: two, meta: {ref: 2}}
    - {it: c, skip: not here, eventually: {timeout: 9, delay: 2}}
"""
    first, second = read(text).examples
    assert first["tags"] == ["one", "two"]
    assert (first["severity"], first["sensitive"], first["pending"]) == ("high", True, "ticket 7")
    assert first["meta"] == {"owner": "ops", "ref": 2}
    assert first["eventually"] == {"timeout": 5.0, "delay": 1.0}
    assert (second["skip"], second["eventually"]) == ("not here", {"timeout": 9.0, "delay": 2.0})


@pytest.mark.parametrize(
    ("written", "reason"),
    [("false", None), ("'False'", None), ("''", None), ("true", "skipped"), ("'True'", "skipped"), ("why", "why")],
)
def test_skip_is_a_boolean_or_a_reason(written: str, reason: str | None, read: Reader) -> None:
    (example,) = read(f"- {{it: x, skip: {written}}}").examples
    assert example["skip"] == reason


def test_a_sensitive_example_does_not_tell_its_value_in_its_title(read: Reader) -> None:
    (example,) = read("- {expect: {file: /x}, its: owner, to: {eq: hunter2}, sensitive: true}").examples
    told = {key: value for key, value in example.items() if key != "checks"}
    assert "hunter2" not in str(told)
    assert example["checks"][0]["expected"] == "VALUE HIDDEN"


def test_ids_survive_insertions_and_same_titles_are_counted(read: Reader) -> None:
    text = "- {describe: Web Site, examples: [{it: works!}, {it: works!}, {it: other, id: stable}]}"
    before = [example["id"] for example in read(text).examples]
    assert before == ["web-site/works", "web-site/works-2", "web-site/stable"]
    after = [example["id"] for example in read("- {it: new}\n" + text).examples]
    assert after == ["new", *before]


def test_an_included_file_is_part_of_the_spec(read: Reader) -> None:
    text = "- {describe: a, examples: [{include: 'part*.yml', tags: [t]}]}"
    found = read(text, part1="- {it: b}", part2="- {it: c}")
    assert [example["full_description"] for example in found.examples] == ["a b", "a c"]
    assert [example["tags"] for example in found.examples] == [["t"], ["t"]]
    assert found.examples[1]["file"].endswith("part2.yml")


def test_a_plain_value_in_a_table_is_compared_and_a_matcher_is_used(read: Reader) -> None:
    text = """
- expect: {file: /x}
  its:
    content_as_json.a: [1, 2]
    content_as_json.b: {include: [1]}
    content_as_json.c: be_empty
    content_as_json.d: {be_at_least: 1, be_at_most: 2}
    owner: root
"""
    examples = read(text).examples
    words = [[check["matcher"]["word"] for check in example["checks"]] for example in examples]
    assert words == [["eq"], ["include"], ["be_empty"], ["be_at_least", "be_at_most"], ["eq"]]


@pytest.mark.parametrize(
    ("matcher", "expected"),
    [
        ("{eq: root}", "'root'"),
        ("{match: '^r'}", "owner to match '^r'"),
        ("{any_of: [{eq: a}, {start_with: b}]}", "owner to any of eq 'a', start with 'b'"),
    ],
)
def test_what_is_expected_is_told_in_words(matcher: str, expected: str, read: Reader) -> None:
    (example,) = read(f"- {{expect: {{file: /x}}, its: owner, to: {matcher}}}").examples
    assert example["checks"][0]["expected"] == expected

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each value matcher: what passes, what fails, and what it cannot compare at all."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS, apply, equal
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell


def compiled(word: str, *arguments: t.Any) -> dict[str, t.Any]:
    return {"word": word, "arguments": dict(zip(VALUE_MATCHERS[word].arguments, arguments, strict=False))}


ANYTHING = object()

# word, arguments, a value that passes, one that fails, one that cannot be compared (ANYTHING: all can be)
TABLE: list[tuple[str, list[t.Any], t.Any, t.Any, t.Any]] = [
    ("eq", ["a"], "a", "b", ANYTHING),
    ("eq", [[1, {"a": "2"}]], [1, {"a": 2}], [1, {"a": 3}], ANYTHING),
    ("match", ["^b$"], "a\nb\nc", "a b", ["a"]),
    ("include", [["a", "c"]], ["a", "b", "c"], ["a"], True),
    ("include", [["ell"]], "hello", "hallo", True),
    ("include", [["key"]], {"key": 1}, {"other": 1}, None),
    ("contain_exactly", [[1, 1, 2]], [2, 1, "1"], [1, 2], "12"),
    ("start_with", ["10."], "10.0.0.1", "110.", []),
    ("end_with", [".1"], "10.0.0.1", "1.0", []),
    ("be_greater_than", [3], 4, 3, "many"),
    ("be_at_least", [3], "3", 2, "many"),
    ("be_less_than", [3], 2.5, 3, None),
    ("be_at_most", [3], 3, 4, True),
    ("be_between", [[2, 9]], 9, 10, "x"),
    ("be_one_of", [["a", 2]], "2", "b", ANYTHING),
    ("be_empty", [], [], "x", 0),
    ("be_true", [], True, 1, ANYTHING),
    ("be_false", [], False, 0, ANYTHING),
    ("be_null", [], None, "", ANYTHING),
    ("have_key", [["a"]], {"a": None}, {"b": 1}, ["a"]),
    ("have_length", [2], ["a", "b"], "abc", 2),
    ("be_version", ["1.9"], "1.10", "1.9~rc1", ["1"]),
    ("all", [compiled("be_true")], [True, True], [True, False], True),
    ("all", [compiled("be_at_least", 1)], {"a": 1}, {"a": 0}, {"a": "x"}),
    ("any_of", [[compiled("eq", 1), compiled("eq", 2)]], 2, 3, ANYTHING),
    ("all_of", [[compiled("be_at_least", 1), compiled("be_at_most", 2)]], 2, 3, "x"),
]
NAMES = [f"{word} {number}" for number, (word, *_rest) in enumerate(TABLE)]
WITHOUT_ERROR = {"eq", "be_one_of", "be_true", "be_false", "be_null", "any_of"}


@pytest.mark.parametrize(("word", "arguments", "good", "bad", "impossible"), TABLE, ids=NAMES)
def test_passes_and_fails(word: str, arguments: list[t.Any], good: t.Any, bad: t.Any, impossible: t.Any) -> None:
    assert apply(compiled(word, *arguments), good).passed
    verdict = apply(compiled(word, *arguments), bad)
    assert not verdict.passed
    assert verdict.got


@pytest.mark.parametrize(
    ("word", "arguments", "impossible"),
    [(word, arguments, value) for word, arguments, _good, _bad, value in TABLE if value is not ANYTHING],
)
def test_what_cannot_be_compared_is_no_answer(word: str, arguments: list[t.Any], impossible: t.Any) -> None:
    with pytest.raises(CannotTell, match="needed"):
        apply(compiled(word, *arguments), impossible)


def test_the_table_has_every_matcher() -> None:
    assert {word for word, *_rest in TABLE} == set(VALUE_MATCHERS)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (0, "0", True),
        ("10000", 10000, True),
        (1, True, False),
        ("true", True, False),
        ("1.10", 1.1, False),
        (None, "", False),
        ({"a": [1]}, {"a": ["1"]}, True),
        ([1, 2], [2, 1], False),
    ],
)
def test_equal_forgives_text_for_numbers_but_nothing_else(left: t.Any, right: t.Any, same: bool) -> None:
    assert equal(left, right) is same
    assert equal(right, left) is same


@pytest.mark.parametrize(
    ("matcher", "value", "words"),
    [
        (compiled("contain_exactly", ["a", "b"]), ["a", "c"], ['missing ["b"]', 'extra ["c"]']),
        (compiled("include", ["a", "b"]), ["a"], ['missing ["b"]']),
        (compiled("all", compiled("eq", True)), {"one": True, "two": False}, ["[two] false"]),
        (compiled("eq", "x"), "y" * 5000, ["(5002 characters)"]),
        (compiled("have_key", ["z"]), {"b": 1, "a": 2}, ['["a", "b"]']),
    ],
)
def test_a_failure_says_what_differs(matcher: dict[str, t.Any], value: t.Any, words: list[str]) -> None:
    got = apply(matcher, value).got
    assert [word for word in words if word not in got] == []
    assert len(got) < 700


def test_texts_of_several_lines_are_shown_as_a_difference() -> None:
    verdict = apply(compiled("eq", "a\nb\nc\n"), "a\nB\nc\n")
    assert [line for line in verdict.diff if line[0] in "+-" and line[:3] not in ("+++", "---")] == ["-b", "+B"]

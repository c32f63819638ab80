# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of aws_spec has every type, every matcher and every option."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.doc_fragments import _aws_types, _spec
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.matchers import VALUE_MATCHERS
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import AWS, COMMON
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Resource
from ansible_collections.containerci.aws.plugins.modules import aws_spec

TYPES = list(dict.fromkeys(VOCABULARY.resources.values()))
OPTIONS: dict[str, t.Any] = yaml.safe_load(_spec.ModuleDocFragment.DOCUMENTATION)["options"]
NOTES: list[str] = yaml.safe_load(_aws_types.ModuleDocFragment.DOCUMENTATION)["notes"]
VALUES: list[str] = yaml.safe_load(_spec.ModuleDocFragment.DOCUMENTATION)["notes"]


def told_of(kind: type[Resource]) -> str:
    """All that the documentation says about a type."""
    start = next(number for number, note in enumerate(NOTES) if re.match(rf"(Type|Resource) C\({kind.word}\)", note))
    rest = NOTES[start + 1 :]
    end = next((number for number, note in enumerate(rest) if note.startswith(("Type ", "Resource "))), len(rest))
    return " ".join([NOTES[start], *rest[:end]])


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.word)
def test_type_is_documented(kind: type[Resource]) -> None:
    names = {*kind.aliases, *kind.parameters, *kind.matchers, *kind.properties}
    of_all = {"region", "exist", "have_tag", "have_tags", "tags", "value"}
    assert names - of_all - set(re.findall(r"C\(([a-z0-9_]+)\)", told_of(kind))) == set()


@pytest.mark.parametrize("word", VALUE_MATCHERS)
def test_matcher_of_values_is_documented(word: str) -> None:
    matcher = VALUE_MATCHERS[word]
    arguments = f" {{{', '.join(matcher.arguments)}}}" if matcher.arguments else ""
    assert [text for text in (*VALUES, *NOTES) if f"C({word}){arguments}" in text]


def test_options_are_documented_as_they_are() -> None:
    kinds = ("type", "elements", "choices", "default")
    documented = {name: {key: option[key] for key in kinds if key in option} for name, option in OPTIONS.items()}
    assert documented == {name: {key: option[key] for key in kinds if key in option} for name, option in COMMON.items()}


def test_every_option_appears_in_an_example() -> None:
    tasks = yaml.safe_load(aws_spec.EXAMPLES)
    used = {name for task in tasks for name in task["containerci.aws.aws_spec"]}
    assert {*COMMON, *AWS} - used == set()


def test_examples_use_known_words() -> None:
    words = set(re.findall(r"\b(?:be|have|belong)_[a-z0-9_]+", aws_spec.EXAMPLES))
    known = {word for kind in TYPES for word in kind.matchers} | set(VALUE_MATCHERS)
    assert words - known == set()

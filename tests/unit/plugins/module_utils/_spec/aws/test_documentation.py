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
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import COMMON
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Matcher, Resource
from ansible_collections.containerci.aws.plugins.modules import aws_spec

TYPES = list(dict.fromkeys(VOCABULARY.resources.values()))
OPTIONS: dict[str, t.Any] = yaml.safe_load(_spec.ModuleDocFragment.DOCUMENTATION)["options"]
NOTES: list[str] = yaml.safe_load(_aws_types.ModuleDocFragment.DOCUMENTATION)["notes"]
VALUES: list[str] = yaml.safe_load(_spec.ModuleDocFragment.DOCUMENTATION)["notes"]


def with_arguments(matcher: Matcher) -> str:
    arguments = f" {{{', '.join(matcher.arguments)}}}" if matcher.arguments else ""
    return f"C({matcher.word}){arguments}"


def note(kind: type[Resource]) -> str:
    """What the documentation has to say about a type."""
    own = [matcher for word, matcher in sorted(kind.matchers.items()) if word not in ("exist", "have_tag")]
    parameters = [f"C({name})" for name in kind.parameters if name not in ("region", "filters")]
    properties = [f"C({name})" for name in sorted(kind.properties) if name != "tags"]
    told = [
        "Type " + " or ".join(f"C({word})" for word in (kind.word, *kind.aliases)),
        f"parameters {', '.join(parameters)}" if parameters else "",
        "matchers " + ", ".join(map(with_arguments, own)) if own else "no other matcher",
        f"properties {', '.join(properties)}" if properties else "",
    ]
    return ", ".join(filter(None, told)) + "."


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.word)
def test_type_is_documented(kind: type[Resource]) -> None:
    assert note(kind) in NOTES


@pytest.mark.parametrize("word", VALUE_MATCHERS)
def test_matcher_of_values_is_documented(word: str) -> None:
    told = with_arguments(VALUE_MATCHERS[word])
    assert [text for text in (*VALUES, *NOTES) if told in text]


def test_options_are_documented_as_they_are() -> None:
    kinds = ("type", "elements", "choices", "default")
    documented = {name: {key: option[key] for key in kinds if key in option} for name, option in OPTIONS.items()}
    assert documented == {name: {key: option[key] for key in kinds if key in option} for name, option in COMMON.items()}


def test_every_option_appears_in_an_example() -> None:
    tasks = yaml.safe_load(aws_spec.EXAMPLES)
    used = {name for task in tasks for name in task["containerci.aws.aws_spec"]}
    assert set(COMMON) - used == set()


def test_examples_use_known_words() -> None:
    words = set(re.findall(r"\b(?:be|have|belong)_[a-z0-9_]+", aws_spec.EXAMPLES))
    known = {word for kind in TYPES for word in kind.matchers} | set(VALUE_MATCHERS)
    assert words - known == set()

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of what is tried of each type: complete, and true of what the embedded AWS cannot hold."""

from __future__ import annotations

import typing as t

import pytest
from aws_spec_tables import TABLES, Spec, Stubbed, Tried
from doubles.stubbed_aws import StubbedAws

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import TAG_NAME, RecordType
from ansible_collections.containerci.aws.plugins.module_utils._spec.paths import parse

TYPES = {kind.word: kind for kind in VOCABULARY.resources.values() if issubclass(kind, RecordResource)}
STUBBED = [(kind, number) for kind, tried in TABLES.items() for number in range(len(tried.stubbed))]
ARN = "arn:aws:any:eu-west-1:123456789012"


class Said(t.NamedTuple):
    """The words of a type that its tables use."""

    holds: set[str]
    fails: set[str]
    properties: set[str]


def said(tried: Tried) -> Said:
    stubbed = tried.stubbed
    rows = ([tried.holds, *(stub.holds for stub in stubbed)], [tried.fails, *(stub.fails for stub in stubbed)])
    checks = [
        [check for some in table for one in tried.examples("x", some) for check in one["checks"]] for table in rows
    ]
    words = [{check["matcher"]["word"] for check in some if not check["property"]} for some in checks]
    paths = {str(parse(check["property"])[0]) for some in checks for check in some if check["property"]}
    return Said(*words, paths)


@pytest.mark.parametrize("kind", TYPES)
def test_every_matcher_is_seen_to_hold_and_to_fail(kind: str) -> None:
    tried = said(TABLES[kind])
    matchers = set(TYPES[kind].matchers) - {"exist", "have_tags"}  # the same for every type
    assert (matchers - tried.holds, matchers - tried.fails - {"have_tag"}) == (set(), set())
    assert "have_tag" not in matchers or "tags" in TYPES[kind].properties


@pytest.mark.parametrize("kind", TYPES)
def test_every_property_is_read(kind: str) -> None:
    assert set(TYPES[kind].properties) - said(TABLES[kind]).properties - {"tags"} == set()


def answers(kind: str, stub: Stubbed) -> dict[str, t.Any]:
    """What AWS says in a stub: the record in the answer of its operation, and what else the table has."""
    row = TYPES[kind].row
    answer: t.Any = {**_called(row), **stub.record}
    for step in reversed(row.path.split(".") if row.path else []):
        answer = {step.removesuffix("[]"): [answer] if step.endswith("[]") else answer}
    return {row.operation: answer, **stub.answers}


def _called(row: RecordType) -> dict[str, t.Any]:
    """The fields that make a record the one that is called subject."""
    fields: dict[str, t.Any] = {} if "." in row.identity else {row.identity: f"{ARN}:subject"}
    for way in row.ways:
        if way.field == TAG_NAME:
            fields["Tags"] = [{"Key": "Name", "Value": "subject"}]
        elif way.field and not way.pattern:
            fields[way.field] = "subject"
    return fields


@pytest.mark.parametrize(("kind", "number"), STUBBED)
def test_what_the_embedded_aws_cannot_hold(kind: str, number: int) -> None:
    tried, stub = TABLES[kind], TABLES[kind].stubbed[number]
    spec = Spec(StubbedAws(answers(kind, stub)))
    for holds, fails, negated in ((stub.holds, stub.fails, False), (stub.fails, stub.holds, True)):
        assert spec.unexpected("passed", tried.examples(stub.name, holds, negated)) == []
        assert spec.unexpected("failed", tried.examples(stub.name, fails, negated)) == []

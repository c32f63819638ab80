# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every type of aws_spec against the embedded AWS: what is true of it, what is not, and what of one that is absent."""

from __future__ import annotations

import typing as t

import pytest
from aws_spec_tables import TABLES, Spec
from integration.aws_spec_resources import MAKERS


@pytest.fixture
def spec(aws: t.Any) -> Spec:
    return Spec(lambda service, region: aws.client(service, region or "us-east-1"))


@pytest.mark.parametrize("kind", TABLES)
def test_type(aws: t.Any, spec: Spec, kind: str) -> None:
    tried = TABLES[kind]
    name = MAKERS[tried.make or kind](aws)
    aws.forget()
    passing = [
        *tried.examples(name, ["exist"]),
        *tried.examples(name, tried.holds),
        *tried.examples(name, tried.fails, negated=True),
    ]
    failing = [*tried.examples(name, tried.fails), *tried.examples(name, ["exist", *tried.holds], negated=True)]
    assert spec.unexpected("passed", passing) == []
    assert spec.unexpected("failed", failing) == []
    assert aws.log("write") == []


@pytest.mark.parametrize("kind", TABLES)
def test_absent(aws: t.Any, spec: Spec, kind: str) -> None:
    tried = TABLES[kind]
    if kind == "route53_record":  # without its zone it cannot even be looked for
        MAKERS[kind](aws)
    assert spec.unexpected("failed", tried.examples(tried.absent, ["exist"])) == []
    for negated in (False, True):
        examples = tried.examples(tried.absent, tried.holds, negated)
        for example, outcome in zip(examples, spec.outcomes(examples), strict=True):
            assert outcome["status"] == "error", example["full_description"]
            assert "no such" in outcome["checks"][0]["got"]

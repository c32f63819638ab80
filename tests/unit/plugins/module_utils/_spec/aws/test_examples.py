# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Specs as people write them can be read and do what they say; so can those of the documentation."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import jsonschema
import pytest
import yaml
from aws_spec_tables import Spec, compiled
from doubles.stubbed_aws import StubbedAws

from ansible_collections.containerci.aws.plugins.modules import aws_spec

ROOT = Path(__file__).resolve().parents[6]
EXAMPLES = {one["name"]: one for one in yaml.safe_load((Path(__file__).parent / "examples.yml").read_text())}
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "aws_spec.schema.json").read_text())
DOCUMENTED = [
    task["containerci.aws.aws_spec"]["spec"]
    for task in yaml.safe_load(aws_spec.EXAMPLES)
    if "spec" in task["containerci.aws.aws_spec"]
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_all_that_is_expected_is_so(name: str) -> None:
    spec = Spec(StubbedAws(EXAMPLES[name]["answers"]))
    assert spec.unexpected("passed", compiled(EXAMPLES[name]["spec"])) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_contrary_is_not_so(name: str) -> None:
    spec = Spec(StubbedAws(EXAMPLES[name]["answers"]))
    examples = compiled(EXAMPLES[name]["spec"])
    for example in examples:
        for check in example["checks"]:
            check["negated"] = not check["negated"]
    assert spec.unexpected("failed", examples) == []


@pytest.mark.parametrize("spec", [*DOCUMENTED, *(one["spec"] for one in EXAMPLES.values())])
def test_it_can_be_read(spec: list[dict[str, t.Any]]) -> None:
    assert compiled(spec)
    assert list(jsonschema.Draft7Validator(SCHEMA).iter_errors(spec)) == []

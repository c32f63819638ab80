# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is generated from the resources of specs is up to date, and the schemas know the specs that are written here."""

from __future__ import annotations

import json
import re
import sys
import typing as t
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from spec_docs_text import files  # noqa: E402


def schema(module: str) -> t.Any:
    return json.loads((ROOT / "docs" / "schemas" / f"{module}.schema.json").read_text())


def problems(module: str, text: str) -> list[str]:
    checker = jsonschema.Draft7Validator(schema(module))
    return [error.message for error in checker.iter_errors(yaml.safe_load(text))]


def documented() -> list[str]:
    """The specs of the guides: blocks of YAML that are lists of examples."""
    found = []
    for page in ("porting_from_serverspec.md", "server_specs.md"):
        for block in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL):
            if "- expect:" in block.partition("\n")[0] or block.startswith("- describe:"):
                found.append(block)
    return found


@pytest.mark.parametrize(
    "path",
    [
        "docs/schemas/server_spec.schema.json",
        "docs/schemas/aws_spec.schema.json",
        "plugins/doc_fragments/_server_resources.py",
        "plugins/doc_fragments/_aws_types.py",
    ],
)
def test_generated_files_are_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == files()[path], "run scripts/spec_docs"


@pytest.mark.parametrize("text", documented())
def test_the_guides_show_specs_that_the_schema_knows(text: str) -> None:
    assert problems("server_spec", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "- {expect: {port: 80}, to: {be_listening: {protocol: tcp, address: 127.0.0.1}}}",
        "- {expect: {port: '{{ web_port }}'}, to: be_listening}",
        "- {expect: {file: {glob: ['/etc/ssh/*']}}, not_to: exist, tags: [ami], severity: high}",
        "- {describe: selinux, examples: [{to: be_enforcing}]}",
        "- {expect: {file: /x}, its: {mode: '0644', size: {be_greater_than: 0}}}",
        "- {expect: {value: 3}, to: {any_of: [{eq: 3}, be_empty]}}",
        "- {include: other.yml, vars: {a: 1}}",
    ],
)
def test_the_schema_accepts_specs(text: str) -> None:
    assert problems("server_spec", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "- {expect: {pakcage: x}, to: exist}",
        "- {expect: {package: x}, to: be_instaled}",
        "- {expect: {port: 80}, to: {be_listening: sctp}}",
        "- {expect: {port: 80, package: x}, to: exist}",
        "- {expect: {port: 70000}, to: be_listening}",
        "- {describe: x}",
        "- {it: x, tgas: [a]}",
        "describe: x",
    ],
)
def test_the_schema_refuses_what_the_module_refuses(text: str) -> None:
    assert problems("server_spec", text) != []


def test_the_schema_of_aws_knows_regions_and_types() -> None:
    assert (
        problems("aws_spec", "- {describe: {s3_bucket: logs}, region: eu-west-1, examples: [{to: be_versioned}]}") == []
    )
    assert problems("server_spec", "- {it: x, region: eu-west-1}") != []

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Property paths: names, indexes, and every element."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Unfit
from ansible_collections.containerci.aws.plugins.module_utils._spec.paths import follow, parse
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

RECORD = {
    "jobs": [{"name": "build", "Ports": [1, 2]}, {"name": "deploy", "Ports": []}],
    "VpcId": "vpc-1",
    "containerPort": 80,
    "net.ipv4": 1,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("jobs[0].name", "build"),
        ("jobs[-1].name", "deploy"),
        ("jobs[*].name", ["build", "deploy"]),
        ("jobs[*].ports[*]", [[1, 2], []]),
        ("vpc_id", "vpc-1"),
        ("VpcId", "vpc-1"),
        ("container_port", 80),
        ("jobs[0]['name']", "build"),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: t.Any) -> None:
    assert follow(RECORD, parse(path), path) == value


def test_a_name_with_dots_stands_in_brackets() -> None:
    assert follow({"sysctl": RECORD}, parse('sysctl["net.ipv4"]'), "") == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("jobs[2].name", "has 2 items"),
        ("jobs.name", "looked for in list"),
        ("jobs[0].title", "there is no title, only name, Ports"),
        ("vpc_id[*]", "needs a list or a map"),
    ],
)
def test_a_path_to_nowhere_is_no_answer(path: str, words: str) -> None:
    with pytest.raises(CannotTell) as told:
        follow(RECORD, parse(path), path)
    assert words in told.value.message
    assert path in told.value.message


@pytest.mark.parametrize("path", ["", ".a", "a..b", "a[", "a[x]", "[0]", "a]b"])
def test_what_is_no_path_is_told_when_the_spec_is_read(path: str) -> None:
    with pytest.raises(Unfit, match="not a property path"):
        parse(path)

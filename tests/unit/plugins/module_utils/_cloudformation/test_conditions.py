# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.conditions import (
    created_resources,
    holds,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load

TEXT = """
Mappings: {Sizes: {big: {Backup: 'on'}, small: {Backup: 'off'}}}
Conditions:
  Big: !Equals [!Ref Size, big]
  Small: !Not [!Condition Big]
  Backed: !Equals [!FindInMap [Sizes, !Ref Size, Backup], 'on']
  Both: !And [!Condition Big, !Condition Backed]
  Either: !Or [!Condition Small, !Condition Backed]
  Here: !Equals [!Ref 'AWS::Region', eu-central-1]
  NeverHere: !And [!Condition Small, !Condition Here]
  Loop: !Not [!Condition Loop]
Resources:
  Always: {Type: T}
  WhenBig: {Type: T, Condition: Big}
  WhenSmall: {Type: T, Condition: Small}
  WhenHere: {Type: T, Condition: Here}
"""


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("Big", "big", True),
        ("Big", "small", False),
        ("Small", "small", True),
        ("Backed", "big", True),
        ("Backed", "unknown", None),
        ("Both", "big", True),
        ("Either", "small", True),
        ("Here", "big", None),
        ("NeverHere", "big", False),
        ("Loop", "big", None),
        ("Missing", "big", None),
    ],
)
def test_conditions_are_decided_where_they_can_be(name: str, size: str, expected: bool | None) -> None:
    assert holds(load(TEXT), name, {"Size": size}) is expected


def test_a_new_stack_gets_the_resources_whose_condition_holds_or_is_unknown() -> None:
    assert list(created_resources(load(TEXT), {"Size": "big"})) == ["Always", "WhenBig", "WhenHere"]

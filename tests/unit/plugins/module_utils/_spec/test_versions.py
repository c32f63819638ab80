# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions are compared as Debian does it."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.versions import compare, limits, satisfies


@pytest.mark.parametrize(
    ("smaller", "greater"),
    [
        ("1.9", "1.10"),
        ("1.0~rc1", "1.0"),
        ("1.0", "1.0a"),
        ("1.0-1", "1.0-2"),
        ("9.0.70-1", "9.0.70-1+deb12u1"),
        ("9", "1:1"),
        ("1.0", "1.0.1"),
        ("2.0.0", "10"),
        ("1.0-1", "1.1-0"),
        ("1.2a", "1.2b"),
    ],
)
def test_order(smaller: str, greater: str) -> None:
    assert (compare(smaller, greater), compare(greater, smaller), compare(greater, greater)) == (-1, 1, 0)


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("9.0.70-2", "9.0.70-2", True),
        ("9.0.70-2", "9.0.70", True),
        ("9.0.70-2+deb12u1", "9.0.70-2+deb12u1", True),
        ("1:9.0.70-2", "9.0.70", True),
        ("9.0.70-2", "9.0", False),
        ("9.0.7-2", "9.0.70", False),
        ("9.0.70-2", {"at_least": "9.0.43"}, True),
        ("9.0.70-2", {"at_least": "9.0.43", "below": "9.0.70"}, False),
        ("10.0", {"below": "9"}, False),
        ("10.0", {"above": "10.0"}, False),
        ("10.0", {"at_most": "10.0"}, True),
    ],
)
def test_a_wanted_version(version: str, wanted: str | dict[str, str], fits: bool) -> None:
    assert satisfies(version, wanted) is fits


def test_limits_in_words() -> None:
    assert limits({"at_least": "9.0", "below": "10"}) == "at least 9.0 and below 10"

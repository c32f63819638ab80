# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Idents and the order of their versions, as the sources of Habitat have it."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import idents
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident

ORDER = [
    ("1.0", "1.0.0", 0),
    ("1.10.0", "1.9.0", 1),
    ("1.0.0-alpha1", "1.0.0", -1),
    ("1.0.0-beta", "1.0.0beta", 0),
    ("v1.2.3", "1.2.3-beta16", 1),
    ("1.0-rc.10", "1.0-rc.2", -1),
    ("1.1.1k", "1.1.1l", -1),
    ("master", "0.1.0", 1),
    ("1..2", "1.0.0", -1),  # as text: "." comes before "0"
    ("r12b", "2", 1),
    ("99999999999999999999", "100", 1),  # as text, because it does not fit into 64 bits
]


@pytest.mark.parametrize(("left", "right", "order"), ORDER)
def test_versions_are_ordered_as_habitat_does(left: str, right: str, order: int) -> None:
    assert idents.compare_versions(left, right) == order
    assert idents.compare_versions(right, left) == -order


def test_every_version_equals_itself() -> None:
    assert {idents.compare_versions(one, one) for one in itertools.chain(*(row[:2] for row in ORDER))} == {0}


def test_equal_versions_are_ordered_by_release() -> None:
    old, new = Ident("a", "b", "1.0", "20250101000000"), Ident("a", "b", "1.0.0", "20260101000000")
    assert idents.newest_first([old, new]) == [new, old]


@pytest.mark.parametrize("text", ["core/redis", "core/redis/4.0.14", "core/redis/4.0.14/20260812081234", "a_b/C-d"])
def test_idents_are_read_and_written(text: str) -> None:
    assert str(idents.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["redis", "core/", "/core/redis", "Core/redis", "a/b/c/d/e", "a/b/1 2", "a//1", "a/b/"]
)
def test_what_is_no_ident_is_refused_with_the_option(text: str) -> None:
    with pytest.raises(HabError, match=r"exclude is .* which is no name of a package; write origin/name") as caught:
        idents.parse(text, "exclude")
    assert caught.value.code == "invalid"


def test_a_complete_ident_can_be_demanded() -> None:
    with pytest.raises(HabError, match="ident is 'core/redis/4', which is not complete"):
        idents.parse_full("core/redis/4", "ident")


@pytest.mark.parametrize(
    ("wanted", "accepted"),
    [("a/b", True), ("a/b/1.0", True), ("a/b/1.0/20260101000000", True), ("a/b/1.0.0", False), ("c/b", False)],
)
def test_an_ident_accepts_what_it_names(wanted: str, accepted: bool) -> None:
    assert idents.parse(wanted).accepts(Ident("a", "b", "1.0", "20260101000000")) is accepted


def test_only_full_idents_of_a_list_count() -> None:
    text = "a/b/1/20260101000000\n» Something\n\na/c/2/20260101000001\n"
    assert [str(one) for one in idents.parse_list(text)] == ["a/b/1/20260101000000", "a/c/2/20260101000001"]

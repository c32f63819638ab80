# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How versions are ordered."""

from __future__ import annotations

import pytest

from fake_hab.idents import Ident, compare, compare_versions


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("1.0", "1.0.0", 0),
        ("1.10.0", "1.9.0", 1),
        ("1.0.0-alpha1", "1.0.0", -1),
        ("1.0.0-beta", "1.0.0beta", 0),
        ("v1.2.3", "1.2.3-beta16", 1),
        ("1.0-rc.10", "1.0-rc.2", -1),
        ("1.1.1k", "1.1.1l", -1),
        ("master", "0.1.0", 1),
        ("1..2", "1.0.0", -1),
        ("r12b", "2", 1),
        ("99999999999999999999", "1", 1),
    ],
)
def test_order_of_versions(one: str, other: str, order: int) -> None:
    assert (compare_versions(one, other), compare_versions(other, one)) == (order, -order)


def test_equal_versions_are_ordered_by_release() -> None:
    first, second = Ident.parse("a/b/1/20240101000000"), Ident.parse("x/b/1.0/20240101000001")
    assert compare(first, second) < 0 < compare(second, first)

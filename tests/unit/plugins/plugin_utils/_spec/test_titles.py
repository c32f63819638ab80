# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matchers of servers in words."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.plugin_utils._spec import titles


@pytest.mark.parametrize(
    ("word", "given", "negated", "title"),
    [
        ("be_owned_by", {"user": "root"}, False, "/x is owned by root"),
        ("be_grouped_into", {"group": "adm"}, True, "/x is not grouped into adm"),
        ("be_linked_to", {"target": "/y"}, False, "/x is linked to /y"),
        ("be_readable", {"by": "owner"}, False, "/x is readable by owner"),
        ("be_mode", {"mode": "0644"}, False, "/x is mode '0644'"),
    ],
)
def test_no_word_is_said_twice(word: str, given: dict[str, str], negated: bool, title: str) -> None:
    assert titles.title("/x", None, VOCABULARY["file"].matchers[word], given, negated) == title

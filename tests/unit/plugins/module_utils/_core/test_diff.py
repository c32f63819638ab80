# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import changed_entries, to_text


def test_only_what_differs_is_kept() -> None:
    assert changed_entries({"a": 1, "b": 2, "d": None}, {"a": 1, "b": 3, "c": 4}) == (
        {"b": 2, "d": None},
        {"b": 3, "c": 4},
    )


def test_nothing_is_shown_as_nothing() -> None:
    assert to_text({}) == ""
    assert to_text({"b": 1, "a": ["x"]}) == "a:\n- x\nb: 1\n"
    assert to_text({"b": 1, "a": 2}, sort_keys=False) == "b: 1\na: 2\n"


def test_without_yaml_it_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert to_text({"b": 1, "a": "é"}) == '{\n  "a": "é",\n  "b": 1\n}\n'

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turning CloudFormation's property names into those of the services' APIs."""

from __future__ import annotations

from typing import Any


def tag_list(tags: dict[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in tags.items()]


def lower_first(node: Any, verbatim: frozenset[str] = frozenset()) -> Any:
    """Keys with a small first letter at every depth, but not below the keys in verbatim: those are the user's own."""
    if isinstance(node, list):
        return [lower_first(item, verbatim) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key[:1].lower() + key[1:]: value if key in verbatim else lower_first(value, verbatim)
        for key, value in node.items()
    }


def pick(properties: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


def without(properties: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in names}

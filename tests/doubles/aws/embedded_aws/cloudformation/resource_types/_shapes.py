# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turning CloudFormation's property names into those of the services' APIs."""

from __future__ import annotations

import json
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


def text(value: Any) -> str:
    """A value as an attribute of a service holds it: a string, and JSON for what has parts."""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def changed(before: dict[str, Any], after: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """The new values of the properties that differ; one that has gone gets its default."""
    return {name: after.get(name, default) for name, default in defaults.items() if before.get(name) != after.get(name)}

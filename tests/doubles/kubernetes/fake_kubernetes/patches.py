# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge patches (RFC 7386), and the strategic ones for the lists that a Deployment or a Service has."""

from __future__ import annotations

import copy
import typing as t

#: lists whose items are merged by a key, as the API's schema has them (x-kubernetes-patch-merge-key)
MERGE_KEYS = {"containers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath"}
PORT_KEYS = ("containerPort", "port")


def patched(before: dict[str, t.Any], patch: dict[str, t.Any], content_type: str) -> dict[str, t.Any] | None:
    """The object after the patch; None for a kind of patch that is not known."""
    if content_type == "application/merge-patch+json":
        return t.cast("dict[str, t.Any]", _merged(before, patch, strategic=False))
    if content_type == "application/strategic-merge-patch+json":
        return t.cast("dict[str, t.Any]", _merged(before, patch, strategic=True))
    return None


def _merged(before: t.Any, patch: t.Any, *, strategic: bool, name: str = "") -> t.Any:
    if isinstance(patch, dict):
        result = copy.deepcopy(before) if isinstance(before, dict) else {}
        for key, value in patch.items():
            if value is None:
                result.pop(key, None)
            else:
                result[key] = _merged(result.get(key), value, strategic=strategic, name=key)
        return result
    key = _merge_key(name, patch) if strategic and isinstance(patch, list) and isinstance(before, list) else None
    return _merged_list(before, patch, key) if key else copy.deepcopy(patch)


def _merge_key(name: str, items: list[t.Any]) -> str | None:
    if name == "ports":
        return next((key for key in PORT_KEYS if items and all(key in item for item in items)), None)
    return MERGE_KEYS.get(name)


def _merged_list(before: list[t.Any], patch: list[t.Any], key: str) -> list[t.Any]:
    result = {item[key]: item for item in before}
    for item in patch:
        if item.get("$patch") == "delete":
            result.pop(item[key], None)
        else:
            result[item[key]] = _merged(result.get(item[key]), item, strategic=True)
    return list(result.values())

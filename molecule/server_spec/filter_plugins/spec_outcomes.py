# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has come out of examples, compared with what they say themselves."""

from __future__ import annotations

import collections
import typing as t
import xml.etree.ElementTree as ElementTree


def surprises(examples: list[dict[str, t.Any]], check_mode: bool = False) -> list[str]:
    """The examples that did not come out as their meta says: outcome, in_check_mode, and tells (of the message)."""
    found = []
    for example in examples:
        meta, status, message = example["meta"], example["status"], example["message"]
        wanted = meta.get("in_check_mode" if check_mode else "", meta.get("outcome", "passed"))
        told = status == "skipped" or meta.get("tells", "") in message
        if status != wanted or not told:
            found.append(f"{example['full_description']}: {status}, expected {wanted}. {message}")
    return found


def junit_counts(text: str) -> dict[str, int]:
    """How many elements of each kind a JUnit document has."""
    return dict(collections.Counter(element.tag for element in ElementTree.fromstring(text).iter()))  # noqa: S314


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"surprises": surprises, "junit_counts": junit_counts}

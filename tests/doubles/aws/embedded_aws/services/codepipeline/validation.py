# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests against the service's model: what is missing, too long, too many, not in the list, not in the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.core.utils import get_service_model

from .errors import validation


def check_request(operation: str, parameters: dict[str, Any]) -> None:
    """Raise ValidationException with all findings, as AWS words them."""
    shape = get_service_model("codepipeline").operation_model(operation).input_shape
    found = list(findings(shape, parameters, "")) if shape else []
    if found:
        count = "1 validation error" if len(found) == 1 else f"{len(found)} validation errors"
        raise validation(f"{count} detected: {'; '.join(found)}")


def findings(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        yield from _structure(shape, value, path)
    elif shape.type_name == "list":
        yield from _limits(shape, value, path, len(value), "Member must have length")
        for index, item in enumerate(value, 1):
            yield from findings(shape.member, item, f"{path}.{index}.member")
    elif shape.type_name == "map":
        yield from _map(shape, value, path)
    elif shape.type_name == "string":
        yield from _limits(shape, value, path, len(value), "Member must have length")
        yield from _text(shape, value, path)
    elif shape.type_name in ("integer", "long"):
        yield from _limits(shape, value, path, value, "Member must have value")


def _structure(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    dot = f"{path}." if path else ""
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from findings(member, value[name], f"{dot}{name}")
        elif name in shape.required_members:
            yield _finding(None, f"{dot}{name}", "Member must not be null")


def _map(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    yield from _limits(shape, value, path, len(value), "Member must have length")
    for key, item in value.items():
        for part, what, inner in ((key, "keys", shape.key), (item, "value", shape.value)):
            rules = [finding.split("constraint: ", 1)[1] for finding in findings(inner, part, path)]
            if rules:
                yield _finding(value, path, f"Map {what} must satisfy constraint: [{', '.join(rules)}]")


def _limits(shape: Any, value: Any, path: str, size: int, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if high is not None and size > high:
        yield _finding(value, path, f"{what} less than or equal to {high}")
    if low is not None and size < low:
        yield _finding(value, path, f"{what} greater than or equal to {low}")


def _text(shape: Any, value: str, path: str) -> Iterator[str]:
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield _finding(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    if shape.enum and value not in shape.enum:
        yield _finding(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")


def _finding(value: Any, path: str, rule: str) -> str:
    shown = f" '{value}'" if isinstance(value, (str, int)) else " null" if value is None else ""
    return f"Value{shown} at '{path}' failed to satisfy constraint: {rule}"

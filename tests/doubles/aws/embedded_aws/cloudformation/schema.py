# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource types' own schemas, as CloudFormation's registry publishes them and cfn-lint ships them.

They decide what a property may be called, which are required and which change in place.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from .errors import ResourceFailure
from .intrinsics import KNOWN_AFTER_APPLY

REGION = "us-east-1"
# conditionalCreateOnlyProperties that do force a replacement, and when
REPLACED_WHEN: dict[str, Callable[[dict[str, Any]], bool]] = {
    "AWS::DynamoDB::Table": lambda after: True,
    "AWS::Events::Rule": lambda after: True,
    "AWS::SSM::Document": lambda after: after.get("UpdateMethod", "Replace") == "Replace",
}


@functools.cache
def of(resource_type: str) -> dict[str, Any] | None:
    """The JSON Schema of a resource type, or None when CloudFormation does not know the type."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    try:
        return PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    except ResourceNotFoundError:
        return None


def conform(resource_type: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties with scalars in their schema's type; raises ResourceFailure on an unknown or missing property."""
    schema = of(resource_type)
    assert schema is not None
    return _conform(schema, schema, properties, "#")


def _conform(root: dict[str, Any], schema: dict[str, Any], value: Any, path: str) -> Any:
    schema = _dereference(root, schema)
    if isinstance(value, dict):
        return _conform_object(root, schema, value, path)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [_conform(root, items, item, f"{path}/{index}") for index, item in enumerate(value)]
    return _scalar(schema, value, path)


def _conform_object(root: dict[str, Any], schema: dict[str, Any], value: dict[str, Any], path: str) -> Any:
    if "object" not in _types(schema) and _types(schema) == {"string"}:
        return json.dumps(value)
    known = schema.get("properties", {})
    if schema.get("additionalProperties") is False and "patternProperties" not in schema:
        unknown = sorted(set(value) - known.keys())
        if unknown:
            raise ResourceFailure(
                f"Properties validation failed: extraneous key [{unknown[0]}] is not permitted at {path}"
            )
    missing = sorted(set(schema.get("required", [])) - value.keys())
    if missing:
        raise ResourceFailure(f"Properties validation failed: required key [{missing[0]}] not found at {path}")
    return {key: _conform(root, known.get(key, {}), item, f"{path}/{key}") for key, item in value.items()}


def _dereference(root: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    for alternative in schema.get("oneOf", []) + schema.get("anyOf", []):
        if "type" not in schema and "properties" not in schema and ("$ref" in alternative or "type" in alternative):
            return _dereference(root, alternative)
    return schema


def _types(schema: dict[str, Any]) -> set[str]:
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def _scalar(schema: dict[str, Any], value: Any, path: str) -> Any:
    types = _types(schema)
    if value == KNOWN_AFTER_APPLY:
        return value
    try:
        if "boolean" in types and isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if "integer" in types and not isinstance(value, bool):
            return int(value)
        if "number" in types and not isinstance(value, bool):
            return float(value)
    except (TypeError, ValueError):
        if "string" not in types:
            raise ResourceFailure(
                f"Properties validation failed: expected type {sorted(types)[0]} at {path}, found {value!r}"
            ) from None
    if types == {"string"} and not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def replacing(resource_type: str, before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The changed properties (top level) that can only change by making a new resource."""
    found = _differing(resource_type, "createOnlyProperties", before, after)
    if resource_type in REPLACED_WHEN and REPLACED_WHEN[resource_type](after):
        found |= perhaps_replacing(resource_type, before, after)
    return found


def perhaps_replacing(resource_type: str, before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The changed properties of which a change set says that they replace the resource under conditions."""
    return _differing(resource_type, "conditionalCreateOnlyProperties", before, after)


def _differing(resource_type: str, section: str, before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {path[0] for path in _pointers(resource_type, section) if _at(before, path) != _at(after, path)}


def keeps_its_name(resource_type: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """The name that the template gives a resource before and after, so that no second one can be made beside it."""
    read_only = _pointers(resource_type, "readOnlyProperties")
    names = [path[0] for path in _pointers(resource_type, "primaryIdentifier") if path not in read_only]
    if not names or any(name not in after or before.get(name) != after[name] for name in names):
        return ""
    return str(after[names[0]])


def _pointers(resource_type: str, section: str) -> list[list[str]]:
    schema = of(resource_type)
    assert schema is not None
    return [pointer.removeprefix("/properties/").split("/") for pointer in schema.get(section, [])]


def _at(properties: Any, path: list[str]) -> Any:
    for key in path:
        if not isinstance(properties, dict):
            return None
        properties = properties.get(key)
    return properties

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an update would do: the changes of a change set. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import schema
from .handler import HANDLERS
from .intrinsics import KNOWN_AFTER_APPLY, Evaluator
from .records import Resource, Source, Stack
from .template import order

SCOPES = ("CreationPolicy", "DeletionPolicy", "Metadata", "UpdatePolicy", "UpdateReplacePolicy")
MakeEvaluator = Callable[[Source, Callable[[str], Any], Callable[[str, str], Any]], Evaluator]


class Forecast:
    """Walks the target's resources in order, as an update would, with the values that are known before it."""

    def __init__(self, stack: Stack, target: Source, make_evaluator: MakeEvaluator) -> None:
        self.stack, self.target = stack, target
        self.unknown: set[str] = set()
        self.moving: set[tuple[str, str]] = set()
        self.evaluator = make_evaluator(target, self._reference, self._attribute)

    def _reference(self, name: str) -> Any:
        return KNOWN_AFTER_APPLY if name in self.unknown else self.stack.resources[name].physical_id

    def _attribute(self, name: str, attribute: str) -> Any:
        if name in self.unknown or (name, attribute) in self.moving:
            return KNOWN_AFTER_APPLY
        return self.stack.resources[name].attributes.get(attribute, KNOWN_AFTER_APPLY)

    def changes(self) -> list[dict[str, Any]]:
        resources = self.target.template["Resources"]
        active = [name for name in order(resources) if self.evaluator.is_active(resources[name])]
        found = [self._change(name, resources[name]) for name in active]
        removed = [_removal(resource) for name, resource in self.stack.resources.items() if name not in active]
        return [change for change in found if change] + removed

    def _change(self, name: str, definition: dict[str, Any]) -> dict[str, Any] | None:
        current = self.stack.resources.get(name)
        after = schema.conform(definition["Type"], self.evaluator.value(definition.get("Properties", {})))
        if current is None:
            self.unknown.add(name)
            return _entry("Add", name, definition["Type"])
        changed = {key for key in {*current.properties, *after} if current.properties.get(key) != after.get(key)}
        scopes = [scope for scope in SCOPES if current.definition.get(scope) != definition.get(scope)]
        retagged = (
            self.stack.source.tags != self.target.tags and "Tags" in (schema.of(definition["Type"]) or {})["properties"]
        )
        if not changed and not scopes and not retagged and current.type == definition["Type"]:
            return None
        return self._modification(current, definition, after, changed, scopes, retagged)

    def _modification(
        self,
        current: Resource,
        definition: dict[str, Any],
        after: dict[str, Any],
        changed: set[str],
        scopes: list[str],
        retagged: bool,
    ) -> dict[str, Any]:
        replacing = schema.replacing(current.type, current.properties, after)
        replaced = bool(replacing) or current.type != definition["Type"]
        if replaced:
            self.unknown.add(current.logical_id)
        elif changed:
            self.moving |= {(current.logical_id, attribute) for attribute in HANDLERS[current.type].moving_attributes}
        entry = _entry("Modify", current.logical_id, definition["Type"], current.physical_id)
        perhaps = schema.perhaps_replacing(current.type, current.properties, after)
        entry["Replacement"] = "True" if replaced else "Conditional" if perhaps else "False"
        entry["Scope"] = (["Properties"] if changed else []) + (["Tags"] if retagged else []) + scopes
        entry["Details"] = [_detail(key, key in replacing, key in perhaps, after) for key in sorted(changed)]
        return entry


def _entry(action: str, name: str, resource_type: str, physical_id: str | None = None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "Action": action,
        "LogicalResourceId": name,
        "ResourceType": resource_type,
        "Scope": [],
        "Details": [],
    }
    if physical_id is not None:
        entry["PhysicalResourceId"] = physical_id
    return entry


def _removal(resource: Resource) -> dict[str, Any]:
    entry = _entry("Remove", resource.logical_id, resource.type, resource.physical_id)
    if resource.definition.get("DeletionPolicy", "Delete") != "Delete":
        entry["PolicyAction"] = "Retain"
    return entry


def _detail(key: str, replacing: bool, perhaps: bool, after: dict[str, Any]) -> dict[str, Any]:
    recreation = "Always" if replacing else "Conditionally" if perhaps else "Never"
    dynamic = KNOWN_AFTER_APPLY in str(after.get(key))
    return {
        "Target": {"Attribute": "Properties", "Name": key, "RequiresRecreation": recreation},
        "Evaluation": "Dynamic" if dynamic else "Static",
        "ChangeSource": "ResourceAttribute" if dynamic else "DirectModification",
    }

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation on a stack, and small decisions of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import schema, stack_policy
from .errors import ResourceFailure, ValidationError
from .intrinsics import Evaluator, as_text
from .records import Resource, Stack


class OperationFailed(Exception):
    """A resource failed; the operation is to be rolled back."""

    def __init__(self, logical_ids: list[str]) -> None:
        super().__init__(", ".join(logical_ids))


@dataclass
class Operation:
    """One create, update or delete of a stack; verb is CREATE, UPDATE or DELETE."""

    stack: Stack
    verb: str
    token: str | None
    rolling_back: bool = False

    def check_policy(self, current: Resource | None, wanted: Resource) -> None:
        """Refuse a change that the stack's policy forbids; a rollback may do everything."""
        if current is None or self.rolling_back:
            return
        replaced = current.type != wanted.type or schema.replacing(wanted.type, current.properties, wanted.properties)
        if replaced or current.properties != wanted.properties:
            stack_policy.check(self.stack, "Update:Replace" if replaced else "Update:Modify", current)

    def check_removals(self, kept: list[str]) -> None:
        if self.verb != "UPDATE" or self.rolling_back:
            return
        for name, resource in self.stack.resources.items():
            try:
                if name not in kept:
                    stack_policy.check(self.stack, "Update:Delete", resource)
            except ResourceFailure as error:
                self.record("UPDATE_FAILED", resource, str(error))
                raise OperationFailed([name]) from error

    def record(self, status: str, resource: Resource | None = None, reason: str = "") -> None:
        self.stack.record(status, resource, reason, self.token)


def nothing(*_: str) -> Any:
    raise ValidationError("Template error: a resource cannot be referred to here")


def check_name_is_free(current: Resource, wanted: Resource) -> None:
    name = schema.keeps_its_name(wanted.type, current.properties, wanted.properties)
    if name:
        raise ResourceFailure(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing."
            f" Rename {name} and update the stack again."
        )


def same(old: Resource, wanted: Resource) -> bool:
    return (old.logical_id, old.type, old.properties) == (wanted.logical_id, wanted.type, wanted.properties)


def forget(stack: Stack, resource: Resource) -> None:
    if resource in stack.leftovers:
        stack.leftovers.remove(resource)
    if stack.resources.get(resource.logical_id) is resource:
        del stack.resources[resource.logical_id]


def outputs(evaluator: Evaluator) -> list[dict[str, Any]]:
    outputs = []
    for name, part in evaluator.template.get("Outputs", {}).items():
        if not evaluator.is_active(part):
            continue
        output = {"OutputKey": name, "OutputValue": as_text(evaluator.value(part["Value"]))}
        if "Description" in part:
            output["Description"] = part["Description"]
        if "Export" in part:
            output["ExportName"] = as_text(evaluator.value(part["Export"]["Name"]))
        outputs.append(output)
    return outputs

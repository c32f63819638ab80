# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift: what a resource really is, compared with what its stack made of it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from botocore.exceptions import ClientError
from moto.core.responses import ActionResult

from .errors import ResourceGone, ValidationError
from .handler import HANDLERS, Context, is_gone
from .records import Resource, Stack, now


def detect(stack: Stack) -> list[dict[str, Any]]:
    """The drift of each resource whose type can tell; nothing is changed."""
    found = [_drift(stack, resource) for resource in stack.resources.values()]
    return [entry for entry in found if entry]


def _drift(stack: Stack, resource: Resource) -> dict[str, Any] | None:
    context = Context(stack.account, stack.region, stack.name, stack.id, resource.logical_id, stack.source.tags)
    try:
        live = HANDLERS[resource.type].live(context, resource.physical_id, resource.properties)
    except (ClientError, ResourceGone) as error:
        if isinstance(error, ClientError) and not is_gone(error):
            raise
        return _entry(stack, resource, "DELETED", resource.properties, {})
    if live is None:
        return None
    expected = {key: resource.properties[key] for key in live if key in resource.properties}
    actual = {key: live[key] for key in expected}
    return _entry(stack, resource, "IN_SYNC" if expected == actual else "MODIFIED", expected, actual)


def _entry(
    stack: Stack, resource: Resource, status: str, expected: dict[str, Any], actual: dict[str, Any]
) -> dict[str, Any]:
    differences = [
        {
            "PropertyPath": f"/{key}",
            "ExpectedValue": _text(expected[key]),
            "ActualValue": _text(actual[key]),
            "DifferenceType": "NOT_EQUAL",
        }
        for key in sorted(actual)
        if expected[key] != actual[key]
    ]
    return {
        "StackId": stack.id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "ExpectedProperties": json.dumps(expected),
        "ActualProperties": json.dumps(actual) if actual else None,
        "PropertyDifferences": differences,
        "StackResourceDriftStatus": status,
        "Timestamp": now(),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class DriftApi:
    """Three operations, for the API's class."""

    engine: Any
    params: dict[str, Any]

    def detect_stack_drift(self) -> ActionResult:
        stack = self.engine.find(self.params["StackName"], deleted=False)
        if stack is None:
            raise ValidationError(f"Stack [{self.params['StackName']}] does not exist")
        if "LogicalResourceIds" in self.params:
            raise ValidationError("The embedded AWS only detects the drift of a whole stack")
        if stack.status.endswith("_IN_PROGRESS"):
            raise ValidationError(f"Drift detection cannot be performed on stack in {stack.status} state")
        stack.drifts = detect(stack)
        stack.drift_status = (
            "DRIFTED" if any(item["StackResourceDriftStatus"] != "IN_SYNC" for item in stack.drifts) else "IN_SYNC"
        )
        stack.drift_detection = str(uuid.uuid4())
        return ActionResult({"StackDriftDetectionId": stack.drift_detection})

    def describe_stack_drift_detection_status(self) -> ActionResult:
        wanted = self.params["StackDriftDetectionId"]
        for stack in self.engine.stacks.values():
            if stack.drift_detection == wanted:
                drifted = [item for item in stack.drifts if item["StackResourceDriftStatus"] != "IN_SYNC"]
                return ActionResult(
                    {
                        "StackId": stack.id,
                        "StackDriftDetectionId": wanted,
                        "StackDriftStatus": stack.drift_status,
                        "DetectionStatus": "DETECTION_COMPLETE",
                        "DriftedStackResourceCount": len(drifted),
                        "Timestamp": now(),
                    }
                )
        raise ValidationError(f"Drift detection id {wanted} does not exist")

    def describe_stack_resource_drifts(self) -> ActionResult:
        stack = self.engine.get(self.params["StackName"])
        wanted = self.params.get("StackResourceDriftStatusFilters")
        found = [item for item in stack.drifts if not wanted or item["StackResourceDriftStatus"] in wanted]
        return ActionResult({"StackResourceDrifts": found})

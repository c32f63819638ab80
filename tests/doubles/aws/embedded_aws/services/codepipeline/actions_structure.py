# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one action may say: its type, its artifacts, its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .catalog import ActionType, Key, key_of
from .errors import action_declaration

Action = dict[str, Any]
Finder = Callable[[Key], ActionType | None]


def check_action(pipeline: Action, action: Action, find_type: Finder, region: str) -> None:
    """Raise InvalidActionDeclarationException for the first thing that is wrong with an action."""
    name, type_id = action["name"], action["actionTypeId"]
    found = find_type(key_of(type_id))
    if found is None:
        raise action_declaration(
            f"ActionType (Category: '{type_id['category']}', Provider: '{type_id['provider']}', Owner:"
            f" '{type_id['owner']}', Version: '{type_id['version']}') in action '{name}' is not available in region"
            f" '{region.upper().replace('-', '_')}'"
        )
    if found.v2_only and pipeline["pipelineType"] != "V2":
        raise action_declaration(f"{found.provider} Action can only be used with V2 pipelines.")
    _check_count(name, "input", len(action["inputArtifacts"]), found.inputs)
    _check_count(name, "output", len(action["outputArtifacts"]), found.outputs)
    _check_configuration(name, action["configuration"], found)
    _check_options(action, found)
    if found.provider == "Manual":
        _check_topic(name, action["configuration"].get("NotificationArn", ""), region)


def _check_count(name: str, kind: str, count: int, limits: tuple[int, int]) -> None:
    declares = f"Action {name} declares {count} {kind} artifacts which is"
    if count < limits[0]:
        raise action_declaration(f"{declares} less than the minimum count ({limits[0]})")
    if count > limits[1]:
        raise action_declaration(f"{declares} more than the maximum count ({limits[1]})")


def _check_configuration(name: str, configuration: dict[str, str], found: ActionType) -> None:
    unknown = sorted(configuration.keys() - {item.name for item in found.properties})
    if unknown:
        raise action_declaration(
            f"Action configuration for action '{name}' contains unknown configuration '{unknown[0]}'"
        )
    for item in found.properties:
        if item.required and item.name not in configuration:
            raise action_declaration(
                f"Action configuration for action '{name}' is missing required configuration '{item.name}'"
            )


def _check_options(action: Action, found: ActionType) -> None:
    name, is_commands = action["name"], found.provider == "Commands"
    if "timeoutInMinutes" in action and found.provider != "Manual":
        raise action_declaration(f"Action {name} cannot have timeoutInMinutes: only manual approval actions can")
    if is_commands and not action.get("commands"):
        raise action_declaration(f"Action {name} must have a non-empty commands field")
    for field in ("commands", "outputVariables"):
        if field in action and not is_commands:
            raise action_declaration(f"Action {name} cannot have a {field} field")


def _check_topic(name: str, arn: str, region: str) -> None:
    if not arn or "#{" in arn:
        return
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or not all((parts[1], parts[4], parts[5])):
        raise action_declaration(
            f"The ARN {arn} you specified for sending notifications for the approval action {name} contains a format"
            " error."
        )
    specified = f"The ARN {arn} has been specified for sending notifications for the approval action {name}, but the"
    if parts[2] != "sns":
        raise action_declaration(f"{specified} AWS service for this ARN cannot be used to send approval requests.")
    if parts[3] != region:
        raise action_declaration(f"{specified} ARN is not in the same region as the pipeline.")

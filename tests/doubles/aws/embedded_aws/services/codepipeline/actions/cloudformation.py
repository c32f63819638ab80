# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy actions of CloudFormation: stacks and change sets from a template in an artifact."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from ....processes import pause
from ..executions import ActionFailed, Outcome
from .work import Work, zipped

POLL = 0.05
FAILED_STATES = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}


def deploy(work: Work) -> Outcome:
    mode = work.configuration["ActionMode"]
    modes = {
        "CREATE_UPDATE": _create_or_update,
        "REPLACE_ON_FAILURE": _replace_on_failure,
        "DELETE_ONLY": _delete,
        "CHANGE_SET_REPLACE": _new_change_set,
        "CHANGE_SET_EXECUTE": _execute_change_set,
    }
    if mode not in modes:
        raise ActionFailed(f"ActionMode {mode} is none of {', '.join(modes)}", "ConfigurationError")
    return modes[mode](work)


def _create_or_update(work: Work) -> Outcome:
    client, request, found = work.client("cloudformation"), _request(work), _stack(work)
    if found is None:
        client.create_stack(**request)
        return _settled(work, "CREATE_COMPLETE")
    try:
        client.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in error.response["Error"]["Message"]:
            raise
        return Outcome("Succeeded", "There was nothing to update", found["StackId"], variables=_outputs(found))
    return _settled(work, "UPDATE_COMPLETE")


def _replace_on_failure(work: Work) -> Outcome:
    found = _stack(work)
    if found is not None and found["StackStatus"] in FAILED_STATES:
        _delete(work)
    return _create_or_update(work)


def _delete(work: Work) -> Outcome:
    work.client("cloudformation").delete_stack(StackName=work.configuration["StackName"])
    found = _wait(work)
    if found is not None:
        raise _failed(found)
    return Outcome("Succeeded", "The stack is deleted")


def _new_change_set(work: Work) -> Outcome:
    client, request, found = work.client("cloudformation"), _request(work), _stack(work)
    name = {"StackName": request["StackName"], "ChangeSetName": _change_set_name(work)}
    kind = "CREATE" if found is None or found["StackStatus"] == "REVIEW_IN_PROGRESS" else "UPDATE"
    if found is not None:
        client.delete_change_set(**name)
    client.create_change_set(**request, ChangeSetName=name["ChangeSetName"], ChangeSetType=kind)
    made = client.describe_change_set(**name)
    if made["Status"] == "FAILED" and "didn't contain changes" not in made.get("StatusReason", ""):
        raise ActionFailed(made.get("StatusReason", "The change set failed"), "JobFailed")
    return Outcome("Succeeded", made.get("StatusReason") or "The change set is made", made["ChangeSetId"])


def _execute_change_set(work: Work) -> Outcome:
    client = work.client("cloudformation")
    name = {"StackName": work.configuration["StackName"], "ChangeSetName": _change_set_name(work)}
    made = client.describe_change_set(**name)
    if made["Status"] == "FAILED":
        return Outcome("Succeeded", "The change set has no changes", made["ChangeSetId"])
    client.execute_change_set(**name)
    return _settled(work, "CREATE_COMPLETE", "UPDATE_COMPLETE")


def _change_set_name(work: Work) -> str:
    if "ChangeSetName" not in work.configuration:
        raise ActionFailed("ChangeSetName is required for this ActionMode", "ConfigurationError")
    return work.configuration["ChangeSetName"]


def _request(work: Work) -> dict[str, Any]:
    """What CreateStack, UpdateStack and CreateChangeSet have in common."""
    configuration = work.configuration
    if "TemplatePath" not in configuration or "::" not in configuration["TemplatePath"]:
        raise ActionFailed("TemplatePath must be ARTIFACT::FILE for this ActionMode", "ConfigurationError")
    settings = json.loads(_artifact_file(work, configuration.get("TemplateConfiguration")) or "{}")
    values = {**settings.get("Parameters", {}), **json.loads(configuration.get("ParameterOverrides", "{}"))}
    capabilities = configuration.get("Capabilities", "")
    return {
        "StackName": configuration["StackName"],
        "TemplateBody": _artifact_file(work, configuration["TemplatePath"]),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        "Capabilities": [name.strip() for name in capabilities.split(",") if name.strip()],
        "Tags": [{"Key": key, "Value": value} for key, value in settings.get("Tags", {}).items()],
        **({"RoleARN": configuration["RoleArn"]} if "RoleArn" in configuration else {}),
    }


def _artifact_file(work: Work, place: str | None) -> str:
    if place is None:
        return ""
    artifact, _, path = place.partition("::")
    return work.file(path, artifact).decode()


def _stack(work: Work) -> dict[str, Any] | None:
    try:
        name = work.configuration["StackName"]
        found: dict[str, Any] = work.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    return found


def _wait(work: Work) -> dict[str, Any] | None:
    """The stack once nothing is in progress; nothing when it is gone."""
    found = _stack(work)
    while found is not None and found["StackStatus"].endswith("_IN_PROGRESS"):
        pause(POLL)
        found = _stack(work)
    return None if found is None or found["StackStatus"] == "DELETE_COMPLETE" else found


def _settled(work: Work, *good: str) -> Outcome:
    found = _wait(work)
    if found is None or found["StackStatus"] not in good:
        raise _failed(found or {"StackStatus": "DELETE_COMPLETE", "StackName": work.configuration["StackName"]})
    if work.run.declaration["outputArtifacts"]:
        file = work.configuration.get("OutputFileName", "CreateStackOutput.json")
        for place in work.declare_outputs():
            work.put(place, zipped({file: json.dumps(_outputs(found)).encode()}))
    return Outcome("Succeeded", f"Stack {found['StackStatus']}", found["StackId"], variables=_outputs(found))


def _outputs(stack: dict[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _failed(stack: dict[str, Any]) -> ActionFailed:
    reason = stack.get("StackStatusReason", "")
    return ActionFailed(f"Stack {stack['StackName']} is {stack['StackStatus']}. {reason}".rstrip(". "), "JobFailed")

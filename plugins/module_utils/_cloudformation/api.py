# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import shapes
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    Change,
    ChangeSet,
    Drift,
    Event,
    Stack,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import Template, from_api
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import (
    CollectionError,
    error_code,
    error_message,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service


class StackGone(CollectionError):
    """The stack does not exist (any more)."""


class Api(Service):
    """CloudFormation, each operation once."""

    name = "cloudformation"

    def stack(self, name: str) -> Stack | None:
        try:
            answer = self._call("describe_stacks", StackName=name)
        except StackGone:
            return None
        return shapes.stack_from(answer["Stacks"][0]) if answer["Stacks"] else None

    def template(self, stack_id: str) -> Template:
        return from_api(self.template_body(stack_id))

    def template_body(self, stack_id: str) -> t.Any:
        """The template as it was given: text for YAML, data for JSON."""
        return self._call("get_template", StackName=stack_id, TemplateStage="Original")["TemplateBody"]

    def events(self, stack_id: str) -> t.Iterator[Event]:
        """The history, newest first; pages are read as they are needed."""
        for page in self._pages("describe_stack_events", StackName=stack_id):
            yield from (shapes.event_from(event) for event in page["StackEvents"])

    def resources(self, stack_id: str) -> list[Change]:
        """The living resources, as the changes of a deletion."""
        pages = self._pages("list_stack_resources", StackName=stack_id)
        living = [
            r for page in pages for r in page["StackResourceSummaries"] if r["ResourceStatus"] != "DELETE_COMPLETE"
        ]
        return [shapes.change_from({**resource, "Action": "Remove"}) for resource in living]

    def create_stack(self, name: str, body: str, **options: t.Any) -> str:
        return str(self._call("create_stack", StackName=name, TemplateBody=body, **options)["StackId"])

    def delete_stack(self, stack_id: str, token: str, **options: t.Any) -> None:
        self._call("delete_stack", StackName=stack_id, ClientRequestToken=token, **options)

    def protect(self, stack_id: str, protected: bool) -> None:
        self._call("update_termination_protection", StackName=stack_id, EnableTerminationProtection=protected)

    def validate(self, body: str) -> None:
        self._call("validate_template", TemplateBody=body)

    def policy(self, stack_id: str) -> str | None:
        return self._call("get_stack_policy", StackName=stack_id).get("StackPolicyBody")

    def set_policy(self, stack_id: str, body: str) -> None:
        self._call("set_stack_policy", StackName=stack_id, StackPolicyBody=body)

    def create_change_set(self, stack_id: str, name: str, body: str, **options: t.Any) -> str:
        answer = self._call(
            "create_change_set",
            StackName=stack_id,
            ChangeSetName=name,
            ChangeSetType="UPDATE",
            TemplateBody=body,
            **options,
        )
        return str(answer["Id"])

    def change_set(self, change_set_id: str) -> ChangeSet:
        return shapes.change_set_from(list(self._pages("describe_change_set", ChangeSetName=change_set_id)))

    def detect_drift(self, stack_id: str) -> str:
        return str(self._call("detect_stack_drift", StackName=stack_id)["StackDriftDetectionId"])

    def drift_status(self, detection: str) -> tuple[str, str]:
        """Whether the detection has ended, and why it failed if it did."""
        answer = self._call("describe_stack_drift_detection_status", StackDriftDetectionId=detection)
        return answer["DetectionStatus"], answer.get("DetectionStatusReason", "")

    def drifts(self, stack_id: str) -> list[Drift]:
        pages = self._pages(
            "describe_stack_resource_drifts",
            StackName=stack_id,
            StackResourceDriftStatusFilters=["MODIFIED", "DELETED"],
        )
        return [shapes.drift_from(drift) for page in pages for drift in page["StackResourceDrifts"]]

    def execute_change_set(self, change_set_id: str, token: str) -> None:
        self._call("execute_change_set", ChangeSetName=change_set_id, ClientRequestToken=token)

    def delete_change_set(self, change_set_id: str) -> None:
        self._call("delete_change_set", ChangeSetName=change_set_id)

    def explain(self, error: Exception, method: str) -> CollectionError:
        if error_code(error) == "ValidationError" and "does not exist" in error_message(error):
            return StackGone(error_message(error))
        return super().explain(error, method)

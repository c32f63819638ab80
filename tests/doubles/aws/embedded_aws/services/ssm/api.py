# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Systems Manager API where moto's differs: commands, managed instances, and what a document may be."""

from __future__ import annotations

import json
from typing import Any

import yaml
from moto.core.responses import ActionResult, EmptyResult
from moto.ssm.models import ssm_backends
from moto.ssm.responses import SimpleSystemManagerResponse

from ...processes import background
from ...settings import internal_client, settings
from . import documents
from .backend import SsmBackend
from .commands import Command, Invocation, Plugin, now
from .errors import SsmError
from .execution import Execution
from .instances import Managed, chosen, managed

PAGE = 50
MAXIMUM_TARGETS, MAXIMUM_INSTANCES = 5, 50


class SsmApi(SimpleSystemManagerResponse):
    def __init__(self) -> None:
        super().__init__()
        self.automated_parameter_parsing = True

    @property
    def ssm_backend(self) -> SsmBackend:
        found: SsmBackend = ssm_backends[self.current_account][self.region]
        return found

    def _managed(self) -> dict[str, Managed]:
        return managed(self.current_account, self.region)

    def create_document(self) -> ActionResult:
        self.params.setdefault("DocumentType", "Command")
        if self.params["Name"].lower().startswith(("aws", "amazon", "amzn")):
            raise SsmError("ValidationException", f"Invalid document name {self.params['Name']}")
        self._check_document(self.params["DocumentType"])
        result = super().create_document()
        self._platforms()
        return result

    def update_document(self) -> ActionResult:
        self._check_document(self.ssm_backend.document(self.params["Name"], None).document_type)
        result = super().update_document()
        self._platforms()
        return result

    def _check_document(self, kind: str) -> None:
        text, form = self.params["Content"], self.params.get("DocumentFormat", "JSON")
        if len(text) > 65_536:
            raise SsmError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.")
        try:
            content = json.loads(text) if form == "JSON" else yaml.safe_load(text)
        except (ValueError, yaml.YAMLError) as error:
            raise SsmError("InvalidDocumentContent", f"The content is no {form}.") from error
        if kind == "Command":
            documents.check(content)

    def _platforms(self) -> None:
        """moto says "Not Implemented" instead."""
        for document in self.ssm_backend._documents[self.params["Name"]].versions.values():
            document.platform_types = ["Linux", "MacOS"]

    def send_command(self) -> ActionResult:
        backend, request = self.ssm_backend, dict(self.params)
        document = backend.document(request["DocumentName"], request.get("DocumentVersion"))
        if document.document_type != "Command":
            raise SsmError("InvalidDocument", f"The document {document.name} is no Command document.")
        content = document.content_json
        steps = documents.steps(content, documents.values(content, request.get("Parameters", {})))
        instances = self._instances(request)
        self._check_output(request)
        invocations = [Invocation(item.id, item.name, [Plugin(step) for step in steps]) for item in instances]
        command = Command(
            self.current_account, self.region, request, document.name, document.document_version, steps, invocations
        )
        backend.commands[command.id] = command
        shown = command.describe()
        background(
            Execution(command, lambda name: managed(command.account, command.region).get(name), backend.shell).run
        )
        return ActionResult({"Command": shown})

    def _instances(self, request: dict[str, Any]) -> list[Managed]:
        ids, targets = request.get("InstanceIds", []), request.get("Targets", [])
        if bool(ids) == bool(targets):
            raise SsmError("ValidationException", "Specify either instance IDs or targets.")
        if len(set(ids)) < len(ids):
            raise SsmError("DuplicateInstanceId", "An instance ID is there twice.")
        if len(ids) > MAXIMUM_INSTANCES or len(targets) > MAXIMUM_TARGETS:
            raise SsmError(
                "ValidationException", f"At most {MAXIMUM_INSTANCES} instances or {MAXIMUM_TARGETS} targets."
            )
        known = self._managed()
        missing = [name for name in ids if name not in known]
        if missing:
            account = self.current_account
            raise SsmError(
                "InvalidInstanceId", f"Instances [[{', '.join(missing)}]] not in a valid state for account {account}"
            )
        return [known[name] for name in ids] if ids else chosen(known, targets)

    def _check_output(self, request: dict[str, Any]) -> None:
        if len(request.get("Comment", "")) > 100:
            raise SsmError("ValidationException", "A comment has at most 100 characters.")
        if request.get("TimeoutSeconds", 3600) > 2_592_000:
            raise SsmError("ValidationException", "TimeoutSeconds must be at most 2592000.")
        bucket = request.get("OutputS3BucketName")
        if bucket:
            s3 = internal_client("s3", self.region, self.current_account, "ssm")
            if bucket not in [item["Name"] for item in s3.list_buckets()["Buckets"]]:
                raise SsmError("InvalidOutputFolder", "The S3 bucket does not exist.")

    def list_commands(self) -> ActionResult:
        if "CommandId" in self.params:
            self.ssm_backend.command(self.params["CommandId"])
        page, token = self._page(self.ssm_backend.invocations(self.params))
        return ActionResult({"Commands": [command.describe() for command in page], "NextToken": token})

    def list_command_invocations(self) -> ActionResult:
        wanted, details = self.params.get("InstanceId"), self.params.get("Details", False)
        found = [
            command.describe_invocation(invocation, details)
            for command in self.ssm_backend.invocations(self.params)
            if _visible(command)
            for invocation in command.invocations
            if wanted in (None, invocation.instance)
        ]
        page, token = self._page(found)
        return ActionResult({"CommandInvocations": page, "NextToken": token})

    def get_command_invocation(self) -> ActionResult:
        command = self.ssm_backend.commands.get(self.params["CommandId"])
        invocation = command.invocation(self.params["InstanceId"]) if command and _visible(command) else None
        if command is None or invocation is None:
            raise SsmError("InvocationDoesNotExist", "")
        name = self.params.get("PluginName")
        plugins = [item for item in invocation.plugins if name in (None, item.step.name)]
        if len(plugins) != 1:
            raise SsmError("InvalidPluginName", "")
        return ActionResult(command.describe_plugin(invocation, plugins[0]))

    def cancel_command(self) -> ActionResult:
        command = self.ssm_backend.command(self.params["CommandId"])
        wanted = self.params.get("InstanceIds") or [item.instance for item in command.invocations]
        if any(command.invocation(name) is None for name in wanted):
            raise SsmError("InvalidInstanceId", "The command was not sent to this instance.")
        for invocation in command.invocations:
            if invocation.instance in wanted and invocation.living:
                invocation.cancel()
        command.settle()
        return EmptyResult()

    def describe_instance_information(self) -> ActionResult:
        filters = [(item["Key"], item["Values"]) for item in self.params.get("Filters", [])]
        filters += [(item["key"], item["valueSet"]) for item in self.params.get("InstanceInformationFilterList", [])]
        shown = [(_information(item), item.tags) for item in self._managed().values()]
        found = [facts for facts, tags in shown if all(_has(facts, tags, *item) for item in filters)]
        page, token = self._page(found)
        return ActionResult({"InstanceInformationList": page, "NextToken": token})

    def _page(self, items: list[Any]) -> tuple[list[Any], str | None]:
        start, size = int(self.params.get("NextToken") or 0), self.params.get("MaxResults") or PAGE
        return items[start : start + size], str(start + size) if start + size < len(items) else None


def _visible(command: Command) -> bool:
    return (now() - command.requested).total_seconds() >= settings.ssm_invisible


def _information(instance: Managed) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "PingStatus": "Online" if instance.online else "ConnectionLost",
        "LastPingDateTime": now(),
        "AgentVersion": "3.3.3598.0",
        "IsLatestVersion": True,
        "PlatformType": "Linux",
        "PlatformName": "Amazon Linux",
        "PlatformVersion": "2023",
        "ResourceType": "EC2Instance",
        "IPAddress": instance.address,
        "ComputerName": f"ip-{instance.address.replace('.', '-')}.ec2.internal",
        "SourceId": instance.id,
        "SourceType": "AWS::EC2::Instance",
    }


KEYS = {"InstanceIds": "InstanceId", "PlatformTypes": "PlatformType"}


def _has(facts: dict[str, Any], tags: dict[str, str], key: str, values: list[str]) -> bool:
    if key.startswith("tag:"):
        return tags.get(key.removeprefix("tag:")) in values
    if key == "tag-key":
        return any(value in tags for value in values)
    name = KEYS.get(key, key)
    if name not in facts:
        raise SsmError("InvalidFilterKey", f"The filter key {key} is not valid.")
    return facts[name] in values

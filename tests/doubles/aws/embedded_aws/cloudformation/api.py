# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CloudFormation API: requests to the engine, records to answers."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import unquote, urlparse

from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from ..settings import internal_client
from . import resource_types  # noqa: F401 (importing them registers their handlers)
from .drift import DriftApi
from .engine import Engine
from .errors import AlreadyExists, ChangeSetNotFound, InvalidChangeSetStatus, ResourceFailure, ValidationError
from .records import ChangeSet, Event, Resource, Source, Stack
from .stack_policy import PolicyApi, parse
from .template import MAXIMUM_BODY, load, needed_capability

PAGE = 100
_engines: dict[tuple[str, str], Engine] = {}


def engine_of(account: str, region: str) -> Engine:
    return _engines.setdefault((account, region), Engine(account, region))


def reset() -> None:
    for engine in _engines.values():
        engine.close()
    _engines.clear()


class CloudFormationApi(DriftApi, PolicyApi, BaseResponse):
    """One method per operation, named as moto's dispatcher expects: the operation in snake case."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    @property
    def engine(self) -> Engine:
        return engine_of(self.current_account, self.region)

    def create_stack(self) -> ActionResult:
        name, engine = self.params["StackName"], self.engine
        _check_name(name)
        if engine.find(name, deleted=False):
            raise AlreadyExists(f"Stack [{name}] already exists")
        source = self._source(None, name)
        engine.check_capabilities(source, self.params.get("Capabilities", []))
        if "StackPolicyBody" in self.params:
            parse(self.params["StackPolicyBody"])
        on_failure = "DO_NOTHING" if self.params.get("DisableRollback") else self.params.get("OnFailure", "ROLLBACK")
        stack = engine.create(
            name,
            source,
            self.params.get("ClientRequestToken"),
            capabilities=self.params.get("Capabilities", []),
            notification_arns=self.params.get("NotificationARNs", []),
            role_arn=self.params.get("RoleARN"),
            on_failure=on_failure,
            termination_protection=bool(self.params.get("EnableTerminationProtection")),
            policy=self.params.get("StackPolicyBody"),
        )
        return ActionResult({"StackId": stack.id})

    def update_stack(self) -> ActionResult:
        stack = self._living(self.params["StackName"])
        self.engine.check_updatable(stack)
        source = self._source(stack, stack.name)
        self.engine.check_capabilities(source, self.params.get("Capabilities", []))
        self.engine.update(stack, source, self.params.get("ClientRequestToken"))
        return ActionResult({"StackId": stack.id})

    def delete_stack(self) -> ActionResult:
        stack = self.engine.find(self.params["StackName"], deleted=False)
        if stack is not None:
            self.engine.delete(stack, self.params.get("ClientRequestToken"), self.params.get("RetainResources", []))
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        name = self.params.get("StackName")
        if name:
            found = self.engine.find(name)
            if found is None:
                raise ValidationError(f"Stack with id {name} does not exist")
            return ActionResult({"Stacks": [_describe(found)]})
        living = [stack for stack in self.engine.stacks.values() if stack.status != "DELETE_COMPLETE"]
        stacks, token = self._page(living)
        return ActionResult({"Stacks": [_describe(stack) for stack in stacks], "NextToken": token})

    def list_stacks(self) -> ActionResult:
        wanted = self.params.get("StackStatusFilter", [])
        stacks = [stack for stack in self.engine.stacks.values() if not wanted or stack.status in wanted]
        page, token = self._page(stacks)
        keys = (
            "StackId",
            "StackName",
            "CreationTime",
            "LastUpdatedTime",
            "DeletionTime",
            "StackStatus",
            "StackStatusReason",
        )
        return ActionResult(
            {"StackSummaries": [{key: _describe(stack).get(key) for key in keys} for stack in page], "NextToken": token}
        )

    def describe_stack_events(self) -> ActionResult:
        events, token = self._page(self.engine.get(self.params["StackName"]).events[::-1])
        return ActionResult({"StackEvents": [_describe_event(event) for event in events], "NextToken": token})

    def describe_stack_resources(self) -> ActionResult:
        stack = self.engine.get(self.params["StackName"])
        wanted = self.params.get("LogicalResourceId")
        found = [resource for resource in stack.resources.values() if wanted in (None, resource.logical_id)]
        return ActionResult({"StackResources": [_describe_resource(stack, resource) for resource in found]})

    def describe_stack_resource(self) -> ActionResult:
        stack, wanted = self.engine.get(self.params["StackName"]), self.params["LogicalResourceId"]
        if wanted not in stack.resources:
            raise ValidationError(f"Resource {wanted} does not exist for stack {stack.name}")
        detail = _describe_resource(stack, stack.resources[wanted])
        detail["LastUpdatedTimestamp"] = detail.pop("Timestamp")
        return ActionResult({"StackResourceDetail": detail})

    def list_stack_resources(self) -> ActionResult:
        stack = self.engine.get(self.params["StackName"])
        page, token = self._page(list(stack.resources.values()))
        summaries = [_describe_resource(stack, resource) for resource in page]
        for summary in summaries:
            summary["LastUpdatedTimestamp"] = summary.pop("Timestamp")
        return ActionResult({"StackResourceSummaries": summaries, "NextToken": token})

    def update_termination_protection(self) -> ActionResult:
        stack = self._living(self.params["StackName"])
        stack.termination_protection = bool(self.params["EnableTerminationProtection"])
        return ActionResult({"StackId": stack.id})

    def list_exports(self) -> ActionResult:
        exports = [
            {"ExportingStackId": stack_id, "Name": name, "Value": value}
            for name, (value, stack_id) in sorted(self.engine.exports().items())
        ]
        page, token = self._page(exports)
        return ActionResult({"Exports": page, "NextToken": token})

    def get_template(self) -> ActionResult:
        change_set = self.params.get("ChangeSetName")
        if change_set:
            body = self._change_set()[1].source.body
        else:
            body = self.engine.get(self.params["StackName"]).source.body
        return ActionResult({"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]})

    def get_template_summary(self) -> ActionResult:
        name = self.params.get("StackName")
        template = self.engine.get(name).source.template if name else load(self._body())
        return ActionResult(
            {**_summary(template), "ResourceTypes": sorted({part["Type"] for part in template["Resources"].values()})}
        )

    def validate_template(self) -> ActionResult:
        return ActionResult(_summary(load(self._body())))

    def create_change_set(self) -> ActionResult:
        name, kind, engine = self.params["StackName"], self.params.get("ChangeSetType", "UPDATE"), self.engine
        stack = engine.find(name, deleted=False)
        if kind == "CREATE":
            _check_name(name)
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise ValidationError(
                    f"Stack [{name}] already exists and cannot be created again"
                    f" with the changeSet [{self.params['ChangeSetName']}]."
                )
        elif stack is None:
            raise ValidationError(f"Stack [{name}] does not exist")
        else:
            engine.check_updatable(stack)
        source = self._source(stack, name)
        engine.check_capabilities(source, self.params.get("Capabilities", []))
        if stack is None:
            stack = engine.new_stack(
                name, source, "REVIEW_IN_PROGRESS", capabilities=self.params.get("Capabilities", [])
            )
        if self.params["ChangeSetName"] in stack.change_sets:
            raise AlreadyExists(f"ChangeSet {self.params['ChangeSetName']} already exists")
        change_set = self._new_change_set(stack, source, kind)
        stack.change_sets[change_set.name] = change_set
        return ActionResult({"Id": change_set.id, "StackId": stack.id})

    def _new_change_set(self, stack: Stack, source: Source, kind: str) -> ChangeSet:
        name = self.params["ChangeSetName"]
        arn = f"arn:aws:cloudformation:{self.region}:{self.current_account}:changeSet/{name}/{uuid.uuid4()}"
        description = self.params.get("Description", "")
        try:
            changes, different = self.engine.forecast(stack, source)
        except ResourceFailure as error:
            return ChangeSet(arn, name, kind, source, [], "FAILED", "UNAVAILABLE", str(error), description)
        if not different:
            reason = (
                "The submitted information didn't contain changes. Submit different information to create a change set."
            )
            return ChangeSet(arn, name, kind, source, [], "FAILED", "UNAVAILABLE", reason, description)
        return ChangeSet(arn, name, kind, source, changes, "CREATE_COMPLETE", "AVAILABLE", "", description)

    def describe_change_set(self) -> ActionResult:
        stack, change_set = self._change_set()
        page, token = self._page(change_set.changes)
        answer = _describe_change_set(stack, change_set)
        answer["Parameters"] = [parameter.describe(key) for key, parameter in change_set.source.parameters.items()]
        answer["Tags"] = _tags(change_set.source)
        answer["Changes"] = [{"Type": "Resource", "ResourceChange": change} for change in page]
        return ActionResult({**answer, "NextToken": token})

    def execute_change_set(self) -> ActionResult:
        stack, change_set = self._change_set()
        if change_set.execution_status != "AVAILABLE":
            raise InvalidChangeSetStatus(
                f"ChangeSet [{change_set.id}] cannot be executed"
                f" in its current execution status of [{change_set.execution_status}]"
            )
        self.engine.execute(stack, change_set, self.params.get("ClientRequestToken"))
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        try:
            stack, change_set = self._change_set()
        except ChangeSetNotFound:
            return EmptyResult()
        del stack.change_sets[change_set.name]
        return EmptyResult()

    def list_change_sets(self) -> ActionResult:
        stack = self.engine.get(self.params["StackName"])
        page, token = self._page(list(stack.change_sets.values()))
        return ActionResult({"Summaries": [_describe_change_set(stack, item) for item in page], "NextToken": token})

    def _change_set(self) -> tuple[Stack, ChangeSet]:
        wanted, name = self.params["ChangeSetName"], self.params.get("StackName")
        if name is not None and not wanted.startswith("arn:"):
            self.engine.get(name)
        for stack in self.engine.stacks.values():
            for change_set in stack.change_sets.values():
                if wanted == change_set.id or (wanted == change_set.name and name in (stack.name, stack.id)):
                    return stack, change_set
        raise ChangeSetNotFound(f"ChangeSet [{wanted}] does not exist")

    def _living(self, name: str) -> Stack:
        stack = self.engine.find(name, deleted=False)
        if stack is None:
            raise ValidationError(f"Stack [{name}] does not exist")
        return stack

    def _source(self, stack: Stack | None, name: str) -> Source:
        body = stack.source.body if stack is not None and self.params.get("UsePreviousTemplate") else self._body()
        if "Tags" in self.params or stack is None:
            tags = {tag["Key"]: tag["Value"] for tag in self.params.get("Tags", [])}
        else:
            tags = stack.source.tags
        return self.engine.source(body, self.params.get("Parameters", []), tags, stack, name)

    def _body(self) -> str:
        body, url = self.params.get("TemplateBody"), self.params.get("TemplateURL")
        if url:
            return _fetch(url, self.region, self.current_account)
        if not body:
            raise ValidationError("Either Template URL or Template Body must be specified.")
        if len(body.encode()) > MAXIMUM_BODY:
            raise ValidationError(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint:"
                f" Member must have length less than or equal to {MAXIMUM_BODY}"
            )
        return body

    def _page(self, items: list[Any]) -> tuple[list[Any], str | None]:
        start = int(self.params.get("NextToken") or 0)
        end = start + PAGE
        return items[start:end], str(end) if end < len(items) else None


def _check_name(name: str) -> None:
    if not (name[:1].isalpha() and name.replace("-", "").isalnum() and name.isascii() and len(name) <= 128):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint:"
            " Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )


def _fetch(url: str, region: str, account: str) -> str:
    """A template in S3; the URL may be in path style or name the bucket in its host."""
    parts = urlparse(url)
    path = unquote(parts.path.lstrip("/"))
    host_bucket = parts.netloc.split(".s3", 1)[0] if ".s3" in parts.netloc else ""
    bucket, key = (host_bucket, path) if host_bucket else path.split("/", 1)
    return (
        internal_client("s3", region, account, "cloudformation")
        .get_object(Bucket=bucket, Key=key)["Body"]
        .read()
        .decode()
    )


def _tags(source: Source) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in source.tags.items()]


def _describe(stack: Stack) -> dict[str, Any]:
    source = stack.source
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": source.template.get("Description"),
        "Parameters": [parameter.describe(name) for name, parameter in source.parameters.items()],
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason or None,
        "DisableRollback": stack.on_failure == "DO_NOTHING",
        "NotificationARNs": stack.notification_arns,
        "Capabilities": stack.capabilities,
        "Outputs": stack.outputs,
        "RoleARN": stack.role_arn,
        "Tags": _tags(source),
        "EnableTerminationProtection": stack.termination_protection,
        "DriftInformation": {"StackDriftStatus": stack.drift_status},
    }


def _describe_event(event: Event) -> dict[str, Any]:
    return {
        "StackId": event.stack_id,
        "StackName": event.stack_name,
        "EventId": event.event_id,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": event.time,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason or None,
        "ClientRequestToken": event.token,
    }


def _describe_resource(stack: Stack, resource: Resource) -> dict[str, Any]:
    return {
        "StackName": stack.name,
        "StackId": stack.id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "Timestamp": resource.updated,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason or None,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def _describe_change_set(stack: Stack, change_set: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetName": change_set.name,
        "ChangeSetId": change_set.id,
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": change_set.description or None,
        "CreationTime": change_set.created,
        "ExecutionStatus": change_set.execution_status,
        "Status": change_set.status,
        "StatusReason": change_set.reason or None,
        "Capabilities": stack.capabilities,
    }


def _summary(template: dict[str, Any]) -> dict[str, Any]:
    needed = needed_capability(template)
    parameters = [
        {
            "ParameterKey": name,
            "DefaultValue": str(part["Default"]) if "Default" in part else None,
            "ParameterType": part.get("Type", "String"),
            "NoEcho": str(part.get("NoEcho", False)).lower() == "true",
            "Description": part.get("Description"),
        }
        for name, part in template.get("Parameters", {}).items()
    ]
    return {
        "Parameters": parameters,
        "Description": template.get("Description"),
        "Capabilities": [needed] if needed else [],
        "Metadata": json.dumps(template["Metadata"]) if "Metadata" in template else None,
    }

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CodePipeline::*"""

from __future__ import annotations

import copy
import json
from typing import Any

from botocore.exceptions import ClientError

from ..errors import ResourceFailure
from ..handler import Context, Handler, Properties, handles, reason_of
from ._shapes import lower_first, pick, tag_list, text, without

DECLARED = (
    "ArtifactStore",
    "ArtifactStores",
    "ExecutionMode",
    "PipelineType",
    "RoleArn",
    "Stages",
    "Triggers",
    "Variables",
)


def _declaration(name: str, properties: Properties) -> dict[str, Any]:
    """The properties as the API declares a pipeline; keys of configurations are left as they are."""
    shape = lower_first(copy.deepcopy(pick(properties, *DECLARED)), frozenset({"Configuration"}))
    if "artifactStores" in shape:
        shape["artifactStores"] = {item["region"]: item["artifactStore"] for item in shape["artifactStores"]}
    for stage in shape["stages"]:
        gates = [stage[gate] for gate in ("beforeEntry", "onSuccess", "onFailure") if gate in stage]
        rules = [rule for gate in gates for item in gate.get("conditions", []) for rule in item.get("rules", [])]
        for part in (*stage["actions"], *rules):
            if "configuration" in part:
                part["configuration"] = _configuration(part["configuration"])
    return {"name": name, **shape}


def _configuration(given: Any) -> dict[str, str]:
    values = json.loads(given) if isinstance(given, str) else given
    return {key: text(value) for key, value in values.items()}


def _arn(context: Context, name: str) -> str:
    return f"arn:aws:codepipeline:{context.region}:{context.account}:{name}"


class Tagged(Handler):
    """Types whose tags are put on by their ARN."""

    def arn(self, context: Context, physical_id: str) -> str:
        return _arn(context, physical_id)

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties), "key", "value")
        if tags:
            context.client("codepipeline").tag_resource(resourceArn=self.arn(context, physical_id), tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("codepipeline").untag_resource(resourceArn=self.arn(context, physical_id), tagKeys=keys)


@handles("AWS::CodePipeline::Pipeline")
class Pipeline(Tagged):
    moving_attributes = frozenset({"Version"})
    heeds = frozenset({*DECLARED, "DisableInboundStageTransitions", "Name", "RestartExecutionOnUpdate", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(100)
        tags = tag_list(context.tags(properties), "key", "value")
        context.client("codepipeline").create_pipeline(pipeline=_declaration(name, properties), tags=tags)
        self._transitions(context, name, {}, properties)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        client, wanted = context.client("codepipeline"), _declaration(physical_id, after)
        if wanted != _declaration(physical_id, before):
            try:
                client.update_pipeline(pipeline=wanted)
            except ClientError as error:  # it stays as it was: changing it back would make another version
                raise ResourceFailure(reason_of(error)) from error
        self._transitions(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)
        if after.get("RestartExecutionOnUpdate"):
            client.start_pipeline_execution(name=physical_id)

    def _transitions(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        client = context.client("codepipeline")
        old, new = (
            {item["StageName"]: item["Reason"] for item in properties.get("DisableInboundStageTransitions", [])}
            for properties in (before, after)
        )
        stages = {stage["Name"] for stage in after["Stages"]}
        for stage in sorted((old.keys() - new.keys()) & stages):
            client.enable_stage_transition(pipelineName=name, stageName=stage, transitionType="Inbound")
        for stage, reason in new.items():
            if old.get(stage) != reason:
                where = {"pipelineName": name, "stageName": stage, "transitionType": "Inbound"}
                client.disable_stage_transition(**where, reason=reason)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("codepipeline").delete_pipeline(name=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        version = context.client("codepipeline").get_pipeline(name=physical_id)["pipeline"]["version"]
        return {"Arn": _arn(context, physical_id), "Version": str(version)}


@handles("AWS::CodePipeline::CustomActionType")
class CustomActionType(Tagged):
    def create(self, context: Context, properties: Properties) -> str:
        shape = lower_first(without(properties, "Tags"))
        tags = tag_list(context.tags(properties), "key", "value")
        made = context.client("codepipeline").create_custom_action_type(tags=tags, **shape)["actionType"]["id"]
        return f"{made['category']}|{made['provider']}|{made['version']}"

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        shape = lower_first(pick(properties, "Category", "Provider", "Version"))
        context.client("codepipeline").delete_custom_action_type(**shape)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}

    def arn(self, context: Context, physical_id: str) -> str:
        return _arn(context, f"actiontype:Custom/{physical_id.replace('|', '/')}")


@handles("AWS::CodePipeline::Webhook")
class Webhook(Tagged):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(100)
        self._put(context, name, properties)
        self._register(context, name, False, properties.get("RegisterWithThirdParty", False))
        self.tag(context, name, properties)
        return name

    def _put(self, context: Context, name: str, properties: Properties) -> None:
        webhook = {
            "name": name,
            "targetPipeline": properties["TargetPipeline"],
            "targetAction": properties["TargetAction"],
            "filters": lower_first(properties["Filters"]),
            "authentication": properties["Authentication"],
            "authenticationConfiguration": properties["AuthenticationConfiguration"],
        }
        context.client("codepipeline").put_webhook(webhook=webhook)

    def _register(self, context: Context, name: str, before: bool, after: bool) -> None:
        client = context.client("codepipeline")
        if after and not before:
            client.register_webhook_with_third_party(webhookName=name)
        if before and not after:
            client.deregister_webhook_with_third_party(webhookName=name)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._put(context, physical_id, after)
        registered = (properties.get("RegisterWithThirdParty", False) for properties in (before, after))
        self._register(context, physical_id, *registered)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("codepipeline").delete_webhook(name=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        pages = context.client("codepipeline").get_paginator("list_webhooks").paginate()
        urls = {item["definition"]["name"]: item["url"] for page in pages for item in page["webhooks"]}
        return {"Id": physical_id, "Url": urls[physical_id]}

    def arn(self, context: Context, physical_id: str) -> str:
        return _arn(context, f"webhook:{physical_id}")

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::DynamoDB::*"""

from __future__ import annotations

from typing import Any

from ..errors import ResourceFailure
from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list

CREATED = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "TableClass",
)
SPECIFICATIONS = (
    "PointInTimeRecoverySpecification",
    "SSESpecification",
    "StreamSpecification",
    "TimeToLiveSpecification",
)
UPDATED = ("BillingMode", "DeletionProtectionEnabled", "ProvisionedThroughput")


def _sse(properties: Properties) -> dict[str, Any]:
    specification = properties.get("SSESpecification", {"SSEEnabled": False})
    return {"Enabled": specification["SSEEnabled"], **pick(specification, "KMSMasterKeyId", "SSEType")}


def _stream(properties: Properties) -> dict[str, Any]:
    view = pick(properties.get("StreamSpecification", {}), "StreamViewType")
    return {"StreamEnabled": bool(view), **view}


@handles("AWS::DynamoDB::Table")
class Table(Handler):
    heeds = frozenset({*CREATED, *SPECIFICATIONS, "TableName", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("TableName") or context.new_name()
        options = {"SSESpecification": _sse(properties), "StreamSpecification": _stream(properties)}
        wanted = {key: value for key, value in options.items() if key in properties}
        tags = tag_list(context.tags(properties))
        context.client("dynamodb").create_table(TableName=name, Tags=tags, **pick(properties, *CREATED), **wanted)
        self._settle(context, name, {}, properties)
        return name

    def _settle(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        dynamodb = context.client("dynamodb")
        key = "TimeToLiveSpecification"
        if before.get(key) != after.get(key):
            off = {**before.get(key, {}), "Enabled": False}
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=after.get(key, off))
        key = "PointInTimeRecoverySpecification"
        if before.get(key) != after.get(key):
            wanted = after.get(key, {"PointInTimeRecoveryEnabled": False})
            dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        fixed = set(CREATED) - set(UPDATED) - {"AttributeDefinitions"}
        for key in sorted(fixed):
            if before.get(key) != after.get(key):
                raise ResourceFailure(f"The embedded AWS cannot change {key} of a table")
        changes = {key: after[key] for key in UPDATED if key in after and before.get(key) != after[key]}
        if "DeletionProtectionEnabled" in before and "DeletionProtectionEnabled" not in after:
            changes["DeletionProtectionEnabled"] = False
        for key, shape in (("SSESpecification", _sse), ("StreamSpecification", _stream)):
            if before.get(key) != after.get(key):
                changes[key] = shape(after)
        if changes:
            context.client("dynamodb").update_table(TableName=physical_id, **changes)
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("dynamodb").delete_table(TableName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        table = context.client("dynamodb").describe_table(TableName=physical_id)["Table"]
        stream = {"StreamArn": table["LatestStreamArn"]} if "StreamSpecification" in properties else {}
        return {"Arn": table["TableArn"], **stream}

    def _arn(self, context: Context, name: str) -> str:
        return f"arn:aws:dynamodb:{context.region}:{context.account}:table/{name}"

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags, arn = tag_list(context.tags(properties)), self._arn(context, physical_id)
        context.client("dynamodb").tag_resource(ResourceArn=arn, Tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("dynamodb").untag_resource(ResourceArn=self._arn(context, physical_id), TagKeys=keys)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types that are a call or two: log groups and secrets."""

from __future__ import annotations

import json
from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, without


@handles("AWS::Logs::LogGroup")
class LogGroup(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("LogGroupName") or context.new_name(512)
        key = {"kmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}
        context.client("logs").create_log_group(logGroupName=name, tags=context.tags(properties), **key)
        self.update(context, name, {}, properties)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        logs = context.client("logs")
        if "RetentionInDays" in after:
            logs.put_retention_policy(logGroupName=physical_id, retentionInDays=after["RetentionInDays"])
        elif "RetentionInDays" in before:
            logs.delete_retention_policy(logGroupName=physical_id)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("logs").delete_log_group(logGroupName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": f"arn:aws:logs:{context.region}:{context.account}:log-group:{physical_id}:*"}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("logs").tag_log_group(logGroupName=physical_id, tags=context.tags(properties))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("logs").untag_log_group(logGroupName=physical_id, tags=keys)


@handles("AWS::SecretsManager::Secret")
class Secret(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name()
        return context.client("secretsmanager").create_secret(
            Name=name,
            SecretString=self._text(context, properties),
            Tags=tag_list(context.tags(properties)),
            **pick(properties, "Description", "KmsKeyId"),
        )["ARN"]

    def _text(self, context: Context, properties: Properties) -> str:
        wanted = properties.get("GenerateSecretString")
        if wanted is None:
            return properties.get("SecretString", "")
        options = without(wanted, "SecretStringTemplate", "GenerateStringKey")
        password = context.client("secretsmanager").get_random_password(**options)["RandomPassword"]
        if "GenerateStringKey" not in wanted:
            return password
        return json.dumps({**json.loads(wanted["SecretStringTemplate"]), wanted["GenerateStringKey"]: password})

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        changes = pick(after, "Description", "KmsKeyId", "SecretString")
        if before.get("GenerateSecretString") != after.get("GenerateSecretString"):
            changes["SecretString"] = self._text(context, after)
        if changes:
            context.client("secretsmanager").update_secret(SecretId=physical_id, **changes)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("secretsmanager").delete_secret(SecretId=physical_id, ForceDeleteWithoutRecovery=True)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties))
        context.client("secretsmanager").tag_resource(SecretId=physical_id, Tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("secretsmanager").untag_resource(SecretId=physical_id, TagKeys=keys)

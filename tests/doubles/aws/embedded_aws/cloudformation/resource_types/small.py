# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types that are a call or two: log groups, secrets, parameters, topics."""

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

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("logs").delete_log_group(logGroupName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": f"arn:aws:logs:{context.region}:{context.account}:log-group:{physical_id}:*"}


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

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("secretsmanager").delete_secret(SecretId=physical_id, ForceDeleteWithoutRecovery=True)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}


@handles("AWS::SSM::Parameter")
class Parameter(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name()
        tags = tag_list(context.tags(properties))
        context.client("ssm").put_parameter(Name=name, Tags=tags, **without(properties, "Name", "Tags"))
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("ssm").put_parameter(Name=physical_id, Overwrite=True, **without(after, "Name", "Tags"))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ssm").delete_parameter(Name=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return pick(properties, "Type", "Value")


@handles("AWS::SNS::Topic")
class Topic(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("TopicName") or context.new_name()
        topic = context.client("sns").create_topic(Name=name, Tags=tag_list(context.tags(properties)))["TopicArn"]
        self.update(context, topic, {}, properties)
        return topic

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        sns = context.client("sns")
        if before.get("DisplayName", "") != after.get("DisplayName", ""):
            sns.set_topic_attributes(
                TopicArn=physical_id, AttributeName="DisplayName", AttributeValue=after.get("DisplayName", "")
            )
        for subscription in after.get("Subscription", []):
            if subscription not in before.get("Subscription", []):
                sns.subscribe(TopicArn=physical_id, **subscription)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sns").delete_topic(TopicArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"TopicArn": physical_id, "TopicName": physical_id.rsplit(":", 1)[-1]}

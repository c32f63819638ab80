# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::SNS::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import changed, pick, tag_list, text

ATTRIBUTES: dict[str, Any] = {"ContentBasedDeduplication": False, "DisplayName": "", "KmsMasterKeyId": ""}
SUBSCRIPTION_ATTRIBUTES: dict[str, Any] = {
    "DeliveryPolicy": {},
    "FilterPolicy": {},
    "FilterPolicyScope": "MessageAttributes",
    "RawMessageDelivery": False,
    "RedrivePolicy": {},
    "SubscriptionRoleArn": "",
}


@handles("AWS::SNS::Topic")
class Topic(Handler):
    heeds = frozenset({*ATTRIBUTES, "FifoTopic", "Subscription", "Tags", "TopicName"})

    def create(self, context: Context, properties: Properties) -> str:
        fifo = properties.get("FifoTopic", False)
        name = properties.get("TopicName") or context.new_name() + (".fifo" if fifo else "")
        attributes = {"FifoTopic": "true"} if fifo else {}
        tags = tag_list(context.tags(properties))
        topic = context.client("sns").create_topic(Name=name, Attributes=attributes, Tags=tags)["TopicArn"]
        self._settle(context, topic, {}, properties)
        return topic

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def _settle(self, context: Context, topic: str, before: Properties, after: Properties) -> None:
        sns = context.client("sns")
        for name, value in changed(before, after, ATTRIBUTES).items():
            sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=text(value))
        old, new = before.get("Subscription", []), after.get("Subscription", [])
        for subscription in new:
            if subscription not in old:
                sns.subscribe(TopicArn=topic, **subscription)
        gone = [(item["Protocol"], item["Endpoint"]) for item in old if item not in new]
        for shown in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
            if (shown["Protocol"], shown["Endpoint"]) in gone:
                sns.unsubscribe(SubscriptionArn=shown["SubscriptionArn"])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sns").delete_topic(TopicArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"TopicArn": physical_id, "TopicName": physical_id.rsplit(":", 1)[-1]}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sns").tag_resource(ResourceArn=physical_id, Tags=tag_list(context.tags(properties)))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("sns").untag_resource(ResourceArn=physical_id, TagKeys=keys)


@handles("AWS::SNS::Subscription")
class Subscription(Handler):
    heeds = frozenset({*SUBSCRIPTION_ATTRIBUTES, "Endpoint", "Protocol", "TopicArn"})

    def create(self, context: Context, properties: Properties) -> str:
        attributes = {name: text(value) for name, value in pick(properties, *SUBSCRIPTION_ATTRIBUTES).items()}
        where = pick(properties, "TopicArn", "Protocol", "Endpoint")
        return context.client("sns").subscribe(**where, Attributes=attributes, ReturnSubscriptionArn=True)[
            "SubscriptionArn"
        ]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        for name, value in changed(before, after, SUBSCRIPTION_ATTRIBUTES).items():
            context.client("sns").set_subscription_attributes(
                SubscriptionArn=physical_id, AttributeName=name, AttributeValue=text(value)
            )

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sns").unsubscribe(SubscriptionArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": physical_id}


def default_policy(topic: str, account: str) -> dict[str, Any]:
    """What a topic has before anybody sets a policy, and again when its policy is deleted."""
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    actions += " ListSubscriptionsByTopic Publish"
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions.split()],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}


@handles("AWS::SNS::TopicPolicy")
class TopicPolicy(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        for topic in properties["Topics"]:
            self._set(context, topic, properties["PolicyDocument"])
        return context.new_name()

    def _set(self, context: Context, topic: str, policy: Any) -> None:
        context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text(policy))

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        for topic in after["Topics"]:
            self._set(context, topic, after["PolicyDocument"])
        for topic in set(before["Topics"]) - set(after["Topics"]):
            self._set(context, topic, default_policy(topic, context.account))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        for topic in properties["Topics"]:
            self._set(context, topic, default_policy(topic, context.account))

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}

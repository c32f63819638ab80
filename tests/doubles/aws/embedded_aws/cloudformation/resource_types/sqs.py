# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::SQS::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import changed, text

# attribute -> what it is without the property
ATTRIBUTES = {
    "ContentBasedDeduplication": False,
    "DeduplicationScope": "queue",
    "DelaySeconds": 0,
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": 300,
    "KmsMasterKeyId": "",
    "MaximumMessageSize": 262_144,
    "MessageRetentionPeriod": 345_600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "RedriveAllowPolicy": "",
    "RedrivePolicy": "",
    "SqsManagedSseEnabled": True,
    "VisibilityTimeout": 30,
}


@handles("AWS::SQS::Queue")
class Queue(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        fifo = properties.get("FifoQueue", False)
        name = properties.get("QueueName") or context.new_name(75) + (".fifo" if fifo else "")
        attributes = {key: text(value) for key, value in changed({}, properties, ATTRIBUTES).items()}
        attributes |= {"FifoQueue": "true"} if fifo else {}
        tags = context.tags(properties)
        return context.client("sqs").create_queue(QueueName=name, Attributes=attributes, tags=tags)["QueueUrl"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        attributes = {key: text(value) for key, value in changed(before, after, ATTRIBUTES).items()}
        if attributes:
            context.client("sqs").set_queue_attributes(QueueUrl=physical_id, Attributes=attributes)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sqs").delete_queue(QueueUrl=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        name = physical_id.rsplit("/", 1)[-1]
        arn = f"arn:aws:sqs:{context.region}:{context.account}:{name}"
        return {"Arn": arn, "QueueName": name, "QueueUrl": physical_id}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sqs").tag_queue(QueueUrl=physical_id, Tags=context.tags(properties))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("sqs").untag_queue(QueueUrl=physical_id, TagKeys=keys)


@handles("AWS::SQS::QueuePolicy")
class QueuePolicy(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        for queue in properties["Queues"]:
            self._set(context, queue, text(properties["PolicyDocument"]))
        return context.new_name()

    def _set(self, context: Context, queue: str, policy: str) -> None:
        context.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        for queue in after["Queues"]:
            self._set(context, queue, text(after["PolicyDocument"]))
        for queue in set(before["Queues"]) - set(after["Queues"]):
            self._set(context, queue, "")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        for queue in properties["Queues"]:
            self._set(context, queue, "")

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}

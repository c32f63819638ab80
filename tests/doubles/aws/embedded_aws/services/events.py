# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge: services send events, and rules really reach functions, pipelines, builds, topics and queues.

moto reaches queues, log groups and buses only, asks neither for the state of a rule nor for its schedule, and knows
no Input of a target.
"""

from __future__ import annotations

import copy
import json
import sys
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.events.models import Rule, events_backends

from ..processes import background
from ..settings import internal_client

MOTOS_TARGETS = {"events", "logs"}


def emit(account: str, region: str, source: str, kind: str, resources: list[str], detail: dict[str, Any]) -> None:
    """Send an event of a service to the default bus; source is for instance aws.codecommit, kind the detail-type."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": kind,
        "source": source,
        "account": account,
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": region,
        "resources": resources,
        "detail": detail,
    }
    for rule in list(events_backends[account][region].event_buses["default"].rules.values()):
        rule.send_to_targets(event)


def input_of(target: dict[str, Any], event: dict[str, Any]) -> str:
    """What a target gets, as JSON or as the text that its template makes."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(event, target["InputPath"]))
    if "InputTransformer" not in target:
        return json.dumps(event)
    text: str = target["InputTransformer"]["InputTemplate"]
    for name, path in target["InputTransformer"].get("InputPathsMap", {}).items():
        value = _at(event, path)
        text = text.replace(f"<{name}>", value if isinstance(value, str) else json.dumps(value))
    return text


def _at(event: Any, path: str) -> Any:
    for key in path.removeprefix("$").strip(".").split("."):
        event = event.get(key) if isinstance(event, dict) and key else event
    return event


def deliver(account: str, region: str, target: dict[str, Any], event: dict[str, Any]) -> None:
    """Hand an event to one target; what the target refuses, nobody hears of, as on AWS."""
    _, _, service, where, _, resource = target["Arn"].split(":", 5)
    text = input_of(target, event)

    def client(name: str) -> Any:
        return internal_client(name, where or region, account, "events")

    if service == "lambda":
        client("lambda").invoke(FunctionName=target["Arn"], InvocationType="Event", Payload=text)
    elif service == "sns":
        client("sns").publish(TopicArn=target["Arn"], Message=text)
    elif service == "sqs":
        queue = client("sqs").get_queue_url(QueueName=resource)["QueueUrl"]
        group = target.get("SqsParameters", {})
        client("sqs").send_message(QueueUrl=queue, MessageBody=text, **group)
    elif service == "codepipeline":
        client("codepipeline").start_pipeline_execution(name=resource)
    elif service == "codebuild":
        client("codebuild").start_build(projectName=resource.removeprefix("project/"))
    else:
        print(f"The embedded AWS delivers no event to {target['Arn']}", file=sys.stderr)


def install() -> None:
    by_moto = Rule.send_to_targets

    def send_to_targets(self: Rule, event: dict[str, Any], transform_input: bool = True) -> None:
        scheduled = self.scheduled_expression and not self.event_pattern.get_pattern()
        if self.state == "DISABLED" or scheduled or not self.event_pattern.matches_event(event):
            return
        if not isinstance(event["time"], str):
            event = {**event, "time": f"{datetime.fromtimestamp(event['time'], UTC):%Y-%m-%dT%H:%M:%SZ}"}
        left = [target for target in self.targets if target["Arn"].split(":")[2] in MOTOS_TARGETS]
        for target in self.targets:
            if target not in left:
                background(deliver, self.account_id, self.region_name, target, event)
        if left:
            reduced = copy.copy(self)
            reduced.targets = left
            by_moto(reduced, event, transform_input)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign]

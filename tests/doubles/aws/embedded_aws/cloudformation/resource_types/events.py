# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::Events::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, text


@handles("AWS::Events::Rule")
class Rule(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(64)
        self._put(context, name, properties, Tags=tag_list(context.tags(properties)))
        if "Targets" in properties:
            bus = pick(properties, "EventBusName")
            context.client("events").put_targets(Rule=name, Targets=properties["Targets"], **bus)
        return name

    def _put(self, context: Context, name: str, properties: Properties, **options: Any) -> None:
        shape = pick(properties, "Description", "EventBusName", "RoleArn", "ScheduleExpression", "State")
        if "EventPattern" in properties:
            shape["EventPattern"] = text(properties["EventPattern"])
        context.client("events").put_rule(Name=name, **shape, **options)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._put(context, physical_id, after)
        old, new = before.get("Targets", []), after.get("Targets", [])
        bus = pick(after, "EventBusName")
        gone = sorted({target["Id"] for target in old} - {target["Id"] for target in new})
        if gone:
            context.client("events").remove_targets(Rule=physical_id, Ids=gone, **bus)
        if new:
            context.client("events").put_targets(Rule=physical_id, Targets=new, **bus)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        events, bus = context.client("events"), pick(properties, "EventBusName")
        ids = [target["Id"] for target in properties.get("Targets", [])]
        if ids:
            events.remove_targets(Rule=physical_id, Ids=ids, **bus)
        events.delete_rule(Name=physical_id, **bus)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": self._arn(context, physical_id, properties), "RuleName": physical_id}

    def _arn(self, context: Context, name: str, properties: Properties) -> str:
        rule = context.client("events").describe_rule(Name=name, **pick(properties, "EventBusName"))
        return rule["Arn"]

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        arn = self._arn(context, physical_id, properties)
        context.client("events").tag_resource(ResourceARN=arn, Tags=tag_list(context.tags(properties)))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        arn = f"arn:aws:events:{context.region}:{context.account}:rule/{physical_id}"
        context.client("events").untag_resource(ResourceARN=arn, TagKeys=keys)

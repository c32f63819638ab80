# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CloudWatch::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import tag_list, without


@handles("AWS::CloudWatch::Alarm")
class Alarm(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("AlarmName") or context.new_name()
        self._put(context, name, properties, Tags=tag_list(context.tags(properties)))
        return name

    def _put(self, context: Context, name: str, properties: Properties, **options: Any) -> None:
        shape = without(properties, "AlarmName", "Tags")
        context.client("cloudwatch").put_metric_alarm(AlarmName=name, **shape, **options)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._put(context, physical_id, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": self._arn(context, physical_id)}

    def _arn(self, context: Context, name: str) -> str:
        return f"arn:aws:cloudwatch:{context.region}:{context.account}:alarm:{name}"

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags, arn = tag_list(context.tags(properties)), self._arn(context, physical_id)
        context.client("cloudwatch").tag_resource(ResourceARN=arn, Tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("cloudwatch").untag_resource(ResourceARN=self._arn(context, physical_id), TagKeys=keys)

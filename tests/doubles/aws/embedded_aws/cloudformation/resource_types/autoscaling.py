# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::AutoScaling::*"""

from __future__ import annotations

from typing import Any

from ..errors import ResourceGone
from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, without

SAME = (
    "CapacityRebalance",
    "Cooldown",
    "DesiredCapacity",
    "HealthCheckGracePeriod",
    "HealthCheckType",
    "LaunchTemplate",
    "MaxInstanceLifetime",
    "MaxSize",
    "MinSize",
    "MixedInstancesPolicy",
    "NewInstancesProtectedFromScaleIn",
    "TerminationPolicies",
)
ONCE = ("AvailabilityZones", "LoadBalancerNames", "TargetGroupARNs")
NUMBERS = {"Cooldown", "DesiredCapacity", "MaxSize", "MinSize"}


def arguments(properties: Properties) -> dict[str, Any]:
    result = {key: int(value) if key in NUMBERS else value for key, value in pick(properties, *SAME).items()}
    if "Cooldown" in result:
        result["DefaultCooldown"] = result.pop("Cooldown")
    if "VPCZoneIdentifier" in properties:
        result["VPCZoneIdentifier"] = ",".join(properties["VPCZoneIdentifier"])
    return result


@handles("AWS::AutoScaling::AutoScalingGroup")
class AutoScalingGroup(Handler):
    heeds = frozenset({*SAME, *ONCE, "AutoScalingGroupName", "Tags", "VPCZoneIdentifier"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("AutoScalingGroupName") or context.new_name()
        extra = pick(properties, *ONCE)
        context.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name, Tags=self._tags(context, name, properties), **arguments(properties), **extra
        )
        return name

    def _tags(self, context: Context, name: str, properties: Properties) -> list[dict[str, Any]]:
        own = {tag["Key"]: tag["PropagateAtLaunch"] for tag in properties.get("Tags", [])}
        common = {"ResourceId": name, "ResourceType": "auto-scaling-group"}
        tags = context.tags(properties)
        return [
            {**common, "Key": key, "Value": value, "PropagateAtLaunch": own.get(key, True)}
            for key, value in tags.items()
        ]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        changed = without(
            arguments(after), *(key for key, value in arguments(before).items() if arguments(after).get(key) == value)
        )
        if changed:
            context.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=physical_id, **changed)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=physical_id, ForceDelete=True)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        groups = context.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[physical_id])
        return {"AutoScalingGroupARN": groups["AutoScalingGroups"][0]["AutoScalingGroupARN"]}

    def live(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        found = context.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[physical_id])
        if not found["AutoScalingGroups"]:
            raise ResourceGone(physical_id)
        return {key: str(found["AutoScalingGroups"][0][key]) for key in ("DesiredCapacity", "MaxSize", "MinSize")}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = self._tags(context, physical_id, properties)
        if tags:
            context.client("autoscaling").create_or_update_tags(Tags=tags)

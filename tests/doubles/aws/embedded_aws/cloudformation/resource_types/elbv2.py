# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ElasticLoadBalancingV2::* (application and network load balancers)"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list


class Elbv2Handler(Handler):
    """Tags are the same for all of the service; physical ids are ARNs."""

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = context.tags(properties)
        if tags:
            context.client("elbv2").add_tags(ResourceArns=[physical_id], Tags=tag_list(tags))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("elbv2").remove_tags(ResourceArns=[physical_id], TagKeys=keys)


def attribute_list(before: Properties, after: Properties, key: str) -> list[dict[str, str]]:
    """The attributes of a balancer or a group that are new or have another value."""
    return [item for item in after.get(key, []) if item not in before.get(key, [])]


@handles("AWS::ElasticLoadBalancingV2::LoadBalancer")
class LoadBalancer(Elbv2Handler):
    made_with = ("IpAddressType", "Scheme", "SecurityGroups", "SubnetMappings", "Subnets", "Type")
    heeds = frozenset({*made_with, "LoadBalancerAttributes", "Name", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(32).strip("-")
        arguments = pick(properties, *self.made_with)
        tags = tag_list(context.tags(properties))
        made = context.client("elbv2").create_load_balancer(Name=name, **arguments, **({"Tags": tags} if tags else {}))
        arn = str(made["LoadBalancers"][0]["LoadBalancerArn"])
        self._settle(context, arn, {}, properties)
        return arn

    def _settle(self, context: Context, arn: str, before: Properties, after: Properties) -> None:
        attributes = attribute_list(before, after, "LoadBalancerAttributes")
        if attributes:
            context.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        elbv2 = context.client("elbv2")
        subnets = ("Subnets", "SubnetMappings")
        if pick(before, *subnets) != pick(after, *subnets):
            elbv2.set_subnets(LoadBalancerArn=physical_id, **pick(after, *subnets))
        if before.get("SecurityGroups") != after.get("SecurityGroups"):
            elbv2.set_security_groups(LoadBalancerArn=physical_id, SecurityGroups=after["SecurityGroups"])
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("elbv2").delete_load_balancer(LoadBalancerArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("elbv2").describe_load_balancers(LoadBalancerArns=[physical_id])["LoadBalancers"][0]
        return {
            "CanonicalHostedZoneID": found["CanonicalHostedZoneId"],
            "DNSName": found["DNSName"],
            "LoadBalancerArn": physical_id,
            "LoadBalancerFullName": physical_id.split(":loadbalancer/", 1)[1],
            "LoadBalancerName": found["LoadBalancerName"],
        }


@handles("AWS::ElasticLoadBalancingV2::TargetGroup")
class TargetGroup(Elbv2Handler):
    checked = (
        "HealthCheckEnabled",
        "HealthCheckIntervalSeconds",
        "HealthCheckPath",
        "HealthCheckPort",
        "HealthCheckProtocol",
        "HealthCheckTimeoutSeconds",
        "HealthyThresholdCount",
        "Matcher",
        "UnhealthyThresholdCount",
    )
    made_with = (*checked, "IpAddressType", "Port", "Protocol", "ProtocolVersion", "TargetType", "VpcId")
    heeds = frozenset({*made_with, "Name", "Tags", "TargetGroupAttributes", "Targets"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(32).strip("-")
        tags = tag_list(context.tags(properties))
        arguments = {**pick(properties, *self.made_with), **({"Tags": tags} if tags else {})}
        made = context.client("elbv2").create_target_group(Name=name, **arguments)
        arn = str(made["TargetGroups"][0]["TargetGroupArn"])
        self._settle(context, arn, {}, properties)
        return arn

    def _settle(self, context: Context, arn: str, before: Properties, after: Properties) -> None:
        elbv2 = context.client("elbv2")
        attributes = attribute_list(before, after, "TargetGroupAttributes")
        if attributes:
            elbv2.modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes)
        gone = [target for target in before.get("Targets", []) if target not in after.get("Targets", [])]
        added = [target for target in after.get("Targets", []) if target not in before.get("Targets", [])]
        if gone:
            elbv2.deregister_targets(TargetGroupArn=arn, Targets=gone)
        if added:
            elbv2.register_targets(TargetGroupArn=arn, Targets=added)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if pick(before, *self.checked) != pick(after, *self.checked):
            context.client("elbv2").modify_target_group(TargetGroupArn=physical_id, **pick(after, *self.checked))
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("elbv2").delete_target_group(TargetGroupArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("elbv2").describe_target_groups(TargetGroupArns=[physical_id])["TargetGroups"][0]
        return {
            "LoadBalancerArns": found.get("LoadBalancerArns", []),
            "TargetGroupArn": physical_id,
            "TargetGroupFullName": physical_id.rsplit(":", 1)[1],
            "TargetGroupName": found["TargetGroupName"],
        }


@handles("AWS::ElasticLoadBalancingV2::Listener")
class Listener(Elbv2Handler):
    heeds = frozenset({"Certificates", "DefaultActions", "LoadBalancerArn", "Port", "Protocol", "SslPolicy", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        tags = tag_list(context.tags(properties))
        arguments = {**pick(properties, *self.heeds - {"Tags"}), **({"Tags": tags} if tags else {})}
        made = context.client("elbv2").create_listener(**arguments)
        return str(made["Listeners"][0]["ListenerArn"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        arguments = pick(after, *self.heeds - {"Tags", "LoadBalancerArn"})
        if arguments != pick(before, *arguments):
            context.client("elbv2").modify_listener(ListenerArn=physical_id, **arguments)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("elbv2").delete_listener(ListenerArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"ListenerArn": physical_id}

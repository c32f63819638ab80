# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ElasticLoadBalancing::* (classic load balancers)"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list

ATTRIBUTES = {
    "AccessLoggingPolicy": "AccessLog",
    "ConnectionDrainingPolicy": "ConnectionDraining",
    "ConnectionSettings": "ConnectionSettings",
}


def listener(properties: dict[str, Any]) -> dict[str, Any]:
    result = pick(properties, "Protocol", "InstanceProtocol", "SSLCertificateId")
    result["LoadBalancerPort"] = int(properties["LoadBalancerPort"])
    result["InstancePort"] = int(properties["InstancePort"])
    return result


def health_check(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value if key == "Target" else int(value) for key, value in properties.items()}


@handles("AWS::ElasticLoadBalancing::LoadBalancer")
class LoadBalancer(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("LoadBalancerName") or context.new_name(32)
        tags = context.tags(properties)
        context.client("elb").create_load_balancer(
            LoadBalancerName=name,
            Listeners=[listener(item) for item in properties["Listeners"]],
            **({"Tags": tag_list(tags)} if tags else {}),
            **pick(properties, "AvailabilityZones", "Scheme", "SecurityGroups", "Subnets"),
        )
        self._settle(context, name, {}, properties)
        return name

    def _settle(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        elb = context.client("elb")
        if after.get("HealthCheck") and before.get("HealthCheck") != after["HealthCheck"]:
            elb.configure_health_check(LoadBalancerName=name, HealthCheck=health_check(after["HealthCheck"]))
        attributes = {
            wanted: after[key] for key, wanted in ATTRIBUTES.items() if key in after and before.get(key) != after[key]
        }
        if before.get("CrossZone") != after.get("CrossZone"):
            attributes["CrossZoneLoadBalancing"] = {"Enabled": after.get("CrossZone", False)}
        if attributes:
            elb.modify_load_balancer_attributes(LoadBalancerName=name, LoadBalancerAttributes=attributes)
        if before.get("Policies", []) != after.get("Policies", []):
            self._set_policies(context, name, after)

    def _set_policies(self, context: Context, name: str, properties: Properties) -> None:
        elb, policies, listeners = context.client("elb"), properties.get("Policies", []), properties["Listeners"]
        for policy in policies:
            attributes = [
                {"AttributeName": item["Name"], "AttributeValue": str(item["Value"])} for item in policy["Attributes"]
            ]
            elb.create_load_balancer_policy(
                LoadBalancerName=name,
                PolicyName=policy["PolicyName"],
                PolicyTypeName=policy["PolicyType"],
                PolicyAttributes=attributes,
            )
        for item in listeners:
            if item.get("PolicyNames"):
                port = int(item["LoadBalancerPort"])
                elb.set_load_balancer_policies_of_listener(
                    LoadBalancerName=name, LoadBalancerPort=port, PolicyNames=item["PolicyNames"]
                )
        for port in sorted({int(port) for policy in policies for port in policy.get("InstancePorts", [])}):
            names = [
                policy["PolicyName"] for policy in policies if str(port) in map(str, policy.get("InstancePorts", []))
            ]
            elb.set_load_balancer_policies_for_backend_server(
                LoadBalancerName=name, InstancePort=port, PolicyNames=names
            )

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        elb = context.client("elb")
        if before["Listeners"] != after["Listeners"]:
            gone = [int(item["LoadBalancerPort"]) for item in before["Listeners"] if item not in after["Listeners"]]
            added = [listener(item) for item in after["Listeners"] if item not in before["Listeners"]]
            if gone:
                elb.delete_load_balancer_listeners(LoadBalancerName=physical_id, LoadBalancerPorts=gone)
            if added:
                elb.create_load_balancer_listeners(LoadBalancerName=physical_id, Listeners=added)
        if before.get("SecurityGroups") != after.get("SecurityGroups"):
            elb.apply_security_groups_to_load_balancer(
                LoadBalancerName=physical_id, SecurityGroups=after["SecurityGroups"]
            )
        self._settle(context, physical_id, before, after)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("elb").delete_load_balancer(LoadBalancerName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("elb").describe_load_balancers(LoadBalancerNames=[physical_id])
        balancer = found["LoadBalancerDescriptions"][0]
        group = balancer.get("SourceSecurityGroup", {})
        return {
            "DNSName": balancer["DNSName"],
            "CanonicalHostedZoneName": balancer["DNSName"],
            "CanonicalHostedZoneNameID": balancer.get("CanonicalHostedZoneNameID", ""),
            "SourceSecurityGroup.GroupName": group.get("GroupName", ""),
            "SourceSecurityGroup.OwnerAlias": group.get("OwnerAlias", ""),
        }

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = context.tags(properties)
        if tags:
            context.client("elb").add_tags(LoadBalancerNames=[physical_id], Tags=tag_list(tags))

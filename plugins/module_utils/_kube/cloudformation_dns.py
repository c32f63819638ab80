# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.cloudformation_network import (
    after_gateway,
    is_public,
    name_tag,
    subnet,
    vpc,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster

Data = dict[str, t.Any]


def balancer(cluster: Cluster) -> Data:
    """One address before several controllers, for people: machines of the cluster go to the controllers themselves."""
    subnets, scheme = _place(cluster)
    return {
        "Balancer": {
            "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
            **after_gateway(cluster),
            "Properties": {
                "LoadBalancerAttributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
                "Scheme": scheme,
                "SecurityGroups": [{"Fn::GetAtt": ["SecurityGroupBalancer", "GroupId"]}],
                "Subnets": [subnet(cluster, index) for index in subnets],
                "Tags": [name_tag(cluster, "api")],
                "Type": "network",
            },
        },
        "BalancerTargets": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": _targets(cluster)},
        "BalancerListener": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "DefaultActions": [{"TargetGroupArn": {"Ref": "BalancerTargets"}, "Type": "forward"}],
                "LoadBalancerArn": {"Ref": "Balancer"},
                "Port": cluster.api_port,
                "Protocol": "TCP",
            },
        },
    }


def _targets(cluster: Cluster) -> Data:
    return {
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckPath": "/readyz",
        "HealthCheckProtocol": "HTTPS",
        "Port": cluster.api_port,
        "Protocol": "TCP",
        "Tags": [name_tag(cluster, "api")],
        # A controller that is led back to itself would get no answer if its own address were kept.
        "TargetGroupAttributes": [{"Key": "preserve_client_ip.enabled", "Value": "false"}],
        "Targets": [{"Id": address} for address in cluster.controller_ips],
        "TargetType": "ip",
        "VpcId": vpc(cluster),
    }


def record(cluster: Cluster) -> Data:
    """The name of the API in Route 53."""
    zone: Data = {"HostedZoneId": cluster.hosted_zone_id}
    if not cluster.hosted_zone_id:
        zone = {"HostedZoneName": f"{cluster.hosted_zone.rstrip('.')}."}
    address = {"Ref": "EIPController0"} if is_public(cluster, 0) else cluster.controller_ips[0]
    target: Data = {"ResourceRecords": [address], "TTL": str(cluster.record_set_ttl)}
    if cluster.is_ha:
        alias = {
            "DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]},
            "HostedZoneId": {"Fn::GetAtt": ["Balancer", "CanonicalHostedZoneID"]},
        }
        target = {"AliasTarget": alias}
    properties = {"Name": cluster.external_dns_name, "Type": "A", **zone, **target}
    return {"ExternalDNS": {"Type": "AWS::Route53::RecordSet", "Properties": properties}}


def _place(cluster: Cluster) -> tuple[list[int], str]:
    """The subnets of the load balancer, one of each zone that has a controller, and whether it is public."""
    private = {cluster.zone_of_controller(i): cluster.subnet_of_controller(i) for i in range(cluster.controller.count)}
    public = {
        each.availability_zone: index
        for index, each in reversed(list(enumerate(cluster.subnets)))
        if not each.private and each.availability_zone in private
    }
    if public.keys() == private.keys():
        return sorted(public.values()), "internet-facing"
    return sorted(private.values()), "internal"

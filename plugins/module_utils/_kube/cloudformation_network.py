# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster

Data = dict[str, t.Any]

_ANYWHERE = "0.0.0.0/0"
_KINDS = ("Controller", "Worker")
# Between all machines, by the network of pods.
_OVERLAYS: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "flannel": (("Vxlan", "udp", 8472, 8472),),
    "calico": (("Bgp", "tcp", 179, 179), ("Vxlan", "udp", 4789, 4789), ("IpInIp", "4", -1, -1)),
    "cilium": (("Vxlan", "udp", 8472, 8472), ("Health", "tcp", 4240, 4240)),
    "none": (),
}


def vpc(cluster: Cluster) -> t.Any:
    return cluster.vpc_id or {"Ref": "VPC"}


def subnet(cluster: Cluster, index: int) -> t.Any:
    return cluster.subnets[index].id or {"Ref": f"Subnet{index}"}


def is_public(cluster: Cluster, index: int) -> bool:
    """Whether a controller is in a subnet where machines have public addresses."""
    return not cluster.subnets[cluster.subnet_of_controller(index)].private


def after_gateway(cluster: Cluster) -> Data:
    """What has a public address in a new VPC has to wait for the way out of it."""
    return {} if cluster.vpc_id else {"DependsOn": "VPCGatewayAttachment"}


def way_out(cluster: Cluster, index: int) -> list[str]:
    """What of this template a machine in a subnet needs to reach anything: without that its first boot fails."""
    route = [] if cluster.vpc_id else ["RouteToInternet"]
    return route + ([f"Subnet{index}RouteTableAssociation"] if _route_table(cluster, index) else [])


def resources(cluster: Cluster) -> Data:
    """The network that the machines are in, and who may talk to whom."""
    found = {} if cluster.vpc_id else _new_vpc(cluster)
    for index, wanted in enumerate(cluster.subnets):
        if not wanted.id:
            found |= _subnet(cluster, index)
    return {**found, **_groups(cluster), **_rules(cluster)}


def _new_vpc(cluster: Cluster) -> Data:
    properties = {"CidrBlock": cluster.vpc_cidr, "EnableDnsHostnames": True, "EnableDnsSupport": True}
    gateway = {"GatewayId": {"Ref": "InternetGateway"}}
    return {
        "VPC": _named("AWS::EC2::VPC", cluster, "vpc", properties),
        "InternetGateway": _named("AWS::EC2::InternetGateway", cluster, "gateway", {}),
        "VPCGatewayAttachment": {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"InternetGatewayId": {"Ref": "InternetGateway"}, "VpcId": {"Ref": "VPC"}},
        },
        "RouteTable": _named("AWS::EC2::RouteTable", cluster, "routes", {"VpcId": {"Ref": "VPC"}}),
        "RouteToInternet": {
            "Type": "AWS::EC2::Route",
            "DependsOn": "VPCGatewayAttachment",
            "Properties": {"DestinationCidrBlock": _ANYWHERE, "RouteTableId": {"Ref": "RouteTable"}, **gateway},
        },
    }


def _subnet(cluster: Cluster, index: int) -> Data:
    wanted = cluster.subnets[index]
    role = "internal-elb" if wanted.private else "elb"
    properties = {
        "AvailabilityZone": wanted.availability_zone,
        "CidrBlock": wanted.cidr,
        "MapPublicIpOnLaunch": not wanted.private,
        "VpcId": vpc(cluster),
    }
    name = f"Subnet{index}"
    tags = [tag(f"kubernetes.io/role/{role}", "1"), owned(cluster)]
    found = {name: _named("AWS::EC2::Subnet", cluster, f"subnet-{index}", properties, tags)}
    table = _route_table(cluster, index)
    if table:
        found[f"{name}RouteTableAssociation"] = {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": table, "SubnetId": {"Ref": name}},
        }
    return found


def _route_table(cluster: Cluster, index: int) -> t.Any:
    """The table for a new subnet; nothing for one that exists, or that is to have the main table of its VPC."""
    if cluster.subnets[index].id:
        return ""
    return cluster.route_table_id if cluster.vpc_id else {"Ref": "RouteTable"}


def _groups(cluster: Cluster) -> Data:
    ssh = [_from_outside(cidr, 22, "SSH") for cidr in cluster.ssh_cidrs]
    api = [_from_outside(cidr, cluster.api_port, "Kubernetes API") for cidr in cluster.api_cidrs]
    controller = ssh if cluster.is_ha else api + ssh
    found = {
        # The cloud controller looks for exactly one group with this tag: load balancers lead to workers.
        "SecurityGroupWorker": _group(cluster, "workers", ssh, [owned(cluster)]),
        "SecurityGroupController": _group(cluster, "controllers", controller),
    }
    if cluster.is_ha:
        found["SecurityGroupBalancer"] = _group(cluster, "load balancer of the API", api)
    return found


def _group(cluster: Cluster, what: str, ingress: list[Data], tags: list[Data] | None = None) -> Data:
    properties = {"GroupDescription": f"{what} of Kubernetes cluster {cluster.name}", "VpcId": vpc(cluster)}
    if ingress:
        properties["SecurityGroupIngress"] = ingress
    return _named("AWS::EC2::SecurityGroup", cluster, what.replace(" ", "-"), properties, tags or [])


def _rules(cluster: Cluster) -> Data:
    """What machines may say to each other; the rules are resources of their own, because groups name each other."""
    port = cluster.api_port
    rules = [
        ("Controller", "Controller", "Etcd", "tcp", 2379, 2380),
        *(("Controller", source, "Api", "tcp", port, port) for source in _KINDS),
        *((target, source, "Kubelet", "tcp", 10250, 10250) for target in _KINDS for source in _KINDS),
        *((target, source, *overlay) for target in _KINDS for source in _KINDS for overlay in _OVERLAYS[cluster.cni]),
    ]
    if cluster.is_ha:
        rules.append(("Controller", "Balancer", "Api", "tcp", port, port))
    return {
        f"SecurityGroup{target}IngressFrom{source}To{service}": _rule(target, source, protocol, first, last)
        for target, source, service, protocol, first, last in rules
    }


def _rule(target: str, source: str, protocol: str, first: int, last: int) -> Data:
    ports = {} if first < 0 else {"FromPort": first, "ToPort": last}
    return {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {
            "GroupId": {"Fn::GetAtt": [f"SecurityGroup{target}", "GroupId"]},
            "SourceSecurityGroupId": {"Fn::GetAtt": [f"SecurityGroup{source}", "GroupId"]},
            "IpProtocol": protocol,
            **ports,
        },
    }


def _from_outside(cidr: str, port: int, what: str) -> Data:
    return {"CidrIp": cidr, "Description": what, "FromPort": port, "IpProtocol": "tcp", "ToPort": port}


def owned(cluster: Cluster) -> Data:
    """The tag by which the cloud controller knows what belongs to the cluster."""
    return tag(f"kubernetes.io/cluster/{cluster.name}", "owned")


def name_tag(cluster: Cluster, what: str) -> Data:
    return tag("Name", f"{cluster.name}-{what}")


def _named(kind: str, cluster: Cluster, what: str, properties: Data, tags: t.Sequence[Data] = ()) -> Data:
    return {"Type": kind, "Properties": {**properties, "Tags": [name_tag(cluster, what), *tags]}}


def tag(key: str, value: str) -> Data:
    return {"Key": key, "Value": value}

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.network import NetworkAcl, RouteTable, Vpc
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, make
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import (
    BY_TAG_NAME,
    Part,
    RecordType,
    Way,
    by_id,
    haves,
    states,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.security_groups import SecurityGroup

IN_VPC = {"belong_to_vpc": ("vpc", "VpcId")}


def _row(word: str, path: str, identity: str, id_filter: str, pattern: str, **more: t.Any) -> RecordType:
    """A type of the network, found by id and by Name tag."""
    ways = (by_id(id_filter, identity, pattern), *more.pop("ways", (BY_TAG_NAME,)))
    return RecordType(
        word=word,
        service="ec2",
        path=f"{path}[]",
        identity=identity,
        ways=ways,
        **{"filters": "Filters", **more},
    )


def _vpc_attribute(name: str, summary: str) -> Part:
    path = f"{name[0].upper()}{name[1:]}.Value"
    return Part("describe_vpc_attribute", {"VpcId": "VpcId", "Attribute": f"={name}"}, path, summary=summary)


VPC = _row(
    "vpc",
    "Vpcs",
    "VpcId",
    "vpc-id",
    "vpc",
    operation="describe_vpcs",
    be={
        **states("State", "available", "pending"),
        "default": ("IsDefault", True),
        "default_tenancy": ("InstanceTenancy", "default"),
        "dedicated": ("InstanceTenancy", "dedicated"),
        "dedicated_tenancy": ("InstanceTenancy", "dedicated"),
    },
    have={**haves("CidrBlock", "DhcpOptionsId"), "dhcp_options": "DhcpOptionsId"},
    parts={
        "enable_dns_support": _vpc_attribute("enableDnsSupport", "Whether the VPC has a name server."),
        "enable_dns_hostnames": _vpc_attribute("enableDnsHostnames", "Whether public addresses get names."),
    },
)
SUBNET = _row(
    "subnet",
    "Subnets",
    "SubnetId",
    "subnet-id",
    "subnet",
    operation="describe_subnets",
    vpc_filter="vpc-id",
    be=states("State", "available", "pending"),
    have=haves("CidrBlock", "AvailabilityZone"),
    relations=IN_VPC,
)
NETWORK_ACL = _row(
    "network_acl",
    "NetworkAcls",
    "NetworkAclId",
    "network-acl-id",
    "acl",
    operation="describe_network_acls",
    vpc_filter="vpc-id",
    be={"default": ("IsDefault", True)},
    relations={**IN_VPC, "have_subnet": ("subnet", "Associations[].SubnetId")},
)
VPN_GATEWAY = _row(
    "vpn_gateway",
    "VpnGateways",
    "VpnGatewayId",
    "vpn-gateway-id",
    "vgw",
    operation="describe_vpn_gateways",
    vpc_filter="attachment.vpc-id",
    aliases=("virtual_private_gateway",),
    be=states("State", "available", "pending", "deleting", "deleted"),
    have={"name": "tags.Name"},
    relations={"be_attached_to": ("vpc", "VpcAttachments[].VpcId")},
)
ROUTE_TABLE = _row(
    "route_table",
    "RouteTables",
    "RouteTableId",
    "route-table-id",
    "rtb",
    operation="describe_route_tables",
    vpc_filter="vpc-id",
    relations={**IN_VPC, "have_subnet": ("subnet", "Associations[].SubnetId")},
)
INTERNET_GATEWAY = _row(
    "internet_gateway",
    "InternetGateways",
    "InternetGatewayId",
    "internet-gateway-id",
    "igw",
    operation="describe_internet_gateways",
    vpc_filter="attachment.vpc-id",
    relations={"be_attached_to": ("vpc", "Attachments[].VpcId")},
)
NAT_GATEWAY = _row(
    "nat_gateway",
    "NatGateways",
    "NatGatewayId",
    "nat-gateway-id",
    "nat",
    operation="describe_nat_gateways",
    vpc_filter="vpc-id",
    filters="Filter",
    gone=("State", "deleted"),
    be=states("State", "available", "pending", "failed", "deleting", "deleted"),
    have={"eip": "NatGatewayAddresses[].PublicIp"},
    relations={**IN_VPC, "belong_to_subnet": ("subnet", "SubnetId")},
)
ELASTIC_IP = _row(
    "elastic_ip",
    "Addresses",
    "AllocationId",
    "allocation-id",
    "eipalloc",
    operation="describe_addresses",
    aliases=("eip",),
    ways=(Way(field="PublicIp", pattern=r"\d+\.\d+\.\d+\.\d+$", filter="public-ip"), BY_TAG_NAME),
    be={"associated": ("AssociationId", True)},
    relations={"be_attached_to": ("ec2_instance", "InstanceId")},
)
SECURITY_GROUP = _row(
    "security_group",
    "SecurityGroups",
    "GroupId",
    "group-id",
    "sg",
    operation="describe_security_groups",
    vpc_filter="vpc-id",
    aliases=("security_group_by_id",),
    ways=(Way(field="GroupName", filter="group-name"), BY_TAG_NAME),
    have=haves("Description", "OwnerId"),
    relations=IN_VPC,
)

TYPES: t.Sequence[type[RecordResource]] = [
    make(VPC, Vpc),
    make(SUBNET),
    make(NETWORK_ACL, NetworkAcl),
    make(VPN_GATEWAY),
    make(ROUTE_TABLE, RouteTable),
    make(INTERNET_GATEWAY),
    make(NAT_GATEWAY),
    make(ELASTIC_IP),
    make(SECURITY_GROUP, SecurityGroup),
]

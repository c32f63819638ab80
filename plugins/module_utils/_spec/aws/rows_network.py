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
    have=haves("CidrBlock", "DhcpOptionsId"),
)
SUBNET = _row(
    "subnet",
    "Subnets",
    "SubnetId",
    "subnet-id",
    "subnet",
    operation="describe_subnets",
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
    relations={**IN_VPC, "have_subnet": ("subnet", "Associations[].SubnetId")},
)
INTERNET_GATEWAY = _row(
    "internet_gateway",
    "InternetGateways",
    "InternetGatewayId",
    "internet-gateway-id",
    "igw",
    operation="describe_internet_gateways",
    relations={"be_attached_to": ("vpc", "Attachments[].VpcId")},
)
NAT_GATEWAY = _row(
    "nat_gateway",
    "NatGateways",
    "NatGatewayId",
    "nat-gateway-id",
    "nat",
    operation="describe_nat_gateways",
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

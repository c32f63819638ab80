# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes networks and what is in them; each function returns the name of its resource."""

from __future__ import annotations

import typing as t

from integration.aws_spec_resources.common import IMAGE, TAGS, tagged


def vpc(aws: t.Any) -> str:
    """A VPC with a public and a private subnet, all called main."""
    ec2 = aws.client("ec2")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": True})
    gateway = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway"))["InternetGateway"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=made)
    routes = ec2.create_route_table(VpcId=made, TagSpecifications=tagged("route-table"))["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=routes, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway["InternetGatewayId"])
    ec2.associate_route_table(RouteTableId=routes, SubnetId=_subnet(aws, made, 0, tagged("subnet")))
    _subnet(aws, made, 1, [])
    return "main"


def _subnet(aws: t.Any, vpc_id: str, number: int, tags: list[t.Any]) -> str:
    zone = f"us-east-1{'ab'[number]}"
    made = aws.client("ec2").create_subnet(
        VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone, TagSpecifications=tags
    )
    return str(made["Subnet"]["SubnetId"])


def id_of_vpc(aws: t.Any) -> str:
    """The id of the VPC main; it is made if it is missing."""
    ec2, wanted = aws.client("ec2"), [{"Name": "tag:Name", "Values": ["main"]}]
    if not ec2.describe_vpcs(Filters=wanted)["Vpcs"]:
        vpc(aws)
    return str(ec2.describe_vpcs(Filters=wanted)["Vpcs"][0]["VpcId"])


def subnets(aws: t.Any) -> list[str]:
    """The ids of the subnets of the VPC main, the public one first."""
    wanted = [{"Name": "vpc-id", "Values": [id_of_vpc(aws)]}]
    found = aws.client("ec2").describe_subnets(Filters=wanted)["Subnets"]
    return [subnet["SubnetId"] for subnet in sorted(found, key=lambda one: one["CidrBlock"])]


def network_acl(aws: t.Any) -> str:
    wanted = [{"Name": "vpc-id", "Values": [id_of_vpc(aws)]}]
    own = aws.client("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"][0]["NetworkAclId"]
    aws.client("ec2").create_tags(Resources=[own], Tags=TAGS)
    return "main"


def vpn_gateway(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    made = ec2.create_vpn_gateway(Type="ipsec.1", TagSpecifications=tagged("vpn-gateway"))["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=id_of_vpc(aws), VpnGatewayId=made)
    return "main"


def nat_gateway(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnets(aws)[0], AllocationId=address, TagSpecifications=tagged("natgateway"))
    return "main"


def elastic_ip(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    run = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, TagSpecifications=tagged("instance"))
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip"))
    ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=run["Instances"][0]["InstanceId"])
    return str(address["PublicIp"])


def security_group(aws: t.Any) -> str:
    id_of_security_group(aws)
    return "web"


def id_of_security_group(aws: t.Any) -> str:
    """The id of a new security group called web, in the VPC main."""
    ec2 = aws.client("ec2")
    tags = tagged("security-group")
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=id_of_vpc(aws), TagSpecifications=tags)[
        "GroupId"
    ]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    own = {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https, own])
    return str(group)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EC2::*"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..errors import ResourceFailure
from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, without


class Ec2Handler(Handler):
    """Tags and clients are the same for all of EC2."""

    resource = ""

    def specification(self, context: Context, properties: Properties) -> list[dict[str, Any]]:
        tags = context.tags(properties)
        return [{"ResourceType": self.resource, "Tags": tag_list(tags)}] if tags else []

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = context.tags(properties)
        if self.resource and tags:
            context.client("ec2").create_tags(Resources=[physical_id], Tags=tag_list(tags))


@handles("AWS::EC2::VPC")
class Vpc(Ec2Handler):
    resource = "vpc"

    def create(self, context: Context, properties: Properties) -> str:
        arguments = pick(properties, "CidrBlock", "InstanceTenancy")
        arguments["TagSpecifications"] = self.specification(context, properties)
        vpc = context.client("ec2").create_vpc(**arguments)["Vpc"]["VpcId"]
        self.update(context, vpc, {}, properties)
        return vpc

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if before.get(name) != after.get(name):
                value = after.get(name, name == "EnableDnsSupport")
                context.client("ec2").modify_vpc_attribute(VpcId=physical_id, **{name: {"Value": value}})
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_vpc(VpcId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        ec2 = context.client("ec2")
        vpc = ec2.describe_vpcs(VpcIds=[physical_id])["Vpcs"][0]
        filters = [{"Name": "vpc-id", "Values": [physical_id]}]
        group = ec2.describe_security_groups(Filters=[*filters, {"Name": "group-name", "Values": ["default"]}])[
            "SecurityGroups"
        ][0]
        acl = ec2.describe_network_acls(Filters=[*filters, {"Name": "default", "Values": ["true"]}])["NetworkAcls"][0]
        return {
            "VpcId": physical_id,
            "CidrBlock": vpc["CidrBlock"],
            "DefaultSecurityGroup": group["GroupId"],
            "DefaultNetworkAcl": acl["NetworkAclId"],
        }


@handles("AWS::EC2::Subnet")
class Subnet(Ec2Handler):
    resource = "subnet"

    def create(self, context: Context, properties: Properties) -> str:
        arguments = pick(properties, "VpcId", "CidrBlock", "AvailabilityZone")
        arguments["TagSpecifications"] = self.specification(context, properties)
        subnet = context.client("ec2").create_subnet(**arguments)["Subnet"]["SubnetId"]
        self.update(context, subnet, {}, properties)
        return subnet

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if before.get("MapPublicIpOnLaunch") != after.get("MapPublicIpOnLaunch"):
            value = {"Value": after.get("MapPublicIpOnLaunch", False)}
            context.client("ec2").modify_subnet_attribute(SubnetId=physical_id, MapPublicIpOnLaunch=value)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_subnet(SubnetId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        subnet = context.client("ec2").describe_subnets(SubnetIds=[physical_id])["Subnets"][0]
        return pick(subnet, "SubnetId", "VpcId", "AvailabilityZone", "CidrBlock")


@handles("AWS::EC2::InternetGateway")
class InternetGateway(Ec2Handler):
    resource = "internet-gateway"

    def create(self, context: Context, properties: Properties) -> str:
        specification = self.specification(context, properties)
        return context.client("ec2").create_internet_gateway(TagSpecifications=specification)["InternetGateway"][
            "InternetGatewayId"
        ]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_internet_gateway(InternetGatewayId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"InternetGatewayId": physical_id}


@handles("AWS::EC2::VPCGatewayAttachment")
class VpcGatewayAttachment(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        context.client("ec2").attach_internet_gateway(**pick(properties, "InternetGatewayId", "VpcId"))
        return f"IGW|{properties['VpcId']}"

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").detach_internet_gateway(**pick(properties, "InternetGatewayId", "VpcId"))


@handles("AWS::EC2::RouteTable")
class RouteTable(Ec2Handler):
    resource = "route-table"

    def create(self, context: Context, properties: Properties) -> str:
        specification = self.specification(context, properties)
        table = context.client("ec2").create_route_table(VpcId=properties["VpcId"], TagSpecifications=specification)
        return table["RouteTable"]["RouteTableId"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_route_table(RouteTableId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"RouteTableId": physical_id}


@handles("AWS::EC2::Route")
class Route(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        context.client("ec2").create_route(**properties)
        return f"{properties['RouteTableId']}|{properties['DestinationCidrBlock']}"

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("ec2").replace_route(**after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_route(**pick(properties, "RouteTableId", "DestinationCidrBlock"))


@handles("AWS::EC2::SubnetRouteTableAssociation")
class SubnetRouteTableAssociation(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        return context.client("ec2").associate_route_table(**properties)["AssociationId"]

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").disassociate_route_table(AssociationId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}


def permission(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule of a security group as the API's IpPermission."""
    result: dict[str, Any] = {name: rule[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in rule}
    described = {"Description": rule["Description"]} if "Description" in rule else {}
    group = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    if "CidrIp" in rule:
        result["IpRanges"] = [{"CidrIp": rule["CidrIp"], **described}]
    if "CidrIpv6" in rule:
        result["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **described}]
    if group:
        result["UserIdGroupPairs"] = [{"GroupId": group, **described}]
    return result


ANYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


@handles("AWS::EC2::SecurityGroup")
class SecurityGroup(Ec2Handler):
    resource = "security-group"

    def create(self, context: Context, properties: Properties) -> str:
        arguments = {
            "GroupName": properties.get("GroupName") or context.new_name(),
            "Description": properties["GroupDescription"],
            "TagSpecifications": self.specification(context, properties),
            **pick(properties, "VpcId"),
        }
        group = context.client("ec2").create_security_group(**arguments)["GroupId"]
        try:
            self.update(context, group, {}, properties)
        except ClientError:
            context.client("ec2").delete_security_group(GroupId=group)
            raise
        return group

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        ec2 = context.client("ec2")
        for direction, default in (("Ingress", []), ("Egress", [ANYWHERE])):
            old = before.get(f"SecurityGroup{direction}", default)
            new = after.get(f"SecurityGroup{direction}", default)
            gone = [permission(rule) for rule in old if rule not in new]
            added = [permission(rule) for rule in new if rule not in old]
            if gone:
                getattr(ec2, f"revoke_security_group_{direction.lower()}")(GroupId=physical_id, IpPermissions=gone)
            if added:
                getattr(ec2, f"authorize_security_group_{direction.lower()}")(GroupId=physical_id, IpPermissions=added)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_security_group(GroupId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        group = context.client("ec2").describe_security_groups(GroupIds=[physical_id])["SecurityGroups"][0]
        return {"GroupId": physical_id, "Id": physical_id, "VpcId": group.get("VpcId", "")}


class SecurityGroupRule(Handler):
    """One rule beside its group, so that two groups can name each other."""

    direction = ""

    def create(self, context: Context, properties: Properties) -> str:
        ec2 = context.client("ec2")
        authorize = getattr(ec2, f"authorize_security_group_{self.direction}")
        rules = authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])["SecurityGroupRules"]
        return rules[0]["SecurityGroupRuleId"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if without(before, "Description") != without(after, "Description"):
            raise ResourceFailure("Only the description of a rule changes in place")
        ec2 = context.client("ec2")
        describe = getattr(ec2, f"update_security_group_rule_descriptions_{self.direction}")
        describe(GroupId=after["GroupId"], IpPermissions=[permission(after)])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        revoke = getattr(context.client("ec2"), f"revoke_security_group_{self.direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}


@handles("AWS::EC2::SecurityGroupIngress")
class SecurityGroupIngress(SecurityGroupRule):
    direction = "ingress"


@handles("AWS::EC2::SecurityGroupEgress")
class SecurityGroupEgress(SecurityGroupRule):
    """A group's first egress rule takes the place of the one that allows everything, as on AWS."""

    direction = "egress"

    def create(self, context: Context, properties: Properties) -> str:
        ec2 = context.client("ec2")
        group = ec2.describe_security_groups(GroupIds=[properties["GroupId"]])["SecurityGroups"][0]
        if any(rule["IpProtocol"] == "-1" for rule in group["IpPermissionsEgress"]):
            ec2.revoke_security_group_egress(GroupId=properties["GroupId"], IpPermissions=[permission(ANYWHERE)])
        return super().create(context, properties)


@handles("AWS::EC2::LaunchTemplate")
class LaunchTemplate(Handler):
    moving_attributes = frozenset({"LatestVersionNumber"})

    def create(self, context: Context, properties: Properties) -> str:
        arguments = {
            "LaunchTemplateName": properties.get("LaunchTemplateName") or context.new_name(128),
            "LaunchTemplateData": properties["LaunchTemplateData"],
            **pick(properties, "VersionDescription", "TagSpecifications"),
        }
        return context.client("ec2").create_launch_template(**arguments)["LaunchTemplate"]["LaunchTemplateId"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        data = after["LaunchTemplateData"]
        if data != before["LaunchTemplateData"]:
            context.client("ec2").create_launch_template_version(LaunchTemplateId=physical_id, LaunchTemplateData=data)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_launch_template(LaunchTemplateId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        template = context.client("ec2").describe_launch_templates(LaunchTemplateIds=[physical_id])["LaunchTemplates"][
            0
        ]
        return {
            "LaunchTemplateId": physical_id,
            "DefaultVersionNumber": str(template["DefaultVersionNumber"]),
            "LatestVersionNumber": str(template["LatestVersionNumber"]),
        }

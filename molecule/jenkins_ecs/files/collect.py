# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what a stack has built, as JSON, straight from the services."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import boto3


def network(ids: dict[str, str]) -> dict[str, Any]:
    ec2 = boto3.client("ec2")
    in_vpc = [{"Name": "vpc-id", "Values": [ids["Vpc"]]}]
    attributes = {
        name: ec2.describe_vpc_attribute(VpcId=ids["Vpc"], Attribute=name)
        for name in ("enableDnsSupport", "enableDnsHostnames")
    }
    return {
        "vpc": ec2.describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"][0],
        "dns_support": attributes["enableDnsSupport"]["EnableDnsSupport"]["Value"],
        "dns_hostnames": attributes["enableDnsHostnames"]["EnableDnsHostnames"]["Value"],
        "subnets": ec2.describe_subnets(Filters=in_vpc)["Subnets"],
        "route_table": ec2.describe_route_tables(RouteTableIds=[ids["PublicRouteTable"]])["RouteTables"][0],
        "gateway": ec2.describe_internet_gateways(InternetGatewayIds=[ids["InternetGateway"]])["InternetGateways"][0],
        "nat_gateways": ec2.describe_nat_gateways(Filters=in_vpc)["NatGateways"],
    }


def rules(permissions: list[dict[str, Any]]) -> list[str]:
    """Each rule as protocol:from-to:peer, sorted."""
    found = []
    for rule in permissions:
        peers = [item["CidrIp"] for item in rule.get("IpRanges", [])]
        peers += [item["CidrIpv6"] for item in rule.get("Ipv6Ranges", [])]
        peers += [item["GroupId"] for item in rule.get("UserIdGroupPairs", [])]
        peers += [item["PrefixListId"] for item in rule.get("PrefixListIds", [])]
        ports = f"{rule.get('FromPort', '')}-{rule.get('ToPort', '')}"
        found += [f"{rule['IpProtocol']}:{ports}:{peer}" for peer in peers]
    return sorted(found)


def security_groups(ids: dict[str, str]) -> dict[str, Any]:
    ec2 = boto3.client("ec2")
    wanted = {ids[name]: name for name in ids if name.endswith("SecurityGroup")}
    groups = ec2.describe_security_groups(GroupIds=list(wanted))["SecurityGroups"]
    return {
        wanted[group["GroupId"]]: {
            "ingress": rules(group["IpPermissions"]),
            "egress": rules(group["IpPermissionsEgress"]),
        }
        for group in groups
    }


def load_balancer(name: str) -> dict[str, Any]:
    elb = boto3.client("elb")
    found = elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"][0]
    found["Attributes"] = elb.describe_load_balancer_attributes(LoadBalancerName=name)["LoadBalancerAttributes"]
    found["PolicyDescriptions"] = elb.describe_load_balancer_policies(LoadBalancerName=name)["PolicyDescriptions"]
    return found


def file_system(ids: dict[str, str]) -> dict[str, Any]:
    efs = boto3.client("efs")
    this = {"FileSystemId": ids["FileSystem"]}
    return {
        "file_system": efs.describe_file_systems(**this)["FileSystems"][0],
        "backup": efs.describe_backup_policy(**this)["BackupPolicy"],
        "policy": json.loads(efs.describe_file_system_policy(**this)["Policy"]),
        "access_points": efs.describe_access_points(**this)["AccessPoints"],
        "mount_targets": [
            target | efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])
            for target in efs.describe_mount_targets(**this)["MountTargets"]
        ],
    }


def cluster(ids: dict[str, str]) -> dict[str, Any]:
    ecs, ec2, scaling = boto3.client("ecs"), boto3.client("ec2"), boto3.client("autoscaling")
    version = ec2.describe_launch_template_versions(LaunchTemplateId=ids["LaunchTemplate"], Versions=["$Latest"])
    template = version["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    template["UserData"] = base64.b64decode(template["UserData"]).decode()
    return {
        "cluster": ecs.describe_clusters(clusters=[ids["Cluster"]], include=["SETTINGS"])["clusters"][0],
        "provider": ecs.describe_capacity_providers(capacityProviders=[ids["CapacityProvider"]])["capacityProviders"][
            0
        ],
        "template": template,
        "group": scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[ids["AutoScalingGroup"]])[
            "AutoScalingGroups"
        ][0],
    }


def service(ids: dict[str, str], name: str) -> dict[str, Any]:
    ecs = boto3.client("ecs")
    found = ecs.describe_services(cluster=ids["Cluster"], services=[ids[f"{name}Service"]])["services"][0]
    task = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])["taskDefinition"]
    containers = {container["name"]: container for container in task["containerDefinitions"]}
    for container in containers.values():
        container["environment"] = {item["name"]: item["value"] for item in container.get("environment", [])}
    found.pop("events", None)
    return {"service": found, "task": task, "containers": containers}


def roles(ids: dict[str, str]) -> dict[str, Any]:
    iam = boto3.client("iam")
    found = {}
    for name in (name for name in ids if name.endswith("Role")):
        inline = iam.list_role_policies(RoleName=ids[name])["PolicyNames"]
        found[name] = {
            "arn": iam.get_role(RoleName=ids[name])["Role"]["Arn"],
            "statements": [
                statement
                for policy in inline
                for statement in iam.get_role_policy(RoleName=ids[name], PolicyName=policy)["PolicyDocument"][
                    "Statement"
                ]
            ],
            "attached": [
                policy["PolicyName"]
                for policy in iam.list_attached_role_policies(RoleName=ids[name])["AttachedPolicies"]
            ],
        }
    return found


def secret(ids: dict[str, str]) -> dict[str, Any]:
    client = boto3.client("secretsmanager")
    value = json.loads(client.get_secret_value(SecretId=ids["AdminSecret"])["SecretString"])
    return {"username": value["username"], "length": len(value["password"]), "plain": value["password"].isalnum()}


def main() -> None:
    cloudformation = boto3.client("cloudformation")
    stack = cloudformation.describe_stacks(StackName=sys.argv[1])["Stacks"][0]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=sys.argv[1])
    ids = {
        item["LogicalResourceId"]: item["PhysicalResourceId"]
        for page in pages
        for item in page["StackResourceSummaries"]
    }
    logs = boto3.client("logs").describe_log_groups()["logGroups"]
    found = {
        "ids": ids,
        "status": stack["StackStatus"],
        "tags": {item["Key"]: item["Value"] for item in stack["Tags"]},
        "parameters": {item["ParameterKey"]: item["ParameterValue"] for item in stack["Parameters"]},
        "outputs": {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]},
        "network": network(ids),
        "security_groups": security_groups(ids),
        "internal": load_balancer(ids["InternalLoadBalancer"]),
        "public": load_balancer(ids["PublicLoadBalancer"]),
        "efs": file_system(ids),
        "ecs": cluster(ids),
        "jenkins": service(ids, "Jenkins"),
        "proxy": service(ids, "Proxy"),
        "roles": roles(ids),
        "secret": secret(ids),
        "logs": {group["logGroupName"]: group.get("retentionInDays") for group in logs},
    }
    # The password itself is compared here, so that no log ever shows it.
    value = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=ids["AdminSecret"])["SecretString"])
    found["password_leaks"] = value["password"] in json.dumps(found, default=str)
    json.dump(found, sys.stdout, default=str)


if __name__ == "__main__":
    main()

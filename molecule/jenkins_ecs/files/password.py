# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what the password of a stack is like, and which answers of AWS have it; never the password itself."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from typing import Any

import boto3


def answers(stack: str) -> Iterator[tuple[str, Any]]:
    """All that AWS tells about the stack and what it made, but for the secret itself."""
    cloudformation = boto3.client("cloudformation")
    yield "stack", cloudformation.describe_stacks(StackName=stack)
    yield "template", cloudformation.get_template(StackName=stack)
    yield "events", cloudformation.describe_stack_events(StackName=stack)
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    ids = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}
    yield "resources", resources
    yield from network(ids)
    yield from containers(ids)
    for name in (name for name in ids if name.endswith("Role")):
        yield from role(name, ids[name])
    yield "secret", boto3.client("secretsmanager").describe_secret(SecretId=ids["AdminSecret"])
    yield "logs", boto3.client("logs").describe_log_groups()


def network(ids: dict[str, str]) -> Iterator[tuple[str, Any]]:
    ec2, elb, efs = boto3.client("ec2"), boto3.client("elb"), boto3.client("efs")
    in_vpc = [{"Name": "vpc-id", "Values": [ids["Vpc"]]}]
    yield "vpc", ec2.describe_vpcs(VpcIds=[ids["Vpc"]])
    yield "subnets", ec2.describe_subnets(Filters=in_vpc)
    yield "security groups", ec2.describe_security_groups(Filters=in_vpc)
    for name in (ids["InternalLoadBalancer"], ids["PublicLoadBalancer"]):
        yield name, elb.describe_load_balancers(LoadBalancerNames=[name])
        yield f"{name} policies", elb.describe_load_balancer_policies(LoadBalancerName=name)
    file_system = {"FileSystemId": ids["FileSystem"]}
    yield "file system", efs.describe_file_systems(**file_system)
    yield "file system policy", efs.describe_file_system_policy(**file_system)
    yield "access points", efs.describe_access_points(**file_system)


def containers(ids: dict[str, str]) -> Iterator[tuple[str, Any]]:
    ecs, ec2, scaling = boto3.client("ecs"), boto3.client("ec2"), boto3.client("autoscaling")
    versions = ec2.describe_launch_template_versions(LaunchTemplateId=ids["LaunchTemplate"])["LaunchTemplateVersions"]
    yield "launch template", versions
    for version in versions:
        yield "user data", base64.b64decode(version["LaunchTemplateData"]["UserData"]).decode()
    yield "group", scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[ids["AutoScalingGroup"]])
    yield "cluster", ecs.describe_clusters(clusters=[ids["Cluster"]], include=["SETTINGS"])
    yield "capacity provider", ecs.describe_capacity_providers(capacityProviders=[ids["CapacityProvider"]])
    for name in ("Jenkins", "Proxy"):
        yield f"{name} service", ecs.describe_services(cluster=ids["Cluster"], services=[ids[f"{name}Service"]])
        yield f"{name} task", ecs.describe_task_definition(taskDefinition=ids[f"{name}Task"])


def role(name: str, identity: str) -> Iterator[tuple[str, Any]]:
    iam = boto3.client("iam")
    yield name, iam.get_role(RoleName=identity)
    for policy in iam.list_role_policies(RoleName=identity)["PolicyNames"]:
        yield f"{name} {policy}", iam.get_role_policy(RoleName=identity, PolicyName=policy)


def main() -> None:
    resource = boto3.client("cloudformation").describe_stack_resource(
        StackName=sys.argv[1], LogicalResourceId="AdminSecret"
    )
    identity = resource["StackResourceDetail"]["PhysicalResourceId"]
    value = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=identity)["SecretString"])
    password = value["password"]
    told = {name: json.dumps(answer, default=str) for name, answer in answers(sys.argv[1])}
    found = {
        "username": value["username"],
        "length": len(password),
        "plain": password.isalnum(),
        "compared": len(told),
        "leaks": [name for name, text in told.items() if password in text],
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster to try things with."""

from __future__ import annotations

import json
import shutil
import typing as t
from pathlib import Path

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Kube:
    """Runs kube_aws for one cluster, whose key pair and KMS key exist."""

    def __init__(self, aws: t.Any, run_module: t.Callable[..., dict[str, t.Any]], directory: Path) -> None:
        self.aws = aws
        self.directory = directory
        self._run = run_module
        aws.client("ec2").create_key_pair(KeyName="admin")
        self.key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        aws.forget()

    def cluster(self, **more: t.Any) -> dict[str, t.Any]:
        return {
            "clusterName": "demo",
            "externalDNSName": "api.example.org",
            "region": "us-east-1",
            "availabilityZone": "us-east-1a",
            "keyName": "admin",
            "kmsKeyArn": self.key,
            "sysextSHA256": SHA256,
            "ecr": False,
            **more,
        }

    def run(
        self,
        state: str,
        check: bool = False,
        diff: bool = False,
        cluster: t.Mapping[str, t.Any] | None = None,
        module: str = "kube_aws",
        **options: t.Any,
    ) -> dict[str, t.Any]:
        arguments = {"asset_dir": str(self.directory), "cluster": self.cluster(**(cluster or {})), **options}
        if module == "kube_aws":
            arguments["state"] = state
        return self._run(module, check=check, diff=diff, **arguments)

    def fail_to_come_up(self) -> None:
        """Leave the stack of a cluster whose creation failed."""
        subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-0123", "CidrBlock": "10.0.0.0/24"}}
        self.aws.client("cloudformation").create_stack(
            StackName="demo",
            TemplateBody=json.dumps({"Resources": {"Subnet0": subnet}}),
            Tags=[{"Key": "kube-aws/cluster", "Value": "demo"}],
        )
        assert self.aws.wait_for_stack("demo")["StackStatus"] == "ROLLBACK_COMPLETE"

    def info(self, **options: t.Any) -> dict[str, t.Any]:
        return self.run("", module="kube_aws_info", **options)

    def keys(self, role: str) -> list[str]:
        """The objects of a kind of machine."""
        s3 = self.aws.client("s3")
        bucket = s3.list_buckets()["Buckets"][0]["Name"]
        return [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"] if f"/{role}-" in item["Key"]]

    def leave_something(self) -> set[tuple[str, str]]:
        """What Kubernetes makes for a service and for a claim of a volume: kinds and names."""
        tag = {"Key": "kubernetes.io/cluster/demo", "Value": "owned"}
        ec2 = self.aws.client("ec2")
        resources = self.aws.client("cloudformation").describe_stack_resources(StackName="demo")["StackResources"]
        ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
        group = ec2.create_security_group(GroupName="k8s-elb-a1", Description="of a service", VpcId=ids["VPC"])[
            "GroupId"
        ]
        ec2.create_tags(Resources=[group], Tags=[tag])
        rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": group}]}
        ec2.authorize_security_group_ingress(GroupId=ids["SecurityGroupWorker"], IpPermissions=[rule])
        self.aws.client("elb").create_load_balancer(
            LoadBalancerName="a1",
            Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}],
            Subnets=[ids["Subnet0"]],
            SecurityGroups=[group],
            Tags=[tag],
        )
        elbv2 = self.aws.client("elbv2")
        elbv2.create_load_balancer(Name="n1", Type="network", Subnets=[ids["Subnet0"]], Tags=[tag])
        elbv2.create_target_group(Name="g1", Protocol="TCP", Port=80, VpcId=ids["VPC"], Tags=[tag])
        elbv2.create_target_group(Name="not-ours", Protocol="TCP", Port=80, VpcId=ids["VPC"])
        name = {"Key": "Name", "Value": "pvc-data"}
        tags = [{"ResourceType": "volume", "Tags": [tag, name]}]
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=8, TagSpecifications=tags)
        balancers = {("load balancer", "a1"), ("load balancer", "n1"), ("target group", "g1")}
        return {*balancers, ("security group", "k8s-elb-a1"), ("volume", "pvc-data")}

    def writes(self) -> list[str]:
        """The writing requests so far, those of CloudFormation itself not included."""
        return [entry["operation"] for entry in self.aws.log("write")]

    def stack(self) -> dict[str, t.Any]:
        found: dict[str, t.Any] = self.aws.client("cloudformation").describe_stacks(StackName="demo")["Stacks"][0]
        return found

    def outputs(self) -> dict[str, str]:
        return {item["OutputKey"]: item["OutputValue"] for item in self.stack()["Outputs"]}

    def resources(self) -> dict[str, str]:
        """The physical ids of the resources of the stack."""
        found = self.aws.client("cloudformation").describe_stack_resources(StackName="demo")["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}

    def machine(self, name: str) -> dict[str, t.Any]:
        answer = self.aws.client("ec2").describe_instances(InstanceIds=[self.resources()[name]])
        found: dict[str, t.Any] = answer["Reservations"][0]["Instances"][0]
        return found

    def finished(self, result: dict[str, t.Any], *names: str) -> list[tuple[str, str]]:
        """What was finished of these resources, in the order of time."""
        return [
            (event["logical_resource_id"], event["status"])
            for event in result["events"]
            if event["logical_resource_id"] in names and event["status"].endswith("_COMPLETE")
        ]

    def changes(self, result: dict[str, t.Any]) -> set[tuple[str, str]]:
        return {(change["action"], change["logical_resource_id"]) for change in result["changes"]}

    def other_image(self) -> str:
        return "ami-0f1a7ca45932004aa"

    def lose_credentials(self) -> None:
        shutil.rmtree(self.directory / "credentials")

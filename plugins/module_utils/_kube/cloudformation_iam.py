# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What the machines may do in the account: nothing that the cloud controller and the kubelet do not need."""

from __future__ import annotations

import typing as t

Data = dict[str, t.Any]

# The list of cloud-provider-aws without what this cluster leaves to others: routes, EBS volumes, auto scaling.
_READ = (
    *(
        f"ec2:Describe{what}"
        for what in (
            "AvailabilityZones",
            "InstanceTopology",
            "Instances",
            "Regions",
            "RouteTables",
            "SecurityGroups",
            "Subnets",
            "Vpcs",
        )
    ),
    *(
        f"elasticloadbalancing:Describe{what}"
        for what in (
            "Listeners",
            "LoadBalancerAttributes",
            "LoadBalancerPolicies",
            "LoadBalancers",
            "TargetGroups",
            "TargetHealth",
        )
    ),
)
_BALANCE = tuple(
    f"elasticloadbalancing:{what}"
    for what in (
        "AddTags",
        "ApplySecurityGroupsToLoadBalancer",
        "AttachLoadBalancerToSubnets",
        "ConfigureHealthCheck",
        "CreateListener",
        "CreateLoadBalancer",
        "CreateLoadBalancerListeners",
        "CreateLoadBalancerPolicy",
        "CreateTargetGroup",
        "DeleteListener",
        "DeleteLoadBalancer",
        "DeleteLoadBalancerListeners",
        "DeleteTargetGroup",
        "DeregisterInstancesFromLoadBalancer",
        "DeregisterTargets",
        "DetachLoadBalancerFromSubnets",
        "ModifyListener",
        "ModifyLoadBalancerAttributes",
        "ModifyTargetGroup",
        "RegisterInstancesWithLoadBalancer",
        "RegisterTargets",
        "SetLoadBalancerPoliciesForBackendServer",
        "SetLoadBalancerPoliciesOfListener",
    )
)
# Nothing narrows these.
_WHY_ANY = "IAM knows no resources for ec2:Describe*, elasticloadbalancing:Describe* and ecr:GetAuthorizationToken."


def role(kind: str, statements: list[Data]) -> Data:
    """A role of machines, and the profile by which they get it."""
    return {
        f"IAMRole{kind}": {
            "Type": "AWS::IAM::Role",
            "Metadata": {"WhyAnyResource": _WHY_ANY},
            "Properties": {
                "AssumeRolePolicyDocument": _document(
                    [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]
                ),
                "Policies": [{"PolicyName": "kubernetes", "PolicyDocument": _document(statements)}],
            },
        },
        f"IAMInstanceProfile{kind}": {
            "Type": "AWS::IAM::InstanceProfile",
            "Properties": {"Roles": [{"Ref": f"IAMRole{kind}"}]},
        },
    }


def cloud_controller(cluster: str) -> list[Data]:
    """For load balancers of services and for what is known about nodes."""
    tag = f"kubernetes.io/cluster/{cluster}"
    return [
        _allow("Read", _READ, "*"),
        _allow("Balance", _BALANCE, _own("elasticloadbalancing", "*")),
        _allow("FirstLoadBalancer", ["iam:CreateServiceLinkedRole"], _LINKED_ROLE, {"StringEquals": _LINKED_SERVICE}),
        _allow("CreateGroup", ["ec2:CreateSecurityGroup"], [_own("ec2", "security-group/*"), _own("ec2", "vpc/*")]),
        _allow(
            "TagGroup",
            ["ec2:CreateTags"],
            _own("ec2", "security-group/*"),
            {"StringEquals": {f"aws:RequestTag/{tag}": "owned"}},
        ),
        _allow(
            "ChangeOwnGroup",
            ["ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupIngress"],
            _own("ec2", "security-group/*"),
            {"StringEquals": {f"aws:ResourceTag/{tag}": "owned"}},
        ),
    ]


def node() -> list[Data]:
    return [_allow("Read", ["ec2:DescribeInstances", "ec2:DescribeRegions"], "*")]


def images() -> list[Data]:
    """For images from the registry of the account."""
    pull = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeRepositories", "GetDownloadUrlForLayer"]
    repositories = {"Fn::Sub": "arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/*"}
    return [
        _allow("LogIn", ["ecr:GetAuthorizationToken"], "*"),
        _allow("Pull", [f"ecr:{what}" for what in pull], repositories),
    ]


def objects(bucket: str, prefix: str, kms_key_arn: str) -> list[Data]:
    """For the configuration at the first boot, encrypted with the key of the cluster."""
    arn = f"arn:${{AWS::Partition}}:s3:::{bucket}"
    statements = [_allow("Configuration", ["s3:GetObject"], {"Fn::Sub": f"{arn}/{prefix}*"})]
    if kms_key_arn:
        condition = {
            "StringEquals": {"kms:ViaService": {"Fn::Sub": "s3.${AWS::Region}.${AWS::URLSuffix}"}},
            # With a bucket key the context is the bucket, without one it is the object.
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [{"Fn::Sub": arn}, {"Fn::Sub": f"{arn}/{prefix}*"}]},
        }
        statements.append(_allow("Decrypt", ["kms:Decrypt"], kms_key_arn, condition))
    return statements


_LINKED_SERVICE = {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}
_LINKED_ROLE = {
    "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"
}


def _allow(sid: str, actions: t.Iterable[str], resource: t.Any, condition: Data | None = None) -> Data:
    statement: Data = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def _own(service: str, resource: str) -> Data:
    """What is in the account and the region of the stack."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"}


def _document(statements: list[Data]) -> Data:
    return {"Version": "2012-10-17", "Statement": statements}

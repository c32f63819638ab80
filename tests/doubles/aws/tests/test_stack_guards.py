# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stack policies and drift."""

from __future__ import annotations

import json
from typing import Any

import pytest

from embedded_aws.testing import code_of

TEMPLATE = """
Resources:
  Instance: {{Type: AWS::EC2::Instance, Properties: {{ImageId: {image}, InstanceType: {kind}}}}}
  Launch: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{ImageId: ami-12c6146b}}}}}}
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      AvailabilityZones: [us-east-1a]
      LaunchTemplate: {{LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber}}
      MaxSize: '1'
      MinSize: '1'
"""
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}


def body(image: str = "ami-12c6146b", kind: str = "t3.medium") -> str:
    return TEMPLATE.format(image=image, kind=kind)


def policy(**deny: Any) -> str:
    denied = {"Effect": "Deny", "Principal": "*", **deny}
    return json.dumps({"Statement": [ALLOW, denied] if deny else [ALLOW]})


def updated(aws: Any, text: str) -> tuple[str, list[str]]:
    cloudformation = aws.client("cloudformation")
    cloudformation.update_stack(StackName="demo", TemplateBody=text)
    status = aws.wait_for_stack("demo")["StackStatus"]
    events = cloudformation.describe_stack_events(StackName="demo")["StackEvents"]
    return status, [e["ResourceStatusReason"] for e in events if e["ResourceStatus"] == "UPDATE_FAILED"]


@pytest.fixture
def stack(aws: Any) -> str:
    aws.client("cloudformation").create_stack(StackName="demo", TemplateBody=body(), StackPolicyBody=policy())
    assert aws.wait_for_stack("demo")["StackStatus"] == "CREATE_COMPLETE"
    return "demo"


BY_TYPE = {"StringEquals": {"ResourceType": ["AWS::EC2::Instance"]}}


@pytest.mark.parametrize(
    ("deny", "wanted", "status"),
    [
        ({"Action": "Update:Replace", "Resource": "*", "Condition": BY_TYPE}, body(image="ami-1e749f67"), "ROLLBACK_"),
        ({"Action": "Update:Replace", "Resource": "*", "Condition": BY_TYPE}, body(kind="t3.large"), ""),
        ({"Action": "Update:Modify", "Resource": "LogicalResourceId/Inst*"}, body(kind="t3.large"), "ROLLBACK_"),
        ({"Action": "Update:*", "NotResource": "LogicalResourceId/Instance"}, body(kind="t3.large"), ""),
    ],
)
def test_a_policy_stops_what_it_denies(aws: Any, stack: str, deny: dict[str, Any], wanted: str, status: str) -> None:
    aws.client("cloudformation").set_stack_policy(StackName=stack, StackPolicyBody=policy(**deny))
    found, failures = updated(aws, wanted)
    assert found == f"UPDATE_{status}COMPLETE"
    assert bool(failures) == bool(status)


def test_a_policy_keeps_a_resource_from_being_removed(aws: Any, stack: str) -> None:
    deny = policy(Action="Update:Delete", Resource="LogicalResourceId/Workers")
    aws.client("cloudformation").set_stack_policy(StackName=stack, StackPolicyBody=deny)
    status, failures = updated(aws, body().split("  Workers:")[0])
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert failures == ["Action denied by stack policy: [Update:Delete] of resource [Workers]"]


def test_a_policy_is_read_back_and_a_wrong_one_refused(aws: Any, stack: str) -> None:
    cloudformation = aws.client("cloudformation")
    assert json.loads(cloudformation.get_stack_policy(StackName=stack)["StackPolicyBody"]) == {"Statement": [ALLOW]}
    for wrong in ("{}", policy(Action="Delete:*", Resource="*"), policy(Action="Update:*")):
        assert code_of(cloudformation.set_stack_policy, StackName=stack, StackPolicyBody=wrong) == "ValidationError"


def drifts(aws: Any) -> tuple[str, dict[str, str]]:
    cloudformation = aws.client("cloudformation")
    detection = cloudformation.detect_stack_drift(StackName="demo")["StackDriftDetectionId"]
    found = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    listed = cloudformation.describe_stack_resource_drifts(StackName="demo")["StackResourceDrifts"]
    return found["StackDriftStatus"], {i["LogicalResourceId"]: i["StackResourceDriftStatus"] for i in listed}


def test_drift_is_what_somebody_else_did(aws: Any, stack: str) -> None:
    assert drifts(aws) == ("IN_SYNC", {"Instance": "IN_SYNC", "Workers": "IN_SYNC"})
    group = aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupName"]
    aws.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=group, MaxSize=3)
    made = aws.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="Instance")
    aws.client("ec2").terminate_instances(InstanceIds=[made["StackResourceDetail"]["PhysicalResourceId"]])
    assert drifts(aws) == ("DRIFTED", {"Instance": "DELETED", "Workers": "MODIFIED"})


@pytest.mark.parametrize(
    ("wanted", "replacement", "recreation"),
    [
        (body(image="ami-1e749f67"), "True", "Always"),
        (body(kind="t3.large"), "Conditional", "Conditionally"),
        (
            body().replace(
                "ImageId: ami-12c6146b, InstanceType", "SourceDestCheck: true, ImageId: ami-12c6146b, InstanceType"
            ),
            "False",
            "Never",
        ),
    ],
)
def test_a_change_set_says_what_an_instance_has_to_fear(
    aws: Any, stack: str, wanted: str, replacement: str, recreation: str
) -> None:
    cloudformation = aws.client("cloudformation")
    made = cloudformation.create_change_set(StackName=stack, ChangeSetName="c", TemplateBody=wanted)["Id"]
    change = cloudformation.describe_change_set(ChangeSetName=made)["Changes"][0]["ResourceChange"]
    assert change["Replacement"] == replacement
    assert [detail["Target"]["RequiresRecreation"] for detail in change["Details"]] == [recreation]

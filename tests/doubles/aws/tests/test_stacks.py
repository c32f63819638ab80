# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks over HTTP: what a client of CloudFormation sees."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

TOPIC_AND_PARAMETER = """
Parameters:
  Name: {Type: String, Default: hello}
  Secret: {Type: String, Default: s3cret, NoEcho: true}
Resources:
  Announcement:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Sub '${Topic.TopicName} ${Name}'}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Ref Name}
Outputs:
  Arn: {Value: !Ref Topic}
"""
NETWORK = """
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Dns: {Type: String, Default: 'true'}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Cidr, EnableDnsSupport: !Ref Dns}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: test, VpcId: !Ref Vpc}
Outputs:
  Vpc: {Value: !Ref Vpc}
"""
BROKEN = """
Resources:
  Good: {Type: AWS::SNS::Topic}
  Bad:
    Type: AWS::EC2::Subnet
    DependsOn: Good
    Properties: {VpcId: vpc-missing, CidrBlock: 10.0.0.0/24}
"""


def parameters(**values):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def create(aws, body=TOPIC_AND_PARAMETER, **options):
    aws.client("cloudformation").create_stack(StackName="demo", TemplateBody=body, **options)
    return aws.wait_for_stack("demo")


def events(aws, name="demo"):
    found = aws.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    return [
        (event["ResourceStatus"], event["LogicalResourceId"], event.get("ResourceStatusReason", ""))
        for event in reversed(found)
    ]


def physical_ids(aws, name="demo"):
    found = aws.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def test_a_stack_is_made_in_order_and_tells_each_step(aws):
    assert create(aws)["StackStatus"] == "CREATE_COMPLETE"
    assert [event[:2] for event in events(aws)] == [
        ("CREATE_IN_PROGRESS", "demo"),
        ("CREATE_IN_PROGRESS", "Topic"),
        ("CREATE_COMPLETE", "Topic"),
        ("CREATE_IN_PROGRESS", "Announcement"),
        ("CREATE_COMPLETE", "Announcement"),
        ("CREATE_COMPLETE", "demo"),
    ]


def test_events_carry_the_callers_token(aws):
    create(aws, ClientRequestToken="mine")
    found = aws.client("cloudformation").describe_stack_events(StackName="demo")["StackEvents"]
    assert {event["ClientRequestToken"] for event in found} == {"mine"}


def test_creation_is_seen_in_progress(aws):
    aws.configure(cloudformation_delay=0.3)
    aws.client("cloudformation").create_stack(StackName="demo", TemplateBody=TOPIC_AND_PARAMETER)
    assert (
        aws.client("cloudformation").describe_stacks(StackName="demo")["Stacks"][0]["StackStatus"]
        == "CREATE_IN_PROGRESS"
    )
    assert aws.wait_for_stack("demo")["StackStatus"] == "CREATE_COMPLETE"


def test_no_echo_values_are_masked(aws):
    shown = {item["ParameterKey"]: item["ParameterValue"] for item in create(aws)["Parameters"]}
    assert shown == {"Name": "hello", "Secret": "****"}


def test_an_update_changes_in_place_and_keeps_the_physical_ids(aws, cloudformation):
    create(aws, NETWORK)
    before = physical_ids(aws)
    cloudformation.update_stack(StackName="demo", TemplateBody=NETWORK, Parameters=parameters(Dns="false"))
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_COMPLETE"
    assert physical_ids(aws) == before
    answer = aws.client("ec2").describe_vpc_attribute(VpcId=before["Vpc"], Attribute="enableDnsSupport")
    assert answer["EnableDnsSupport"]["Value"] is False


def test_a_replacement_reaches_the_dependants_and_removes_the_old(aws, cloudformation):
    create(aws, NETWORK)
    before = physical_ids(aws)
    cloudformation.update_stack(StackName="demo", TemplateBody=NETWORK, Parameters=parameters(Cidr="10.1.0.0/16"))
    assert aws.wait_for_stack("demo")["Outputs"][0]["OutputValue"] == physical_ids(aws)["Vpc"] != before["Vpc"]
    assert physical_ids(aws)["Group"] != before["Group"]
    vpcs = [vpc["VpcId"] for vpc in aws.client("ec2").describe_vpcs()["Vpcs"]]
    assert before["Vpc"] not in vpcs


def test_no_change_is_refused(aws, cloudformation):
    create(aws)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloudformation.update_stack(StackName="demo", UsePreviousTemplate=True)


def test_use_previous_value(aws, cloudformation):
    create(aws, Parameters=parameters(Name="first"))
    more = TOPIC_AND_PARAMETER + "  Name: {Value: !Ref Name}\n"
    keep = [{"ParameterKey": "Name", "UsePreviousValue": True}]
    cloudformation.update_stack(StackName="demo", TemplateBody=more, Parameters=keep)
    outputs = {output["OutputKey"]: output["OutputValue"] for output in aws.wait_for_stack("demo")["Outputs"]}
    assert outputs["Name"] == "first"


def test_a_failed_creation_rolls_back_and_names_the_culprit(aws):
    stack = create(aws, BROKEN)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    failed = [event for event in events(aws) if event[0] == "CREATE_FAILED"]
    assert failed[0][1] == "Bad"
    assert "vpc-missing" in failed[0][2]
    assert aws.client("sns").list_topics()["Topics"] == []


@pytest.mark.parametrize(("on_failure", "status"), [("DO_NOTHING", "CREATE_FAILED"), ("DELETE", "DELETE_COMPLETE")])
def test_on_failure(aws, cloudformation, on_failure, status):
    stack_id = cloudformation.create_stack(StackName="demo", TemplateBody=BROKEN, OnFailure=on_failure)["StackId"]
    assert aws.wait_for_stack(stack_id)["StackStatus"] == status


def test_a_failed_update_rolls_back_to_what_was(aws, cloudformation):
    create(aws, NETWORK)
    before = physical_ids(aws)
    body = NETWORK.replace("Outputs:", BROKEN.split("Resources:\n")[1] + "Outputs:")
    cloudformation.update_stack(StackName="demo", TemplateBody=body, Parameters=parameters(Dns="false"))
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert physical_ids(aws) == before
    answer = aws.client("ec2").describe_vpc_attribute(VpcId=before["Vpc"], Attribute="enableDnsSupport")
    assert answer["EnableDnsSupport"]["Value"] is True
    assert aws.client("sns").list_topics()["Topics"] == []


def test_an_update_with_an_unknown_property_rolls_back(aws, cloudformation):
    create(aws, NETWORK)
    cloudformation.update_stack(StackName="demo", TemplateBody=NETWORK.replace("GroupDescription: test", "Nope: 1"))
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    failed = [event for event in events(aws) if event[0] == "UPDATE_FAILED"]
    assert "extraneous key [Nope]" in failed[0][2]


def test_deletion_keeps_what_is_to_be_retained(aws, cloudformation):
    stack = create(
        aws, TOPIC_AND_PARAMETER.replace("Type: AWS::SNS::Topic", "Type: AWS::SNS::Topic\n    DeletionPolicy: Retain")
    )
    cloudformation.delete_stack(StackName="demo")
    assert aws.wait_for_stack(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert len(aws.client("sns").list_topics()["Topics"]) == 1
    assert ("DELETE_SKIPPED", "Topic", "") in events(aws, stack["StackId"])


def test_retain_except_on_create_goes_with_a_failed_creation(aws):
    create(
        aws,
        BROKEN.replace(
            "Good: {Type: AWS::SNS::Topic}", "Good: {Type: AWS::SNS::Topic, DeletionPolicy: RetainExceptOnCreate}"
        ),
    )
    assert aws.client("sns").list_topics()["Topics"] == []


def test_a_failed_deletion_names_the_resource(aws, cloudformation):
    create(aws, NETWORK)
    vpc = physical_ids(aws)["Vpc"]
    aws.client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")
    cloudformation.delete_stack(StackName="demo")
    stack = aws.wait_for_stack("demo")
    assert (stack["StackStatus"], stack["StackStatusReason"].strip()) == (
        "DELETE_FAILED",
        "The following resource(s) failed to delete: [Vpc].",
    )


def test_what_somebody_has_deleted_already_does_not_hinder_a_deletion(aws, cloudformation):
    stack = create(aws, NETWORK)
    aws.client("ec2").delete_security_group(GroupId=physical_ids(aws)["Group"])
    cloudformation.delete_stack(StackName="demo")
    assert aws.wait_for_stack(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_termination_protection(aws, cloudformation):
    create(aws, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        cloudformation.delete_stack(StackName="demo")
    cloudformation.update_termination_protection(StackName="demo", EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName="demo")


def test_stack_tags_reach_the_resources_and_change_with_the_stack(aws, cloudformation):
    create(aws, NETWORK, Tags=[{"Key": "team", "Value": "ci"}])
    cloudformation.update_stack(StackName="demo", UsePreviousTemplate=True, Tags=[{"Key": "team", "Value": "cd"}])
    aws.wait_for_stack("demo")
    vpc = aws.client("ec2").describe_vpcs(VpcIds=[physical_ids(aws)["Vpc"]])["Vpcs"][0]
    assert vpc["Tags"] == [{"Key": "team", "Value": "cd"}]


def test_an_export_is_seen_by_another_stack(aws, cloudformation):
    create(aws, NETWORK.replace("Value: !Ref Vpc}", "Value: !Ref Vpc, Export: {Name: the-vpc}}"))
    group = "{Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, VpcId: !ImportValue the-vpc}}"
    body = f"Resources: {{Group: {group}}}"
    cloudformation.create_stack(StackName="other", TemplateBody=body)
    assert aws.wait_for_stack("other")["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"TemplateBody": "Resources: {A: {Type: AWS::Nope::Thing}}"},
            "Unrecognized resource types: \\[AWS::Nope::Thing\\]",
        ),
        ({"TemplateBody": "Resources: {A: {Type: AWS::IAM::Role}}"}, "Requires capabilities : \\[CAPABILITY_IAM\\]"),
        ({"TemplateBody": " " * 51_201}, "less than or equal to 51200"),
        ({"TemplateBody": TOPIC_AND_PARAMETER, "Parameters": parameters(Nope="x")}, "do not exist in the template"),
        ({"TemplateBody": TOPIC_AND_PARAMETER, "StackName": "1x"}, "failed to satisfy constraint"),
    ],
)
def test_what_create_stack_refuses_leaves_nothing(aws, cloudformation, options, message):
    with pytest.raises(ClientError, match=message):
        cloudformation.create_stack(**{"StackName": "demo", **options})
    assert cloudformation.describe_stacks()["Stacks"] == []


def test_a_known_type_that_is_not_implemented_fails_and_says_so(aws):
    create(aws, "Resources: {A: {Type: AWS::GameLift::Fleet, Properties: {Name: x}}}")
    assert any("does not implement the resource type AWS::GameLift::Fleet" in event[2] for event in events(aws))


def test_a_stack_name_is_taken_only_once(aws, cloudformation):
    create(aws)
    with pytest.raises(cloudformation.exceptions.AlreadyExistsException):
        cloudformation.create_stack(StackName="demo", TemplateBody=TOPIC_AND_PARAMETER)


def change_set(cloudformation, body, name="demo", **options):
    cloudformation.create_change_set(StackName=name, ChangeSetName="plan", TemplateBody=body, **options)
    return cloudformation.describe_change_set(StackName=name, ChangeSetName="plan")


def test_a_change_set_tells_what_will_be_replaced_and_what_follows(aws, cloudformation):
    create(aws, NETWORK)
    plan = change_set(cloudformation, NETWORK, Parameters=parameters(Cidr="10.1.0.0/16"))
    changes = [change["ResourceChange"] for change in plan["Changes"]]
    assert [(change["LogicalResourceId"], change["Action"], change["Replacement"]) for change in changes] == [
        ("Vpc", "Modify", "True"),
        ("Group", "Modify", "True"),
    ]
    assert changes[0]["PhysicalResourceId"] == physical_ids(aws)["Vpc"]
    assert changes[1]["Details"][0]["Evaluation"] == "Dynamic"


def test_a_change_set_changes_nothing_until_it_is_executed(aws, cloudformation):
    create(aws, NETWORK)
    change_set(cloudformation, NETWORK, Parameters=parameters(Dns="false"))
    vpc = physical_ids(aws)["Vpc"]
    ask = {"VpcId": vpc, "Attribute": "enableDnsSupport"}
    assert aws.client("ec2").describe_vpc_attribute(**ask)["EnableDnsSupport"]["Value"] is True
    cloudformation.execute_change_set(StackName="demo", ChangeSetName="plan")
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_COMPLETE"
    assert aws.client("ec2").describe_vpc_attribute(**ask)["EnableDnsSupport"]["Value"] is False


def test_a_change_set_without_changes_fails(aws, cloudformation):
    create(aws)
    plan = change_set(cloudformation, TOPIC_AND_PARAMETER)
    assert (plan["Status"], plan["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in plan["StatusReason"]


def test_a_change_set_shows_additions_and_removals(aws, cloudformation):
    create(aws)
    body = "Resources: {Other: {Type: AWS::SNS::Topic}}"
    plan = change_set(cloudformation, body)
    assert {
        (change["ResourceChange"]["Action"], change["ResourceChange"]["LogicalResourceId"])
        for change in plan["Changes"]
    } == {
        ("Add", "Other"),
        ("Remove", "Topic"),
        ("Remove", "Announcement"),
    }


def test_a_change_set_can_make_a_new_stack(aws, cloudformation):
    change_set(cloudformation, TOPIC_AND_PARAMETER, name="fresh", ChangeSetType="CREATE")
    assert cloudformation.describe_stacks(StackName="fresh")["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    cloudformation.execute_change_set(StackName="fresh", ChangeSetName="plan")
    assert (
        aws.client("cloudformation")
        .get_waiter("stack_create_complete")
        .wait(StackName="fresh", WaiterConfig={"Delay": 1})
        is None
    )


def test_a_change_set_that_is_gone_is_not_found(aws, cloudformation):
    create(aws)
    with pytest.raises(cloudformation.exceptions.ChangeSetNotFoundException):
        cloudformation.describe_change_set(StackName="demo", ChangeSetName="nope")

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time
import typing as t

import pytest

NAME = "cycle"
MODULE = "cloudformation_stack"
WRONG_PORT = "http://127.0.0.1:9"

TEMPLATE = """
# A network that is small and quick.
Parameters:
  Cidr: {Type: String, Default: 10.20.0.0/16}
  Purpose: {Type: String, Default: test}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Cidr
      Tags: [{Key: purpose, Value: !Ref Purpose}]
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Sub "For ${Purpose}"
      VpcId: !Ref Vpc
Outputs:
  VpcId: {Value: !Ref Vpc}
  GroupId: {Value: !GetAtt Group.GroupId}
"""

BROKEN = """
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.20.0.0/16}
  Lost:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: vpc-00000000, CidrBlock: 10.20.1.0/24}
    DependsOn: Vpc
"""

SECRET = """
Parameters:
  Password: {Type: String, NoEcho: true}
  Purpose: {Type: String, Default: one}
Resources:
  Vault:
    Type: AWS::SecretsManager::Secret
    Properties:
      Description: !Ref Purpose
      SecretString: !Ref Password
"""


@pytest.fixture(autouse=True)
def _clean(aws: t.Any) -> t.Iterator[None]:
    aws.reset()
    yield
    aws.configure(cloudformation_delay=0)


@pytest.fixture
def stack(run_module: t.Any, aws: t.Any) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module and adds the operations that wrote something."""

    def run(check: bool = False, diff: bool = False, **params: t.Any) -> dict[str, t.Any]:
        seen = len(aws.log())
        given = {"stack_name": NAME, "wait_timeout": 60, **params}
        if given.get("state") != "absent":
            given.setdefault("template_body", TEMPLATE)
        result = run_module(MODULE, check=check, diff=diff, **given)
        return {**result, "writes": [e["operation"] for e in aws.log()[seen:] if e["kind"] == "write"]}

    return run


@pytest.fixture
def refuse(stack: t.Any) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module, which must fail with one sentence, and returns the result."""

    def run(**params: t.Any) -> dict[str, t.Any]:
        try:
            result = stack(**params)
        except Exception as failure:
            result = getattr(failure, "result", None)
            if result is None:
                raise
        else:
            pytest.fail(f"the module did not fail: {result}")
        assert "Traceback" not in str(result)
        assert "\n" not in result["msg"].strip()
        return dict(result)

    return run


def describe(aws: t.Any) -> dict[str, t.Any]:
    found: dict[str, t.Any] = aws.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
    return found


def names(result: dict[str, t.Any]) -> set[tuple[str, str]]:
    return {(change["action"], change["logical_resource_id"]) for change in result["changes"]}


def test_create(stack: t.Any, aws: t.Any) -> None:
    foreseen = stack(check=True, diff=True)
    assert (foreseen["changed"], foreseen["writes"], foreseen["stack"]) == (True, [], None)
    assert aws.client("cloudformation").describe_stacks()["Stacks"] == []

    created = stack()
    assert created["changed"]
    assert created["writes"] == ["CreateStack"]
    assert names(created) == names(foreseen) == {("Add", "Vpc"), ("Add", "Group")}
    assert created["actions"] == foreseen["actions"]
    assert created["stack"]["stack_status"] == "CREATE_COMPLETE"
    vpc = aws.client("ec2").describe_vpcs(VpcIds=[created["outputs"]["VpcId"]])["Vpcs"][0]
    assert vpc["CidrBlock"] == "10.20.0.0/16"
    assert {event["logical_resource_id"] for event in created["events"]} == {NAME, "Vpc", "Group"}


@pytest.mark.parametrize("check", [True, False])
def test_the_same_again_only_reads(stack: t.Any, check: bool) -> None:
    stack(tags={"team": "build"})
    reformatted = TEMPLATE.replace("!Ref Vpc", '{"Ref": "Vpc"}').replace("# A network", "# The network")
    again = stack(check=check, template_body=reformatted, tags={"team": "build"}, parameters={"Purpose": "test"})
    assert (again["changed"], again["writes"], again["changes"], again["actions"]) == (False, [], [], [])


def test_change(stack: t.Any, aws: t.Any) -> None:
    created = stack()
    wanted = {"parameters": {"Purpose": "work"}, "tags": {"team": "build"}, "diff": True}
    foreseen = stack(check=True, **wanted)
    assert foreseen["changed"]
    assert foreseen["writes"] == ["CreateChangeSet", "DeleteChangeSet"]
    assert describe(aws).get("LastUpdatedTime") is None
    assert aws.client("cloudformation").list_change_sets(StackName=NAME)["Summaries"] == []

    changed = stack(**wanted)
    assert changed["writes"] == ["CreateChangeSet", "ExecuteChangeSet"]
    assert names(changed) == names(foreseen)
    assert ("Modify", "Vpc") in names(changed)
    assert changed["diff"] == foreseen["diff"]
    assert "Purpose: work" in changed["diff"]["after"]
    assert changed["stack"]["stack_status"] == "UPDATE_COMPLETE"
    assert changed["stack"]["parameters"] == {"Cidr": "10.20.0.0/16", "Purpose": "work"}
    assert changed["stack"]["tags"] == {"team": "build"}
    assert changed["outputs"]["VpcId"] == created["outputs"]["VpcId"]
    assert NAME in {event["logical_resource_id"] for event in changed["events"]}


@pytest.mark.parametrize("check", [True, False])
def test_the_change_again_only_reads(stack: t.Any, check: bool) -> None:
    stack()
    stack(parameters={"Purpose": "work"}, tags={"team": "build"})
    again = stack(check=check, parameters={"Purpose": "work"}, tags={"team": "build"})
    assert (again["changed"], again["writes"]) == (False, [])


def test_a_parameter_that_is_not_given_keeps_its_value(stack: t.Any) -> None:
    stack(parameters={"Purpose": "work"})
    assert stack()["writes"] == []
    assert stack(parameters={"Cidr": "10.20.0.0/16"}, tags={"a": "b"})["stack"]["parameters"]["Purpose"] == "work"


def test_tags_are_purged_or_kept(stack: t.Any) -> None:
    stack(tags={"a": "1", "b": "2"})
    assert stack(tags={"b": "3"}, purge_tags=False)["stack"]["tags"] == {"a": "1", "b": "3"}
    assert stack(tags={"b": "3"})["stack"]["tags"] == {"b": "3"}
    assert stack()["writes"] == []


def test_delete(stack: t.Any, aws: t.Any) -> None:
    created = stack()
    foreseen = stack(check=True, state="absent")
    assert (foreseen["changed"], foreseen["writes"]) == (True, [])
    assert describe(aws)["StackStatus"] == "CREATE_COMPLETE"

    deleted = stack(state="absent")
    assert (deleted["changed"], deleted["writes"], deleted["stack"]) == (True, ["DeleteStack"], None)
    assert names(deleted) == names(foreseen) == {("Remove", "Vpc"), ("Remove", "Group")}
    vpcs = [vpc["VpcId"] for vpc in aws.client("ec2").describe_vpcs()["Vpcs"]]
    assert created["outputs"]["VpcId"] not in vpcs


@pytest.mark.parametrize("check", [True, False])
def test_delete_again_only_reads(stack: t.Any, check: bool) -> None:
    again = stack(check=check, state="absent")
    assert (again["changed"], again["writes"], again["stack"]) == (False, [], None)


def test_a_failure_names_the_resource_and_the_reason(refuse: t.Any, aws: t.Any) -> None:
    result = refuse(template_body=BROKEN)
    assert result["msg"].startswith(f"Stack {NAME} could not be created: resource Lost (AWS::EC2::Subnet) failed: ")
    assert result["msg"].endswith("It is now ROLLBACK_COMPLETE.")
    assert "CREATE_FAILED" in {event["status"] for event in result["events"]}
    assert describe(aws)["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_failed_change_is_rolled_back_and_can_be_repaired(stack: t.Any, refuse: t.Any) -> None:
    stack()
    lost = "  Lost:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: vpc-00000000, CidrBlock: 10.20.1.0/24}\n"
    result = refuse(template_body=TEMPLATE.replace("Outputs:", f"{lost}Outputs:"))
    assert "could not be updated: resource Lost" in result["msg"]
    assert result["msg"].endswith("It is now UPDATE_ROLLBACK_COMPLETE.")
    assert stack()["changed"] is False


def test_a_stack_that_never_came_up_is_replaced_only_with_consent(stack: t.Any, refuse: t.Any, aws: t.Any) -> None:
    refuse(template_body=BROKEN)
    seen = len(aws.log())
    refused = refuse()
    assert f"Stack {NAME} is in ROLLBACK_COMPLETE: resource Lost (AWS::EC2::Subnet) failed" in refused["msg"]
    assert "replace_failed" in refused["msg"]
    assert [entry for entry in aws.log()[seen:] if entry["kind"] == "write"] == []

    foreseen = stack(check=True, replace_failed=True)
    assert (foreseen["changed"], foreseen["writes"]) == (True, [])
    replaced = stack(replace_failed=True)
    assert replaced["writes"] == ["DeleteStack", "CreateStack"]
    assert replaced["actions"] == foreseen["actions"]
    assert replaced["stack"]["stack_status"] == "CREATE_COMPLETE"


def test_an_interrupted_creation_is_waited_for(stack: t.Any, aws: t.Any) -> None:
    aws.configure(cloudformation_delay=1)
    aws.client("cloudformation").create_stack(StackName=NAME, TemplateBody=TEMPLATE)
    assert describe(aws)["StackStatus"] == "CREATE_IN_PROGRESS"
    result = stack()
    assert (result["changed"], result["writes"]) == (False, [])
    assert result["stack"]["stack_status"] == "CREATE_COMPLETE"


def test_an_interrupted_creation_is_waited_for_and_then_changed(stack: t.Any, aws: t.Any) -> None:
    aws.configure(cloudformation_delay=1)
    aws.client("cloudformation").create_stack(StackName=NAME, TemplateBody=TEMPLATE)
    result = stack(parameters={"Purpose": "work"})
    assert result["writes"] == ["CreateChangeSet", "ExecuteChangeSet"]
    assert result["stack"]["stack_status"] == "UPDATE_COMPLETE"


def test_a_task_that_shall_not_wait_returns_at_once(stack: t.Any, refuse: t.Any, aws: t.Any) -> None:
    aws.configure(cloudformation_delay=2)
    started = stack(wait=False)
    assert started["changed"]
    assert started["stack"]["stack_status"] == "CREATE_IN_PROGRESS"
    assert "shall not wait" in refuse(wait=False)["msg"]


def test_the_time_out_says_what_is_not_finished(refuse: t.Any, aws: t.Any) -> None:
    aws.configure(cloudformation_delay=10)
    result = refuse(wait_timeout=2)
    assert f"Stack {NAME} was not finished after 2 s; still in progress: " in result["msg"]


def test_a_deletion_of_somebody_else_is_waited_for_and_the_stack_is_created(stack: t.Any, aws: t.Any) -> None:
    first = stack()
    aws.configure(cloudformation_delay=1)
    threading.Thread(target=aws.client("cloudformation").delete_stack, kwargs={"StackName": NAME}).start()
    time.sleep(0.5)
    again = stack()
    assert again["changed"]
    assert again["stack"]["stack_id"] != first["stack"]["stack_id"]


def test_a_hidden_parameter_is_neither_shown_nor_compared(stack: t.Any, aws: t.Any) -> None:
    created = stack(template_body=SECRET, parameters={"Password": "first-secret"})
    assert created["stack"]["parameters"]["Password"] == "****"
    assert "first-secret" not in str(created)
    unchanged = stack(template_body=SECRET, parameters={"Password": "second-secret"})
    assert (unchanged["changed"], unchanged["writes"]) == (False, [])
    assert password(aws) == "first-secret"

    other = stack(template_body=SECRET, parameters={"Password": "second-secret", "Purpose": "two"})
    assert other["changed"]
    assert password(aws) == "first-secret"


def test_a_hidden_parameter_is_changed_with_consent(stack: t.Any, aws: t.Any) -> None:
    stack(template_body=SECRET, parameters={"Password": "first-secret"})
    rotate = {"template_body": SECRET, "parameters": {"Password": "second-secret"}, "update_no_echo": True}
    rotated = stack(diff=True, **rotate)
    assert rotated["changed"]
    assert "second-secret" not in str(rotated)
    assert password(aws) == "second-secret"
    again = stack(**rotate)
    assert (again["changed"], again["writes"]) == (False, ["CreateChangeSet", "DeleteChangeSet"])


def password(aws: t.Any) -> str:
    client = aws.client("secretsmanager")
    found = client.list_secrets()["SecretList"][0]
    return str(client.get_secret_value(SecretId=found["ARN"])["SecretString"])


def test_protection_is_a_setting_of_its_own(stack: t.Any, refuse: t.Any, aws: t.Any) -> None:
    stack(termination_protection=True)
    assert describe(aws)["EnableTerminationProtection"] is True
    assert stack()["writes"] == []
    assert stack(termination_protection=True)["writes"] == []
    assert "is protected from deletion" in refuse(state="absent")["msg"]
    assert stack(check=True, termination_protection=False)["writes"] == []
    deleted = stack(state="absent", termination_protection=False)
    assert deleted["writes"] == ["UpdateTerminationProtection", "DeleteStack"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"template_body": "Resources: ["}, "The template is neither YAML nor JSON"),
        ({"parameters": {"Purpsoe": "x"}}, "The template has no parameter Purpsoe; it has Cidr, Purpose."),
        ({"template_body": SECRET}, "The template needs a value for the parameter Password."),
        ({"endpoint_url": WRONG_PORT}, f"The endpoint {WRONG_PORT}/ cannot be reached"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_before_anything_is_written(
    refuse: t.Any, aws: t.Any, params: dict[str, t.Any], expected: str
) -> None:
    start = time.monotonic()
    assert expected in refuse(**params)["msg"]
    assert time.monotonic() - start < 15
    assert [entry for entry in aws.log() if entry["kind"] == "write"] == []


@pytest.mark.parametrize("key", ["AKIAWRONGWRONGWRONG0"])
def test_wrong_credentials_are_named(refuse: t.Any, key: str) -> None:
    result = refuse(access_key=key, secret_key="wrong-secret")
    assert "AWS does not know the access key" in result["msg"]
    assert "wrong-secret" not in str(result)


def test_missing_capabilities_name_the_option(refuse: t.Any) -> None:
    role = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]
"""
    assert "option capabilities" in refuse(template_body=role, capabilities=[])["msg"]

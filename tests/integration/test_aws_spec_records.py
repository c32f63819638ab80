# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How aws_spec reads: in batches, once, page by page; and what it says when it cannot."""

from __future__ import annotations

import json
import threading
import time
import typing as t

import boto3
import pytest
from botocore.stub import Stubber
from integration import aws_spec_resources as resources
from integration.aws_spec_testing import Check, Spec, check


@pytest.fixture
def spec(aws: t.Any) -> Spec:
    return Spec(lambda service, region: aws.client(service, region or "us-east-1"))


def got(spec: Spec, one: Check) -> tuple[str, str]:
    """The status of a check and what was found."""
    outcome = spec.run([one])[0]
    return outcome["status"], outcome["checks"][0]["got"]


def instances(aws: t.Any, names: t.Sequence[str]) -> list[str]:
    made = []
    for name in names:
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        run = aws.client("ec2").run_instances(
            ImageId=resources.IMAGE, MinCount=1, MaxCount=1, InstanceType="t3.micro", TagSpecifications=tags
        )
        made.append(run["Instances"][0]["InstanceId"])
    return made


def test_names_of_a_type_are_read_in_one_request(aws: t.Any, spec: Spec) -> None:
    names = [f"web{number}" for number in range(10)]
    instances(aws, names)
    checks = [check("ec2_instance", name, word) for name in [*names, "web99"] for word in ("exist", "be_running")]
    statuses = [outcome["status"] for outcome in spec.run(checks)]
    assert statuses == ["passed"] * 20 + ["failed", "error"]
    assert spec.records.api_calls == {"ec2.DescribeInstances": 1}
    assert spec.records.permissions == {"ec2:DescribeInstances"}


def test_ids_and_names_need_a_request_each(aws: t.Any, spec: Spec) -> None:
    ids = instances(aws, ["a", "b"])
    assert spec.unexpected("passed", [check("ec2_instance", name, "be_running") for name in [*ids, "a", "b"]]) == []
    assert spec.records.api_calls == {"ec2.DescribeInstances": 2}


def test_an_absent_name_does_not_fail_the_others(aws: t.Any, spec: Spec) -> None:
    resources.elb(aws)
    outcomes = spec.run([check("elb", name, "exist") for name in ("web", "other", "third")])
    assert [outcome["status"] for outcome in outcomes] == ["passed", "failed", "failed"]


def test_all_pages_are_read(aws: t.Any, spec: Spec) -> None:
    for number in range(120):
        aws.client("sns").create_topic(Name=f"topic{number:03}")
    assert got(spec, check("sns_topic", "topic119", "exist"))[0] == "passed"
    assert spec.records.api_calls["sns.ListTopics"] == 2


def test_more_names_than_fit_one_request(aws: t.Any, spec: Spec) -> None:
    resources.launch_configuration(aws)
    for number in range(60):
        aws.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=f"g{number}",
            MinSize=0,
            MaxSize=0,
            LaunchConfigurationName="web",
            AvailabilityZones=["us-east-1a"],
        )
    checks = [check("auto_scaling_group", f"g{number}", "have_max_size", {"value": 0}) for number in range(60)]
    assert spec.unexpected("passed", checks) == []


def test_two_of_one_name_are_an_error_that_lists_them(aws: t.Any, spec: Spec) -> None:
    ids = sorted(instances(aws, ["web", "web"]))
    for word in ("exist", "be_running"):
        for negated in (False, True):
            status, found = got(spec, check("ec2_instance", "web", word, negated=negated))
            assert status == "error"
            assert f"2 of ec2 instance are called web: {', '.join(ids)}" in found


def test_filters_narrow_a_name_and_replace_it(aws: t.Any, spec: Spec) -> None:
    first, second = instances(aws, ["web", "web"])
    aws.client("ec2").create_tags(Resources=[second], Tags=[{"Key": "env", "Value": "prod"}])
    filters = {"tag:env": "prod"}
    for name in ("web", None):
        found = check("ec2_instance", name, "eq", {"value": second}, its="instance_id", filters=filters)
        assert got(spec, found)[0] == "passed"
    assert got(spec, check("ec2_instance", None, "exist", filters={"tag:env": "dev"}))[0] == "failed"
    assert first != second


def test_the_name_of_a_terminated_instance_is_free(aws: t.Any, spec: Spec) -> None:
    gone, there = instances(aws, ["web", "web"])
    aws.client("ec2").terminate_instances(InstanceIds=[gone])
    assert got(spec, check("ec2_instance", "web", "eq", {"value": there}, its="instance_id"))[0] == "passed"
    assert got(spec, check("ec2_instance", gone, "be_terminated"))[0] == "passed"


def test_every_region_has_its_own(aws: t.Any, spec: Spec) -> None:
    aws.client("ec2", "eu-west-1").create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=resources.tagged("vpc"))
    assert got(spec, check("vpc", "main", "exist"))[0] == "failed"
    assert got(spec, check("vpc", "main", "exist", region="eu-west-1"))[0] == "passed"


def test_wrong_credentials_are_no_absence(aws: t.Any) -> None:
    spec = Spec(lambda service, region: aws.client(service, access_key="AKIANOTHERE"))
    for kind in ("vpc", "iam_role", "s3_bucket", "sqs_queue", "ecs_cluster"):
        status, found = got(spec, check(kind, "main", "exist", negated=True))
        assert status == "error", (kind, found)


def refusing(operation: str, code: str, service: str = "ec2") -> Spec:
    client = boto3.client(service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    stubber = Stubber(client)
    stubber.add_client_error(operation, code, "You are not authorized to perform this operation.", 403)
    stubber.activate()
    return Spec(lambda _service, _region: client)


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AccessDenied"])
def test_a_missing_permission_is_an_error_that_names_it(code: str) -> None:
    spec = refusing("describe_vpcs", code)
    first, second = spec.run([check("vpc", "main", "exist"), check("vpc", "other", "exist", negated=True)])
    assert (first["status"], second["status"]) == ("error", "error")
    assert "do not allow ec2:DescribeVpcs" in first["checks"][0]["got"]
    assert spec.records.permissions == {"ec2:DescribeVpcs"}


def test_iam_decides_what_is_allowed(aws: t.Any) -> None:
    resources.iam_role(aws)
    client = boto3.client("iam", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    stubber = Stubber(client)
    role = {**aws.client("iam").get_role(RoleName="app")["Role"], "AssumeRolePolicyDocument": resources.ROLE}
    for decision in ("allowed", "implicitDeny"):
        results = [{"EvalActionName": "s3:GetObject", "EvalDecision": decision}]
        stubber.add_response("get_role", {"Role": dict(role)}, {"RoleName": "app"})
        expected = {"PolicySourceArn": role["Arn"], "ActionNames": ["s3:GetObject"], "ResourceArns": ["*"]}
        stubber.add_response("simulate_principal_policy", {"EvaluationResults": results}, expected)
    stubber.activate()
    spec = Spec(lambda _service, _region: client)
    asked = check("iam_role", "app", "be_allowed_action", {"action": ["s3:GetObject"], "resource": ["*"]})
    assert got(spec, asked) == ("passed", "allowed")
    spec.records.forget()
    assert got(spec, asked) == ("failed", "s3:GetObject is implicitDeny")


def test_an_endpoint_without_the_simulator(aws: t.Any, spec: Spec) -> None:
    resources.iam_role(aws)
    for negated in (False, True):
        status, found = got(spec, check("iam_role", "app", "be_allowed_action", {"action": ["s3:*"]}, negated=negated))
        assert status == "error"
        assert "iam:SimulatePrincipalPolicy" in found


def test_an_endpoint_that_is_down_is_told_once_and_soon() -> None:
    spec = Spec(
        lambda service, _region: boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url="http://127.0.0.1:9",
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )
    )
    started = time.monotonic()
    outcomes = spec.run([check(kind, "main", "exist", negated=True) for kind in ("vpc", "subnet", "ami", "ebs_volume")])
    assert {outcome["status"] for outcome in outcomes} == {"error"}
    assert "cannot be reached" in outcomes[-1]["checks"][0]["got"]
    assert time.monotonic() - started < 12


def test_eventually_reads_anew(aws: t.Any, spec: Spec) -> None:
    resources.vpc(aws)

    def later() -> None:
        time.sleep(0.4)
        made = aws.client("ec2").create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        aws.client("ec2").create_tags(Resources=[made], Tags=[{"Key": "Name", "Value": "late"}])

    thread = threading.Thread(target=later)
    thread.start()
    outcome = spec.run([check("vpc", "late", "be_available")], {"timeout": 10, "delay": 0.2})[0]
    thread.join()
    assert outcome["status"] == "passed"


def test_a_relation_to_nothing_is_an_error(aws: t.Any, spec: Spec) -> None:
    resources.security_group(aws)
    for negated in (False, True):
        asked = check("security_group", "web", "belong_to_vpc", {"name": "typo"}, negated=negated)
        assert got(spec, asked) == ("error", "no such vpc: typo")


def test_a_failure_names_things_as_people_do(aws: t.Any, spec: Spec) -> None:
    resources.security_group(aws)
    other = aws.client("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    status, found = got(spec, check("security_group", "web", "belong_to_vpc", {"name": other}))
    assert status == "failed"
    assert found.startswith("vpc-")
    assert found.endswith("(main)")
    rules = check("security_group", "web", "have_ingress_rules", {"rules": ["tcp 443 0.0.0.0/0", "tcp 22 10.0.0.0/8"]})
    assert "missing tcp 22 10.0.0.0/8; extra tcp 8000-8080 sg-" in got(spec, rules)[1]


@pytest.mark.parametrize("text", ["hunter2", "aHVudGVyMg"])
def test_user_data_is_never_told(aws: t.Any, spec: Spec, text: str) -> None:
    for kind in ("ec2_instance", "launch_template", "launch_configuration"):
        name = resources.MAKERS[kind](aws)
        asked = [
            check(kind, name, "have_user_data", {"text": "other"}),
            check(kind, name, "be_null", its="user_data"),
            check(kind, name, "be_null", its="UserData"),
            check(kind, name, "be_null", its="data" if kind == "launch_template" else "tags"),
        ]
        assert text not in json.dumps(spec.run(asked))


def test_a_secure_string_is_never_read(aws: t.Any, spec: Spec) -> None:
    aws.client("ssm").put_parameter(Name="password", Value="hunter2", Type="SecureString")
    status, found = got(spec, check("ssm_parameter", "password", "eq", {"value": "hunter2"}, its="value"))
    assert (status, found) == ("error", "the value of a SecureString is never read")
    assert "ssm.GetParameter" not in spec.records.api_calls


def test_properties(aws: t.Any, spec: Spec) -> None:
    resources.ec2_instance(aws)
    status, found = got(spec, check("ec2_instance", "main", "be_null", its="instance_tipe"))
    assert status == "error"
    assert "similar: instance_type" in found
    assert got(spec, check("ec2_instance", "main", "be_null", its="kernel_id", negated=True))[0] in ("passed", "failed")
    assert got(spec, check("ec2_instance", "main", "be_null", its="outpost_arn"))[0] == "passed"
    assert got(spec, check("ec2_instance", "main", "eq", {"value": "x"}, its="tags.ENV"))[0] == "error"


def test_subnets_of_a_vpc(aws: t.Any, spec: Spec) -> None:
    resources.vpc(aws)
    both = {"blocks": ["10.0.0.0/24", "10.0.1.0/24"]}
    passing = [
        check("vpc", "main", "have_cidr_blocks", both, its="subnets"),
        check("vpc", "main", "be_evenly_split_across_az", {"zones": 2}, its="subnets"),
        check("vpc", "main", "have_cidr_blocks", {"blocks": ["10.0.0.0/24"]}, its="public_subnets"),
        check("vpc", "main", "have_cidr_blocks", {"blocks": ["10.0.1.0/24"]}, its="private_subnets"),
        check("vpc", "main", "be_empty", its="natted_subnets"),
        check("vpc", "main", "be_empty", its="nats"),
        check("vpc", "main", "be_empty", its="public_ec2_instances"),
        check("vpc", "main", "have_cidr_blocks", both, its="public_subnets", negated=True),
    ]
    assert spec.unexpected("passed", passing) == []
    assert got(spec, check("vpc", "main", "have_cidr_blocks", both, its="tags"))[0] == "error"


def test_arns_and_other_names(aws: t.Any, spec: Spec) -> None:
    role = resources.iam_role(aws)
    arn = aws.client("iam").get_role(RoleName=role)["Role"]["Arn"]
    resources.ecs_service(aws)
    resources.kms_key(aws)
    passing = [
        check("iam_role", arn, "have_policy_with_name", {"name": "read-config"}),
        check("iam_role", arn.replace("123456789012", "999999999999"), "exist", negated=True),
        check("ecs_service", "app", "exist", cluster="ci"),
        check("ecs_service", "app", "exist", negated=True),
        check("ecs_service", "nowhere/app", "exist", negated=True),
        check("kms_key", "alias/app", "be_enabled"),
    ]
    assert spec.unexpected("passed", passing) == []

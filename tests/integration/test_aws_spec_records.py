# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How aws_spec reads: in batches, once, page by page; whom it takes for the subject; and what it never tells."""

from __future__ import annotations

import json
import threading
import time
import typing as t

import pytest
from aws_spec_tables import Spec
from integration.aws_spec_resources import MAKERS, delivery, identity, network, storage
from integration.aws_spec_resources.common import IMAGE, tagged

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Defaults


@pytest.fixture
def spec(aws: t.Any) -> Spec:
    return Spec(lambda service, region: aws.client(service, region or "us-east-1"))


def statuses(spec: Spec, nodes: list[dict[str, t.Any]]) -> list[str]:
    return [outcome["status"] for outcome in spec.run(nodes)]


def named(kind: str, name: str) -> list[dict[str, t.Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def instances(aws: t.Any, names: t.Sequence[str]) -> list[str]:
    made = []
    for name in names:
        one = {"MinCount": 1, "MaxCount": 1, "TagSpecifications": named("instance", name)}
        run = aws.client("ec2").run_instances(ImageId=IMAGE, InstanceType="t3.micro", **one)
        made.append(run["Instances"][0]["InstanceId"])
    return made


def test_names_of_a_type_are_read_in_one_request(aws: t.Any, spec: Spec) -> None:
    names = [f"web{number}" for number in range(10)]
    instances(aws, names)
    nodes = [{"expect": {"ec2_instance": [*names, "web99"]}, "to": word} for word in ("exist", "be_running")]
    assert statuses(spec, nodes) == ["passed"] * 10 + ["failed"] + ["passed"] * 10 + ["error"]
    assert spec.records.api_calls == {"ec2.DescribeInstances": 1}
    assert spec.records.permissions == {"ec2:DescribeInstances"}


def test_ids_and_names_need_a_request_each(aws: t.Any, spec: Spec) -> None:
    ids = instances(aws, ["a", "b"])
    assert statuses(spec, [{"expect": {"ec2_instance": [*ids, "a", "b"]}, "to": "be_running"}]) == ["passed"] * 4
    assert spec.records.api_calls == {"ec2.DescribeInstances": 2}


def many(aws: t.Any) -> dict[str, t.Any]:
    """Ten subnets, groups, instances and buckets, and the VPC of the first two."""
    ec2, names = aws.client("ec2"), [f"name{number}" for number in range(10)]
    vpc = network.id_of_vpc(aws)
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"] for number in range(2, 12)]
    groups = [ec2.create_security_group(GroupName=name, Description="x", VpcId=vpc)["GroupId"] for name in names]
    for name in names:
        aws.client("s3").create_bucket(Bucket=name)
    return {
        "vpc": vpc,
        "subnet": [subnet["SubnetId"] for subnet in subnets],
        "security_group": groups,
        "ec2_instance": instances(aws, names),
        "s3_bucket": names,
    }


def test_hundred_expectations_need_few_requests(aws: t.Any, spec: Spec) -> None:
    """One request for each expectation would be 100."""
    made = many(aws)

    def of(kind: str) -> dict[str, t.Any]:
        return {"expect": {kind: made[kind]}}

    of_vpc = {"state": "available", "is_default": False, "vpc_id": made["vpc"], "tags.env": "test"}
    of_vpc.update({"cidr_block": "10.0.0.0/16", "instance_tenancy": "default"})
    nodes = [
        {**of("ec2_instance"), "its": {"instance_type": "t3.micro", "image_id": IMAGE, "state.name": "running"}},
        {**of("security_group"), "not_to": {"be_inbound_opened": 22}},
        {**of("security_group"), "to": {"belong_to_vpc": made["vpc"]}},
        {**of("security_group"), "its": {"description": "x"}},
        {**of("subnet"), "to": "be_available"},
        {**of("subnet"), "its": {"vpc_id": made["vpc"]}},
        {**of("vpc"), "its": of_vpc},
        *({**of("vpc"), "to": word} for word in ("exist", "be_available", "be_default_tenancy", {"have_tag": "env"})),
        {**of("s3_bucket"), "not_to": "be_versioned"},
    ]
    assert statuses(spec, nodes) == ["passed"] * 100
    assert spec.records.api_calls == {
        "ec2.DescribeInstances": 1,
        "ec2.DescribeSecurityGroups": 1,
        "ec2.DescribeSubnets": 1,
        "ec2.DescribeVpcs": 1,
        "s3.GetBucketVersioning": 10,
    }


def test_an_absent_name_does_not_fail_the_others(aws: t.Any, spec: Spec) -> None:
    MAKERS["elb"](aws)
    assert statuses(spec, [{"expect": {"elb": ["web", "b", "c"]}, "to": "exist"}]) == ["passed", "failed", "failed"]


def test_all_pages_are_read(aws: t.Any, spec: Spec) -> None:
    for number in range(120):
        aws.client("sns").create_topic(Name=f"topic{number:03}")
    assert spec.told({"expect": {"sns_topic": "topic119"}, "to": "exist"})[0] == "passed"
    assert spec.records.api_calls["sns.ListTopics"] == 2


def test_more_names_than_fit_one_request(aws: t.Any, spec: Spec) -> None:
    MAKERS["launch_configuration"](aws)
    names = [f"g{number}" for number in range(60)]
    for name in names:
        aws.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=0,
            LaunchConfigurationName="web",
            AvailabilityZones=["us-east-1a"],
        )
    assert statuses(spec, [{"expect": {"auto_scaling_group": names}, "to": {"have_max_size": 0}}]) == ["passed"] * 60


@pytest.mark.parametrize("expected", ["to", "not_to"])
@pytest.mark.parametrize("word", ["exist", "be_running"])
def test_two_of_one_name_are_an_error_that_lists_them(aws: t.Any, spec: Spec, word: str, expected: str) -> None:
    ids = sorted(instances(aws, ["web", "web"]))
    status, found = spec.told({"expect": {"ec2_instance": "web"}, expected: word})
    assert status == "error"
    assert f"2 of ec2 instance are called web: {', '.join(ids)}" in found


def test_filters_narrow_a_name_and_replace_it(aws: t.Any, spec: Spec) -> None:
    _first, second = instances(aws, ["web", "web"])
    aws.client("ec2").create_tags(Resources=[second], Tags=[{"Key": "env", "Value": "prod"}])
    for subject in ({"name": "web", "filters": {"tag:env": "prod"}}, {"filters": {"tag:env": "prod"}}):
        found = spec.told({"expect": {"ec2_instance": subject}, "its": {"instance_id": second}})
        assert found[0] == "passed"
    nobody = {"ec2_instance": {"filters": {"tag:env": "dev"}}}
    assert spec.told({"expect": nobody, "to": "exist"}) == ("failed", "no such ec2 instance")


def test_defaults_narrow_all_names(aws: t.Any) -> None:
    first = network.id_of_vpc(aws)
    other = {"CidrBlock": "10.9.0.0/16", "TagSpecifications": named("vpc", "other")}
    second = aws.client("ec2").create_vpc(**other)["Vpc"]["VpcId"]
    for vpc, env in ((first, "prod"), (second, "test")):
        tags = [{"ResourceType": "security-group", "Tags": [{"Key": "env", "Value": env}]}]
        group = {"GroupName": "web", "Description": env, "VpcId": vpc, "TagSpecifications": tags}
        identity = aws.client("ec2").create_security_group(**group)["GroupId"]

    def told(defaults: Defaults, name: str = "web") -> tuple[str, str]:
        spec = Spec(lambda service, region: aws.client(service, region or "us-east-1"), defaults)
        return spec.told({"expect": {"security_group": name}, "its": {"description": "test"}})

    assert told(Defaults())[0] == "error"
    for defaults in (Defaults(vpc="other"), Defaults(vpc=second), Defaults({"env": "test"})):
        assert told(defaults) == ("passed", "'test'")
    assert told(Defaults({"env": "prod"}, vpc="other")) == ("error", "no such security group: web")
    assert told(Defaults({"env": "prod"}), identity)[0] == "passed"
    assert told(Defaults(vpc="nowhere")) == ("error", "no VPCs are called nowhere (option defaults)")


def test_an_image_is_one_of_our_own_unless_owners_are_named(aws: t.Any, spec: Spec) -> None:
    """Everybody can give an image any name and make it public."""
    public = aws.client("ec2").describe_images(ImageIds=[IMAGE])["Images"][0]
    filters = {"name": public["Name"]}
    nodes = [
        {"expect": {"ami": public["Name"]}, "to": "exist"},
        {"expect": {"ami": {"filters": filters}}, "to": "exist"},
        {"expect": {"ami": {"filters": filters, "owners": [public["OwnerId"]]}}, "to": "exist"},
        {"expect": {"ami": IMAGE}, "to": "exist"},
    ]
    assert statuses(spec, nodes) == ["failed", "failed", "passed", "passed"]


def test_the_name_of_a_terminated_instance_is_free(aws: t.Any, spec: Spec) -> None:
    gone, there = instances(aws, ["web", "web"])
    aws.client("ec2").terminate_instances(InstanceIds=[gone])
    nodes = [
        {"expect": {"ec2_instance": "web"}, "its": {"instance_id": there}},
        {"expect": {"ec2_instance": gone}, "to": "be_terminated"},
    ]
    assert statuses(spec, nodes) == ["passed", "passed"]


def test_every_region_has_its_own(aws: t.Any, spec: Spec) -> None:
    aws.client("ec2", "eu-west-1").create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tagged("vpc"))
    nodes = [
        {"expect": {"vpc": "main"}, "to": "exist"},
        {"expect": {"vpc": "main"}, "to": "exist", "region": "eu-west-1"},
        {"expect": {"vpc": {"name": "main", "region": "eu-west-1"}}, "to": "exist"},
    ]
    assert statuses(spec, nodes) == ["failed", "passed", "passed"]


# type: the ARN of what its maker makes, where the account, the region and the name are as there
ARNS = {
    "vpc": "arn:aws:ec2:us-east-1:123456789012:vpc/{id}",
    "s3_bucket": "arn:aws:s3:::logs",
    "iam_role": "arn:aws:iam::123456789012:role/app",
    "iam_policy": "arn:aws:iam::123456789012:policy/read",
    "instance_profile": "arn:aws:iam::123456789012:instance-profile/app",
    "ecr_repository": "arn:aws:ecr:us-east-1:123456789012:repository/app",
    "log_group": "arn:aws:logs:us-east-1:123456789012:log-group:/app/web:*",
    "codepipeline": "arn:aws:codepipeline:us-east-1:123456789012:app",
    "codebuild_project": "arn:aws:codebuild:us-east-1:123456789012:project/app",
    "lambda_function": "arn:aws:lambda:us-east-1:123456789012:function:app",
    "sns_topic": "arn:aws:sns:us-east-1:123456789012:alerts",
    "sqs_queue": "arn:aws:sqs:us-east-1:123456789012:jobs.fifo",
    "swf_domain": "arn:aws:swf:us-east-1:123456789012:/domain/orders",
    "cloudtrail_trail": "arn:aws:cloudtrail:us-east-1:123456789012:trail/audit",
    "rds_instance": "arn:aws:rds:us-east-1:123456789012:db:orders",
    "ecs_cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/ci",
    "ecs_service": "arn:aws:ecs:us-east-1:123456789012:service/ci/app",
    "ecs_task_definition": "arn:aws:ecs:us-east-1:123456789012:task-definition/app:1",
    "cloudwatch_alarm": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:busy",
}


@pytest.mark.parametrize("kind", ARNS)
def test_subjects_by_arn(aws: t.Any, spec: Spec, kind: str) -> None:
    MAKERS[kind](aws)
    arn = ARNS[kind].format(id=network.id_of_vpc(aws) if kind == "vpc" else "")
    assert spec.told({"expect": {kind: arn}, "to": "exist"})[0] == "passed"


def test_other_names(aws: t.Any, spec: Spec) -> None:
    identity.iam_role(aws)
    delivery.ecs_service(aws)
    storage.kms_key(aws)
    passing = [
        {"expect": {"iam_role": "arn:aws:iam::999999999999:role/app"}, "not_to": "exist"},
        {"expect": {"ecs_service": {"name": "app", "cluster": "ci"}}, "to": "exist"},
        {"expect": {"ecs_service": ["app", "nowhere/app"]}, "not_to": "exist"},
        {"expect": {"kms_key": "alias/app"}, "to": "be_enabled"},
    ]
    assert set(statuses(spec, passing)) == {"passed"}


def test_a_version_of_a_launch_template(aws: t.Any, spec: Spec) -> None:
    MAKERS["launch_template"](aws)
    latest = {"launch_template": {"name": "web", "version": "$Latest"}}
    nodes = [{"expect": latest, "its": {"data.instance_type": "t3.large"}}, {"expect": latest, "to": "have_user_data"}]
    assert statuses(spec, nodes) == ["passed", "passed"]


def test_eventually_reads_anew(aws: t.Any, spec: Spec) -> None:
    def later() -> None:
        time.sleep(0.4)
        aws.client("ec2").create_vpc(CidrBlock="10.7.0.0/16", TagSpecifications=tagged("vpc"))

    thread = threading.Thread(target=later)
    thread.start()
    eventually = {"timeout": 10, "delay": 0.2}
    assert statuses(spec, [{"expect": {"vpc": "main"}, "to": "be_available", "eventually": eventually}]) == ["passed"]
    thread.join()


@pytest.mark.parametrize("kind", ["vpc", "s3_bucket", "ecs_cluster", "lambda_function", "dynamodb_table"])
def test_several_tags(aws: t.Any, spec: Spec, kind: str) -> None:
    subject = {"expect": {kind: MAKERS[kind](aws)}}
    expected = [
        ({"env": "test"}, "passed"),
        ({}, "passed"),
        ({"env": "test", "more": "x"}, "failed"),
        ({"env": "prod"}, "failed"),
    ]
    assert [spec.told({**subject, "to": {"have_tags": tags}})[0] for tags, _status in expected] == [
        status for _tags, status in expected
    ]


def test_a_relation_to_nothing_is_an_error(aws: t.Any, spec: Spec) -> None:
    network.security_group(aws)
    for expected in ("to", "not_to"):
        asked = {"expect": {"security_group": "web"}, expected: {"belong_to_vpc": "typo"}}
        assert spec.told(asked) == ("error", "no such vpc: typo")


def test_a_failure_names_things_as_people_do(aws: t.Any, spec: Spec) -> None:
    network.security_group(aws)
    other = aws.client("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    status, found = spec.told({"expect": {"security_group": "web"}, "to": {"belong_to_vpc": other}})
    assert status == "failed"
    assert found.startswith("vpc-")
    assert found.endswith("(main)")
    rules = [{"port": 443, "cidr": "0.0.0.0/0"}, {"port": 22, "cidr": "10.0.0.0/8"}]
    found = spec.told({"expect": {"security_group": "web"}, "to": {"have_ingress_rules": rules}})[1]
    assert "missing tcp 22 10.0.0.0/8; extra tcp 8000-8080 sg-" in found


@pytest.mark.parametrize("secret", ["hunter2", "aHVudGVyMg"])
@pytest.mark.parametrize("kind", ["ec2_instance", "launch_template", "launch_configuration"])
def test_user_data_is_never_told(aws: t.Any, spec: Spec, kind: str, secret: str) -> None:
    subject = {"expect": {kind: MAKERS[kind](aws)}}
    nodes = [{**subject, "its": path, "to": "be_null"} for path in ("user_data", "UserData", "data", "tags")]
    nodes.append({**subject, "not_to": "have_user_data"})
    assert secret not in json.dumps(spec.run(nodes))


def test_environment_variables_of_a_function_are_told_by_name(aws: t.Any, spec: Spec) -> None:
    subject = {"expect": {"lambda_function": delivery.lambda_function(aws)}}
    wrong = {**subject, "to": {"have_env_var": {"name": "TOKEN", "value": "other"}}}
    absent = {**subject, "to": {"have_env_var": "OTHER"}}
    assert [spec.told(node) for node in (wrong, absent)] == [
        ("failed", "TOKEN has another value"),
        ("failed", "the variables LEVEL, TOKEN"),
    ]


def test_a_secure_string_is_never_read(aws: t.Any, spec: Spec) -> None:
    aws.client("ssm").put_parameter(Name="password", Value="hunter2", Type="SecureString")
    found = spec.told({"expect": {"ssm_parameter": "password"}, "its": {"value": "hunter2"}})
    assert found == ("error", "the value of a SecureString is never read")
    assert "ssm.GetParameter" not in spec.records.api_calls


def test_properties(aws: t.Any, spec: Spec) -> None:
    MAKERS["ec2_instance"](aws)
    subject = {"expect": {"ec2_instance": "main"}}
    status, found = spec.told({**subject, "its": "instance_tipe", "to": "be_null"})
    assert status == "error"
    assert "similar: instance_type" in found
    assert spec.told({**subject, "its": "outpost_arn", "to": "be_null"})[0] == "passed"
    assert spec.told({**subject, "its": {"tags.ENV": "x"}})[0] == "error"
    wrong = {**subject, "its": "tags", "to": {"have_cidr_blocks": "10.0.0.0/24"}}
    assert spec.told(wrong)[0] == "error"


def test_a_value_of_the_play(spec: Spec) -> None:
    assert statuses(spec, [{"expect": {"value": [1, 2]}, "to": {"include": 2}}]) == ["passed"]
    assert spec.records.api_calls == {}

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server around moto: errors, keys, the request log, and the repairs of single services."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("cloudformation", "cancel_update_stack", {"StackName": "x"}, "InvalidAction"),
        ("iam", "simulate_custom_policy", {"PolicyInputList": ["{}"], "ActionNames": ["s3:Get"]}, "InvalidAction"),
        ("ec2", "describe_fast_launch_images", {}, "InvalidAction"),
        ("gamelift", "describe_fleet_events", {"FleetId": "fleet-1"}, "UnknownOperationException"),
        ("eks", "describe_addon_versions", {}, "UnknownOperationException"),
        ("efs", "describe_replication_configurations", {}, "UnknownOperationException"),
        (
            "ecs",
            "execute_command",
            {"cluster": "a", "command": "b", "interactive": True, "task": "c"},
            "UnknownOperationException",
        ),
    ],
)
def test_a_missing_operation_is_an_error_of_the_service(aws, service, operation, arguments, code):
    with pytest.raises(ClientError) as refused:
        getattr(aws.client(service), operation)(**arguments)
    assert refused.value.response["Error"]["Code"] == code
    assert f"does not implement {service}:" in refused.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("cloudformation", "describe_stacks", "InvalidClientTokenId"),
        ("ecs", "list_clusters", "UnrecognizedClientException"),
        ("efs", "describe_file_systems", "UnrecognizedClientException"),
        ("s3", "list_buckets", "InvalidAccessKeyId"),
    ],
)
def test_an_unknown_access_key_is_refused(aws, service, operation, code):
    with pytest.raises(ClientError) as refused:
        getattr(aws.client(service, access_key="AKIAUNKNOWNUNKNOWN00"), operation)()
    assert refused.value.response["Error"]["Code"] == code


def test_a_key_that_iam_gave_out_is_known(aws):
    aws.client("iam").create_user(UserName="bob")
    key = aws.client("iam").create_access_key(UserName="bob")["AccessKey"]["AccessKeyId"]
    assert aws.client("sts", access_key=key).get_caller_identity()["Arn"].endswith("user/bob")


def test_the_log_tells_reads_from_writes_with_their_parameters(aws):
    aws.client("ec2").describe_vpcs()
    aws.client("sns").create_topic(Name="news")
    aws.client("efs").create_file_system(CreationToken="abc", Encrypted=True)
    assert [(entry["service"], entry["operation"], entry["kind"]) for entry in aws.log()] == [
        ("ec2", "DescribeVpcs", "read"),
        ("sns", "CreateTopic", "write"),
        ("efs", "CreateFileSystem", "write"),
    ]
    assert aws.log("write")[0]["parameters"] == {"Name": "news"}
    assert aws.log("write")[1]["parameters"]["Encrypted"] is True
    assert aws.log()[0]["account"] == "123456789012"


def test_refused_requests_are_logged_with_their_status(aws):
    with pytest.raises(ClientError):
        aws.client("ec2").delete_vpc(VpcId="vpc-missing")
    assert (aws.log()[0]["operation"], aws.log()[0]["status"]) == ("DeleteVpc", 400)


def test_the_log_holds_no_secret(aws):
    aws.client("secretsmanager").create_secret(Name="x", SecretString="very-secret")
    assert aws.log()[0]["parameters"] | {"ClientRequestToken": None} == {
        "Name": "x",
        "SecretString": "****",
        "ClientRequestToken": None,
    }


def test_calls_between_services_are_logged_apart(aws):
    aws.client("cloudformation").create_stack(StackName="x", TemplateBody="Resources: {A: {Type: AWS::SNS::Topic}}")
    aws.wait_for_stack("x")
    assert "CreateTopic" not in [entry["operation"] for entry in aws.log()]
    internal = [entry for entry in aws.log(internal=True) if entry["operation"] == "CreateTopic"]
    assert [entry["via"] for entry in internal] == ["cloudformation"]


def test_reset_forgets_everything(aws):
    aws.client("sns").create_topic(Name="news")
    aws.client("cloudformation").create_stack(StackName="x", TemplateBody="Resources: {A: {Type: AWS::SNS::Topic}}")
    aws.reset()
    assert aws.log() == []
    assert aws.client("sns").list_topics()["Topics"] == []
    assert aws.client("cloudformation").describe_stacks()["Stacks"] == []


def test_backup_policy_and_throughput_of_a_file_system(aws):
    efs = aws.client("efs")
    file_system = efs.create_file_system(CreationToken="t", Encrypted=True)["FileSystemId"]
    efs.put_backup_policy(FileSystemId=file_system, BackupPolicy={"Status": "ENABLED"})
    efs.update_file_system(FileSystemId=file_system, ThroughputMode="elastic")
    efs.tag_resource(ResourceId=file_system, Tags=[{"Key": "a", "Value": "b"}])
    assert efs.describe_tags(FileSystemId=file_system)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert efs.describe_backup_policy(FileSystemId=file_system)["BackupPolicy"]["Status"] == "ENABLED"
    assert efs.describe_file_systems()["FileSystems"][0]["ThroughputMode"] == "elastic"
    with pytest.raises(efs.exceptions.FileSystemNotFound):
        efs.put_backup_policy(FileSystemId="fs-00000000", BackupPolicy={"Status": "ENABLED"})


def test_an_object_that_is_missing_is_not_found_and_not_unknown(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="some-bucket")
    for ask in (lambda: s3.head_object(Bucket="some-bucket", Key="none"), lambda: s3.head_bucket(Bucket="no-bucket")):
        with pytest.raises(ClientError) as missing:
            ask()
        assert missing.value.response["Error"]["Code"] == "404"


@pytest.mark.parametrize(("scheme", "start"), [("internal", "internal-name-"), ("internet-facing", "name-")])
def test_names_of_classic_load_balancers(aws, scheme, start):
    elb = aws.client("elb", region="eu-west-1")
    listener = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}
    made = elb.create_load_balancer(
        LoadBalancerName="name", Listeners=[listener], Scheme=scheme, AvailabilityZones=["eu-west-1a"]
    )
    assert made["DNSName"].startswith(start)
    assert made["DNSName"].endswith(".eu-west-1.elb.amazonaws.com")


def test_a_service_keeps_its_options_and_is_steady(aws):
    ecs = aws.client("ecs")
    ecs.create_cluster(clusterName="c")
    container = {"name": "a", "image": "b", "memoryReservation": 64}
    ecs.register_task_definition(family="f", containerDefinitions=[container], requiresCompatibilities=["EC2"])
    options = {
        "deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 100},
        "healthCheckGracePeriodSeconds": 60,
    }
    ecs.create_service(cluster="c", serviceName="s", taskDefinition="f", desiredCount=1, **options)
    ecs.get_waiter("services_stable").wait(cluster="c", services=["s"], WaiterConfig={"Delay": 1, "MaxAttempts": 1})
    service = ecs.describe_services(cluster="c", services=["s"])["services"][0]
    assert {key: service[key] for key in options} == options


def test_a_listener_keeps_the_protocol_of_its_instances_and_the_zones_come_from_the_subnets(aws):
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]
    listener = {"Protocol": "SSL", "InstanceProtocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 80}
    elb = aws.client("elb")
    elb.create_load_balancer(LoadBalancerName="x", Listeners=[listener], Subnets=[subnet["SubnetId"]])
    shown = elb.describe_load_balancers()["LoadBalancerDescriptions"][0]
    assert shown["ListenerDescriptions"][0]["Listener"]["InstanceProtocol"] == "TCP"
    assert shown["AvailabilityZones"] == [subnet["AvailabilityZone"]]

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run Command: scripts that really run on instances."""

from __future__ import annotations

import time
from typing import Any

import pytest

from embedded_aws.pipelines import eventually
from embedded_aws.testing import code_of

IMAGE = "ami-12c6146b"


@pytest.fixture
def ssm(checked) -> Any:
    return checked("ssm")


@pytest.fixture
def box(launch) -> str:
    return launch()[0]


def send(ssm, instance: str | list[str], *lines: str, document: str = "AWS-RunShellScript", **options: Any) -> str:
    ids = [instance] if isinstance(instance, str) else instance
    parameters = {**({"commands": list(lines)} if lines else {}), **options.pop("Parameters", {})}
    where = {} if "Targets" in options else {"InstanceIds": ids}
    answer = ssm.send_command(DocumentName=document, Parameters=parameters, **where, **options)
    return answer["Command"]["CommandId"]


def invocation(ssm, command: str, instance: str, **options: Any) -> dict[str, Any]:
    return ssm.get_command_invocation(CommandId=command, InstanceId=instance, **options)


def shown(ssm, command: str) -> dict[str, Any]:
    return ssm.list_commands(CommandId=command)["Commands"][0]


def ended(ssm, command: str) -> dict[str, Any]:
    """The command once nothing of it lives any more."""
    living = ("Pending", "InProgress", "Cancelling")
    eventually(lambda: shown(ssm, command)["Status"] not in living, "the command has ended")
    return shown(ssm, command)


def run(ssm, instance: str, *lines: str, **options: Any) -> dict[str, Any]:
    command = send(ssm, instance, *lines, **options)
    ended(ssm, command)
    return invocation(ssm, command, instance)


@pytest.mark.parametrize(
    ("lines", "status", "code", "output", "errors"),
    [
        (["echo one", "echo two >&2"], "Success", 0, "one\n", "two\n"),
        (["echo one", "exit 3"], "Failed", 3, "one\n", ""),
        (["false", "echo still"], "Success", 0, "still\n", ""),
        (["#!/usr/bin/env python3", "print(1 + 1)"], "Success", 0, "2\n", ""),
        (["[[ -t 0 ]] || cat", "echo no input"], "Success", 0, "no input\n", ""),
        (['echo "$AWS_SSM_REGION_NAME"'], "Success", 0, "us-east-1\n", ""),
    ],
)
def test_a_script_runs_and_tells_its_outcome(ssm, box, lines, status, code, output, errors):
    found = run(ssm, box, *lines)
    assert (found["Status"], found["ResponseCode"]) == (status, code)
    assert (found["StandardOutputContent"], found["StandardErrorContent"]) == (output, errors)
    assert found["PluginName"] == "aws:runShellScript"
    assert found["ExecutionElapsedTime"].startswith("PT0.")


@pytest.mark.parametrize(("folder", "status", "output"), [("/usr", "Success", "/usr\n"), ("/none", "Failed", "")])
def test_a_script_starts_in_its_working_directory(ssm, box, folder, status, output):
    found = run(ssm, box, "pwd", Parameters={"workingDirectory": [folder]})
    assert (found["Status"], found["StandardOutputContent"]) == (status, output)


def test_a_script_calls_aws_as_the_role_of_its_instance(ssm, box):
    code = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    found = run(ssm, box, f'python -c "{code}"')
    assert found["StandardOutputContent"] == f"arn:aws:sts::123456789012:assumed-role/box/{box}\n"


def test_instances_have_homes_of_their_own_that_stay(launch, ssm):
    one, two = launch(count=2)
    run(ssm, one, "echo mine >~/note")
    assert run(ssm, one, "cat ~/note")["StandardOutputContent"] == "mine\n"
    assert run(ssm, two, "cat ~/note")["Status"] == "Failed"


def test_a_command_is_pending_then_in_progress_then_done(aws, ssm, box, tmp_path):
    aws.configure(ssm_delay=1.0)
    begun, gate = tmp_path / "begun", tmp_path / "gate"
    command = send(ssm, box, f"touch {begun}; until [[ -e {gate} ]]; do sleep 0.02; done")
    assert (shown(ssm, command)["Status"], invocation(ssm, command, box)["ResponseCode"]) == ("Pending", -1)
    eventually(begun.exists, "the script has begun")
    assert shown(ssm, command)["Status"] == invocation(ssm, command, box)["Status"] == "InProgress"
    gate.touch()
    assert ended(ssm, command)["Status"] == "Success"


def test_a_new_invocation_may_not_be_seen_at_once(aws, ssm, box):
    aws.configure(ssm_invisible=60)
    command = send(ssm, box, "true")
    assert code_of(ssm.get_command_invocation, CommandId=command, InstanceId=box) == "InvocationDoesNotExist"
    assert ssm.list_command_invocations(CommandId=command)["CommandInvocations"] == []
    aws.configure(ssm_invisible=0)
    assert invocation(ssm, command, box)["CommandId"] == command


def test_long_output_is_cut_where_aws_cuts_it(ssm, box):
    long = "printf 'x%.0s' $(seq 30000)"
    command = send(ssm, box, long, f"{long} >&2")
    ended(ssm, command)
    found = invocation(ssm, command, box)
    assert (len(found["StandardOutputContent"]), len(found["StandardErrorContent"])) == (24_000, 8_000)
    details = ssm.list_command_invocations(CommandId=command, Details=True)["CommandInvocations"][0]
    assert len(details["CommandPlugins"][0]["Output"]) == 2_500


def test_the_execution_timeout_ends_a_script(ssm, box, tmp_path):
    late = tmp_path / "late"
    options = {"Parameters": {"executionTimeout": ["1"]}}
    found = run(ssm, box, "echo begun", f"(sleep 2; touch {late}) & wait", **options)
    assert (found["Status"], found["StatusDetails"]) == ("TimedOut", "ExecutionTimedOut")
    assert (found["ResponseCode"], found["StandardOutputContent"]) == (137, "begun\n")
    time.sleep(1.5)
    assert not late.exists()


def test_a_command_is_cancelled_with_all_that_it_started(ssm, box, tmp_path):
    begun, late = tmp_path / "begun", tmp_path / "late"
    command = send(ssm, box, "echo begun", f"touch {begun}; (sleep 1; touch {late}) & wait")
    eventually(begun.exists, "the script has begun")
    ssm.cancel_command(CommandId=command)
    assert ended(ssm, command)["Status"] == "Cancelled"
    found = invocation(ssm, command, box)
    assert (found["Status"], found["StandardOutputContent"]) == ("Cancelled", "begun\n")
    time.sleep(1.2)
    assert not late.exists()
    ssm.cancel_command(CommandId=command)
    assert shown(ssm, command)["Status"] == "Cancelled"


def test_an_instance_that_does_not_answer_gets_its_command_late_or_never(aws, ssm, box):
    aws.configure(ssm_offline=[box], ssm_second=0.01)
    assert ssm.describe_instance_information()["InstanceInformationList"][0]["PingStatus"] == "ConnectionLost"
    command = send(ssm, box, "true", TimeoutSeconds=30)
    found = ended(ssm, command)
    assert (found["Status"], found["StatusDetails"], found["DeliveryTimedOutCount"]) == (
        "TimedOut",
        "DeliveryTimedOut",
        1,
    )
    aws.configure(ssm_second=1.0)
    command = send(ssm, box, "echo late")
    time.sleep(0.2)
    assert shown(ssm, command)["Status"] == "Pending"
    aws.configure(ssm_offline=[])
    assert ended(ssm, command)["Status"] == "Success"


def test_output_goes_to_s3_under_the_keys_of_aws(aws, ssm, box):
    aws.client("s3").create_bucket(Bucket="output")
    command = send(ssm, box, "echo out", "echo err >&2", OutputS3BucketName="output", OutputS3KeyPrefix="run/1")
    ended(ssm, command)
    start = f"run/1/{command}/{box}/awsrunShellScript/0.awsrunShellScript"
    found = [item["Key"] for item in aws.client("s3").list_objects_v2(Bucket="output")["Contents"]]
    assert found == [f"{start}/stderr", f"{start}/stdout"]
    assert aws.client("s3").get_object(Bucket="output", Key=f"{start}/stdout")["Body"].read() == b"out\n"
    assert invocation(ssm, command, box)["StandardOutputUrl"].endswith(f"/output/{start}/stdout")


@pytest.mark.parametrize("group", ["", "/own/group"])
def test_output_goes_to_cloudwatch_logs(aws, ssm, box, group):
    config = {"CloudWatchOutputEnabled": True, **({"CloudWatchLogGroupName": group} if group else {})}
    command = send(ssm, box, "echo out", CloudWatchOutputConfig=config)
    ended(ssm, command)
    where = group or "/aws/ssm/AWS-RunShellScript"
    events = aws.client("logs").filter_log_events(logGroupName=where)["events"]
    assert [(item["logStreamName"], item["message"]) for item in events] == [
        (f"{command}/{box}/aws-runShellScript/stdout", "out")
    ]
    assert invocation(ssm, command, box)["CloudWatchOutputConfig"]["CloudWatchLogGroupName"] == where


def test_instances_are_found_by_tag(launch, ssm):
    one = launch(stage="test", Name="first")[0]
    launch(stage="live")
    launch(profile="", stage="test")
    command = send(ssm, "", "true", Targets=[{"Key": "tag:stage", "Values": ["test"]}])
    assert ended(ssm, command)["TargetCount"] == 1
    found = ssm.list_command_invocations(CommandId=command)["CommandInvocations"]
    assert [(item["InstanceId"], item["InstanceName"]) for item in found] == [(one, "first")]
    nobody = ended(ssm, send(ssm, "", "true", Targets=[{"Key": "tag:stage", "Values": ["none"]}]))
    assert (nobody["Status"], nobody["StatusDetails"], nobody["TargetCount"]) == ("Success", "NoInstancesInTag", 0)


def test_after_too_many_errors_the_rest_is_not_tried(launch, ssm):
    boxes = launch(count=3)
    command = send(ssm, boxes, "exit 1", MaxConcurrency="1", MaxErrors="1")
    found = ended(ssm, command)
    assert (found["Status"], found["ErrorCount"], found["CompletedCount"]) == ("Failed", 2, 3)
    states = [item["StatusDetails"] for item in ssm.list_command_invocations(CommandId=command)["CommandInvocations"]]
    assert states == ["Failed", "Failed", "Terminated"]


def test_commands_are_listed_newest_first_and_filtered(ssm, box):
    first, second = send(ssm, box, "true"), send(ssm, box, "false")
    ended(ssm, first), ended(ssm, second)
    assert [item["CommandId"] for item in ssm.list_commands()["Commands"]] == [second, first]
    failed = ssm.list_commands(Filters=[{"key": "Status", "value": "Failed"}])["Commands"]
    assert [item["CommandId"] for item in failed] == [second]


def test_managed_instances_are_those_with_a_role(aws, launch, ssm):
    one = launch(stage="test")[0]
    launch(profile="")
    shown = ssm.describe_instance_information()["InstanceInformationList"]
    assert [(item["InstanceId"], item["PingStatus"]) for item in shown] == [(one, "Online")]
    none = ssm.describe_instance_information(Filters=[{"Key": "tag:stage", "Values": ["live"]}])
    assert none["InstanceInformationList"] == []
    aws.client("ec2").terminate_instances(InstanceIds=[one])
    assert ssm.describe_instance_information()["InstanceInformationList"] == []


@pytest.mark.parametrize("by", ["Name", "Arn"])
def test_the_profile_of_a_launch_template_reaches_the_instances_of_a_group(aws, ssm, box, by):
    profile = {"Name": "box", "Arn": "arn:aws:iam::123456789012:instance-profile/box"}[by]
    data = {"ImageId": IMAGE, "InstanceType": "t3.micro", "IamInstanceProfile": {by: profile}}
    aws.client("ec2").create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
    aws.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="g",
        LaunchTemplate={"LaunchTemplateName": "template"},
        MinSize=1,
        MaxSize=1,
        AvailabilityZones=["us-east-1a"],
        Tags=[{"Key": "role", "Value": "build", "PropagateAtLaunch": True}],
    )
    command = send(ssm, "", "true", Targets=[{"Key": "tag:role", "Values": ["build"]}])
    assert ended(ssm, command)["TargetCount"] == 1


NOBODY = "i-00000000000000000"
NO_COMMAND = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"DocumentName": "None"}, "InvalidDocument"),
        ({"DocumentVersion": "7"}, "InvalidDocumentVersion"),
        ({"InstanceIds": [NOBODY]}, "InvalidInstanceId"),
        ({"InstanceIds": []}, "ValidationException"),
        ({"Targets": [{"Key": "tag:a", "Values": ["b"]}]}, "ValidationException"),
        ({"Parameters": {}}, "InvalidParameters"),
        ({"Parameters": {"commands": []}}, "InvalidParameters"),
        ({"Parameters": {"commands": ["true"], "colour": ["red"]}}, "InvalidParameters"),
        ({"Parameters": {"commands": ["true"], "executionTimeout": ["soon"]}}, "InvalidParameters"),
        ({"Parameters": {"commands": ["true"], "workingDirectory": ["/a", "/b"]}}, "InvalidParameters"),
        ({"OutputS3BucketName": "none"}, "InvalidOutputFolder"),
        ({"Comment": "x" * 101}, "ValidationException"),
        ({"TimeoutSeconds": 3_000_000}, "ValidationException"),
    ],
)
def test_commands_that_aws_refuses(ssm, box, options, code):
    base = {"DocumentName": "AWS-RunShellScript", "InstanceIds": [box], "Parameters": {"commands": ["true"]}}
    assert code_of(ssm.send_command, **{**base, **options}) == code
    assert ssm.list_commands()["Commands"] == []


def test_an_instance_without_a_profile_or_twice_is_refused(launch, ssm, box):
    bare = launch(profile="")[0]
    base = {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}}
    assert code_of(ssm.send_command, **base, InstanceIds=[bare]) == "InvalidInstanceId"
    assert code_of(ssm.send_command, **base, InstanceIds=[box, box]) == "DuplicateInstanceId"


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("get_command_invocation", {"InstanceId": NOBODY, "CommandId": NO_COMMAND}, "InvocationDoesNotExist"),
        ("list_commands", {"CommandId": NO_COMMAND}, "InvalidCommandId"),
        ("cancel_command", {"CommandId": NO_COMMAND}, "InvalidCommandId"),
        ("describe_instance_information", {"Filters": [{"Key": "Nope", "Values": ["x"]}]}, "InvalidFilterKey"),
    ],
)
def test_questions_that_aws_refuses(ssm, box, operation, arguments, code):
    assert code_of(getattr(ssm, operation), **arguments) == code


def test_a_reset_ends_what_runs(aws, ssm, box, tmp_path):
    begun, late = tmp_path / "begun", tmp_path / "late"
    send(ssm, box, f"touch {begun}; sleep 1; touch {late}")
    eventually(begun.exists, "the script has begun")
    aws.reset()
    time.sleep(1.2)
    assert not late.exists()

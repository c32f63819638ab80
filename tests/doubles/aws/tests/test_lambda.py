# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lambda: functions whose code really runs."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws.pipelines import eventually
from embedded_aws.testing import code_of

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
ROLE = "arn:aws:iam::123456789012:role/runner"
HELLO = "def handler(event, context):\n    return {'hello': event['name']}\n"


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".py", text)
    return packed.getvalue()


@pytest.fixture
def create(aws) -> Any:
    """Makes a function called f from its code."""
    aws.client("iam").create_role(RoleName="runner", AssumeRolePolicyDocument=TRUST)

    def make(code: str, **options: Any) -> Any:
        given = {"Runtime": "python3.12", "Handler": "main.handler", "Code": {"ZipFile": zipped(main=code)}}
        aws.client("lambda").create_function(**{"FunctionName": "f", "Role": ROLE, **given, **options})
        return aws.client("lambda")

    return make


def invoke(client: Any, event: Any = None, **options: Any) -> dict[str, Any]:
    payload = {} if event is None else {"Payload": json.dumps(event)}
    answer = client.invoke(FunctionName="f", **payload, **options)
    text = answer["Payload"].read()
    return {**answer, "Payload": json.loads(text) if text else None}


def log_of(aws, name="f") -> list[str]:
    events = aws.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    return [event["message"] for event in events]


def test_the_code_runs_with_the_event(create):
    answer = invoke(create(HELLO), {"name": "Ann"})
    assert (answer["StatusCode"], answer["Payload"]) == (200, {"hello": "Ann"})
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer


def test_the_process_gets_the_environment_of_a_function(create):
    code = """
import os
def handler(event, context):
    names = ["COLOUR", "AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "_HANDLER", "HOME"]
    return {
        "environment": {name: os.environ.get(name) for name in names},
        "arn": context.invoked_function_arn,
        "left": context.get_remaining_time_in_millis(),
        "here": os.path.exists("main.py"),
    }
"""
    found = invoke(create(code, Timeout=20, Environment={"Variables": {"COLOUR": "red"}}))["Payload"]
    assert found["environment"] == {
        "COLOUR": "red",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_REGION": "us-east-1",
        "_HANDLER": "main.handler",
        "HOME": None,
    }
    assert found["arn"] == "arn:aws:lambda:us-east-1:123456789012:function:f"
    assert 15_000 < found["left"] <= 20_000
    assert found["here"]


def test_a_function_calls_the_embedded_aws_as_its_role(aws, create):
    code = """
import boto3
def handler(event, context):
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
    assert invoke(create(code, Timeout=60))["Payload"] == "arn:aws:sts::123456789012:assumed-role/runner/f"
    entry = next(entry for entry in aws.log() if entry["operation"] == "GetCallerIdentity")
    assert entry["account"] == "123456789012"


ERRORS = [
    ("def handler(event, context):\n    raise ValueError('no')", "ValueError", "no"),
    ("def handler(event, context):\n    return {1, 2}", "Runtime.MarshalError", "not JSON serializable"),
    ("import nowhere", "Runtime.ImportModuleError", "No module named 'nowhere'"),
    ("def handler(:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'main'"),
    ("x = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'main'"),
    ("import sys\ndef handler(event, context):\n    sys.exit(3)", "Runtime.ExitError", "exit status 3"),
    (
        "import time\ndef handler(event, context):\n    time.sleep(60)",
        "Sandbox.Timedout",
        "timed out after 1.00 seconds",
    ),
]


@pytest.mark.parametrize(("code", "kind", "message"), ERRORS, ids=[kind for _, kind, _ in ERRORS])
def test_what_goes_wrong_in_a_function_is_told_as_aws_does(create, code, kind, message):
    answer = invoke(create(code, Timeout=1))
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert answer["Payload"]["errorType"] == kind
    assert message in answer["Payload"]["errorMessage"]


def test_an_exception_comes_with_its_trace(create):
    payload = invoke(create("def handler(event, context):\n    raise ValueError('no')"))["Payload"]
    assert len(payload["stackTrace"]) == 1
    assert 'main.py", line 2, in handler' in payload["stackTrace"][0]
    assert payload["requestId"]


def test_what_a_function_prints_and_logs_is_in_cloudwatch_logs(aws, create):
    code = """
import logging
logging.getLogger().setLevel(logging.INFO)
def handler(event, context):
    print("printed")
    logging.info("logged")
"""
    answer = invoke(create(code), LogType="Tail")
    lines = log_of(aws)
    assert lines[0].startswith("START RequestId: ")
    assert lines[1] == "printed"
    assert lines[2].startswith("[INFO]\t")
    assert lines[2].endswith("\tlogged")
    assert lines[3].startswith("END RequestId: ")
    assert "\tBilled Duration: " in lines[4]
    assert base64.b64decode(answer["LogResult"]).decode().splitlines() == lines


def in_log(aws, start: str) -> None:
    """Wait for a line of the log."""

    def found() -> bool:
        groups = aws.client("logs").describe_log_groups()["logGroups"]
        return bool(groups) and any(line.startswith(start) for line in log_of(aws))

    eventually(found, f"a line starts with {start}")


def test_an_event_is_answered_at_once_and_runs_beside(aws, create, tmp_path):
    gate = tmp_path / "gate"
    code = f"""
import os, time
def handler(event, context):
    while not os.path.exists({str(gate)!r}):
        time.sleep(0.01)
    print('done', event['n'])
"""
    answer = invoke(create(code, Timeout=60), {"n": 1}, InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"]) == (202, None)
    gate.touch()
    in_log(aws, "done 1")


def test_an_event_that_fails_is_not_tried_again(aws, create):
    invoke(create("def handler(event, context):\n    raise ValueError('no')"), InvocationType="Event")
    in_log(aws, "REPORT")
    time.sleep(1)
    assert len([line for line in log_of(aws) if line.startswith("START")]) == 1


def test_a_dry_run_runs_nothing(aws, create):
    assert invoke(create(HELLO), InvocationType="DryRun")["StatusCode"] == 204
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_new_code_and_configuration_count_from_then_on(create):
    client = create(HELLO)
    client.publish_version(FunctionName="f")
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    client.update_function_code(FunctionName="f", ZipFile=zipped(other="def run(event, context):\n    return 2"))
    client.update_function_configuration(FunctionName="f", Handler="other.run", Environment={})
    assert invoke(client)["Payload"] == 2
    old = invoke(client, {"name": "Ann"}, Qualifier="live")
    assert (old["Payload"], old["ExecutedVersion"]) == ({"hello": "Ann"}, "1")


def test_a_function_keeps_its_settings_and_logs_where_it_is_told(aws, create):
    queue = "arn:aws:sqs:us-east-1:123456789012:dead"
    options = {
        "DeadLetterConfig": {"TargetArn": queue},
        "EphemeralStorage": {"Size": 1024},
        "LoggingConfig": {"LogGroup": "/own", "LogFormat": "Text"},
        "TracingConfig": {"Mode": "Active"},
    }
    client = create("def handler(event, context):\n    print('here')", **options)
    found = client.get_function_configuration(FunctionName="f")
    assert {key: found[key] for key in options} == options
    invoke(client)
    assert "here" in [event["message"] for event in aws.client("logs").filter_log_events(logGroupName="/own")["events"]]
    client.update_function_configuration(FunctionName="f", DeadLetterConfig={}, TracingConfig={"Mode": "PassThrough"})
    found = client.get_function_configuration(FunctionName="f")
    assert ("DeadLetterConfig" in found, found["TracingConfig"]["Mode"]) == (False, "PassThrough")


def test_code_comes_from_a_version_of_an_object(aws, create):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="code")
    s3.put_bucket_versioning(Bucket="code", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="code", Key="f.zip", Body=zipped(main=HELLO))["VersionId"]
    s3.put_object(Bucket="code", Key="f.zip", Body=zipped(main="broken"))
    client = create("", Code={"S3Bucket": "code", "S3Key": "f.zip", "S3ObjectVersion": first})
    assert invoke(client, {"name": "Ann"})["Payload"] == {"hello": "Ann"}


def test_layers_are_importable(aws, create):
    layer = {"ZipFile": zipped(python__shared="VALUE = 7")}
    arn = aws.client("lambda").publish_layer_version(LayerName="l", Content=layer)["LayerVersionArn"]
    code = "import shared\ndef handler(event, context):\n    return shared.VALUE"
    assert invoke(create(code, Layers=[arn]))["Payload"] == 7


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"Handler": ""}, "InvalidParameterValueException"),
        ({"Runtime": "python3"}, "InvalidParameterValueException"),
        ({"Code": {"ZipFile": b"text"}}, "InvalidParameterValueException"),
        ({"Code": {"S3Bucket": "none", "S3Key": "x"}}, "InvalidParameterValueException"),
        ({"Role": "arn:aws:iam::123456789012:role/none"}, "InvalidParameterValueException"),
        ({"Role": "arn:aws:iam::123456789012:role/other"}, "InvalidParameterValueException"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException"),
        ({"Environment": {"Variables": {"A": "x"}}}, "ValidationException"),
        ({"Environment": {"Variables": {"LONG": "x" * 5000}}}, "InvalidParameterValueException"),
        ({"Timeout": 901}, "ValidationException"),
    ],
)
def test_functions_that_aws_refuses(aws, create, options, code):
    other = TRUST.replace("lambda.", "ec2.")
    aws.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=other)
    assert code_of(create, code=HELLO, **options) == code
    assert aws.client("lambda").list_functions()["Functions"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"FunctionName": "none"}, "ResourceNotFoundException"),
        ({"Qualifier": "7"}, "ResourceNotFoundException"),
        ({"Payload": b"{"}, "InvalidRequestContentException"),
        ({"Payload": b'"' + b"x" * 1_100_000 + b'"', "InvocationType": "Event"}, "RequestTooLargeException"),
    ],
)
def test_invocations_that_aws_refuses(create, arguments, code):
    assert code_of(create(HELLO).invoke, **{"FunctionName": "f", **arguments}) == code


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"Runtime": "nodejs22.x"}, "only runs Python; the runtime of f is nodejs22.x"),
        (
            {"PackageType": "Image", "Runtime": "", "Handler": "", "Code": {"ImageUri": "1.dkr.ecr/x:1"}},
            "runs no container images",
        ),
    ],
)
def test_what_cannot_run_here_says_so(create, options, why):
    given = {key: value for key, value in options.items() if value}
    client = create(HELLO, **given)
    with pytest.raises(ClientError, match=why):
        client.invoke(FunctionName="f")


def test_a_topic_invokes_its_function(aws, create):
    create("def handler(event, context):\n    print('got', event['Records'][0]['Sns']['Message'])")
    sns = aws.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="hello")
    assert "got hello" in log_of(aws)


def test_a_reset_ends_what_runs(aws, create, tmp_path):
    begun, late = tmp_path / "begun", tmp_path / "late"
    code = f"""
import pathlib, time
def handler(event, context):
    pathlib.Path({str(begun)!r}).touch()
    time.sleep(1)
    pathlib.Path({str(late)!r}).touch()
"""
    invoke(create(code, Timeout=10), InvocationType="Event")
    eventually(begun.exists, "the function has begun")
    aws.reset()
    time.sleep(1.2)
    assert not late.exists()

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge: events of services reach the targets of the rules that match."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from embedded_aws.pipelines import Pipelines, approval, eventually, stage

PUSH = {"source": ["aws.codecommit"], "detail": {"referenceName": ["main"], "repositoryName": ["app"]}}


@pytest.fixture
def queue(aws) -> str:
    return aws.client("sqs").create_queue(QueueName="seen")["QueueUrl"]


def rule(aws, pattern: dict[str, Any], **target: Any) -> None:
    aws.client("events").put_rule(Name="r", EventPattern=json.dumps(pattern))
    arn = "arn:aws:sqs:us-east-1:123456789012:seen"
    aws.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn, **target}])


def push(aws, branch: str = "main", file: str = "a") -> str:
    codecommit, where = aws.client("codecommit"), {"repositoryName": "app", "branchName": branch}
    if not codecommit.list_repositories()["repositories"]:
        codecommit.create_repository(repositoryName="app")
    known = codecommit.list_branches(repositoryName="app")["branches"]
    parent = {"parentCommitId": codecommit.get_branch(**where)["branch"]["commitId"]} if known else {}
    return codecommit.put_file(**where, filePath=file, fileContent=b"x", **parent)["commitId"]


def messages(aws, queue: str, number: int = 1) -> list[str]:
    """The bodies in the queue; waits for so many, and a moment longer for one too many."""
    found: list[str] = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and len(found) < number:
        answer = aws.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        found += [message["Body"] for message in answer.get("Messages", [])]
        time.sleep(0.05)
    time.sleep(0.2)
    return found + [
        message["Body"] for message in aws.client("sqs").receive_message(QueueUrl=queue).get("Messages", [])
    ]


def test_a_push_is_an_event(aws, queue):
    rule(aws, PUSH)
    first = push(aws)
    second = push(aws, file="b")
    created, updated = (json.loads(text) for text in messages(aws, queue, 2))
    if created["detail"]["event"] != "referenceCreated":
        created, updated = updated, created
    assert created["detail-type"] == "CodeCommit Repository State Change"
    assert created["resources"] == ["arn:aws:codecommit:us-east-1:123456789012:app"]
    assert created["detail"]["commitId"] == first
    assert (updated["detail"]["event"], updated["detail"]["oldCommitId"]) == ("referenceUpdated", first)
    assert updated["detail"]["commitId"] == second


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"Input": '{"own": 1}'}, '{"own": 1}'),
        ({"InputPath": "$.detail.referenceName"}, '"main"'),
        (
            {"InputTransformer": {"InputPathsMap": {"b": "$.detail.referenceName"}, "InputTemplate": "moved: <b>"}},
            "moved: main",
        ),
    ],
)
def test_a_target_says_what_it_wants_to_get(aws, queue, options, wanted):
    rule(aws, PUSH, **options)
    push(aws)
    assert messages(aws, queue) == [wanted]


def test_only_a_rule_that_is_on_and_matches_is_asked(aws, queue):
    rule(aws, PUSH)
    aws.client("events").disable_rule(Name="r")
    push(aws)
    assert messages(aws, queue, 0) == []
    rule(aws, {**PUSH, "detail": {"referenceName": ["other"]}})
    push(aws, file="b")
    assert messages(aws, queue, 0) == []


def test_a_schedule_is_no_pattern(aws, queue):
    aws.client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)")
    arn = "arn:aws:sqs:us-east-1:123456789012:seen"
    aws.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    push(aws)
    assert messages(aws, queue, 0) == []


def test_an_object_in_a_bucket_that_tells_eventbridge_is_an_event(aws, queue):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="box")
    s3.put_bucket_notification_configuration(Bucket="box", NotificationConfiguration={"EventBridgeConfiguration": {}})
    rule(aws, {"source": ["aws.s3"], "detail-type": ["Object Created"]})
    s3.put_object(Bucket="box", Key="a.zip", Body=b"x")
    event = json.loads(messages(aws, queue)[0])
    assert (event["detail"]["bucket"]["name"], event["detail"]["object"]["key"]) == ("box", "a.zip")


def test_events_of_ones_own_reach_a_topic(aws, queue):
    topic = aws.client("sns").create_topic(Name="t")["TopicArn"]
    arn = "arn:aws:sqs:us-east-1:123456789012:seen"
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    rule(aws, {"source": ["mine"]}, Arn=topic)
    aws.client("events").put_events(Entries=[{"Source": "mine", "DetailType": "Done", "Detail": '{"n": 1}'}])
    event = json.loads(messages(aws, queue)[0])
    assert (event["detail-type"], event["detail"]) == ("Done", {"n": 1})


def test_a_push_starts_the_pipeline_of_a_rule(aws, pipelines):
    pipelines.create(stage("Release", approval()))
    aws.client("events").put_rule(Name="r", EventPattern=json.dumps(PUSH))
    arn = "arn:aws:codepipeline:us-east-1:123456789012:demo"
    aws.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn, "RoleArn": "arn:aws:iam::1:role/r"}])
    push(aws)
    eventually(lambda: len(pipelines.executions()) == 2, "the pipeline has started once more")


def test_the_states_of_an_execution_are_events(aws, queue):
    pipelines = Pipelines(aws)
    pipelines.prepare()
    rule(aws, {"source": ["aws.codepipeline"], "detail": {"state": ["STARTED", "STOPPED"]}})
    execution = pipelines.create(stage("Release", approval()))
    pipelines.token()
    pipelines.client.stop_pipeline_execution(pipelineName="demo", pipelineExecutionId=execution, abandon=True)
    found = sorted((json.loads(text) for text in messages(aws, queue, 2)), key=lambda event: event["detail"]["state"])
    assert [event["detail"]["state"] for event in found] == ["STARTED", "STOPPED"]
    assert found[1]["detail-type"] == "CodePipeline Pipeline Execution State Change"
    assert found[1]["resources"] == ["arn:aws:codepipeline:us-east-1:123456789012:demo"]
    assert (found[1]["detail"]["pipeline"], found[1]["detail"]["execution-id"]) == ("demo", execution)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: executions that move, sources, approvals, lists."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from embedded_aws.pipelines import action, approval, eventually, stage
from embedded_aws.testing import code_of

NOWHERE = "00000000-0000-0000-0000-000000000000"


def test_a_new_pipeline_runs_and_a_source_delivers_its_object(pipelines):
    version = pipelines.upload("second")
    execution = pipelines.create()
    pipelines.decide("Approved")
    assert pipelines.end(execution) == "Succeeded"
    found = pipelines.execution(execution)
    assert found["trigger"]["triggerType"] == "CreatePipeline"
    assert found["artifactRevisions"][0]["name"] == "app"
    assert found["artifactRevisions"][0]["revisionId"] == version
    assert pipelines.executions()[0]["sourceRevisions"][0]["actionName"] == "Source"
    place = pipelines.run(execution, "Source")["output"]["outputArtifacts"][0]["s3location"]
    assert place["key"].startswith("demo/app/")
    body = pipelines.aws.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    assert zipfile.ZipFile(io.BytesIO(body)).read("README.md") == b"second"
    assert pipelines.aws.log() == [entry for entry in pipelines.aws.log() if not entry["via"]]


def test_the_state_of_stages_and_actions(pipelines):
    execution = pipelines.create(stage("Release", approval()), stage("Last", approval("End")))
    token = pipelines.token()
    source, release, last = pipelines.client.get_pipeline_state(name="demo")["stageStates"]
    assert source["latestExecution"] == {
        "pipelineExecutionId": execution,
        "status": "Succeeded",
        "type": "STANDARD",
    }
    assert source["actionStates"][0]["currentRevision"]["revisionId"]
    assert release["latestExecution"]["status"] == "InProgress"
    assert release["actionStates"][0]["latestExecution"]["token"] == token
    assert "latestExecution" not in last
    assert last["inboundTransitionState"] == {"enabled": True}


def test_a_missing_object_fails_the_execution(pipelines):
    broken = pipelines.source()
    broken["configuration"]["S3ObjectKey"] = "none.zip"
    execution = pipelines.create(stages=[stage("Source", broken), stage("Release", approval())])
    assert pipelines.end(execution) == "Failed"
    failed = pipelines.action("Source", "Source")
    assert failed["status"] == "Failed"
    assert failed["errorDetails"]["code"] == "ConfigurationError"
    assert "Name of Amazon S3 bucket: sources" in failed["errorDetails"]["message"]
    assert pipelines.stage("Source")["latestExecution"]["status"] == "Failed"


def test_codecommit_delivers_the_end_of_a_branch(pipelines):
    codecommit = pipelines.aws.client("codecommit")
    codecommit.create_repository(repositoryName="app")
    files = [{"filePath": "src/run.sh", "fileContent": b"true"}]
    commit = codecommit.create_commit(
        repositoryName="app", branchName="main", putFiles=files, commitMessage="Say true", authorName="Ann"
    )["commitId"]
    configuration = {"RepositoryName": "app", "BranchName": "main"}
    source = action("Source/AWS/CodeCommit", "Code", configuration, outputs=["app"], namespace="code")
    asked = action("Approval/AWS/Manual", "Approve", {"CustomData": "#{code.CommitId} #{code.CommitMessage}"})
    execution = pipelines.create(stages=[stage("Source", source), stage("Release", asked)])
    pipelines.token()
    assert pipelines.execution(execution)["artifactRevisions"][0]["revisionId"] == commit
    asked_run = pipelines.run(execution, "Approve")["input"]
    assert asked_run["resolvedConfiguration"] == {"CustomData": f"{commit} Say true"}
    assert asked_run["configuration"] == {"CustomData": "#{code.CommitId} #{code.CommitMessage}"}
    place = pipelines.run(execution, "Code")["output"]["outputArtifacts"][0]["s3location"]
    body = pipelines.aws.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == ["src/run.sh"]


def test_a_missing_branch_fails_the_source(pipelines):
    pipelines.aws.client("codecommit").create_repository(repositoryName="app")
    configuration = {"RepositoryName": "app", "BranchName": "none"}
    source = action("Source/AWS/CodeCommit", "Code", configuration, outputs=["app"])
    execution = pipelines.create(stages=[stage("Source", source), stage("Release", approval())])
    assert pipelines.end(execution) == "Failed"
    assert "none does not exist" in pipelines.action("Source", "Code")["errorDetails"]["message"]


def test_actions_run_by_run_order_and_side_by_side_within_one(pipelines):
    pipelines.create(stage("Release", approval("A", runOrder=2), approval("B", runOrder=1), approval("C", runOrder=1)))
    pipelines.token("Release", "B")
    pipelines.token("Release", "C")
    assert pipelines.action("Release", "A") == {}
    pipelines.decide("Approved", name="C")
    assert pipelines.action("Release", "A") == {}
    pipelines.decide("Approved", name="B")
    assert pipelines.token("Release", "A")


def test_a_rejection_fails_stage_and_execution_and_says_who_and_why(pipelines):
    execution = pipelines.create()
    pipelines.decide("Rejected", summary="not today")
    assert pipelines.end(execution) == "Failed"
    found = pipelines.action("Release", "Approve")
    assert (found["status"], found["summary"]) == ("Failed", "not today")
    assert found["lastUpdatedBy"].startswith("arn:aws:")
    assert "token" not in found
    assert pipelines.stage("Release")["latestExecution"]["status"] == "Failed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": NOWHERE}, "InvalidApprovalTokenException"),
        ({"token": "x"}, "ValidationException"),
        ({"stageName": "none"}, "StageNotFoundException"),
        ({"actionName": "none"}, "ActionNotFoundException"),
        ({"pipelineName": "none"}, "PipelineNotFoundException"),
        ({"result": {"status": "Perhaps", "summary": ""}}, "ValidationException"),
        ({"result": {"status": "Approved", "summary": "x" * 513}}, "ValidationException"),
    ],
)
def test_an_approval_that_is_refused(pipelines, changes, code):
    pipelines.create()
    wanted = {"pipelineName": "demo", "stageName": "Release", "actionName": "Approve", "token": pipelines.token()}
    wanted["result"] = {"status": "Approved", "summary": ""}
    assert code_of(pipelines.client.put_approval_result, **{**wanted, **changes}) == code
    assert pipelines.action("Release", "Approve")["status"] == "InProgress"


def test_an_approval_is_given_once(pipelines):
    pipelines.create()
    wanted = {"pipelineName": "demo", "stageName": "Release", "actionName": "Approve", "token": pipelines.token()}
    pipelines.client.put_approval_result(**wanted, result={"status": "Approved", "summary": ""})
    again = {**wanted, "result": {"status": "Rejected", "summary": ""}}
    assert code_of(pipelines.client.put_approval_result, **again) == "ApprovalAlreadyCompletedException"


def test_an_approval_is_asked_for_by_mail(pipelines):
    sns, sqs = pipelines.aws.client("sns"), pipelines.aws.client("sqs")
    topic = sns.create_topic(Name="approvals")["TopicArn"]
    queue = sqs.create_queue(QueueName="mail")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:mail")
    configuration = {"NotificationArn": topic, "CustomData": "Look at it", "ExternalEntityLink": "https://example.com"}
    pipelines.create(stage("Release", action("Approval/AWS/Manual", "Approve", configuration)))
    token = pipelines.token()

    def mail():
        return sqs.receive_message(QueueUrl=queue).get("Messages")

    envelope = json.loads(eventually(mail, "there is mail")[0]["Body"])
    assert envelope["Subject"] == "APPROVAL NEEDED: AWS CodePipeline demo for action Approve"
    asked = json.loads(envelope["Message"])["approval"]
    expires = asked.pop("expires")
    assert expires.endswith("Z")
    assert asked == {
        "pipelineName": "demo",
        "stageName": "Release",
        "actionName": "Approve",
        "token": token,
        "externalEntityLink": "https://example.com",
        "approvalReviewLink": "https://console.aws.amazon.com/codepipeline/home?region=us-east-1#/view/demo/Release/"
        f"Approve/approve/{token}",
        "customData": "Look at it",
    }


def test_a_topic_that_is_not_there_fails_the_approval(pipelines):
    configuration = {"NotificationArn": "arn:aws:sns:us-east-1:123456789012:none"}
    execution = pipelines.create(stage("Release", action("Approval/AWS/Manual", "Approve", configuration)))
    assert pipelines.end(execution) == "Failed"
    assert "NotFound" in pipelines.action("Release", "Approve")["errorDetails"]["message"]


def test_an_approval_that_nobody_gives_runs_out(pipelines):
    pipelines.aws.configure(codepipeline_minute=0.02)
    execution = pipelines.create(stage("Release", approval(timeoutInMinutes=5)))
    assert pipelines.end(execution) == "Failed"
    assert "within 5 minutes" in pipelines.action("Release", "Approve")["errorDetails"]["message"]


def test_a_token_starts_one_execution(pipelines):
    pipelines.create()
    assert pipelines.start(clientRequestToken="a-1") == pipelines.start(clientRequestToken="a-1")
    assert pipelines.start(clientRequestToken="a-2") != pipelines.start(clientRequestToken="a-1")


def test_a_rule_of_eventbridge_starts_an_execution(pipelines):
    pipelines.create()
    events, arn = pipelines.aws.client("events"), "arn:aws:codepipeline:us-east-1:123456789012:demo"
    events.put_rule(Name="mine", EventPattern='{"source": ["mine"]}')
    events.put_targets(Rule="mine", Targets=[{"Id": "1", "Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/r"}])
    events.put_events(Entries=[{"Source": "mine", "DetailType": "Done", "Detail": "{}"}])
    eventually(lambda: len(pipelines.executions()) == 2, "the rule has started the pipeline")
    assert pipelines.executions()[0]["trigger"]["triggerType"] == "CloudWatchEvent"


def test_an_execution_of_an_older_object(pipelines):
    old = pipelines.upload("old")
    pipelines.upload("new")
    pipelines.create()
    pipelines.decide("Rejected")
    revision = {"actionName": "Source", "revisionType": "S3_OBJECT_VERSION_ID", "revisionValue": old}
    execution = pipelines.start(sourceRevisions=[revision])
    pipelines.token()
    assert pipelines.execution(execution)["artifactRevisions"][0]["revisionId"] == old
    for wrong in ({"actionName": "Approve"}, {"revisionType": "COMMIT_ID"}, {"revisionType": "S3_OBJECT_KEY"}):
        wanted = {"name": "demo", "sourceRevisions": [{**revision, **wrong}]}
        assert code_of(pipelines.client.start_pipeline_execution, **wanted) == "ValidationException"


def test_an_edit_cancels_what_is_in_progress_once_its_action_has_ended(pipelines):
    execution = pipelines.create(stage("Release", approval()), stage("Last", approval("End")))
    token = pipelines.token()
    pipelines.client.update_pipeline(pipeline=pipelines.declaration(stage("Release", approval())))
    assert pipelines.execution(execution)["status"] == "InProgress"
    assert pipelines.action("Release", "Approve")["token"] == token
    pipelines.decide("Approved")
    assert pipelines.end(execution) == "Cancelled"
    assert pipelines.stage("Release")["latestExecution"]["status"] == "Cancelled"
    assert pipelines.execution(execution)["pipelineVersion"] == 1


def test_a_stage_that_is_added_has_not_run_yet(pipelines):
    pipelines.create()
    pipelines.decide("Approved")
    added = pipelines.declaration(stage("Test", approval("Try")), stage("Release", approval()))
    pipelines.client.update_pipeline(pipeline=added)
    assert "latestExecution" not in pipelines.stage("Test")
    assert pipelines.stage("Release")["latestExecution"]["status"] in ("Succeeded", "Cancelled")
    pipelines.start()
    assert pipelines.token("Test", "Try")


def test_progress_takes_the_time_that_is_set(pipelines):
    pipelines.aws.configure(codepipeline_delay=0.3)
    execution = pipelines.create()
    assert pipelines.run(execution, "Source")["status"] == "InProgress"
    assert pipelines.token()


def test_a_deleted_pipeline_is_gone_with_its_executions(pipelines):
    pipelines.create()
    pipelines.token()
    pipelines.client.delete_pipeline(name="demo")
    assert code_of(pipelines.client.get_pipeline_state, name="demo") == "PipelineNotFoundException"
    pipelines.create()
    assert len(pipelines.executions()) == 1


def test_executions_are_listed_by_page_and_by_success(pipelines):
    first = pipelines.create()
    pipelines.decide("Approved")
    pipelines.end(first)
    second = pipelines.start()
    pipelines.decide("Rejected")
    pipelines.end(second)
    page = pipelines.client.list_pipeline_executions(pipelineName="demo", maxResults=1)
    assert [item["pipelineExecutionId"] for item in page["pipelineExecutionSummaries"]] == [second]
    rest = pipelines.client.list_pipeline_executions(pipelineName="demo", nextToken=page["nextToken"])
    assert [item["pipelineExecutionId"] for item in rest["pipelineExecutionSummaries"]] == [first]
    chosen = {"succeededInStage": {"stageName": "Release"}}
    good = pipelines.client.list_pipeline_executions(pipelineName="demo", filter=chosen)
    assert [item["pipelineExecutionId"] for item in good["pipelineExecutionSummaries"]] == [first]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("get_pipeline_execution", {"pipelineExecutionId": NOWHERE}),
        ("list_action_executions", {"filter": {"pipelineExecutionId": NOWHERE}}),
        ("list_rule_executions", {"filter": {"pipelineExecutionId": NOWHERE}}),
    ],
)
def test_an_execution_that_is_not_there(pipelines, operation, arguments):
    pipelines.create()
    found = code_of(getattr(pipelines.client, operation), pipelineName="demo", **arguments)
    assert found == "PipelineExecutionNotFoundException"


def test_a_provider_that_cannot_be_performed_fails_and_says_so(pipelines):
    deploy = action("Deploy/AWS/CodeDeploy", "D", {"ApplicationName": "a", "DeploymentGroupName": "b"}, inputs=["app"])
    execution = pipelines.create(stage("Release", deploy))
    assert pipelines.end(execution) == "Failed"
    message = pipelines.action("Release", "D")["errorDetails"]["message"]
    assert message == "The embedded AWS performs no CodeDeploy actions"

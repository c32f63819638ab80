# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time
import typing as t

import pytest

from embedded_aws.pipelines import Pipelines, action, approval, eventually, stage

MODULE = "codepipeline_execution"
NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def pipelines(aws: t.Any) -> Pipelines:
    """What pipelines need, and none of them yet."""
    made = Pipelines(aws)
    made.prepare()
    return made


@pytest.fixture
def run(run_module: t.Any, aws: t.Any) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module, failing or not, and adds the operations that it used."""

    def call(check: bool = False, **params: t.Any) -> dict[str, t.Any]:
        aws.forget()
        try:
            result = run_module(MODULE, check=check, diff=True, **{"pipeline": "demo", "wait_timeout": 30, **params})
        except Exception as failure:
            result = getattr(failure, "result", None)
            if result is None:
                raise
            assert "\n" not in result["msg"].strip()
            assert "exception" not in result
        log = aws.log()
        return {
            **result,
            "calls": [entry["operation"] for entry in log],
            "writes": [entry["operation"] for entry in log if entry["kind"] == "write"],
        }

    return call


@pytest.fixture
def step(run: t.Any) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module in check mode and for real: what was foreseen is what is done."""

    def call(**params: t.Any) -> dict[str, t.Any]:
        foreseen = run(check=True, **params)
        assert foreseen["writes"] == []
        done = run(**params)
        for key in ("changed", "actions", "diff"):
            assert foreseen[key] == done[key], key
        return dict(done)

    return call


def deploy(bucket: str = "site") -> dict[str, t.Any]:
    """An action that succeeds as soon as its bucket exists."""
    return action("Deploy/AWS/S3", "Web", {"BucketName": bucket, "Extract": "true"}, inputs=["app"])


def succeed(pipelines: Pipelines) -> None:
    pipelines.aws.client("s3").create_bucket(Bucket="site")


def project(pipelines: Pipelines, **variables: str) -> None:
    pipelines.aws.client("iam").create_role(
        RoleName="build",
        AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": '
        '"sts:AssumeRole", "Principal": {"Service": "codebuild.amazonaws.com"}}]}',
    )
    environment = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0"}
    pipelines.aws.client("codebuild").create_project(
        name="app",
        serviceRole="arn:aws:iam::123456789012:role/build",
        source={"type": "CODEPIPELINE", "buildspec": "version: 0.2"},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            **environment,
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": name, "value": value} for name, value in variables.items()],
        },
    )


def test_a_release_is_followed_to_its_end(step: t.Any, pipelines: Pipelines) -> None:
    succeed(pipelines)
    first = pipelines.create(stage("Live", deploy()))
    pipelines.end(first)
    done = step()
    assert (done["changed"], done["status"], done["writes"]) == (True, "Succeeded", ["StartPipelineExecution"])
    assert done["pipeline_execution_id"] == pipelines.executions()[0]["pipelineExecutionId"] != first
    assert [f"{each['stage']}/{each['action']}" for each in done["action_executions"]] == done["succeeded"]
    assert done["succeeded"] == ["Source/Source", "Live/Web"]
    assert all(each["duration"] is not None for each in done["action_executions"])
    assert done["execution"]["artifact_revisions"][0]["name"] == "app"
    assert done["actions"] == ["Start pipeline demo."]


def test_waiting_asks_seldom(run: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    succeed(pipelines)
    pipelines.end(pipelines.create(stage("Live", deploy())))
    aws.configure(codepipeline_delay=3)
    start = time.monotonic()
    done = run()
    looks = 2 + int((time.monotonic() - start) / 0.5)
    assert done["status"] == "Succeeded"
    assert len(done["calls"]) <= 2 * looks
    assert done["calls"].count("GetPipelineState") <= 2


def test_what_fails_is_told_with_all_that_succeeded(run: t.Any, pipelines: Pipelines) -> None:
    project(pipelines, EMBEDDED_AWS_RESULT="FAILED")
    build = action("Build/AWS/CodeBuild", "Compile", {"ProjectName": "app"}, inputs=["app"])
    pipelines.end(pipelines.create(stage("Build", build)))
    failed = run()
    assert (failed["failed"], failed["changed"], failed["status"]) == (True, True, "Failed")
    assert "failed in stage Build, action Compile: JobFailed: Build terminated with state: FAILED" in failed["msg"]
    assert "(https://" in failed["msg"]
    assert failed["msg"].endswith("Succeeded before that: Source/Source.")
    assert failed["succeeded"] == ["Source/Source"]
    assert failed["action_executions"][-1]["error_code"] == "JobFailed"


def test_a_condition_that_does_not_hold_is_named(run: t.Any, pipelines: Pipelines) -> None:
    rule = {
        "name": "Never",
        "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"},
        "configuration": {"Variable": "#{codepipeline.PipelineExecutionId}", "Value": "none", "Operator": "EQ"},
    }
    entry = {"conditions": [{"result": "FAIL", "rules": [rule]}]}
    pipelines.end(pipelines.create(stage("Live", deploy(), beforeEntry=entry), pipelineType="V2"))
    failed = run()
    assert "failed at the condition before_entry of stage Live: rule Never: " in failed["msg"]
    assert failed["msg"].endswith("EQ none: false. Succeeded before that: Source/Source.")


def test_a_release_stops_at_an_approval_and_is_awaited_afterwards(run: t.Any, pipelines: Pipelines) -> None:
    asked = approval(configuration={"CustomData": "Look at staging", "ExternalEntityLink": "https://staging"})
    pipelines.create(stage("Release", asked))
    pipelines.decide("Approved")
    release = run(wait_until="approval")
    assert (release["status"], release["writes"]) == ("InProgress", ["StartPipelineExecution"])
    (pending,) = release["pending_approvals"]
    assert (pending["stage"], pending["action"]) == ("Release", "Approve")
    assert (pending["custom_data"], pending["external_entity_link"]) == ("Look at staging", "https://staging")
    assert pipelines.token() not in str(release)

    threading.Timer(1, pipelines.decide, ["Approved"]).start()
    end = run(state="awaited", pipeline_execution_id=release["pipeline_execution_id"])
    assert (end["changed"], end["status"], end["actions"]) == (False, "Succeeded", [])
    assert end["writes"] == ["PutApprovalResult"]  # that of the reviewer


def test_a_rejection_fails_with_the_reviewer_and_what_was_said(run: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create()
    pipelines.decide("Rejected", summary="Too slow")
    pipelines.end(execution)
    failed = run(state="awaited")
    assert "in stage Release, action Approve: rejected by arn:aws:" in failed["msg"]
    assert ": Too slow. Succeeded before that: Source/Source." in failed["msg"]


def test_the_time_out_says_what_is_waited_for(run: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create()
    failed = run(state="awaited", wait_timeout=2)
    assert f"Execution {execution} of pipeline demo has not ended after 2 s" in failed["msg"]
    assert "it waits for the approval Release/Approve" in failed["msg"]
    assert failed["pending_approvals"][0]["stage"] == "Release"


def test_an_execution_before_a_closed_stage_says_so(run: t.Any, pipelines: Pipelines) -> None:
    pipelines.create()
    pipelines.decide("Approved")
    wanted = {"pipelineName": "demo", "stageName": "Release", "transitionType": "Inbound"}
    pipelines.client.disable_stage_transition(**wanted, reason="Closed until January")
    failed = run(wait_timeout=2)
    assert "stands before stage Release, whose transition is disabled (Closed until January)" in failed["msg"]


def test_overtaken_stopped_and_cancelled_are_told_apart(run: t.Any, pipelines: Pipelines) -> None:
    older = pipelines.create()
    pipelines.token()
    middle = pipelines.start()
    eventually(lambda: pipelines.stage("Release").get("inboundExecutions"), "the second waits")
    newer = pipelines.start()
    assert pipelines.end(middle) == "Superseded"
    assert "was superseded by a newer one" in run(state="awaited", pipeline_execution_id=middle)["msg"]

    pipelines.client.stop_pipeline_execution(
        pipelineName="demo", pipelineExecutionId=older, abandon=True, reason="It hangs"
    )
    assert "was stopped: It hangs." in run(state="awaited", pipeline_execution_id=older)["msg"]

    pipelines.token()
    changed = pipelines.declaration(stage("Release", approval()), stage("Other", approval("End")))
    pipelines.client.update_pipeline(pipeline=changed)
    pipelines.decide("Approved")
    assert pipelines.end(newer) == "Cancelled"
    assert "was cancelled, because the pipeline was changed while it ran" in run(state="awaited")["msg"]


def test_a_token_starts_one_execution(run: t.Any, pipelines: Pipelines) -> None:
    succeed(pipelines)
    pipelines.end(pipelines.create(stage("Live", deploy())))
    first = run(client_request_token="release-7")
    again = run(client_request_token="release-7")
    assert (first["changed"], again["changed"]) == (True, False)
    assert again["pipeline_execution_id"] == first["pipeline_execution_id"]
    assert (again["actions"], again["diff"]) == ([], {"before": "", "after": ""})
    assert len(pipelines.executions()) == 2


def test_variables_and_revisions_reach_the_execution(step: t.Any, pipelines: Pipelines) -> None:
    succeed(pipelines)
    older = pipelines.upload("older")
    pipelines.upload("newest")
    variables = [{"name": "where", "defaultValue": "test"}]
    pipelines.end(pipelines.create(stage("Live", deploy()), pipelineType="V2", variables=variables))
    revision = {"action": "Source", "type": "S3_OBJECT_VERSION_ID", "value": older}
    done = step(variables={"where": "live"}, source_revisions=[revision])
    assert done["execution"]["variables"] == {"where": "live"}
    assert done["execution"]["artifact_revisions"][0]["revision_id"] == older
    assert "where: live" in done["diff"]["after"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"variables": {"wo": "x"}}, "variables names wo, which the pipeline does not declare; it declares none."),
        ({"pipeline": "dmeo"}, "does not have a pipeline with name 'dmeo' in region us-east-1."),
        ({"state": "awaited", "pipeline_execution_id": NOWHERE}, "does not have an execution with id"),
        ({"state": "awaited", "pipeline_execution_id": "newest"}, "pipeline_execution_id must be the ID of an exec"),
        ({"state": "retried", "stage": "Lve"}, "has no stage Lve; the stages are Source, Release."),
        ({"state": "rolled_back", "stage": "Release"}, "Only pipelines of type V2 can roll back"),
        ({"state": "awaited", "reason": "x"}, "reason can only be given with state=stopped."),
    ],
)
def test_a_mistake_is_told_before_anything_is_written(
    run: t.Any, pipelines: Pipelines, params: dict[str, t.Any], expected: str, check: bool
) -> None:
    pipelines.create()
    pipelines.token()
    failed = run(check=check, **params)
    assert expected in failed["msg"]
    assert failed["writes"] == []


def test_the_running_execution_is_stopped(run: t.Any, step: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create()
    pipelines.token()
    done = step(state="stopped", abandon=True, reason="It hangs")
    assert (done["changed"], done["status"], done["pipeline_execution_id"]) == (True, "Stopped", execution)
    assert done["writes"] == ["StopPipelineExecution"]
    assert pipelines.executions()[0]["stopTrigger"] == {"reason": "It hangs"}
    again = step(state="stopped", abandon=True)
    assert (again["changed"], again["writes"], again["diff"]) == (False, [], {"before": "", "after": ""})


def test_stopping_lets_the_actions_finish(step: t.Any, pipelines: Pipelines) -> None:
    pipelines.create()
    pipelines.token()
    threading.Timer(4, pipelines.decide, ["Approved"]).start()
    done = step(state="stopped")
    assert (done["changed"], done["status"]) == (True, "Stopped")
    assert done["succeeded"] == ["Source/Source", "Release/Approve"]


def test_several_running_executions_are_not_stopped_by_chance(run: t.Any, pipelines: Pipelines) -> None:
    pipelines.create()
    pipelines.token()
    pipelines.start()
    failed = run(state="stopped")
    assert "has 2 running executions; name one with pipeline_execution_id: " in failed["msg"]
    assert failed["writes"] == []


def test_a_failed_stage_is_retried_until_it_succeeds(run: t.Any, step: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create(stage("Live", deploy()))
    assert pipelines.end(execution) == "Failed"
    failed = run(state="retried")
    assert (failed["failed"], failed["writes"]) == (True, ["RetryStageExecution"])
    assert len([each for each in failed["action_executions"] if each["action"] == "Web"]) == 2

    succeed(pipelines)
    done = step(state="retried", stage="Live", retry_mode="all_actions")
    assert (done["changed"], done["status"], done["pipeline_execution_id"]) == (True, "Succeeded", execution)
    again = step(state="retried", stage="Live")
    assert (again["changed"], again["writes"]) == (False, [])


def test_a_stage_is_rolled_back_once(run: t.Any, step: t.Any, pipelines: Pipelines) -> None:
    succeed(pipelines)
    good = pipelines.create(stage("Live", deploy()), pipelineType="V2")
    pipelines.end(good)
    pipelines.upload("bad")
    pipelines.end(pipelines.start())
    done = step(state="rolled_back", stage="Live")
    assert (done["changed"], done["status"], done["writes"]) == (True, "Succeeded", ["RollbackStage"])
    assert done["execution"]["rollback_target_execution_id"] == good
    body = pipelines.aws.client("s3").get_object(Bucket="site", Key="README.md")["Body"].read()
    assert body == b"first"
    for again in (
        step(state="rolled_back", stage="Live"),
        step(state="rolled_back", stage="Live", target_execution_id=good),
    ):
        assert (again["changed"], again["writes"]) == (False, [])


def test_a_target_that_is_none_is_told(run: t.Any, pipelines: Pipelines) -> None:
    succeed(pipelines)
    good = pipelines.create(stage("Live", deploy()), pipelineType="V2")
    pipelines.end(good)
    pipelines.end(pipelines.start())
    failed = run(state="rolled_back", stage="Live", target_execution_id=NOWHERE)
    assert f"present version of pipeline demo: {good}." in failed["msg"]
    assert failed["writes"] == []


PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - containerci.aws.codepipeline_execution:
        pipeline: demo
        wait_timeout: 30
"""


def test_the_user_sees_what_happens(run_playbook: t.Any, pipelines: Pipelines, tmp_path: t.Any) -> None:
    succeed(pipelines)
    pipelines.end(pipelines.create(stage("Live", deploy())))
    playbook = tmp_path / "release.yml"
    playbook.write_text(PLAYBOOK)
    status, output = run_playbook(str(playbook))
    assert status == 0, output
    shown = [line.strip() for line in output.splitlines()]
    assert [line for line in shown if line in ("Source: Succeeded", "Live: Succeeded")] == [
        "Source: Succeeded",
        "Live: Succeeded",
    ]
    assert any(line.startswith("Live/Web: Succeeded, ") for line in shown)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("StartPipelineExecution", {"code": "ThrottlingException", "status": 400, "times": 2}),
        ("StartPipelineExecution", {"code": "ConflictException", "status": 400}),
        ("StartPipelineExecution", {"late": True}),
        ("GetPipeline", {}),
        ("ListActionExecutions", {"times": 2}),
        ("GetPipelineExecution", {"code": "ThrottlingException", "status": 400}),
        ("GetPipelineExecution", {"code": "PipelineExecutionNotFoundException", "status": 400}),
    ],
)
def test_what_passes_is_waited_out_and_nothing_is_started_twice(
    run: t.Any, pipelines: Pipelines, aws: t.Any, operation: str, fault: dict[str, t.Any]
) -> None:
    succeed(pipelines)
    pipelines.end(pipelines.create(stage("Live", deploy())))
    aws.fail("codepipeline", operation, **fault)
    done = run()
    assert (done["changed"], done["status"]) == (True, "Succeeded")
    assert len(pipelines.executions()) == 2


def test_a_missing_permission_is_named(run: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    pipelines.create()
    aws.fail("codepipeline", "StartPipelineExecution", code="AccessDeniedException", status=400, message="Not you.")
    failed = run()
    assert failed["msg"] == (
        "The credentials do not allow codepipeline:StartPipelineExecution (AccessDeniedException: Not you)."
    )
    assert failed["error_code"] == "AccessDeniedException"

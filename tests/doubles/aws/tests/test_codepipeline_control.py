# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: executions that are overtaken, stopped, retried and rolled back."""

from __future__ import annotations

import pytest

from embedded_aws.pipelines import approval, eventually, stage
from embedded_aws.testing import code_of

NOWHERE = "00000000-0000-0000-0000-000000000000"


def close(pipelines, name="Release"):
    wanted = {"pipelineName": "demo", "stageName": name, "transitionType": "Inbound"}
    pipelines.client.disable_stage_transition(**wanted, reason="wait a bit")


def open_again(pipelines, name="Release"):
    pipelines.client.enable_stage_transition(pipelineName="demo", stageName=name, transitionType="Inbound")


def waiting(pipelines, execution, name="Release"):
    """Wait until an execution stands before a stage."""

    def stands():
        inbound = pipelines.stage(name).get("inboundExecutions", [])
        return execution in [item["pipelineExecutionId"] for item in inbound]

    return eventually(stands, f"{execution} waits before {name}")


def test_a_newer_execution_overtakes_one_that_waits(pipelines):
    first = pipelines.create(stage("Release", approval()), stage("Last", approval("End")))
    pipelines.token()
    close(pipelines, "Last")
    pipelines.decide("Approved")
    waiting(pipelines, first, "Last")
    second = pipelines.start()
    pipelines.decide("Approved")
    assert pipelines.end(first) == "Superseded"
    waiting(pipelines, second, "Last")
    state = pipelines.stage("Last")["inboundTransitionState"]
    assert (state["enabled"], state["disabledReason"]) == (False, "wait a bit")
    open_again(pipelines, "Last")
    pipelines.decide("Approved", "Last", "End")
    assert pipelines.end(second) == "Succeeded"


def test_an_execution_waits_for_a_stage_that_is_in_use(pipelines):
    first = pipelines.create()
    pipelines.token()
    second = pipelines.start()
    waiting(pipelines, second)
    assert pipelines.stage("Release")["latestExecution"]["pipelineExecutionId"] == first
    pipelines.decide("Approved")
    assert pipelines.end(first) == "Succeeded"
    pipelines.decide("Approved")
    assert pipelines.end(second) == "Succeeded"


def test_the_way_out_of_a_stage_is_the_way_into_the_next(pipelines):
    pipelines.create()
    outbound = {"pipelineName": "demo", "transitionType": "Outbound", "reason": "wait"}
    pipelines.client.disable_stage_transition(**outbound, stageName="Source")
    assert pipelines.stage("Release")["inboundTransitionState"]["disabledReason"] == "wait"
    last = {**outbound, "stageName": "Release"}
    assert code_of(pipelines.client.disable_stage_transition, **last) == "ValidationException"


def test_stop_and_wait_lets_the_action_end(pipelines):
    execution = pipelines.create(stage("Release", approval("Approve", runOrder=1), approval("Next", runOrder=2)))
    pipelines.token()
    wanted = {"pipelineName": "demo", "pipelineExecutionId": execution}
    pipelines.client.stop_pipeline_execution(**wanted, reason="lunch")
    assert pipelines.execution(execution)["status"] == "Stopping"
    assert pipelines.stage("Release")["latestExecution"]["status"] == "Stopping"
    assert code_of(pipelines.client.stop_pipeline_execution, **wanted) == "DuplicatedStopRequestException"
    pipelines.decide("Approved")
    assert pipelines.end(execution) == "Stopped"
    assert pipelines.executions()[0]["stopTrigger"] == {"reason": "lunch"}
    assert pipelines.action("Release", "Approve")["status"] == "Succeeded"
    assert pipelines.action("Release", "Next") == {}
    assert code_of(pipelines.client.stop_pipeline_execution, **wanted) == "PipelineExecutionNotStoppableException"


def test_stop_and_abandon_does_not_wait_and_can_follow_a_wait(pipelines):
    execution = pipelines.create()
    token = pipelines.token()
    wanted = {"pipelineName": "demo", "pipelineExecutionId": execution}
    pipelines.client.stop_pipeline_execution(**wanted)
    pipelines.client.stop_pipeline_execution(**wanted, abandon=True)
    assert pipelines.execution(execution)["status"] == "Stopped"
    assert pipelines.action("Release", "Approve")["status"] == "Abandoned"
    late = {"pipelineName": "demo", "stageName": "Release", "actionName": "Approve", "token": token}
    result = {"status": "Approved", "summary": ""}
    assert code_of(pipelines.client.put_approval_result, **late, result=result) == "InvalidApprovalTokenException"


def test_an_execution_that_waits_is_stopped_at_once(pipelines):
    execution = pipelines.create()
    pipelines.token()
    close(pipelines, "Source")
    second = pipelines.start()
    pipelines.client.stop_pipeline_execution(pipelineName="demo", pipelineExecutionId=second)
    assert pipelines.end(second) == "Stopped"
    assert pipelines.execution(execution)["status"] == "InProgress"


@pytest.mark.parametrize(("mode", "again"), [("FAILED_ACTIONS", {"B"}), ("ALL_ACTIONS", {"A", "B"})])
def test_a_failed_stage_is_retried(pipelines, mode, again):
    execution = pipelines.create(stage("Release", approval("A"), approval("B")))
    pipelines.decide("Approved", name="A")
    pipelines.decide("Rejected", name="B")
    assert pipelines.end(execution) == "Failed"
    wanted = {"pipelineName": "demo", "stageName": "Release", "pipelineExecutionId": execution}
    assert pipelines.client.retry_stage_execution(**wanted, retryMode=mode)["pipelineExecutionId"] == execution
    for name in again:
        pipelines.decide("Approved", name=name)
    assert pipelines.end(execution) == "Succeeded"
    metadata = pipelines.stage("Release")["retryStageMetadata"]
    assert metadata == {"manualStageRetryAttempt": 1, "latestRetryTrigger": "ManualStageRetry"}
    assert len(pipelines.runs(execution)) == 3 + len(again)
    latest = {"latestInPipelineExecution": {"pipelineExecutionId": execution, "startTimeRange": "Latest"}}
    details = pipelines.client.list_action_executions(pipelineName="demo", filter=latest)["actionExecutionDetails"]
    assert [(item["actionName"], item["status"]) for item in reversed(details)] == [
        ("Source", "Succeeded"),
        *((name, "Succeeded") for name in ("A", "B")),
    ]


def test_what_cannot_be_retried(pipelines):
    first = pipelines.create()
    retry, wanted = pipelines.client.retry_stage_execution, {"pipelineName": "demo", "retryMode": "FAILED_ACTIONS"}
    pipelines.token()
    release = {**wanted, "stageName": "Release"}
    assert code_of(retry, **release, pipelineExecutionId=first) == "StageNotRetryableException"
    assert code_of(retry, **wanted, stageName="none", pipelineExecutionId=first) == "StageNotFoundException"
    assert code_of(retry, **release, pipelineExecutionId=NOWHERE) == "NotLatestPipelineExecutionException"
    pipelines.decide("Rejected")
    pipelines.end(first)
    second = pipelines.start()
    pipelines.decide("Rejected")
    pipelines.end(second)
    assert code_of(retry, **release, pipelineExecutionId=first) == "NotLatestPipelineExecutionException"
    pipelines.client.update_pipeline(pipeline=pipelines.declaration())
    assert code_of(retry, **release, pipelineExecutionId=second) == "StageNotRetryableException"


def test_a_stopped_stage_is_retried(pipelines):
    execution = pipelines.create()
    pipelines.token()
    pipelines.client.stop_pipeline_execution(pipelineName="demo", pipelineExecutionId=execution, abandon=True)
    wanted = {"pipelineName": "demo", "stageName": "Release", "pipelineExecutionId": execution}
    pipelines.client.retry_stage_execution(**wanted, retryMode="FAILED_ACTIONS")
    pipelines.decide("Approved")
    assert pipelines.end(execution) == "Succeeded"


def test_a_stage_is_rolled_back_to_an_earlier_execution(pipelines):
    version = pipelines.upload("good")
    good = pipelines.create(pipelineType="V2")
    pipelines.decide("Approved")
    pipelines.end(good)
    pipelines.upload("bad")
    bad = pipelines.start()
    pipelines.decide("Rejected")
    pipelines.end(bad)
    wanted = {"pipelineName": "demo", "stageName": "Release", "targetPipelineExecutionId": good}
    back = pipelines.client.rollback_stage(**wanted)["pipelineExecutionId"]
    pipelines.decide("Approved")
    assert pipelines.end(back) == "Succeeded"
    found = pipelines.execution(back)
    assert (found["executionType"], found["trigger"]["triggerType"]) == ("ROLLBACK", "ManualRollback")
    assert found["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": good}
    assert found["artifactRevisions"][0]["revisionId"] == version
    assert [run["actionName"] for run in pipelines.runs(back)] == ["Approve"]
    assert pipelines.stage("Release")["latestExecution"] == {
        "pipelineExecutionId": back,
        "status": "Succeeded",
        "type": "ROLLBACK",
    }


def test_what_cannot_be_rolled_back(pipelines):
    good = pipelines.create(pipelineType="V2")
    pipelines.token()
    back, wanted = pipelines.client.rollback_stage, {"pipelineName": "demo", "stageName": "Release"}
    unable, target = "UnableToRollbackStageException", {"targetPipelineExecutionId": good}
    assert code_of(back, **wanted, **target) == unable  # the stage is running
    pipelines.decide("Approved")
    pipelines.end(good)
    assert code_of(back, pipelineName="demo", stageName="Source", **target) == unable
    assert code_of(back, pipelineName="demo", stageName="none", **target) == "StageNotFoundException"
    nowhere = {"targetPipelineExecutionId": NOWHERE}
    assert code_of(back, **wanted, **nowhere) == "PipelineExecutionNotFoundException"
    pipelines.client.update_pipeline(pipeline=pipelines.declaration(pipelineType="V2"))
    assert code_of(back, **wanted, **target) == "PipelineExecutionOutdatedException"
    pipelines.client.update_pipeline(pipeline=pipelines.declaration())
    assert code_of(back, **wanted, **target) == unable  # V1

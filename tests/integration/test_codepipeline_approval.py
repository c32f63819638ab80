# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time
import typing as t

import pytest

from embedded_aws.pipelines import Pipelines, approval, eventually, stage

MODULE = "codepipeline_approval"
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
            result = run_module(MODULE, check=check, diff=True, **{"pipeline": "demo", "state": "approved", **params})
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
    """Runs the module in check mode, for real, and again: foreseen and done are the same, and the third only reads."""

    def call(**params: t.Any) -> dict[str, t.Any]:
        foreseen = run(check=True, **params)
        assert foreseen["writes"] == []
        done = run(**params)
        for key in ("changed", "actions", "diff"):
            assert foreseen[key] == done[key], key
        again = run(**params)
        assert (again["changed"], again["writes"], again["actions"]) == (False, [], [])
        assert again["diff"] == {"before": "", "after": ""}
        return dict(done)

    return call


def answer(pipelines: Pipelines, execution: str) -> dict[str, t.Any]:
    """What AWS remembers of the answer to the approval."""
    found: dict[str, t.Any] = pipelines.run(execution, "Approve")
    return found


def test_the_pending_approval_is_approved(step: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create()
    pipelines.token()
    done = step(summary="Tested on staging")
    assert done["calls"] == ["GetPipeline", "GetPipelineState", "PutApprovalResult"]
    assert done["approval"]["state"] == "approved"
    assert done["approval"]["pipeline_execution_id"] == execution
    assert done["approval"]["decided_at"] is not None
    assert done["actions"] == [f"Approve Release/Approve of execution {execution}."]
    assert pipelines.end(execution) == "Succeeded"
    assert answer(pipelines, execution)["output"]["executionResult"]["externalExecutionSummary"] == "Tested on staging"


def test_the_pending_approval_is_rejected(step: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create()
    pipelines.token()
    done = step(state="rejected", stage="Release", action="Approve", pipeline_execution_id=execution, summary="No")
    assert (done["approval"]["state"], done["approval"]["summary"]) == ("rejected", "No")
    assert pipelines.end(execution) == "Failed"


@pytest.mark.parametrize(("first", "then"), [("Approved", "rejected"), ("Rejected", "approved")])
def test_the_other_answer_is_a_failure_that_names_who_and_when(
    run: t.Any, pipelines: Pipelines, first: str, then: str
) -> None:
    execution = pipelines.create()
    pipelines.decide(first, summary="My choice")
    pipelines.end(execution)
    decided = answer(pipelines, execution)
    failed = run(state=then)
    assert f"The approval Release/Approve of execution {execution} was {first.lower()} by arn:aws:" in failed["msg"]
    assert f"at {decided['lastUpdateTime'].isoformat()[:19]}" in failed["msg"]
    assert failed["msg"].endswith(": My choice.")
    assert (failed["approval"]["state"], failed["writes"]) == (first.lower(), [])


def test_an_approval_is_waited_for(run: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    aws.configure(codepipeline_delay=2)
    execution = pipelines.create()
    foreseen = run(check=True, wait_timeout=30)
    assert (foreseen["changed"], foreseen["approval"], foreseen["writes"]) == (True, None, [])
    assert f"execution {execution} runs Source/Source" in str(foreseen["warnings"])
    done = run(wait_timeout=30)
    assert (done["changed"], done["writes"]) == (True, ["PutApprovalResult"])
    assert len(done["calls"]) < 40


def test_what_the_pipeline_does_instead_is_told(run: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    aws.configure(codepipeline_delay=20)
    execution = pipelines.create()
    failed = run()
    assert failed["msg"] == (
        f"Pipeline demo does not wait for approval Release/Approve: execution {execution} runs Source/Source."
    )
    late = run(wait_timeout=1, pipeline_execution_id=execution)
    assert "does not wait for approval Release/Approve after 1 s: " in late["msg"]


def test_an_execution_that_has_ended_is_not_waited_for(run: t.Any, pipelines: Pipelines) -> None:
    execution = pipelines.create()
    pipelines.token()
    pipelines.client.stop_pipeline_execution(pipelineName="demo", pipelineExecutionId=execution, abandon=True)
    start = time.monotonic()
    failed = run(wait_timeout=60, pipeline_execution_id=execution)
    assert f"execution {execution} has ended with status Stopped" in failed["msg"]
    assert time.monotonic() - start < 30


def test_a_newer_execution_asks_anew(run: t.Any, pipelines: Pipelines) -> None:
    first = pipelines.create()
    pipelines.token()
    run()
    pipelines.end(first)
    assert not run()["changed"]
    second = pipelines.start()
    pipelines.token()
    assert not run(pipeline_execution_id=first)["changed"]
    done = run()
    assert (done["changed"], done["approval"]["pipeline_execution_id"]) == (True, second)


def test_several_pending_approvals_are_named(run: t.Any, pipelines: Pipelines) -> None:
    pipelines.create(stage("Release", approval(), approval("Sign")))
    pipelines.token()
    pipelines.token("Release", "Sign")
    failed = run()
    assert (
        "has 2 pending approvals; say with stage, action or pipeline_execution_id which one is meant" in failed["msg"]
    )
    assert "Release/Approve of execution" in failed["msg"]
    assert run(action="Sign")["changed"]
    assert run()["approval"]["action"] == "Approve"


def test_parallel_executions_are_told_apart(run: t.Any, step: t.Any, pipelines: Pipelines) -> None:
    first = pipelines.create(pipelineType="V2", executionMode="PARALLEL")
    second = pipelines.start()
    for execution in (first, second):
        eventually(lambda execution=execution: len(pipelines.runs(execution)) == 2, "it asks")
        eventually(lambda execution=execution: asks(pipelines, execution), "it asks")
    assert "has 2 pending approvals" in run()["msg"]
    done = step(pipeline_execution_id=first)
    assert done["approval"]["pipeline_execution_id"] == first
    assert pipelines.end(first) == "Succeeded"
    assert pipelines.execution(second)["status"] == "InProgress"


def asks(pipelines: Pipelines, execution: str) -> bool:
    return "externalExecutionId" in pipelines.run(execution, "Approve")["output"]["executionResult"]


def test_many_who_approve_at_once_change_it_once(run_module: t.Any, pipelines: Pipelines) -> None:
    pipelines.create()
    pipelines.token()
    results: list[dict[str, t.Any]] = []

    def approve() -> None:
        results.append(run_module(MODULE, pipeline="demo", state="approved"))

    threads = [threading.Thread(target=approve) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result["changed"] for result in results) == [False, False, True]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"stage": "Lve"}, "Pipeline demo has no stage Lve; the stages are Source, Release."),
        ({"action": "Source"}, "Pipeline demo has no approval action Source; its approvals are: Release/Approve."),
        ({"pipeline": "dmeo"}, "does not have a pipeline with name 'dmeo'"),
        ({"pipeline_execution_id": NOWHERE}, "does not have an execution with id"),
        ({"pipeline_execution_id": "newest"}, "pipeline_execution_id must be the ID of an execution"),
        ({"summary": "x" * 513}, "summary may have 512 characters; it has 513."),
    ],
)
def test_a_mistake_is_told_before_anything_is_written(
    run: t.Any, pipelines: Pipelines, params: dict[str, t.Any], expected: str
) -> None:
    pipelines.create()
    pipelines.token()
    failed = run(wait_timeout=60, **params)
    assert expected in failed["msg"]
    assert failed["writes"] == []


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("PutApprovalResult", {"code": "ThrottlingException", "status": 400, "times": 2}),
        ("PutApprovalResult", {}),
        ("GetPipelineState", {"times": 2}),
    ],
)
def test_what_passes_is_waited_out(
    run: t.Any, pipelines: Pipelines, aws: t.Any, operation: str, fault: dict[str, t.Any]
) -> None:
    execution = pipelines.create()
    pipelines.token()
    aws.fail("codepipeline", operation, **fault)
    assert run()["changed"]
    assert pipelines.end(execution) == "Succeeded"


def test_an_answer_whose_confirmation_is_lost_is_found_again(run: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    execution = pipelines.create()
    pipelines.token()
    aws.fail("codepipeline", "PutApprovalResult", late=True)
    assert run()["approval"]["state"] == "approved"
    assert pipelines.end(execution) == "Succeeded"


@pytest.mark.parametrize(("other", "changed"), [("Approved", False), ("Rejected", None)])
def test_somebody_else_answers_at_the_last_moment(
    run: t.Any, pipelines: Pipelines, aws: t.Any, other: str, changed: bool | None
) -> None:
    pipelines.create()
    answer_first = {"stageName": "Release", "actionName": "Approve", "token": pipelines.token()}
    result = {"status": other, "summary": "First"}
    wanted = {"pipelineName": "demo", **answer_first, "result": result}
    aws.first("codepipeline", "PutApprovalResult", "put_approval_result", **wanted)
    done = run()
    if changed is None:
        assert "was rejected by arn:aws:" in done["msg"]
        assert done["msg"].endswith(": First.")
    else:
        assert (done["changed"], done["approval"]["summary"]) == (changed, "First")


def test_a_missing_permission_is_named(run: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    pipelines.create()
    pipelines.token()
    aws.fail("codepipeline", "PutApprovalResult", code="AccessDeniedException", status=400, message="Not you.")
    assert run()["msg"].startswith("The credentials do not allow codepipeline:PutApprovalResult (AccessDenied")

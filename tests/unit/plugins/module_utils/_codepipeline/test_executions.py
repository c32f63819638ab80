# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.plugins.module_utils._codepipeline.scripted import ID, NOON, detail, run, snapshot

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import executions
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Run, Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.wording import (
    cause,
    ending,
    lines,
    standing,
)

FETCHED = run("Source/Code", "Succeeded")
FAILED = run("Build/Test", "Failed", error_code="JobFailed", error_message="Two tests failed.", url="https://logs/7")
ASKS = run("Approve/Ask", "InProgress", category="Approval", configuration={"CustomData": "Look at staging"})


def test_an_entry_of_the_api_is_read_whole() -> None:
    found = executions.run_from(detail(FAILED))
    assert (found.place, found.error_code, found.seconds) == ("Build/Test", "JobFailed", 4.0)
    assert found.result()["started"] == NOON.isoformat()


def test_the_token_of_an_approval_is_not_returned() -> None:
    assert run("A/B", "InProgress", category="Approval", external_id="secret").result()["external_execution_id"] is None
    assert run("A/B", "InProgress", category="Build", external_id="b:1").result()["external_execution_id"] == "b:1"


@pytest.mark.parametrize(
    ("runs", "status", "expected"),
    [
        ([], "InProgress", {}),
        ([FETCHED], "InProgress", {"Source": "InProgress"}),
        ([FETCHED, ASKS], "", {"Source": "Succeeded", "Approve": "InProgress"}),
        ([FETCHED, FAILED], "Failed", {"Source": "Succeeded", "Build": "Failed"}),
        ([FETCHED, FAILED, ASKS], "", {"Source": "Succeeded", "Build": "Skipped", "Approve": "InProgress"}),
        (
            [FETCHED, FAILED, run("Build/Test", "Succeeded", 2)],
            "Succeeded",
            {"Source": "Succeeded", "Build": "Succeeded"},
        ),
        ([FETCHED, run("Build/Test", "Abandoned")], "Stopped", {"Source": "Succeeded", "Build": "Stopped"}),
    ],
)
def test_the_status_of_stages(runs: list[Run], status: str, expected: dict[str, str]) -> None:
    assert snapshot(*runs, status=status).stages() == expected


def test_only_the_last_execution_of_an_action_counts() -> None:
    retried = snapshot(FETCHED, FAILED, run("Build/Test", "Succeeded", 2), status="Succeeded")
    assert retried.failed() == []
    assert retried.succeeded() == ["Source/Code", "Build/Test"]


def test_progress_names_stages_around_their_actions() -> None:
    building = snapshot(FETCHED, run("Build/Test", "InProgress"))
    assert lines(Snapshot(ID), building) == [
        ("Source/Code: Succeeded, 4 s", "ok"),
        ("Source: Succeeded", "ok"),
        ("Build: InProgress", "running"),
        ("Build/Test: InProgress", "running"),
    ]
    assert lines(building, snapshot(FETCHED, FAILED, status="Failed")) == [
        ("Build/Test: Failed, JobFailed: Two tests failed (https://logs/7)", "failed"),
        ("Build: Failed", "failed"),
    ]


def test_progress_says_what_an_approval_is_about() -> None:
    assert ("Approve/Ask: InProgress, waits for an approval, Look at staging", "running") in lines(
        Snapshot(ID), snapshot(ASKS)
    )


ENDS = st.sampled_from(["Succeeded", "Failed"])


@st.composite
def histories(draw: t.Any) -> list[Snapshot]:
    """What one execution looks like at several moments: actions begin one after the other, then they end."""
    order = ["Source/Code", "Build/Lint", "Build/Test", "Deploy/Web"]
    places = sorted(draw(st.sets(st.sampled_from(order), min_size=1)), key=order.index)
    runs: list[Run] = []
    moments = [snapshot()]
    for place in places:
        runs.append(run(place, "InProgress"))
        moments.append(snapshot(*runs))
        runs[-1] = run(place, draw(ENDS))
        moments.append(snapshot(*runs))
    return [*moments, snapshot(*runs, status=draw(st.sampled_from(["Succeeded", "Failed", "Stopped"])))]


@given(histories(), st.data())
def test_progress_shows_each_change_once_however_often_one_looks(moments: list[Snapshot], data: t.Any) -> None:
    seen = [moment for moment in moments if data.draw(st.booleans())] + [moments[-1]]
    shown = [line for before, now in zip([moments[0], *seen], seen, strict=False) for line in lines(before, now)]
    last = moments[-1]
    assert len(shown) == len(set(shown))
    for found in last.runs:
        assert sum(text.startswith(f"{found.place}: {found.status}") for text, _ in shown) == 1
    for stage, status in last.stages().items():
        assert sum(text == f"{stage}: {status}" for text, _ in shown) == 1


@given(histories())
def test_progress_of_nothing_new_is_empty(moments: list[Snapshot]) -> None:
    assert all(lines(moment, moment) == [] for moment in moments)


STATE: dict[str, t.Any] = {
    "stageStates": [
        {"stageName": "Source", "latestExecution": {"pipelineExecutionId": ID, "status": "Succeeded"}},
        {
            "stageName": "Production",
            "inboundExecutions": [{"pipelineExecutionId": ID, "status": "InProgress"}],
            "inboundTransitionState": {"enabled": False, "disabledReason": "Closed until January"},
        },
    ]
}
OCCUPIED = {
    "stageStates": [
        {
            "stageName": "Production",
            "inboundExecution": {"pipelineExecutionId": ID, "status": "InProgress"},
            "inboundTransitionState": {"enabled": True},
            "latestExecution": {"pipelineExecutionId": "older", "status": "InProgress"},
        }
    ]
}


@pytest.mark.parametrize(
    ("found", "state", "expected"),
    [
        (snapshot(run("Build/Test", "InProgress"), run("Build/Lint", "InProgress")), {}, "runs Build/Test, Build/Lint"),
        (snapshot(ASKS), {}, "waits for the approval Approve/Ask"),
        (
            snapshot(run("Approve/Load", "InProgress"), ASKS),
            {},
            "runs Approve/Load and waits for the approval Approve/Ask",
        ),
        (
            snapshot(FETCHED),
            STATE,
            "stands before stage Production, whose transition is disabled (Closed until January)",
        ),
        (snapshot(FETCHED), OCCUPIED, "stands before stage Production, in which execution older is"),
        (snapshot(FETCHED), {}, "is between two actions"),
        (snapshot(FETCHED, status="Superseded"), {}, "has ended with status Superseded"),
    ],
)
def test_where_an_execution_stands(found: Snapshot, state: dict[str, t.Any], expected: str) -> None:
    assert standing(found, state) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (FAILED, "JobFailed: Two tests failed (https://logs/7)"),
        (run("A/B", "Failed", summary="Gone"), "Gone"),
        (run("A/B", "Failed"), "no reason is given"),
        (
            run("A/B", "Failed", category="Approval", by="arn:x:ann", summary="Too slow", error_code="JobFailed"),
            "rejected by arn:x:ann: Too slow",
        ),
    ],
)
def test_why_an_action_failed(found: Run, expected: str) -> None:
    assert cause(found) == expected


CONDITION = {
    "stageStates": [
        {
            "stageName": "Deploy",
            "latestExecution": {"pipelineExecutionId": ID, "status": "Failed"},
            "beforeEntryConditionState": {
                "latestExecution": {"status": "Failed", "summary": "Rule Window failed"},
                "conditionStates": [
                    {
                        "ruleStates": [
                            {"ruleName": "Window", "latestExecution": {"status": "Failed", "summary": "It is Friday"}}
                        ]
                    }
                ],
            },
        }
    ]
}


@pytest.mark.parametrize(
    ("found", "state", "reason", "expected"),
    [
        (
            snapshot(FETCHED, FAILED, status="Failed"),
            {},
            "",
            (
                "failed in stage Build, action Test: JobFailed: Two tests failed (https://logs/7). "
                "Succeeded before that: Source/Code."
            ),
        ),
        (
            snapshot(FETCHED, status="Failed"),
            CONDITION,
            "",
            (
                "failed at the condition before_entry of stage Deploy: rule Window: It is Friday. "
                "Succeeded before that: Source/Code."
            ),
        ),
        (snapshot(status="Failed"), {}, "", "failed without a failed action. Nothing had succeeded before."),
        (
            snapshot(FAILED, run("Deploy/Web", "Failed"), status="Failed"),
            {},
            "",
            "failed in stage Deploy, action Web: no reason is given. Nothing had succeeded before.",
        ),
        (
            snapshot(FETCHED, status="Stopped"),
            {},
            "It hangs.",
            "was stopped: It hangs. Succeeded before that: Source/Code.",
        ),
        (snapshot(status="Stopped"), {}, "", "was stopped: no reason was given. Nothing had succeeded before."),
        (
            snapshot(status="Superseded", statusSummary="Superseded by 7"),
            {},
            "",
            "was superseded by a newer one (Superseded by 7). Nothing had succeeded before.",
        ),
        (
            snapshot(status="Cancelled"),
            {},
            "",
            (
                "was cancelled, because the pipeline was changed while it ran; start a new one. "
                "Nothing had succeeded before."
            ),
        ),
    ],
)
def test_how_an_execution_ended(found: Snapshot, state: dict[str, t.Any], reason: str, expected: str) -> None:
    assert ending("shop", found, state, reason) == f"Execution {ID} of pipeline shop {expected}"

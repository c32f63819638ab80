# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from unit.plugins.module_utils._codepipeline.scripted import ID, OTHER, Data

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import operations
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operations import Plan, Request
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError


def source(name: str, provider: str = "CodeCommit") -> Data:
    return {"name": name, "actionTypeId": {"category": "Source", "provider": provider}}


DECLARATION: Data = {
    "pipelineType": "V2",
    "variables": [{"name": "where", "defaultValue": "test"}, {"name": "who"}],
    "stages": [
        {"name": "Source", "actions": [source("Code"), source("Data", "S3"), source("Odd", "Own")]},
        {"name": "Live", "actions": []},
    ],
}


def revision(action: str, kind: str = "COMMIT_ID") -> Data:
    return {"actionName": action, "revisionType": kind, "revisionValue": "abc"}


def test_a_start_shows_what_it_starts_with() -> None:
    request = Request("shop", variables={"who": "ann"}, revisions=(revision("Code"),))
    plan = operations.plan_start(DECLARATION, request)
    assert plan.sentence == "Start pipeline shop."
    assert plan.after == {
        "started": {"pipeline": "shop", "variables": {"who": "ann"}, "source_revisions": {"Code": "abc"}}
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "The variable who has no default; give it a value in variables."),
        (
            {"variables": {"who": "a", "wo": "b"}},
            "variables names wo, which the pipeline does not declare; it declares where, who.",
        ),
        ({"variables": {"who": ""}}, "The value of the variable who must have 1 to 1000 characters; it has 0."),
        (
            {"revisions": (revision("Cod"),)},
            "source_revisions names Cod, which is no source action; there is Code, Data, Odd.",
        ),
        (
            {"revisions": (revision("Data"),)},
            "The revision of the S3 source Data must be S3_OBJECT_VERSION_ID or S3_OBJECT_KEY, not COMMIT_ID.",
        ),
        ({"revisions": (revision("Code"), revision("Code"))}, "source_revisions names Code more than once."),
        ({"token": "a b"}, "client_request_token must have 1 to 128 letters, digits and hyphens, which 'a b' has not."),
    ],
)
def test_what_aws_would_refuse_is_refused_before(options: Data, expected: str) -> None:
    with pytest.raises(CollectionError) as caught:
        operations.plan_start(DECLARATION, Request("shop", **options))
    assert expected in caught.value.message


def test_an_unknown_provider_takes_any_revision() -> None:
    request = Request("shop", variables={"who": "ann"}, revisions=(revision("Odd", "IMAGE_DIGEST"),))
    assert operations.plan_start(DECLARATION, request).sentence


def execution(status: str, execution_id: str = ID) -> Data:
    return {"pipelineExecutionId": execution_id, "status": status}


@pytest.mark.parametrize(
    ("status", "abandon", "stops"),
    [
        ("InProgress", False, True),
        ("InProgress", True, True),
        ("Stopping", False, False),
        ("Stopping", True, True),
        ("Stopped", True, False),
        ("Succeeded", False, False),
        ("Failed", False, False),
        ("Superseded", True, False),
        ("Cancelled", True, False),
    ],
)
def test_only_what_runs_is_stopped(status: str, abandon: bool, stops: bool) -> None:
    plan = operations.plan_stop(execution(status), Request("shop", abandon=abandon))
    assert (bool(plan.sentence), plan.execution_id) == (stops, ID)
    assert bool(plan.after) == stops


def test_a_reason_that_is_too_long_is_refused() -> None:
    with pytest.raises(CollectionError, match="reason may have 200 characters; it has 201"):
        operations.plan_stop(execution("InProgress"), Request("shop", reason="x" * 201))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], None),
        ([execution("Succeeded"), execution("Failed", OTHER)], ID),
        ([execution("Succeeded"), execution("InProgress", OTHER)], OTHER),
    ],
)
def test_the_running_execution_is_found(found: list[Data], expected: str | None) -> None:
    chosen = operations.only_running("shop", found)
    assert (chosen or {}).get("pipelineExecutionId") == expected


def test_several_running_executions_are_named() -> None:
    with pytest.raises(CollectionError, match=f"2 running executions; .*: {ID}, {OTHER}"):
        operations.only_running("shop", [execution("InProgress"), execution("Stopping", OTHER)])


def state(*stages: tuple[str, str, str], kind: str = "STANDARD") -> Data:
    found = []
    for name, status, execution_id in stages:
        latest = {"latestExecution": {**execution(status, execution_id), "type": kind}} if status else {}
        found.append({"stageName": name, **latest})
    return {"stageStates": found}


FAILED = state(("Source", "Succeeded", ID), ("Build", "Failed", ID), ("Live", "Succeeded", OTHER))


@pytest.mark.parametrize(
    ("found", "options", "stage"),
    [
        (FAILED, {}, "Build"),
        (FAILED, {"stage": "Build"}, "Build"),
        (FAILED, {"execution_id": ID}, "Build"),
        (FAILED, {"execution_id": OTHER}, ""),
        (FAILED, {"stage": "Live"}, ""),
        (state(("Source", "Succeeded", ID), ("Build", "InProgress", ID)), {"stage": "Build"}, ""),
        (state(("Source", "Succeeded", ID), ("Build", "Stopped", ID)), {}, "Build"),
        (state(("Source", "Succeeded", ID), ("Build", "Succeeded", ID)), {}, ""),
        (state(("Source", "", ID)), {}, ""),
    ],
)
def test_what_is_retried(found: Data, options: Data, stage: str) -> None:
    plan = operations.plan_retry(found, Request("shop", **options))
    assert (plan.stage if plan.sentence else "") == stage


def test_without_a_failed_stage_the_newest_execution_is_spoken_of() -> None:
    found = state(("Source", "Succeeded", ID), ("Build", "Succeeded", ID))
    assert operations.plan_retry(found, Request("shop")) == Plan(execution_id=ID)


@pytest.mark.parametrize(
    ("found", "options", "expected"),
    [
        (FAILED, {"stage": "Lve"}, "has no stage Lve; the stages are Source, Build, Live."),
        (FAILED, {"stage": "Build", "execution_id": OTHER}, f"but execution {ID} is; only that one can be retried."),
        (state(("Build", "", "")), {"stage": "Build"}, "No execution has been in stage Build"),
        (state(("A", "Failed", ID), ("B", "Failed", OTHER)), {}, "has 2 failed stages; name one of A, B."),
    ],
)
def test_what_cannot_be_retried(found: Data, options: Data, expected: str) -> None:
    with pytest.raises(CollectionError) as caught:
        operations.plan_retry(found, Request("shop", **options))
    assert expected in caught.value.message


LIVE = state(("Source", "Succeeded", ID), ("Live", "Succeeded", ID))
BROKEN = state(("Source", "Succeeded", ID), ("Live", "Failed", ID))
BACK = {"rollbackMetadata": {"rollbackTargetPipelineExecutionId": OTHER}}
EARLIER = [execution("Succeeded"), {**execution("Succeeded", "back"), "executionType": "ROLLBACK"}]
EARLIER += [execution("Succeeded", OTHER), execution("Failed", "oldest")]


def roll_back(
    found: Data, current: Data | None = None, target: str = "", earlier: t.Any = EARLIER, **more: t.Any
) -> Plan:
    request = Request("shop", stage=more.pop("stage", "Live"), target_id=target)
    return operations.plan_roll_back({**DECLARATION, **more}, found, current or {}, earlier, request)


@pytest.mark.parametrize(
    ("found", "current", "target", "expected"),
    [
        (LIVE, {}, "", OTHER),
        (BROKEN, {}, "", OTHER),
        (LIVE, {}, OTHER, OTHER),
        (LIVE, {}, "oldest", "oldest"),
        (LIVE, {}, ID, ""),
        (LIVE, BACK, "", ""),
        (LIVE, BACK, OTHER, ""),
        (LIVE, BACK, "oldest", "oldest"),
        (BROKEN, BACK, OTHER, OTHER),
    ],
)
def test_what_a_stage_is_rolled_back_to(found: Data, current: Data, target: str, expected: str) -> None:
    plan = roll_back(found, current, target)
    assert plan.target_id == expected
    assert bool(plan.sentence) == bool(expected)


def test_a_rollback_that_runs_is_waited_for() -> None:
    running = state(("Source", "Succeeded", "x"), ("Live", "InProgress", ID), kind="ROLLBACK")
    assert roll_back(running, BACK) == Plan(execution_id=ID, stage="Live")


@pytest.mark.parametrize(
    ("found", "more", "expected"),
    [
        (LIVE, {"pipelineType": "V1"}, "Only pipelines of type V2 can roll back; pipeline shop is V1."),
        (LIVE, {"executionMode": "PARALLEL"}, "runs its executions in PARALLEL"),
        (LIVE, {"stage": "Source"}, "because it is the source stage"),
        (LIVE, {"stage": "Lve"}, "has no stage Lve; the stages are Source, Live."),
        (LIVE, {"earlier": EARLIER[:2]}, "There is nothing to roll back to"),
        (
            LIVE,
            {"target": "lost"},
            f"succeeded in stage Live with the present version of pipeline shop: {OTHER}, oldest.",
        ),
        (state(("Source", "Succeeded", ID), ("Live", "InProgress", ID)), {}, f"while execution {ID} is in it"),
    ],
)
def test_what_cannot_be_rolled_back(found: Data, more: Data, expected: str) -> None:
    with pytest.raises(CollectionError) as caught:
        roll_back(found, **more)
    assert expected in caught.value.message


def test_an_id_that_is_none_is_named_with_its_option() -> None:
    assert operations.checked_id("pipeline_execution_id", ID) == ID
    assert operations.checked_id("pipeline_execution_id", None) == ""
    with pytest.raises(CollectionError, match=r"pipeline_execution_id must be .*; 'latest' is none"):
        operations.checked_id("pipeline_execution_id", "latest")

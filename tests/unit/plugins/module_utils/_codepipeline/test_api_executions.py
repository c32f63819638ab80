# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from botocore.stub import Stubber
from unit.plugins.module_utils._codepipeline.scripted import ID, NOON, OTHER

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, ExecutionMissing, Overtaken
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

SERVICE = "codepipeline"
TOKEN = "33333333-3333-4333-8333-333333333333"
STARTED = {"pipelineExecutionId": ID}


@pytest.fixture
def api(stub: Stubber, pauses: list[float]) -> Api:
    return Api(stub.client, sleep=pauses.append)


@pytest.mark.parametrize(
    ("operation", "request_", "call", "expected"),
    [
        (
            "start_pipeline_execution",
            {"name": "shop", "clientRequestToken": "t-1", "variables": [{"name": "a", "value": "b"}]},
            lambda api: api.start("shop", "t-1", variables=[{"name": "a", "value": "b"}]),
            ID,
        ),
        (
            "retry_stage_execution",
            {"pipelineName": "shop", "stageName": "Live", "pipelineExecutionId": ID, "retryMode": "ALL_ACTIONS"},
            lambda api: api.retry("shop", "Live", ID, "ALL_ACTIONS"),
            ID,
        ),
        (
            "rollback_stage",
            {"pipelineName": "shop", "stageName": "Live", "targetPipelineExecutionId": OTHER},
            lambda api: api.roll_back("shop", "Live", OTHER),
            ID,
        ),
        (
            "stop_pipeline_execution",
            {"pipelineName": "shop", "pipelineExecutionId": ID, "abandon": True, "reason": "Hangs"},
            lambda api: api.stop("shop", ID, True, "Hangs"),
            None,
        ),
        (
            "stop_pipeline_execution",
            {"pipelineName": "shop", "pipelineExecutionId": ID, "abandon": False},
            lambda api: api.stop("shop", ID, False, ""),
            None,
        ),
    ],
)
def test_what_is_sent(
    api: Api, stub: Stubber, operation: str, request_: dict[str, t.Any], call: t.Callable[[Api], t.Any], expected: t.Any
) -> None:
    stub.add_response(operation, STARTED, request_)
    assert call(api) == expected


def test_an_answer_carries_the_token(api: Api, stub: Stubber) -> None:
    result = {"status": "Approved", "summary": ""}
    sent = {"pipelineName": "shop", "stageName": "Live", "actionName": "Ask", "token": TOKEN, "result": result}
    stub.add_response("put_approval_result", {"approvedAt": NOON}, sent)
    assert api.answer_approval("shop", "Live", "Ask", TOKEN, result) == NOON


def test_executions_that_succeeded_in_a_stage_are_asked_for(api: Api, stub: Stubber) -> None:
    sent = {"pipelineName": "shop", "filter": {"succeededInStage": {"stageName": "Live"}}}
    stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": [STARTED]}, sent)
    assert list(api.executions("shop", succeeded_in="Live")) == [STARTED]


def test_a_pipeline_that_is_busy_is_asked_again(api: Api, stub: Stubber, pauses: list[float]) -> None:
    stub.add_client_error("start_pipeline_execution", "ConflictException", "busy")
    stub.add_client_error("start_pipeline_execution", "ThrottlingException", "slow down")
    stub.add_response("start_pipeline_execution", STARTED)
    assert api.start("shop", "t-1") == ID
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("PipelineExecutionNotFoundException", ExecutionMissing),
        ("InvalidApprovalTokenException", Overtaken),
        ("ApprovalAlreadyCompletedException", Overtaken),
        ("DuplicatedStopRequestException", Overtaken),
        ("PipelineExecutionNotStoppableException", Overtaken),
        ("StageNotRetryableException", Overtaken),
        ("NotLatestPipelineExecutionException", Overtaken),
    ],
)
def test_errors_that_mean_something(api: Api, stub: Stubber, code: str, kind: type[CollectionError]) -> None:
    stub.add_client_error("get_pipeline_execution", code, "So it is")
    with pytest.raises(kind, match=r"^So it is\.$") as caught:
        api.execution("shop", ID)
    assert caught.value.details == {"error_code": code}

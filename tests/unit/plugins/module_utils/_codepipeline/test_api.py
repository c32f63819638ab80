# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import json
import typing as t

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, PipelineMissing
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

SERVICE = "codepipeline"
Data = dict[str, t.Any]


def declaration(**fields: t.Any) -> Data:
    kind = {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}
    stages = [{"name": "Ask", "actions": [{"name": "Ask", "actionTypeId": kind, **fields}]}]
    return {"name": "app", "roleArn": "arn:aws:iam::123456789012:role/p", "stages": stages, "version": 3}


@pytest.fixture
def api(stub: Stubber, pauses: list[float]) -> Api:
    return Api(stub.client, sleep=pauses.append)


class Wire:
    """A client whose requests end here, and what was asked; it answers one body after the other."""

    def __init__(self, *answers: tuple[int, t.Any]) -> None:
        self.client = boto3.client(
            SERVICE, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        self.asked: list[t.Any] = []
        self._answers = iter(answers)
        self.client.meta.events.register("before-send.codepipeline", self._answer)

    def _answer(self, request: t.Any, **_rest: t.Any) -> AWSResponse:
        self.asked.append(json.loads(request.body))
        status, body = next(self._answers)
        text = body if isinstance(body, str) else json.dumps(body)
        raw = io.BytesIO(text.encode())
        raw.stream = lambda **_: iter([raw.getvalue()])  # type: ignore[attr-defined]
        return AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.1"}, raw)


YOUNG = declaration(fieldOfTheFuture={"a": [1, None]}, runOrder=1)
YOUNG["stages"][0]["blockOfTheFuture"] = {"b": True}
YOUNG["triggersOfTheFuture"] = []


def test_fields_younger_than_the_sdk_survive_reading_and_writing() -> None:
    answer = {"pipeline": YOUNG, "metadata": {"pipelineArn": "arn:aws:codepipeline:eu-west-3:123456789012:app"}}
    wire = Wire((200, answer), (200, {"pipeline": {**YOUNG, "version": 4}}))
    api = Api(wire.client)
    read = api.pipeline("app", 3)
    assert (read.declaration, read.version, read.region) == (YOUNG, 3, "eu-west-3")
    assert api.update_pipeline(read.declaration) == {**YOUNG, "version": 4}
    assert wire.asked == [{"name": "app", "version": 3}, {"pipeline": YOUNG}]


def test_a_wrong_value_of_a_known_field_is_still_found_before_it_is_sent() -> None:
    wire = Wire()
    with pytest.raises(CollectionError, match=r"codepipeline:UpdatePipeline is not valid: .*runOrder"):
        Api(wire.client).update_pipeline({**YOUNG, "stages": declaration(runOrder="x")["stages"]})
    assert wire.asked == []


@pytest.mark.parametrize("body", ["<html>Welcome</html>", {}])
def test_an_endpoint_that_is_not_aws(body: t.Any) -> None:
    with pytest.raises(CollectionError, match=r"does not speak the AWS API"):
        Api(Wire((200, body)).client).pipeline("app")


def test_an_internal_failure_of_aws_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    wire = Wire((500, {"__type": "InternalFailure"}), (200, {"pipeline": YOUNG}))
    assert Api(wire.client).pipeline("app").version == 3
    assert len(wire.asked) == 2


def test_an_unknown_pipeline_is_one_sentence(api: Api, stub: Stubber) -> None:
    said = "Account '123456789012' does not have a pipeline with name 'app'"
    stub.add_client_error("get_pipeline", "PipelineNotFoundException", said)
    with pytest.raises(PipelineMissing) as failure:
        api.pipeline("app")
    assert failure.value.message == f"{said} in region eu-central-1."


def test_a_denied_operation_is_named_as_in_a_policy(api: Api, stub: Stubber, pauses: list[float]) -> None:
    stub.add_client_error("update_pipeline", "AccessDeniedException", "not authorized", http_status_code=400)
    with pytest.raises(CollectionError, match="do not allow codepipeline:UpdatePipeline"):
        api.update_pipeline(declaration())
    assert pauses == []


def test_throttling_is_waited_out(api: Api, stub: Stubber, pauses: list[float]) -> None:
    for _ in range(2):
        stub.add_client_error("get_pipeline", "ThrottlingException", "Rate exceeded", http_status_code=400)
    stub.add_response("get_pipeline", {"pipeline": declaration()}, {"name": "app"})
    assert api.pipeline("app").version == 3
    assert len(pauses) == 2


def test_pages_are_joined(api: Api, stub: Stubber) -> None:
    summary = {"pipelineExecutionId": "12345678-1234-1234-1234-123456789012", "status": "Succeeded"}
    first = {"pipelineExecutionSummaries": [summary], "nextToken": "n"}
    stub.add_response("list_pipeline_executions", first, {"pipelineName": "app"})
    stub.add_response(
        "list_pipeline_executions", {"pipelineExecutionSummaries": [summary]}, {"pipelineName": "app", "nextToken": "n"}
    )
    assert list(api.executions("app")) == [summary, summary]


def test_tags_are_a_dictionary(api: Api, stub: Stubber) -> None:
    arn = "arn:aws:codepipeline:eu-central-1:123456789012:app"
    stub.add_response("list_tags_for_resource", {"tags": [{"key": "a", "value": "b"}]}, {"resourceArn": arn})
    assert api.tags(arn) == {"a": "b"}

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test can order to go wrong."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


def answers(call, **arguments):
    """ok, or the code and the status of the error."""
    try:
        call(**arguments)
    except ClientError as error:
        details = error.response
        return details["Error"]["Code"], details["ResponseMetadata"]["HTTPStatusCode"]
    return "ok"


def test_the_next_requests_are_throttled(aws):
    aws.fail("sns", "CreateTopic", code="Throttling", status=400, times=2, skip=1)
    topics = [answers(aws.client("sns").create_topic, Name=f"t{number}") for number in range(4)]
    assert topics == ["ok", ("Throttling", 400), ("Throttling", 400), "ok"]
    assert len(aws.client("sns").list_topics()["Topics"]) == 2
    assert [entry["status"] for entry in aws.log("write")] == [200, 400, 400, 200]


@pytest.mark.parametrize(("late", "made"), [(False, 0), (True, 1)])
def test_an_answer_is_lost_with_or_without_its_effect(aws, late, made):
    aws.fail("codecommit", "CreateRepository", late=late)
    codecommit = aws.client("codecommit")
    assert answers(codecommit.create_repository, repositoryName="app") == ("InternalFailure", 500)
    assert len(codecommit.list_repositories()["repositories"]) == made


def test_somebody_else_is_first(pipelines):
    pipelines.create()
    others = pipelines.declaration(executionMode="QUEUED", pipelineType="V2")
    pipelines.aws.forget()
    pipelines.aws.first("codepipeline", "UpdatePipeline", "update_pipeline", pipeline=others)
    mine = pipelines.client.update_pipeline(pipeline=pipelines.declaration())["pipeline"]
    assert mine["version"] == 3
    assert pipelines.client.get_pipeline(name="demo", version=2)["pipeline"]["executionMode"] == "QUEUED"
    assert [entry["operation"] for entry in pipelines.aws.log("write")] == ["UpdatePipeline"]


def test_services_among_themselves_are_spared(pipelines):
    pipelines.aws.fail("s3", "PutObject", times=9)
    assert pipelines.create()
    assert pipelines.token()


def test_a_reset_takes_the_orders_back(aws):
    aws.fail("sns", "ListTopics", times=9)
    aws.reset()
    assert answers(aws.client("sns").list_topics) == "ok"

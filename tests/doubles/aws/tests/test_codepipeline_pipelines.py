# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: versions, secrets, names, tags and lists of pipelines."""

from __future__ import annotations

import pytest

from embedded_aws.pipelines import action, approval, stage
from embedded_aws.testing import code_of, refusal


def test_defaults_are_filled_in_and_the_rest_is_as_it_was_given(pipelines):
    fields = {"inputs": ["app"], "runOrder": 7, "namespace": "b", "region": "us-east-1"}
    build = action("Build/AWS/CodeBuild", "Build", {"ProjectName": "x"}, **fields)
    pipelines.client.create_pipeline(pipeline=pipelines.declaration(stage("Deploy", approval(), build)))
    found = pipelines.client.get_pipeline(name="demo")
    assert found["metadata"]["pipelineArn"] == "arn:aws:codepipeline:us-east-1:123456789012:demo"
    shown = found["pipeline"]
    assert (shown["version"], shown["pipelineType"], shown["executionMode"]) == (1, "V1", "SUPERSEDED")
    asked, made = shown["stages"][1]["actions"]
    assert asked == {**approval(), "runOrder": 1, "inputArtifacts": [], "outputArtifacts": []}
    assert made == {**build, "outputArtifacts": []}


def test_each_update_is_a_version_that_stays(pipelines):
    pipelines.create()
    changed = pipelines.declaration(stage("Release", approval()), stage("Last", approval()))
    assert pipelines.client.update_pipeline(pipeline={**changed, "version": 7})["pipeline"]["version"] == 2
    assert len(pipelines.client.get_pipeline(name="demo")["pipeline"]["stages"]) == 3
    assert len(pipelines.client.get_pipeline(name="demo", version=1)["pipeline"]["stages"]) == 2
    assert pipelines.client.list_pipelines()["pipelines"][0]["version"] == 2


def test_secrets_are_masked(pipelines):
    configuration = {"Owner": "me", "Repo": "app", "Branch": "main", "OAuthToken": "very-secret"}
    source = action("Source/ThirdParty/GitHub", "Code", configuration, outputs=["app"])
    execution = pipelines.create(stage("Release", approval()), stages=[stage("Source", source), stage("R", approval())])
    shown = pipelines.client.get_pipeline(name="demo")["pipeline"]["stages"][0]["actions"][0]["configuration"]
    assert shown == {**configuration, "OAuthToken": "****"}
    pipelines.token("R")
    assert pipelines.run(execution, "Code")["input"]["resolvedConfiguration"]["OAuthToken"] == "****"
    pipelines.client.update_pipeline(pipeline=pipelines.client.get_pipeline(name="demo")["pipeline"])
    broken = pipelines.start()
    assert pipelines.end(broken) == "Failed"
    assert "access token" in pipelines.run(broken, "Code")["output"]["executionResult"]["errorDetails"]["message"]


def test_a_name_is_taken_once(pipelines):
    pipelines.create()
    assert refusal(pipelines.client.create_pipeline, pipeline=pipelines.declaration()) == (
        "PipelineNameInUseException",
        "A pipeline with the name 'demo' already exists in account '123456789012'",
    )
    pipelines.client.delete_pipeline(name="demo")
    pipelines.client.delete_pipeline(name="demo")
    pipelines.create()


def test_the_number_of_pipelines_is_limited(pipelines):
    pipelines.aws.configure(codepipeline_maximum=1)
    pipelines.create()
    assert code_of(pipelines.client.create_pipeline, pipeline=pipelines.declaration(name="two")) == (
        "LimitExceededException"
    )


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("get_pipeline", {"name": "none"}, "PipelineNotFoundException"),
        ("get_pipeline", {"name": "demo", "version": 2}, "PipelineVersionNotFoundException"),
        ("get_pipeline_state", {"name": "none"}, "PipelineNotFoundException"),
        ("enable_stage_transition", {"stageName": "none", "transitionType": "Inbound"}, "StageNotFoundException"),
        (
            "list_tags_for_resource",
            {"resourceArn": "arn:aws:codepipeline:us-east-1:123456789012:none"},
            "ResourceNotFoundException",
        ),
        (
            "list_tags_for_resource",
            {"resourceArn": "arn:aws:codepipeline:eu-west-1:123456789012:demo"},
            "InvalidArnException",
        ),
        ("list_tags_for_resource", {"resourceArn": "demo"}, "ValidationException"),
        ("list_pipelines", {"nextToken": "x"}, "InvalidNextTokenException"),
        (
            "disable_stage_transition",
            {"stageName": "Release", "transitionType": "Inbound", "reason": "what's up"},
            "ValidationException",
        ),
    ],
)
def test_what_is_not_there_or_not_valid(pipelines, operation, arguments, code):
    pipelines.create()
    named = {"pipelineName": "demo"} if operation.endswith("_transition") else {}
    assert code_of(getattr(pipelines.client, operation), **named, **arguments) == code


def test_an_unknown_pipeline_cannot_be_updated(pipelines):
    assert refusal(pipelines.client.update_pipeline, pipeline=pipelines.declaration()) == (
        "PipelineNotFoundException",
        "Account '123456789012' does not have a pipeline with name 'demo'",
    )


def test_tags(pipelines):
    client, arn = pipelines.client, "arn:aws:codepipeline:us-east-1:123456789012:demo"
    made = client.create_pipeline(pipeline=pipelines.declaration(), tags=[{"key": "team", "value": "ci"}])
    assert made["tags"] == [{"key": "team", "value": "ci"}]
    client.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "cd"}, {"key": "a", "value": ""}])
    client.untag_resource(resourceArn=arn, tagKeys=["a", "none"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "cd"}]
    many = [{"key": f"k{number}", "value": "v"} for number in range(50)]
    assert code_of(client.tag_resource, resourceArn=arn, tags=many) == "TooManyTagsException"
    own = [{"key": "aws:x", "value": "v"}]
    assert code_of(client.tag_resource, resourceArn=arn, tags=own) == "InvalidTagsException"


def test_pages(pipelines):
    for number in range(3):
        pipelines.client.create_pipeline(pipeline=pipelines.declaration(name=f"p{number}"))
    pages = pipelines.client.get_paginator("list_pipelines").paginate(PaginationConfig={"PageSize": 2})
    assert [[item["name"] for item in page["pipelines"]] for page in pages] == [["p0", "p1"], ["p2"]]

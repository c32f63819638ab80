# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: custom action types, the workers of their jobs, webhooks."""

from __future__ import annotations

import pytest

from embedded_aws.pipelines import action, eventually, stage
from embedded_aws.testing import code_of

NOWHERE = "00000000-0000-0000-0000-000000000000"
JENKINS = {"category": "Test", "owner": "Custom", "provider": "Jenkins", "version": "1"}


@pytest.fixture
def jenkins(pipelines):
    """A pipeline with an action of a custom type, and the client of its worker."""
    pipelines.client.create_custom_action_type(
        category="Test",
        provider="Jenkins",
        version="1",
        configurationProperties=[
            {"name": "Job", "required": True, "key": True, "secret": False, "queryable": True},
            {"name": "Password", "required": False, "key": False, "secret": True},
        ],
        inputArtifactDetails={"minimumCount": 0, "maximumCount": 1},
        outputArtifactDetails={"minimumCount": 0, "maximumCount": 1},
        tags=[{"key": "team", "value": "ci"}],
    )
    work = action(
        "Test/Custom/Jenkins", "Run", {"Job": "app", "Password": "secret"}, inputs=["app"], outputs=["report"]
    )
    pipelines.execution_id = pipelines.create(stage("Work", work))
    eventually(lambda: pipelines.action("Work", "Run").get("status") == "InProgress", "the action runs")
    return pipelines


def poll(jenkins, **query):
    def ask():
        return jenkins.client.poll_for_jobs(actionTypeId=JENKINS, queryParam=query)["jobs"]

    return eventually(ask, "there is a job")[0]


def test_a_worker_does_a_job(jenkins):
    client, job = jenkins.client, poll(jenkins, Job="app")
    assert job["data"]["actionConfiguration"]["configuration"] == {"Job": "app", "Password": "secret"}
    assert job["data"]["pipelineContext"]["pipelineExecutionId"] == jenkins.execution_id
    assert job["data"]["inputArtifacts"][0]["location"]["s3Location"]["bucketName"] == "artifacts"
    assert client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])["status"] == "InProgress"
    assert client.poll_for_jobs(actionTypeId=JENKINS)["jobs"] == []
    assert client.get_job_details(jobId=job["id"])["jobDetails"]["data"]["actionTypeId"] == JENKINS
    details = {"summary": "green", "externalExecutionId": "42", "percentComplete": 100}
    client.put_job_success_result(jobId=job["id"], executionDetails=details)
    assert jenkins.end(jenkins.execution_id) == "Succeeded"
    run = jenkins.run(jenkins.execution_id, "Run")
    assert run["output"]["executionResult"]["externalExecutionId"] == "42"
    assert run["output"]["outputArtifacts"][0]["name"] == "report"
    assert run["input"]["configuration"]["Password"] == "****"


def test_a_worker_goes_on_with_a_token(jenkins):
    client, job = jenkins.client, poll(jenkins)
    client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
    client.put_job_success_result(jobId=job["id"], continuationToken="build-42")
    following = poll(jenkins)
    assert following["id"] != job["id"]
    assert following["data"]["continuationToken"] == "build-42"
    assert following["data"]["outputArtifacts"] == job["data"]["outputArtifacts"]
    assert code_of(client.put_job_success_result, jobId=job["id"]) == "InvalidJobStateException"
    client.acknowledge_job(jobId=following["id"], nonce=following["nonce"])
    failure = {"type": "ConfigurationError", "message": "no such job"}
    client.put_job_failure_result(jobId=following["id"], failureDetails=failure)
    assert jenkins.end(jenkins.execution_id) == "Failed"
    assert jenkins.action("Work", "Run")["errorDetails"] == {"code": "ConfigurationError", "message": "no such job"}


def test_what_a_worker_may_not_do(jenkins):
    client, job = jenkins.client, poll(jenkins)
    assert jenkins.client.poll_for_jobs(actionTypeId=JENKINS, queryParam={"Job": "other"})["jobs"] == []
    assert code_of(client.poll_for_jobs, actionTypeId=JENKINS, queryParam={"Password": "x"}) == "ValidationException"
    assert code_of(client.poll_for_jobs, actionTypeId={**JENKINS, "owner": "AWS"}) == "ValidationException"
    assert code_of(client.poll_for_jobs, actionTypeId={**JENKINS, "version": "2"}) == "ActionTypeNotFoundException"
    assert code_of(client.acknowledge_job, jobId=job["id"], nonce="x") == "InvalidNonceException"
    assert code_of(client.acknowledge_job, jobId=NOWHERE, nonce="x") == "JobNotFoundException"
    assert code_of(client.get_job_details, jobId=NOWHERE) == "JobNotFoundException"
    assert code_of(client.put_job_success_result, jobId=job["id"]) == "InvalidJobStateException"  # not acknowledged
    client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
    assert code_of(client.acknowledge_job, jobId=job["id"], nonce=job["nonce"]) == "InvalidNonceException"
    both = {"jobId": job["id"], "continuationToken": "x", "outputVariables": {"a": "b"}}
    assert code_of(client.put_job_success_result, **both) == "ValidationException"
    large = {"jobId": job["id"], "outputVariables": {"a": "b" * 122_880}}
    assert code_of(client.put_job_success_result, **large) == "OutputVariablesSizeExceededException"
    jenkins.client.stop_pipeline_execution(pipelineName="demo", pipelineExecutionId=jenkins.execution_id, abandon=True)
    assert code_of(client.put_job_success_result, jobId=job["id"]) == "InvalidJobStateException"


def test_custom_types_are_listed_tagged_and_not_made_twice(jenkins):
    client, arn = jenkins.client, "arn:aws:codepipeline:us-east-1:123456789012:actiontype:Custom/Test/Jenkins/1"
    found = client.list_action_types(actionOwnerFilter="Custom")["actionTypes"]
    assert [item["id"] for item in found] == [JENKINS]
    assert len(client.list_action_types(actionOwnerFilter="AWS")["actionTypes"]) > 10
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "ci"}]
    none = {"minimumCount": 0, "maximumCount": 0}
    wanted = {"category": "Test", "provider": "Jenkins", "version": "1"}
    other = {**wanted, "inputArtifactDetails": none, "outputArtifactDetails": none}
    assert code_of(client.create_custom_action_type, **other) == "ActionTypeAlreadyExistsException"
    client.delete_custom_action_type(**wanted)
    assert code_of(client.create_custom_action_type, **other) == "ValidationException"
    assert code_of(client.poll_for_jobs, actionTypeId=JENKINS) == "ActionTypeNotFoundException"
    assert code_of(client.list_tags_for_resource, resourceArn=arn) == "ResourceNotFoundException"
    wrong = {**other, "version": "2", "inputArtifactDetails": {"minimumCount": 2, "maximumCount": 1}}
    assert code_of(client.create_custom_action_type, **wrong) == "ValidationException"


HOOK = {
    "name": "hook",
    "targetPipeline": "demo",
    "targetAction": "Source",
    "filters": [{"jsonPath": "$.ref", "matchEquals": "refs/heads/{Branch}"}],
    "authentication": "GITHUB_HMAC",
    "authenticationConfiguration": {"SecretToken": "very-secret"},
}


def test_webhooks(pipelines):
    pipelines.create()
    made = pipelines.client.put_webhook(webhook=HOOK, tags=[{"key": "a", "value": "b"}])["webhook"]
    assert made["url"].startswith("https://us-east-1.webhooks.aws/trigger?")
    assert made["definition"]["authenticationConfiguration"] == {"SecretToken": "****"}
    again = pipelines.client.put_webhook(webhook={**HOOK, "filters": []})["webhook"]
    assert (again["url"], again["tags"]) == (made["url"], made["tags"])
    assert len(pipelines.client.list_webhooks()["webhooks"]) == 1
    pipelines.client.delete_webhook(name="hook")
    assert pipelines.client.list_webhooks()["webhooks"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"targetPipeline": "none"}, "PipelineNotFoundException"),
        ({"targetAction": "Approve"}, "ValidationException"),
        ({"authentication": "IP"}, "InvalidWebhookAuthenticationParametersException"),
        (
            {"authentication": "IP", "authenticationConfiguration": {"AllowedIPRange": "x"}},
            "InvalidWebhookAuthenticationParametersException",
        ),
        ({"authentication": "UNAUTHENTICATED"}, "InvalidWebhookAuthenticationParametersException"),
        ({"filters": [{"jsonPath": "ref"}]}, "InvalidWebhookFilterPatternException"),
    ],
)
def test_webhooks_that_are_refused(pipelines, changes, code):
    pipelines.create()
    assert code_of(pipelines.client.put_webhook, webhook={**HOOK, **changes}) == code
    assert code_of(pipelines.client.register_webhook_with_third_party, webhookName="none") == "WebhookNotFoundException"

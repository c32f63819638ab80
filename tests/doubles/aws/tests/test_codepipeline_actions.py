# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: what single actions do."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from embedded_aws.pipelines import action, eventually, stage, zipped

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"})
ANSWER = """
import json
import boto3

def handler(event, context):
    job = event["CodePipeline.job"]
    given = job["data"]["actionConfiguration"]["configuration"]["UserParameters"]
    client = boto3.client("codepipeline")
    if given == "fail":
        details = {"type": "JobFailed", "message": "no luck", "externalExecutionId": context.aws_request_id}
        return client.put_job_failure_result(jobId=job["id"], failureDetails=details)
    if given == "twice" and "continuationToken" not in job["data"]:
        details = {"summary": "half", "percentComplete": 50}
        return client.put_job_success_result(jobId=job["id"], continuationToken="again", executionDetails=details)
    if given == "copy":
        names = job["data"]["inputArtifacts"] + job["data"]["outputArtifacts"]
        source, target = (item["location"]["s3Location"] for item in names)
        keys = job["data"]["artifactCredentials"]
        s3 = boto3.client("s3", aws_access_key_id=keys["accessKeyId"], aws_secret_access_key=keys["secretAccessKey"],
                          aws_session_token=keys["sessionToken"])
        body = s3.get_object(Bucket=source["bucketName"], Key=source["objectKey"])["Body"].read()
        s3.put_object(Bucket=target["bucketName"], Key=target["objectKey"], Body=body)
    variables = {"Seen": ",".join(sorted(job["data"])), "Token": job["data"].get("continuationToken", "none")}
    client.put_job_success_result(jobId=job["id"], outputVariables=variables, executionDetails={"summary": "done"})
"""


def trusting(pipelines, service):
    """A role for a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam, name = pipelines.aws.client("iam"), service.split(".")[0]
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]


def content(pipelines, place, file):
    body = pipelines.aws.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    return zipfile.ZipFile(io.BytesIO(body)).read(file)


def error_of(pipelines, name, stage_name="Work"):
    return pipelines.action(stage_name, name)["errorDetails"]


def function(pipelines, what, **fields):
    """A stage that invokes a function, which does what UserParameters says."""
    configuration = {"FunctionName": "work", "UserParameters": what}
    return stage("Work", action("Invoke/AWS/Lambda", "Call", configuration, **fields))


@pytest.fixture
def with_function(pipelines):
    role = trusting(pipelines, "lambda.amazonaws.com")
    code = {"ZipFile": zipped(**{"main.py": ANSWER})}
    pipelines.aws.client("lambda").create_function(
        FunctionName="work", Role=role, Runtime="python3.12", Handler="main.handler", Code=code, Timeout=60
    )
    return pipelines


def test_a_function_runs_and_answers(with_function):
    execution = with_function.create(function(with_function, "ok", namespace="work"))
    assert with_function.end(execution) == "Succeeded"
    run = with_function.run(execution, "Call")["output"]
    assert run["executionResult"]["externalExecutionSummary"] == "done"
    assert run["outputVariables"] == {
        "Seen": "actionConfiguration,artifactCredentials,inputArtifacts,outputArtifacts",
        "Token": "none",
    }


def test_a_function_that_says_it_failed(with_function):
    execution = with_function.create(function(with_function, "fail"))
    assert with_function.end(execution) == "Failed"
    assert error_of(with_function, "Call") == {"code": "JobFailed", "message": "no luck"}


def test_a_function_is_invoked_again_with_its_token(with_function):
    execution = with_function.create(function(with_function, "twice"))
    assert with_function.end(execution) == "Succeeded"
    run = with_function.run(execution, "Call")
    assert run["output"]["outputVariables"]["Token"] == "again"
    assert "continuationToken" in run["output"]["outputVariables"]["Seen"]


def test_progress_of_a_function_shows(with_function):
    with_function.aws.configure(codepipeline_continuation=1.0)
    with_function.create(function(with_function, "twice"))
    found = eventually(
        lambda: with_function.action("Work", "Call") if "summary" in with_function.action("Work", "Call") else None,
        "there is progress",
    )
    assert (found["status"], found["summary"], found["percentComplete"]) == ("InProgress", "half", 50)


def test_a_function_reads_and_writes_artifacts_with_the_credentials_of_the_job(with_function):
    execution = with_function.create(function(with_function, "copy", inputs=["app"], outputs=["copy"]))
    assert with_function.end(execution) == "Succeeded"
    place = with_function.run(execution, "Call")["output"]["outputArtifacts"][0]["s3location"]
    assert content(with_function, place, "README.md") == b"first"


def test_a_function_that_is_not_there(pipelines):
    execution = pipelines.create(function(pipelines, "ok"))
    assert pipelines.end(execution) == "Failed"
    assert "ResourceNotFoundException" in error_of(pipelines, "Call")["message"]


def test_a_function_that_never_answers_runs_out(pipelines):
    pipelines.aws.configure(codepipeline_minute=0.02)
    role = trusting(pipelines, "lambda.amazonaws.com")
    code = {"ZipFile": zipped(**{"main.py": "def handler(event, context):\n    raise ValueError('oops')"})}
    pipelines.aws.client("lambda").create_function(
        FunctionName="work", Role=role, Runtime="python3.12", Handler="main.handler", Code=code
    )
    execution = pipelines.create(function(pipelines, "ok"))
    assert pipelines.end(execution) == "Failed"
    assert "did not answer in time" in error_of(pipelines, "Call")["message"]


def project(pipelines, name="app", buildspec="version: 0.2", **variables):
    role = trusting(pipelines, "codebuild.amazonaws.com")
    pipelines.aws.client("codebuild").create_project(
        name=name,
        serviceRole=role,
        source={"type": "CODEPIPELINE", "buildspec": buildspec},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": key, "value": value} for key, value in variables.items()],
        },
    )


def build(name="Build", kind="Build", **fields):
    configuration = {"ProjectName": "app", **fields.pop("configuration", {})}
    return action(f"{kind}/AWS/CodeBuild", name, configuration, **{"inputs": ["app"], **fields})


def test_a_build_hands_its_artifact_on(pipelines):
    project(pipelines)
    execution = pipelines.create(
        stage("Work", build(outputs=["built"])), stage("Test", build("Try", "Test", inputs=["built"]))
    )
    assert pipelines.end(execution) == "Succeeded"
    run = pipelines.run(execution, "Build")["output"]
    assert run["executionResult"]["externalExecutionId"].startswith("app:")
    assert content(pipelines, run["outputArtifacts"][0]["s3location"], "README.md") == b"first"


def test_a_build_that_fails(pipelines):
    project(pipelines, EMBEDDED_AWS_RESULT="FAILED")
    execution = pipelines.create(stage("Work", build()))
    assert pipelines.end(execution) == "Failed"
    failed = pipelines.action("Work", "Build")
    assert failed["errorDetails"]["code"] == "JobFailed"
    assert failed["errorDetails"]["message"].startswith("Build terminated with state: FAILED. Phase: BUILD")
    assert failed["externalExecutionUrl"].startswith("https://")


def test_an_action_gives_its_build_variables_and_gets_some(pipelines):
    pipelines.aws.configure(codebuild_runs=True)
    spec = {
        "version": 0.2,
        "env": {"exported-variables": ["ANSWER"]},
        "phases": {"build": {"commands": ["export ANSWER=$QUESTION-$(cat README.md)"]}},
    }
    project(pipelines, buildspec=json.dumps(spec))
    variables = json.dumps([{"name": "QUESTION", "value": "#{codepipeline.PipelineExecutionId}"}])
    built = build(namespace="made", configuration={"EnvironmentVariables": variables})
    asked = action("Approval/AWS/Manual", "Approve", {"CustomData": "#{made.ANSWER}"}, runOrder=2)
    execution = pipelines.create(stage("Work", built, asked))
    pipelines.token("Work")
    resolved = pipelines.run(execution, "Approve")["input"]["resolvedConfiguration"]
    assert resolved == {"CustomData": f"{execution}-first"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"configuration": {"ProjectName": "none"}}, "Project cannot be found"),
        ({"configuration": {"EnvironmentVariables": "x"}}, "EnvironmentVariables is not a JSON list"),
        ({"configuration": {"PrimarySource": "none"}}, "no input artifact none"),
    ],
)
def test_a_build_that_cannot_start(pipelines, changes, message):
    project(pipelines)
    execution = pipelines.create(stage("Work", build(**changes)))
    assert pipelines.end(execution) == "Failed"
    assert message in error_of(pipelines, "Build")["message"]


def service(pipelines):
    ecs = pipelines.aws.client("ecs")
    ecs.create_cluster(clusterName="c")
    container = {"name": "web", "image": "web:1", "memory": 64, "environment": [{"name": "A", "value": "b"}]}
    ecs.register_task_definition(family="web", containerDefinitions=[container])
    ecs.create_service(cluster="c", serviceName="s", taskDefinition="web", desiredCount=1)
    return ecs


DEPLOY = action("Deploy/AWS/ECS", "Deploy", {"ClusterName": "c", "ServiceName": "s"}, inputs=["app"])


def test_a_service_gets_a_new_image(pipelines):
    ecs = service(pipelines)
    pipelines.upload("x", **{"imagedefinitions.json": json.dumps([{"name": "web", "imageUri": "web:2"}])})
    execution = pipelines.create(stage("Work", DEPLOY))
    assert pipelines.end(execution) == "Succeeded"
    found = ecs.describe_services(cluster="c", services=["s"])["services"][0]["taskDefinition"]
    assert found.endswith("web:2")
    container = ecs.describe_task_definition(taskDefinition=found)["taskDefinition"]["containerDefinitions"][0]
    assert (container["image"], container["environment"]) == ("web:2", [{"name": "A", "value": "b"}])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "Did not find the file imagedefinitions.json in the input artifact app"),
        ({"imagedefinitions.json": "{}x"}, "not a JSON list"),
        ({"imagedefinitions.json": '[{"name": "db", "imageUri": "x"}]'}, "The AWS ECS container db does not exist"),
    ],
)
def test_a_service_that_cannot_be_deployed(pipelines, files, message):
    service(pipelines)
    pipelines.upload("x", **files)
    execution = pipelines.create(stage("Work", DEPLOY))
    assert pipelines.end(execution) == "Failed"
    assert message in error_of(pipelines, "Deploy")["message"]


@pytest.mark.parametrize(
    ("configuration", "key"),
    [({"Extract": "true", "ObjectKey": "a"}, "a/README.md"), ({"Extract": "false", "ObjectKey": "b.zip"}, "b.zip")],
)
def test_files_go_to_a_bucket(pipelines, configuration, key):
    pipelines.aws.client("s3").create_bucket(Bucket="site")
    deploy = action("Deploy/AWS/S3", "Deploy", {"BucketName": "site", **configuration}, inputs=["app"])
    assert pipelines.end(pipelines.create(stage("Work", deploy))) == "Succeeded"
    found = pipelines.aws.client("s3").list_objects_v2(Bucket="site")["Contents"]
    assert [item["Key"] for item in found] == [key]


TEMPLATE = """
Parameters: {Name: {Type: String, Default: x}}
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}
Outputs: {Topic: {Value: !GetAtt Topic.TopicName}}
"""


def stack_action(name, mode, order=1, **configuration):
    base = {"StackName": "app", "ActionMode": mode}
    return action(
        "Deploy/AWS/CloudFormation", name, {**base, **configuration}, inputs=["app"], runOrder=order, namespace=name
    )


def test_a_stack_is_made_by_change_set_and_updated_and_deleted(pipelines):
    pipelines.upload("x", **{"template.yaml": TEMPLATE})
    template = {"TemplatePath": "app::template.yaml"}
    execution = pipelines.create(
        stage(
            "Work",
            stack_action("Plan", "CHANGE_SET_REPLACE", 1, ChangeSetName="first", **template),
            stack_action("Make", "CHANGE_SET_EXECUTE", 2, ChangeSetName="first"),
            stack_action("Change", "CREATE_UPDATE", 3, ParameterOverrides='{"Name": "new"}', **template),
            stack_action("Same", "CREATE_UPDATE", 4, ParameterOverrides='{"Name": "new"}', **template),
        ),
        stage("Clean", stack_action("Delete", "DELETE_ONLY")),
    )
    assert pipelines.end(execution) == "Succeeded"
    assert pipelines.run(execution, "Change")["output"]["outputVariables"]["Topic"].startswith("app-Topic-")
    assert pipelines.run(execution, "Same")["output"]["executionResult"]["externalExecutionSummary"] == (
        "There was nothing to update"
    )
    assert pipelines.aws.client("cloudformation").describe_stacks()["Stacks"] == []


def test_a_stack_that_fails_fails_the_action(pipelines):
    broken = TEMPLATE.replace("AWS::SNS::Topic, Properties: {DisplayName", "AWS::EC2::Subnet, Properties: {VpcId")
    pipelines.upload("x", **{"template.yaml": broken.replace("Topic.TopicName", "Topic.VpcId")})
    execution = pipelines.create(
        stage("Work", stack_action("Make", "CREATE_UPDATE", TemplatePath="app::template.yaml"))
    )
    assert pipelines.end(execution) == "Failed"
    assert "Stack app is ROLLBACK_COMPLETE" in error_of(pipelines, "Make")["message"]


def test_another_pipeline_is_started(pipelines):
    other = pipelines.declaration(name="other")
    pipelines.client.create_pipeline(pipeline=other)
    execution = pipelines.create(stage("Work", action("Invoke/AWS/CodePipeline", "Go", {"PipelineName": "other"})))
    assert pipelines.end(execution) == "Succeeded"
    started = pipelines.client.list_pipeline_executions(pipelineName="other")["pipelineExecutionSummaries"][0]
    result = pipelines.run(execution, "Go")["output"]["executionResult"]
    assert result["externalExecutionId"] == started["pipelineExecutionId"]


def test_an_image_is_a_source(pipelines):
    ecr = pipelines.aws.client("ecr")
    ecr.create_repository(repositoryName="web")
    ecr.put_image(repositoryName="web", imageManifest=MANIFEST, imageTag="latest")
    source = action("Source/AWS/ECR", "Image", {"RepositoryName": "web"}, outputs=["app"], namespace="image")
    asked = action("Approval/AWS/Manual", "Approve", {"CustomData": "#{image.ImageTag}"})
    execution = pipelines.create(stages=[stage("Source", source), stage("Release", asked)])
    pipelines.token()
    place = pipelines.run(execution, "Image")["output"]["outputArtifacts"][0]["s3location"]
    detail = json.loads(content(pipelines, place, "imageDetail.json"))
    assert detail["ImageURI"].startswith("123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:")
    assert pipelines.execution(execution)["artifactRevisions"][0]["revisionId"] == detail["ImageDigest"]

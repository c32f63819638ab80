# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodeBuild: projects, builds with a documented outcome, builds that really run."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest

from embedded_aws.pipelines import eventually
from embedded_aws.testing import code_of

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
PROJECT: dict[str, Any] = {
    "name": "build",
    "source": {"type": "CODEPIPELINE"},
    "artifacts": {"type": "CODEPIPELINE"},
    "environment": {"type": "LINUX_CONTAINER", "image": "some/image", "computeType": "BUILD_GENERAL1_SMALL"},
    "serviceRole": "arn:aws:iam::123456789012:role/builder",
}
SOURCE, ARTIFACT = "arn:aws:s3:::store/in.zip", "arn:aws:s3:::store/out.zip"


@pytest.fixture
def codebuild(aws, checked) -> Any:
    aws.client("iam").create_role(RoleName="builder", AssumeRolePolicyDocument=TRUST)
    aws.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=TRUST.replace("codebuild.", "ec2."))
    aws.client("s3").create_bucket(Bucket="store")
    return checked("codebuild")


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_yml", ".yml"), text)
    return packed.getvalue()


def unzipped(aws, key: str = "out.zip") -> dict[str, str]:
    content = aws.client("s3").get_object(Bucket="store", Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def wait_for(codebuild, identifier: str, phase: str) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        shown = codebuild.batch_get_builds(ids=[identifier])["builds"][0]
        return shown if shown["currentPhase"] == phase else None

    return eventually(found, f"the build is in {phase}")


def build(codebuild, **options: Any) -> dict[str, Any]:
    """A build once it has ended."""
    started = codebuild.start_build(projectName="build", **options)["build"]
    return wait_for(codebuild, started["id"], "COMPLETED")


def for_pipeline(aws, codebuild, source: bytes, **options: Any) -> dict[str, Any]:
    """A build as CodePipeline starts it."""
    aws.client("s3").put_object(Bucket="store", Key="in.zip", Body=source)
    artifacts = {"type": "CODEPIPELINE", "location": ARTIFACT}
    return build(codebuild, sourceVersion=SOURCE, artifactsOverride=artifacts, **options)


def phases(found: dict[str, Any]) -> dict[str, str]:
    return {phase["phaseType"]: phase.get("phaseStatus", "") for phase in found["phases"]}


def log(aws, found: dict[str, Any]) -> list[str]:
    where = {"logGroupName": found["logs"]["groupName"], "logStreamName": found["logs"]["streamName"]}
    return [event["message"] for event in aws.client("logs").get_log_events(**where)["events"]]


def test_a_project_is_made_changed_and_deleted(codebuild):
    made = codebuild.create_project(**PROJECT, tags=[{"key": "team", "value": "ci"}])["project"]
    assert (made["timeoutInMinutes"], made["arn"]) == (60, "arn:aws:codebuild:us-east-1:123456789012:project/build")
    codebuild.update_project(name="build", timeoutInMinutes=5)
    shown = codebuild.batch_get_projects(names=["build", "none"])
    assert (shown["projects"][0]["timeoutInMinutes"], shown["projectsNotFound"]) == (5, ["none"])
    assert shown["projects"][0]["tags"] == [{"key": "team", "value": "ci"}]
    codebuild.delete_project(name="build")
    assert codebuild.list_projects()["projects"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a b"},
        {"source": {"type": "CARRIER_PIGEON"}},
        {"source": {"type": "S3"}, "artifacts": {"type": "NO_ARTIFACTS"}},
        {"source": {"type": "NO_SOURCE"}, "artifacts": {"type": "NO_ARTIFACTS"}},
        {"artifacts": {"type": "NO_ARTIFACTS"}},
        {"environment": {**PROJECT["environment"], "computeType": "HUGE"}},
        {"serviceRole": "arn:aws:iam::123456789012:role/other"},
        {"serviceRole": "arn:aws:iam::123456789012:role/none"},
        {"serviceRole": "arn:aws:iam::999999999999:role/builder"},
    ],
)
def test_projects_that_aws_refuses(codebuild, changes):
    with pytest.raises(codebuild.exceptions.InvalidInputException):
        codebuild.create_project(**{**PROJECT, **changes})
    assert codebuild.list_projects()["projects"] == []


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("create_project", PROJECT, "ResourceAlreadyExistsException"),
        ("update_project", {"name": "none"}, "ResourceNotFoundException"),
        ("start_build", {"projectName": "none"}, "ResourceNotFoundException"),
        ("list_builds_for_project", {"projectName": "none"}, "ResourceNotFoundException"),
        ("stop_build", {"id": "build:none"}, "ResourceNotFoundException"),
        ("stop_build", {"id": "none"}, "InvalidInputException"),
        ("batch_get_builds", {"ids": ["none"]}, "InvalidInputException"),
    ],
)
def test_requests_that_aws_refuses(codebuild, operation, arguments, code):
    codebuild.create_project(**PROJECT)
    assert code_of(getattr(codebuild, operation), **arguments) == code


def test_a_build_takes_its_time_and_succeeds_with_its_source_as_artifact(aws, codebuild):
    aws.configure(codebuild_delay=0.5)
    codebuild.create_project(**PROJECT)
    aws.client("s3").put_object(Bucket="store", Key="in.zip", Body=zipped(a="1"))
    artifacts = {"type": "CODEPIPELINE", "location": ARTIFACT}
    started = codebuild.start_build(projectName="build", sourceVersion=SOURCE, artifactsOverride=artifacts)["build"]
    running = wait_for(codebuild, started["id"], "BUILD")
    assert (running["buildStatus"], running["buildComplete"]) == ("IN_PROGRESS", False)
    ended = wait_for(codebuild, started["id"], "COMPLETED")
    assert (ended["buildStatus"], ended["buildNumber"]) == ("SUCCEEDED", 1)
    assert (ended["endTime"] - ended["startTime"]).total_seconds() >= 0.4
    assert unzipped(aws) == {"a": "1"}
    assert "runs no build commands" in log(aws, ended)[0]


def test_a_build_fails_when_it_is_told_to(aws, codebuild):
    codebuild.create_project(**PROJECT)
    fail = [{"name": "EMBEDDED_AWS_RESULT", "value": "FAILED"}]
    found = for_pipeline(aws, codebuild, zipped(), environmentVariablesOverride=fail)
    assert (found["buildStatus"], phases(found)["BUILD"]) == ("FAILED", "FAILED")
    assert for_pipeline(aws, codebuild, zipped())["buildStatus"] == "SUCCEEDED"
    ids = codebuild.list_builds_for_project(projectName="build")["ids"]
    assert ids[1] == found["id"]
    assert codebuild.list_builds(sortOrder="ASCENDING")["ids"] == ids[::-1]


def test_a_source_that_is_missing_fails_the_build(codebuild):
    codebuild.create_project(**PROJECT)
    artifacts = {"type": "CODEPIPELINE", "location": ARTIFACT}
    found = build(codebuild, sourceVersion="arn:aws:s3:::store/none.zip", artifactsOverride=artifacts)
    assert (found["buildStatus"], phases(found)["DOWNLOAD_SOURCE"]) == ("FAILED", "FAILED")


BUILDSPEC = """
version: 0.2
env:
  variables: {GREETING: hello}
  parameter-store: {WHO: /who}
  exported-variables: [IMAGE]
phases:
  install:
    commands:
      - export IMAGE=app:$CODEBUILD_BUILD_NUMBER
  build:
    commands:
      - mkdir -p out/deep && cd out
      - |
        for part in a b; do
          echo "$GREETING $WHO $part" >$part.txt
        done
      - cp a.txt deep/
    finally:
      - echo finally
  post_build:
    commands: ['echo "$IMAGE in ${PWD##*/}" >image.txt', 'cat ../src.txt']
artifacts:
  base-directory: out
  files: ['**/*']
"""


@pytest.fixture
def real(aws, codebuild) -> Any:
    aws.configure(codebuild_runs=True)
    aws.client("ssm").put_parameter(Name="/who", Value="world", Type="SecureString")
    codebuild.create_project(**PROJECT)
    return codebuild


def test_the_commands_of_the_buildspec_run(aws, real):
    source = zipped(**{"buildspec_yml": BUILDSPEC, "src.txt": "from the source"})
    found = for_pipeline(aws, real, source)
    assert found["buildStatus"] == "SUCCEEDED", log(aws, found)
    assert unzipped(aws) == {
        "a.txt": "hello world a\n",
        "b.txt": "hello world b\n",
        "deep/a.txt": "hello world a\n",
        "image.txt": "app:1 in out\n",
    }
    assert found["exportedEnvironmentVariables"] == [{"name": "IMAGE", "value": "app:1"}]
    assert set(phases(found).values()) <= {"SUCCEEDED", ""}
    assert {"finally", "from the source"} <= set(log(aws, found))


@pytest.mark.parametrize(
    ("commands", "failed", "ran"),
    [
        ({"install": "exit 3"}, "INSTALL", []),
        ({"pre_build": "false", "post_build": "echo after"}, "PRE_BUILD", []),
        ({"build": "false", "post_build": "echo after"}, "BUILD", ["after"]),
    ],
)
def test_a_command_that_fails_names_itself(aws, real, commands, failed, ran):
    steps = {phase: {"commands": ["echo begun", command]} for phase, command in commands.items()}
    spec = json.dumps({"version": 0.2, "phases": steps, "artifacts": {"files": ["*"]}})
    found = for_pipeline(aws, real, zipped(**{"buildspec.yml": spec}))
    assert (found["buildStatus"], phases(found)[failed]) == ("FAILED", "FAILED")
    phase = next(item for item in found["phases"] if item["phaseType"] == failed)
    command = next(iter(commands.values()))
    assert f"Error while executing command: {command}. Reason: exit status" in phase["contexts"][0]["message"]
    assert [line for line in log(aws, found) if line == "after"] == ran


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"a": "b"}, "stat buildspec.yml: no such file"),
        ({"buildspec.yml": "version: 0.1"}, "version 0.2"),
        ({"buildspec.yml": "{version: 0.2, artifacts: {files: [none]}}"}, "No matching artifact paths found for none"),
        ({"buildspec.yml": "{version: 0.2}"}, "names no artifact files"),
    ],
)
def test_a_buildspec_that_does_not_fit_fails_the_build(aws, real, files, problem):
    found = for_pipeline(aws, real, zipped(**files))
    assert found["buildStatus"] == "FAILED"
    assert problem in "\n".join(log(aws, found))


def test_a_build_that_is_stopped_ends_its_commands(aws, real, tmp_path):
    begun, late = tmp_path / "begun", tmp_path / "late"
    command = f"touch {begun}; sleep 1; touch {late}"
    spec = json.dumps({"version": 0.2, "phases": {"build": {"commands": [command]}}})
    aws.client("s3").put_object(Bucket="store", Key="in.zip", Body=zipped(**{"buildspec.yml": spec}))
    identifier = real.start_build(projectName="build", sourceVersion=SOURCE)["build"]["id"]
    eventually(begun.exists, "the command has begun")
    assert real.stop_build(id=identifier)["build"]["buildStatus"] == "STOPPED"
    time.sleep(1.3)
    assert real.batch_get_builds(ids=[identifier])["builds"][0]["buildStatus"] == "STOPPED"
    assert not late.exists()


def test_more_than_one_source_and_artifact(aws, real):
    spec = """
version: 0.2
phases: {build: {commands: ['cp "$CODEBUILD_SRC_DIR_tools/t" made']}}
artifacts: {secondary-artifacts: {one: {files: [made]}, two: {files: [buildspec.yml]}}}
"""
    s3 = aws.client("s3")
    s3.put_object(Bucket="store", Key="in.zip", Body=zipped(**{"buildspec.yml": spec}))
    s3.put_object(Bucket="store", Key="tools.zip", Body=zipped(t="tool"))
    tools = {"type": "CODEPIPELINE", "sourceIdentifier": "tools", "location": "arn:aws:s3:::store/tools.zip"}
    artifacts = [
        {"type": "CODEPIPELINE", "artifactIdentifier": name, "location": f"arn:aws:s3:::store/{name}.zip"}
        for name in ("one", "two")
    ]
    found = build(real, sourceVersion=SOURCE, secondarySourcesOverride=[tools], secondaryArtifactsOverride=artifacts)
    assert found["buildStatus"] == "SUCCEEDED", log(aws, found)
    assert unzipped(aws, "one.zip") == {"made": "tool"}
    assert list(unzipped(aws, "two.zip")) == ["buildspec.yml"]


def test_a_source_in_codecommit(aws, real):
    codecommit = aws.client("codecommit")
    codecommit.create_repository(repositoryName="app")
    spec = "{version: 0.2, phases: {build: {commands: ['cat word']}}}"
    files = [
        {"filePath": "buildspec.yml", "fileContent": spec.encode()},
        {"filePath": "word", "fileContent": b"committed\n"},
    ]
    codecommit.create_commit(repositoryName="app", branchName="main", putFiles=files)
    location = codecommit.get_repository(repositoryName="app")["repositoryMetadata"]["cloneUrlHttp"]
    source = {"type": "CODECOMMIT", "location": location}
    real.update_project(name="build", source=source, sourceVersion="main", artifacts={"type": "NO_ARTIFACTS"})
    found = build(real)
    assert found["buildStatus"] == "SUCCEEDED"
    assert "committed" in log(aws, found)

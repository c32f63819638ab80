# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines for tests: the shortest way to one that runs, and to what happens in it."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

from .strict import check_answers
from .testing import EmbeddedAws

TRUST = {"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}
ENDED = {"Succeeded", "Failed", "Stopped", "Superseded", "Cancelled"}


def action(kind: str, name: str = "", configuration: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """An action of a kind such as Approval/AWS/Manual; inputs and outputs are names of artifacts."""
    category, owner, provider = kind.split("/")
    type_id = {"category": category, "owner": owner, "provider": provider, "version": fields.pop("version", "1")}
    made: dict[str, Any] = {"name": name or provider, "actionTypeId": type_id, "configuration": configuration or {}}
    for option, member in (("inputs", "inputArtifacts"), ("outputs", "outputArtifacts")):
        if option in fields:
            made[member] = [{"name": artifact} for artifact in fields.pop(option)]
    return {**made, **fields}


def approval(name: str = "Approve", **fields: Any) -> dict[str, Any]:
    return action("Approval/AWS/Manual", name, **fields)


def stage(name: str, *actions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "actions": list(actions), **fields}


def zipped(**files: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def eventually(ask: Callable[[], Any], what: str, seconds: float = 20.0) -> Any:
    """The first true answer to a question that is asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise TimeoutError(f"still not so after {seconds} s: {what}")


class Pipelines:
    """Pipelines named demo unless told otherwise; every answer of CodePipeline is checked against its model."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        self.client = check_answers(aws.client("codepipeline"))

    def prepare(self) -> str:
        """A role, a bucket for artifacts and a versioned one with an object; returns the role's ARN."""
        trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        role = self.aws.client("iam").create_role(RoleName="pipeline", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        s3 = self.aws.client("s3")
        s3.create_bucket(Bucket="artifacts")
        s3.create_bucket(Bucket="sources")
        s3.put_bucket_versioning(Bucket="sources", VersioningConfiguration={"Status": "Enabled"})
        self.upload("first")
        return str(role)

    def upload(self, text: str, **files: str) -> str:
        """A new version of the source's object; returns its id."""
        body = zipped(**{"README.md": text, **files})
        return str(self.aws.client("s3").put_object(Bucket="sources", Key="app.zip", Body=body)["VersionId"])

    def source(self, name: str = "Source", **fields: Any) -> dict[str, Any]:
        configuration = {"S3Bucket": "sources", "S3ObjectKey": "app.zip"}
        return action("Source/AWS/S3", name, configuration, **{"outputs": ["app"], **fields})

    def declaration(self, *stages: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A source stage and the stages given, or an approval."""
        return {
            "name": "demo",
            "roleArn": "arn:aws:iam::123456789012:role/pipeline",
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [stage("Source", self.source()), *(stages or (stage("Release", approval()),))],
            **fields,
        }

    def create(self, *stages: dict[str, Any], **fields: Any) -> str:
        """Make a pipeline; returns the id of the execution that starts with it."""
        self.client.create_pipeline(pipeline=self.declaration(*stages, **fields))
        return self.executions()[0]["pipelineExecutionId"]

    def start(self, **options: Any) -> str:
        return str(self.client.start_pipeline_execution(name="demo", **options)["pipelineExecutionId"])

    def executions(self) -> list[dict[str, Any]]:
        return self.client.list_pipeline_executions(pipelineName="demo")["pipelineExecutionSummaries"]

    def execution(self, execution_id: str) -> dict[str, Any]:
        return self.client.get_pipeline_execution(pipelineName="demo", pipelineExecutionId=execution_id)[
            "pipelineExecution"
        ]

    def end(self, execution_id: str) -> str:
        """Wait until an execution has ended; returns its status."""
        return eventually(lambda: self._ended(execution_id), f"execution {execution_id} ends")

    def _ended(self, execution_id: str) -> str | None:
        status = self.execution(execution_id)["status"]
        return status if status in ENDED else None

    def stage(self, name: str) -> dict[str, Any]:
        states = self.client.get_pipeline_state(name="demo")["stageStates"]
        return next(state for state in states if state["stageName"] == name)

    def action(self, stage_name: str, name: str) -> dict[str, Any]:
        """The latest execution of an action, or nothing."""
        states = self.stage(stage_name)["actionStates"]
        return next(state for state in states if state["actionName"] == name).get("latestExecution", {})

    def token(self, stage_name: str = "Release", name: str = "Approve") -> str:
        """The token of an approval, once it is asked for."""
        return eventually(lambda: self.action(stage_name, name).get("token"), f"{stage_name}/{name} waits for approval")

    def decide(self, status: str, stage_name: str = "Release", name: str = "Approve", summary: str = "ok") -> None:
        self.client.put_approval_result(
            pipelineName="demo",
            stageName=stage_name,
            actionName=name,
            token=self.token(stage_name, name),
            result={"status": status, "summary": summary},
        )

    def runs(self, execution_id: str) -> list[dict[str, Any]]:
        """The executions of actions, oldest first."""
        chosen = {"pipelineExecutionId": execution_id}
        details = self.client.list_action_executions(pipelineName="demo", filter=chosen)["actionExecutionDetails"]
        return details[::-1]

    def run(self, execution_id: str, name: str) -> dict[str, Any]:
        """The last execution of an action."""
        return [run for run in self.runs(execution_id) if run["actionName"] == name][-1]

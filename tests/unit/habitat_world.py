# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of habitat_pipeline with prepared answers of AWS."""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path

import boto3
from botocore.stub import Stubber

ROLE = Path(__file__).resolve().parents[2] / "roles" / "habitat_pipeline"
sys.path.insert(0, str(ROLE / "files"))

from habitat_runner import continuation  # noqa: E402
from habitat_runner.continuation import Token  # noqa: E402
from habitat_runner.runner import Runner  # noqa: E402
from habitat_runner.settings import Settings  # noqa: E402

SETTINGS = Settings("us-east-1", "app", "app", "habitat-pipeline=app", "/commands")
EXECUTION = "11111111-2222-3333-4444-555555555555"
JOB = "99999999-8888-7777-6666-555555555555"
COMMAND = "cccccccc-0000-1111-2222-333333333333"
BOX, OTHER_BOX = "i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb"
NOW = 1_800_000_000
KEYS = {"accessKeyId": "ASIACANARYCANARYCANA", "secretAccessKey": "canary-secret", "sessionToken": "canary-token"}
BUILD = {"action": "Build-HabitatPackage", "execution": EXECUTION, "timeout": 3600}
TOKEN = Token(JOB, "Build-HabitatPackage", EXECUTION, NOW - 60, NOW + 4000, 1, COMMAND, BOX)
REPORT = "outcome=succeeded\nsummary=Built it\nvariable.pkg_ident=acme/app/1.0/20260101000000\n\n"


def event(parameters: t.Any = BUILD, token: str = "", artifacts: str = "Source Package") -> dict[str, t.Any]:
    places = [
        {"name": name, "location": {"type": "S3", "s3Location": {"bucketName": "bucket", "objectKey": f"app/{name}/x"}}}
        for name in artifacts.split()
    ]
    text = parameters if isinstance(parameters, str) else json.dumps(parameters)
    data = {
        "actionConfiguration": {"configuration": {"FunctionName": "runner", "UserParameters": text}},
        "inputArtifacts": places,
        "outputArtifacts": [],
        "artifactCredentials": KEYS,
        **({"continuationToken": token} if token else {}),
    }
    return {"CodePipeline.job": {"id": JOB, "accountId": "123456789012", "data": data}}


class World:
    """AWS as prepared: each service answers in this order, and refuses everything else."""

    def __init__(self) -> None:
        self.clients = {name: boto3.client(name, region_name="us-east-1") for name in ("ssm", "codepipeline")}
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        for stub in self.stubs.values():
            stub.activate()
        self.lines: list[str] = []
        self.now = NOW
        self.told: dict[str, t.Any] = {}
        events = self.clients["codepipeline"].meta.events
        events.register("provide-client-params.codepipeline.PutJobSuccessResult", self._note)
        events.register("provide-client-params.codepipeline.PutJobFailureResult", self._note)

    def _note(self, params: dict[str, t.Any], **_: t.Any) -> None:
        self.told = params

    def answers(self, operation: str, answer: dict[str, t.Any] | None = None, **expected: t.Any) -> World:
        service = "codepipeline" if "job" in operation or "pipeline" in operation else "ssm"
        self.stubs[service].add_response(operation, answer or {}, expected or None)
        return self

    def refuses(self, operation: str, code: str, status: int = 400) -> World:
        service = "codepipeline" if "job" in operation or "pipeline" in operation else "ssm"
        self.stubs[service].add_client_error(operation, code, "no", status)
        return self

    def boxes(self, *names: str) -> World:
        found = [{"InstanceId": name, "PingStatus": "Online"} for name in names]
        wanted = [
            {"Key": "tag:habitat-pipeline", "Values": ["app"]},
            {"Key": "PingStatus", "Values": ["Online"]},
        ]
        return self.answers("describe_instance_information", {"InstanceInformationList": found}, Filters=wanted)

    def sent(self, *commands: dict[str, t.Any]) -> World:
        return self.answers("list_commands", {"Commands": list(commands)})

    def looks(self, status: str, details: str = "", code: int = -1, report: str = "") -> World:
        plugins = [
            {"Name": "action", "ResponseCode": code, "Output": "x" * 2500},
            {"Name": "report", "Output": report},
        ]
        found = {"Status": status, "StatusDetails": details or status, "CommandPlugins": plugins}
        wanted = {"CommandId": COMMAND, "InstanceId": BOX, "Details": True}
        return self.answers("list_command_invocations", {"CommandInvocations": [found]}, **wanted)

    def succeeds(self) -> World:
        return self.answers("put_job_success_result")

    def fails(self) -> World:
        return self.answers("put_job_failure_result")

    def run(self, what: dict[str, t.Any] | None = None, remaining: int = 60_000) -> dict[str, t.Any]:
        """What CodePipeline is told in the end. Nothing that was prepared may be left."""
        self.runner.run(what or event(), lambda: remaining)
        self.done()
        return self.told

    @property
    def runner(self) -> Runner:
        return Runner(SETTINGS, self.clients["ssm"], self.clients["codepipeline"], lambda: self.now, self.lines.append)

    def done(self) -> None:
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


def token_of(told: dict[str, t.Any]) -> Token:
    return continuation.load(told["continuationToken"])

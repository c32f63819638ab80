# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: what a Lambda function or the worker of a custom action has to do, and how it says that it has done it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..roles import environment
from .catalog import key_of
from .errors import CodePipelineError
from .executions import new_id

if TYPE_CHECKING:
    from .actions.work import Work

OUTPUT_VARIABLES = 122_880


@dataclass
class Job:
    work: Work
    continuation: str | None = None
    id: str = field(default_factory=new_id)
    nonce: str = field(default_factory=lambda: str(secrets.randbelow(10**9)))
    status: str = "Queued"

    def data(self) -> dict[str, Any]:
        """What the event of a Lambda function tells of the job."""
        work, run = self.work, self.work.run
        role = work.execution.declaration["roleArn"]
        session = environment(work.pipeline.account, work.region, role, self.id)
        found: dict[str, Any] = {
            "actionConfiguration": {"configuration": run.configuration},
            "inputArtifacts": [
                {"name": item.name, "revision": None, "location": item.location()} for item in run.inputs
            ],
            "outputArtifacts": [{"name": item.name, "location": item.location()} for item in run.outputs],
            "artifactCredentials": {
                "accessKeyId": session["AWS_ACCESS_KEY_ID"],
                "secretAccessKey": session["AWS_SECRET_ACCESS_KEY"],
                "sessionToken": session["AWS_SESSION_TOKEN"],
            },
        }
        if self.continuation is not None:
            found["continuationToken"] = self.continuation
        if "encryptionKey" in work.store:
            found["encryptionKey"] = work.store["encryptionKey"]
        return found

    def context(self) -> dict[str, Any]:
        """What job workers are told besides: of which type the action is, and where in which pipeline."""
        work = self.work
        return {
            "actionTypeId": work.run.declaration["actionTypeId"],
            "pipelineContext": {
                "pipelineName": work.pipeline.name,
                "pipelineArn": work.pipeline.arn,
                "pipelineExecutionId": work.execution.id,
                "stage": {"name": work.run.stage},
                "action": {"name": work.run.name, "actionExecutionId": work.run.id},
            },
        }


class Jobs:
    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def new(self, work: Work, continuation: str | None = None) -> Job:
        if continuation is None:
            work.declare_outputs()
        job = Job(work, continuation)
        self._jobs[job.id] = job
        return job

    def get(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise CodePipelineError("JobNotFoundException", f"Job '{job_id}' cannot be found")
        return self._jobs[job_id]

    def queued(self, type_id: dict[str, str], query: dict[str, str], limit: int) -> list[Job]:
        found = [
            job
            for job in self._jobs.values()
            if job.status == "Queued"
            and job.work.run.status == "InProgress"
            and key_of(job.work.run.declaration["actionTypeId"]) == key_of(type_id)
            and query.items() <= job.work.configuration.items()
        ]
        return found[:limit]

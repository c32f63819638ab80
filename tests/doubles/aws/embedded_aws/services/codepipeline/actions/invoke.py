# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invoke actions: a Lambda function that answers through the job API, another pipeline."""

from __future__ import annotations

import json

from ....settings import settings
from ..executions import ActionFailed, Outcome
from ..jobs import Job
from .work import Work

MINUTES_WITHOUT_ANSWER = 20


def function(work: Work) -> None:
    """Invoke the function; it ends the action, or asks with a continuation token to be invoked again."""
    job = work.engine.backend.jobs.new(work)
    job.status = "InProgress"
    invoke(work, job)


def invoke(work: Work, job: Job) -> None:
    event = {"CodePipeline.job": {"id": job.id, "accountId": work.pipeline.account, "data": job.data()}}
    work.client("lambda").invoke(
        FunctionName=work.configuration["FunctionName"],
        InvocationType="Event",
        Payload=json.dumps(event).encode(),
    )
    message = f"The AWS Lambda function {work.configuration['FunctionName']} did not answer in time"

    def expire() -> None:
        if job.status == "InProgress":
            job.status = "TimedOut"
            work.engine.finish(work.pipeline, work.execution, work.run, ActionFailed(message).outcome)

    work.engine.later(MINUTES_WITHOUT_ANSWER * settings.codepipeline_minute, expire)


def pipeline(work: Work) -> Outcome:
    """Start another pipeline; as on AWS, its end is not waited for."""
    variables = json.loads(work.configuration.get("Variables", "[]"))
    options = {"variables": variables} if variables else {}
    answer = work.client("codepipeline").start_pipeline_execution(name=work.configuration["PipelineName"], **options)
    return Outcome("Succeeded", None, answer["pipelineExecutionId"])

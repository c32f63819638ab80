# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual approval: a question by SNS, an answer by PutApprovalResult or none in time."""

from __future__ import annotations

import json
from datetime import timedelta

from ....settings import settings
from ..executions import ActionFailed, Outcome, new_id, now
from .work import Work

MINUTES = 7 * 24 * 60


def ask(work: Work) -> None:
    run = work.run
    minutes = run.declaration.get("timeoutInMinutes", MINUTES)
    run.token = new_id()
    if "NotificationArn" in work.configuration:
        _notify(work, minutes)
    failure = ActionFailed(f"The approval action was not decided within {minutes} minutes").outcome

    def expire() -> None:
        work.engine.finish(work.pipeline, work.execution, run, failure)

    work.engine.later(minutes * settings.codepipeline_minute, expire)


def _notify(work: Work, minutes: int) -> None:
    name, region = work.pipeline.name, work.pipeline.region
    console = f"https://console.aws.amazon.com/codepipeline/home?region={region}#/view/{name}"
    approval = {
        "pipelineName": name,
        "stageName": work.run.stage,
        "actionName": work.run.name,
        "token": work.run.token,
        "expires": f"{now() + timedelta(minutes=minutes):%Y-%m-%dT%H:%MZ}",
        "externalEntityLink": work.configuration.get("ExternalEntityLink"),
        "approvalReviewLink": f"{console}/{work.run.stage}/{work.run.name}/approve/{work.run.token}",
        "customData": work.configuration.get("CustomData"),
    }
    message = json.dumps({"region": region, "consoleLink": console, "approval": approval})
    subject = f"APPROVAL NEEDED: AWS CodePipeline {name} for action {work.run.name}"
    work.client("sns").publish(TopicArn=work.configuration["NotificationArn"], Subject=subject[:99], Message=message)


def decided(approved: bool, summary: str, by: str) -> Outcome:
    error = None if approved else {"code": "JobFailed", "message": summary or "The approval was rejected"}
    return Outcome("Succeeded" if approved else "Failed", summary or None, error=error, by=by)

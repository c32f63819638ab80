# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that the embedded AWS performs, by category and provider."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from botocore.exceptions import ClientError

from ....processes import Stopped
from ..executions import ActionFailed, Outcome
from . import approval, cloudformation, codebuild, deploys, invoke, sources
from .work import Work


def custom(work: Work) -> None:
    """A job worker asks for the job and ends the action."""
    work.engine.backend.jobs.new(work)


#: returns how the action ended, or None when somebody else will end it: an approver, a function, a job worker
Performer = Callable[[Work], Outcome | None]
PERFORMERS: dict[str, Performer] = {
    "Approval/Manual": approval.ask,
    "Build/CodeBuild": codebuild.build,
    "Custom": custom,
    "Deploy/CloudFormation": cloudformation.deploy,
    "Deploy/ECS": deploys.ecs,
    "Deploy/S3": deploys.s3,
    "Invoke/CodePipeline": invoke.pipeline,
    "Invoke/Lambda": invoke.function,
    "Source/CodeCommit": sources.codecommit,
    "Source/CodeStarSourceConnection": sources.connection,
    "Source/ECR": sources.ecr,
    "Source/GitHub": sources.github,
    "Source/S3": sources.s3,
    "Test/CodeBuild": codebuild.build,
}


def perform(work: Work) -> None:
    """Do what an action does, and end it when that is done."""
    conclude(work, PERFORMERS.get(_kind(work), _unknown))


def _kind(work: Work) -> str:
    kind = work.run.declaration["actionTypeId"]
    return f"{kind['category']}/{kind['provider']}" if kind["owner"] != "Custom" else "Custom"


def _unknown(work: Work) -> None:
    provider = work.run.declaration["actionTypeId"]["provider"]
    raise ActionFailed(f"The embedded AWS performs no {provider} actions", "SystemUnavailable")


def conclude(work: Work, performer: Performer) -> None:
    """Call a performer, and end the action as it says; whatever it raises fails the action, never the engine."""
    try:
        outcome = performer(work)
    except ActionFailed as failure:
        outcome = failure.outcome
    except ClientError as error:
        outcome = refused(error).outcome
    except Stopped:
        raise
    except Exception as error:
        traceback.print_exc()
        outcome = ActionFailed(f"{type(error).__name__}: {error}", "SystemUnavailable").outcome
    if outcome is not None:
        work.engine.finish(work.pipeline, work.execution, work.run, outcome)


def refused(error: ClientError) -> ActionFailed:
    """What another service refuses fails the action with its words."""
    details = error.response["Error"]
    code = "PermissionError" if "Denied" in details["Code"] else "ConfigurationError"
    return ActionFailed(f"{details['Message']} (Error Code: {details['Code']})", code)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two phases of an action: send a command, then look at it until it has ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from . import boxes
from .commands import DELIVERY, Commands, Look
from .continuation import Token
from .job import Job, job_of
from .problems import Problem, code_of, passes, problem_of
from .results import Failure, Result, Success, Waiting, result_of, scrubbed, where
from .settings import Settings

ATTEMPTS = 2
#: seconds for a build box to come up, and for a new command to become visible
PATIENCE = 600
#: an invocation with less time left leaves the sending to the next
ENOUGH_MILLISECONDS = 15_000
OVER = {"InvalidJobStateException", "JobNotFoundException"}
ENDED = {"Cancelled", "Failed", "Stopped", "Superseded"}


class Runner:
    """clock gives seconds since the epoch; log takes one line."""

    def __init__(
        self,
        settings: Settings,
        ssm: Any,
        codepipeline: Any,
        clock: Callable[[], float],
        log: Callable[[str], object],
    ) -> None:
        self.settings, self.ssm, self.codepipeline = settings, ssm, codepipeline
        self.clock, self._print = clock, log
        self.commands = Commands(ssm, settings)

    def log(self, message: str, **facts: Any) -> None:
        """A line of JSON with chosen facts: the event holds credentials."""
        self._print(json.dumps({"message": message, **facts}))

    def run(self, event: dict[str, Any], remaining: Callable[[], int]) -> None:
        """Do the next step of a job, and always tell CodePipeline what has come of it."""
        job_id, job = event["CodePipeline.job"]["id"], None
        try:
            job = job_of(event)
            result = self._step(job, remaining)
        except Problem as problem:
            result = self._failed(job, problem)
        except ClientError as error:
            result = self._failed(job, problem_of(error))
        except Exception as error:
            kind = type(error).__name__
            result = self._failed(job, Problem("JobFailed", f"the runner itself failed: {kind}: {error}"))
        self._tell(job_id, job, result)

    def _failed(self, job: Job | None, problem: Problem) -> Failure:
        token = job.token if job else None
        subject = f"{job.action} failed" if job else "The action cannot be run"
        place = f" {where(self.settings, token)}" if token and token.command_id else ""
        message = scrubbed(f"{subject}: {problem}{place}")[:5_000]
        return Failure(problem.kind, message, token.command_id if token else "")

    def _step(self, job: Job, remaining: Callable[[], int]) -> Result:
        now = int(self.clock())
        # room for the box, the delivery and the work
        token = job.token or Token(job.id, job.action, job.execution, now, now + PATIENCE + DELIVERY + job.timeout)
        try:
            return self._follow(token) if token.command_id else self._start(job, token, remaining)
        except (ClientError, BotoCoreError) as error:
            if not passes(error):
                raise
            if now > token.deadline:
                raise Problem("SystemUnavailable", f"AWS did not answer until the deadline: {error}") from error
            self.log("AWS will be asked again", job=job.id, action=job.action, error=str(error))
            return Waiting(token, "AWS is busy and will be asked again")

    def _start(self, job: Job, token: Token, remaining: Callable[[], int]) -> Result:
        """Send the command, unless it was sent already by an invocation that nobody heard of."""
        command, instance = self.commands.find(token, self.clock())
        if not command:
            instance = boxes.choose(self.ssm, self.settings)
            if not instance:
                return self._without_box(token)
            if remaining() < ENOUGH_MILLISECONDS:
                return Waiting(token, "the next invocation sends the command")
            command = self.commands.send(job, token, instance)
        sent = token.sent(command, instance)
        self.log("sent", job=job.id, execution=job.execution, action=job.action, command=command, instance=instance)
        return Waiting(sent, f"Sent {where(self.settings, sent)}")

    def _without_box(self, token: Token) -> Result:
        if self.clock() > token.started_at + PATIENCE * token.attempt:
            message = f"no instance with the tag {self.settings.tag} has been online for {PATIENCE // 60} minutes"
            raise Problem("SystemUnavailable", message)
        return Waiting(token, f"Waits for an instance with the tag {self.settings.tag} to be online")

    def _follow(self, token: Token) -> Result:
        look = self.commands.look(token)
        if self.clock() > token.deadline and (look is None or look.living):
            return self._expired(token)
        if look is None:
            return Waiting(token, "The command is not visible yet")
        if look.details in ("Undeliverable", "DeliveryTimedOut") or (look.living and self._replaced(token)):
            return self._lost(token, look)
        if look.living:
            return Waiting(token, f"{look.details} {where(self.settings, token)}")
        return result_of(self.settings, token, look)

    def _expired(self, token: Token) -> Failure:
        self._cancel(token.command_id)
        seconds = token.deadline - token.started_at
        message = f"{token.action} failed: it had not ended {seconds} seconds after its start and was cancelled"
        return Failure("JobFailed", f"{message} {where(self.settings, token)}", token.command_id)

    def _replaced(self, token: Token) -> bool:
        """Whether another instance has taken the place of the one that has the command."""
        online = boxes.online(self.ssm, self.settings)
        return bool(online) and token.instance_id not in online

    def _lost(self, token: Token, look: Look) -> Result:
        """The box has gone with the command: once more, on the box that took its place."""
        self._cancel(token.command_id)
        self.log("lost", action=token.action, command=token.command_id, instance=token.instance_id)
        if token.attempt < ATTEMPTS:
            return Waiting(token.again(), f"{token.instance_id} is gone; the command is sent again")
        status = f"status {look.status}/{look.details}, attempt {token.attempt}"
        message = f"{token.action} failed: the build box was replaced or lost ({status})"
        return Failure("SystemUnavailable", f"{message} {where(self.settings, token)}", token.command_id)

    def _cancel(self, command_id: str) -> None:
        try:
            self.commands.cancel(command_id)
        except (ClientError, BotoCoreError) as error:  # best effort: its own timeout ends it in any case
            self.log("not cancelled", command=command_id, error=str(error))

    def _tell(self, job_id: str, job: Job | None, result: Result) -> None:
        try:
            self._put(job_id, result)
        except (ClientError, BotoCoreError) as error:
            if not isinstance(error, ClientError) or code_of(error) not in OVER:
                self.log("no result was put", job=job_id, error=str(error))
                raise
            self._unwanted(job_id, job, result)

    def _put(self, job_id: str, result: Result) -> None:
        self.log("result", job=job_id, kind=type(result).__name__)
        if isinstance(result, Failure):
            details = {"type": result.kind, "message": result.message}
            external = {"externalExecutionId": result.command_id} if result.command_id else {}
            self.codepipeline.put_job_failure_result(jobId=job_id, failureDetails={**details, **external})
            return
        command = result.command_id if isinstance(result, Success) else result.token.command_id
        external = {"externalExecutionId": command} if command else {}
        more: dict[str, Any] = {"continuationToken": result.token.dump()} if isinstance(result, Waiting) else {}
        if isinstance(result, Success) and result.variables:
            more = {"outputVariables": result.variables}
        details = {"summary": result.summary[:2_048], **external}
        self.codepipeline.put_job_success_result(jobId=job_id, executionDetails=details, **more)

    def _unwanted(self, job_id: str, job: Job | None, result: Result) -> None:
        """The job takes no result: it was a duplicate, or its execution has been stopped."""
        command = result.token.command_id if isinstance(result, Waiting) else ""
        self.log("nobody waits for the result", job=job_id, command=command)
        if job and command and self._has_ended(job.execution):
            self._cancel(command)

    def _has_ended(self, execution: str) -> bool:
        wanted = {"pipelineName": self.settings.pipeline, "pipelineExecutionId": execution}
        return self.codepipeline.get_pipeline_execution(**wanted)["pipelineExecution"]["status"] in ENDED

    def stopped(self, execution: str) -> None:
        """An execution was stopped: its commands have no purpose any more."""
        for command in self.commands.of_execution(execution, self.clock()):
            self.log("cancelled", execution=execution, command=command)
            self._cancel(command)

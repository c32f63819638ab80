# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field
from datetime import datetime

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.verbatim import keep_unknown_fields
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import (
    THROTTLING_CODES,
    CollectionError,
    error_code,
    error_message,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service

#: answers to requests that somebody else has made unnecessary
_OVERTAKEN = frozenset(
    {
        "ApprovalAlreadyCompletedException",
        "DuplicatedStopRequestException",
        "InvalidApprovalTokenException",
        "NotLatestPipelineExecutionException",
        "PipelineExecutionNotStoppableException",
        "StageNotRetryableException",
    }
)


class PipelineMissing(CollectionError):
    """The pipeline does not exist."""


class ExecutionMissing(CollectionError):
    """The execution does not exist, or not yet: a new one is not known everywhere at once."""


class Overtaken(CollectionError):
    """What was asked for is not possible any more, because somebody else was faster."""


@dataclass(frozen=True)
class Pipeline:
    """A pipeline as GetPipeline shows it."""

    declaration: Data
    metadata: Data = field(default_factory=dict)

    @property
    def version(self) -> int:
        return int(self.declaration["version"])

    @property
    def region(self) -> str:
        """The region of the pipeline, from its ARN."""
        return (str(self.metadata.get("pipelineArn", "")).split(":") + [""] * 4)[3]


class Api(Service):
    """CodePipeline, each operation once."""

    name = "codepipeline"
    passing = THROTTLING_CODES | {"ConflictException"}
    page_tokens = ("nextToken", "nextToken")

    def __init__(self, client: t.Any, sleep: t.Callable[[float], None] = time.sleep) -> None:
        super().__init__(client, sleep)
        keep_unknown_fields(client)

    def pipeline(self, name: str, version: int | None = None) -> Pipeline:
        wanted: Data = {"name": name} if version is None else {"name": name, "version": version}
        answer = self._call("get_pipeline", **wanted)
        return Pipeline(self._declaration(answer, "GetPipeline"), answer.get("metadata", {}))

    def pipeline_names(self) -> list[str]:
        pages = self._pages("list_pipelines")
        return [entry["name"] for page in pages for entry in page["pipelines"]]

    def update_pipeline(self, declaration: Data) -> Data:
        """Store a new version; the answer is the declaration with its version."""
        return self._declaration(self._call("update_pipeline", pipeline=declaration), "UpdatePipeline")

    def state(self, name: str) -> Data:
        return self._call("get_pipeline_state", name=name)

    def enable_transition(self, pipeline: str, stage: str) -> None:
        self._call("enable_stage_transition", pipelineName=pipeline, stageName=stage, transitionType="Inbound")

    def disable_transition(self, pipeline: str, stage: str, reason: str) -> None:
        self._call(
            "disable_stage_transition",
            pipelineName=pipeline,
            stageName=stage,
            transitionType="Inbound",
            reason=reason,
        )

    def executions(self, pipeline: str, succeeded_in: str = "") -> t.Iterator[Data]:
        """Summaries of the executions, newest first, of all or of those that succeeded in a stage of this version.

        Pages are read as they are needed.
        """
        chosen = {"filter": {"succeededInStage": {"stageName": succeeded_in}}} if succeeded_in else {}
        for page in self._pages("list_pipeline_executions", pipelineName=pipeline, **chosen):
            yield from page["pipelineExecutionSummaries"]

    def action_executions(self, pipeline: str, execution_id: str = "") -> t.Iterator[Data]:
        """Details of the action executions, newest first, of one pipeline execution or of all."""
        chosen = {"filter": {"pipelineExecutionId": execution_id}} if execution_id else {}
        for page in self._pages("list_action_executions", pipelineName=pipeline, **chosen):
            yield from page["actionExecutionDetails"]

    def execution(self, pipeline: str, execution_id: str) -> Data:
        answer = self._call("get_pipeline_execution", pipelineName=pipeline, pipelineExecutionId=execution_id)
        return dict(answer["pipelineExecution"])

    def start(self, pipeline: str, token: str, **options: t.Any) -> str:
        return self._execution_id("start_pipeline_execution", name=pipeline, clientRequestToken=token, **options)

    def stop(self, pipeline: str, execution_id: str, abandon: bool, reason: str | None) -> None:
        options = {"reason": reason} if reason else {}
        self._call(
            "stop_pipeline_execution",
            pipelineName=pipeline,
            pipelineExecutionId=execution_id,
            abandon=abandon,
            **options,
        )

    def retry(self, pipeline: str, stage: str, execution_id: str, mode: str) -> str:
        return self._execution_id(
            "retry_stage_execution",
            pipelineName=pipeline,
            stageName=stage,
            pipelineExecutionId=execution_id,
            retryMode=mode,
        )

    def roll_back(self, pipeline: str, stage: str, target_id: str) -> str:
        """Bring a stage back to what an earlier execution did there; the answer is the execution that does so."""
        return self._execution_id(
            "rollback_stage", pipelineName=pipeline, stageName=stage, targetPipelineExecutionId=target_id
        )

    def answer_approval(self, pipeline: str, stage: str, action: str, token: str, result: Data) -> datetime:
        answer = self._call(
            "put_approval_result",
            pipelineName=pipeline,
            stageName=stage,
            actionName=action,
            token=token,
            result=result,
        )
        decided: datetime = answer["approvedAt"]
        return decided

    def _execution_id(self, method: str, **parameters: t.Any) -> str:
        return str(self._call(method, **parameters)["pipelineExecutionId"])

    def tags(self, arn: str) -> dict[str, str]:
        pages = self._pages("list_tags_for_resource", resourceArn=arn)
        return {tag["key"]: tag["value"] for page in pages for tag in page.get("tags", [])}

    def _declaration(self, answer: Data, operation: str) -> Data:
        if not answer.get("pipeline"):
            raise CollectionError(
                f"The endpoint URL does not speak the AWS API: its answer to codepipeline:{operation} has no pipeline."
            )
        return dict(answer["pipeline"])

    def explain(self, error: Exception, method: str) -> CollectionError:
        code, said = error_code(error), error_message(error).rstrip(".")
        if code == "PipelineNotFoundException":
            return PipelineMissing(f"{said} in region {self._client.meta.region_name}.", error_code=code)
        if code == "PipelineExecutionNotFoundException":
            return ExecutionMissing(f"{said}.", error_code=code)
        if code in _OVERTAKEN:
            return Overtaken(f"{said}.", error_code=code)
        return super().explain(error, method)

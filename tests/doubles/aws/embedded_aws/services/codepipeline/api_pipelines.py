# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on pipelines themselves."""

from __future__ import annotations

import re

from moto.core.responses import ActionResult, EmptyResult

from ...settings import settings
from .base import Base
from .errors import CodePipelineError, validation
from .executions import now
from .pipelines import Pipeline, checked_tags, masked, tag_list
from .starts import begin
from .structure import Declaration, check, normalised


class PipelineOperations(Base):
    def create_pipeline(self) -> ActionResult:
        given, backend = self.params["pipeline"], self.backend
        name = given["name"]
        if name in backend.pipelines:
            raise CodePipelineError(
                "PipelineNameInUseException",
                f"A pipeline with the name '{name}' already exists in account '{self.current_account}'",
            )
        if len(backend.pipelines) >= settings.codepipeline_maximum:
            raise CodePipelineError(
                "LimitExceededException",
                f"Account '{self.current_account}' has reached the limit of {settings.codepipeline_maximum} pipelines",
            )
        declaration = normalised(given, 1)
        check(declaration, backend.surroundings)
        pipeline = Pipeline(self.current_account, self.region, name, {1: declaration})
        pipeline.tags = checked_tags(pipeline.arn, {}, self.params.get("tags", []))
        backend.pipelines[name] = pipeline
        begin(backend, pipeline, {"triggerType": "CreatePipeline", "triggerDetail": self.caller})
        return ActionResult({"pipeline": self._shown(declaration), "tags": tag_list(pipeline.tags)})

    def get_pipeline(self) -> ActionResult:
        pipeline, version = self.backend.get(self.params["name"]), self.params.get("version")
        if version is not None and version not in pipeline.versions:
            raise CodePipelineError(
                "PipelineVersionNotFoundException",
                f"Account '{self.current_account}' does not have a version '{version}' of the pipeline"
                f" '{pipeline.name}'",
            )
        declaration = pipeline.versions[version or pipeline.version]
        return ActionResult({"pipeline": self._shown(declaration), "metadata": pipeline.metadata()})

    def update_pipeline(self) -> ActionResult:
        given = self.params["pipeline"]
        pipeline = self.backend.get(given["name"])
        declaration = normalised(given, pipeline.version + 1)
        check(declaration, self.backend.surroundings)
        pipeline.versions[declaration["version"]] = declaration
        pipeline.updated = now()
        for execution in pipeline.executions.values():
            execution.outdated = True
        self.backend.engine.pump(pipeline)
        return ActionResult({"pipeline": self._shown(declaration)})

    def delete_pipeline(self) -> ActionResult:
        pipeline = self.backend.pipelines.pop(self.params["name"], None)
        if pipeline is not None:
            self.backend.engine.abandon(pipeline)
        return EmptyResult()

    def list_pipelines(self) -> ActionResult:
        page, token = self.page([pipeline.summary() for _, pipeline in sorted(self.backend.pipelines.items())])
        return ActionResult({"pipelines": page, "nextToken": token})

    def enable_stage_transition(self) -> ActionResult:
        return self._transition(enabled=True)

    def disable_stage_transition(self) -> ActionResult:
        return self._transition(enabled=False)

    def _transition(self, enabled: bool) -> ActionResult:
        pipeline, stage = self.backend.get(self.params["pipelineName"]), self.params["stageName"]
        pipeline.stage(stage)
        if self.params["transitionType"] == "Outbound":
            stage = _next_stage(pipeline, stage)
        transition = pipeline.transition(stage)
        transition.enabled, transition.reason = enabled, self.params.get("reason")
        transition.by, transition.at = self.caller, now()
        self.backend.engine.pump(pipeline)
        return EmptyResult()

    def tag_resource(self) -> ActionResult:
        tags = self._tags()
        tags.update(checked_tags(self.params["resourceArn"], tags, self.params["tags"]))
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        for key in self.params["tagKeys"]:
            self._tags().pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        page, token = self.page(tag_list(self._tags()))
        return ActionResult({"tags": page, "nextToken": token})

    def _tags(self) -> dict[str, str]:
        """The tags of the pipeline, the custom action type or the webhook that the request names."""
        arn, backend = self.params["resourceArn"], self.backend
        match = re.fullmatch(r"arn:aws:codepipeline:([a-z0-9-]+):(\d{12}):(.+)", arn)
        if match is None or match[1] != self.region or match[2] != self.current_account:
            raise CodePipelineError("InvalidArnException", f"The resource ARN '{arn}' is not valid")
        if match[3] in backend.pipelines:
            return backend.pipelines[match[3]].tags
        if arn in backend.other_tags:
            return backend.other_tags[arn]
        raise CodePipelineError(
            "ResourceNotFoundException",
            f"The account with id '{self.current_account}' does not include a pipeline with the name '{match[3]}'",
        )

    def _shown(self, declaration: Declaration) -> Declaration:
        return masked(declaration, self.backend.find_type)


def _next_stage(pipeline: Pipeline, stage: str) -> str:
    """The way out of a stage is the way into the next one."""
    names = [item["name"] for item in pipeline.declaration["stages"]]
    following = names[names.index(stage) + 1 :]
    if not following:
        raise validation(f"Stage '{stage}' is the last one: no transition leads out of it")
    return str(following[0])

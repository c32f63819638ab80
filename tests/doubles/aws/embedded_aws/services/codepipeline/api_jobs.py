# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of job workers: custom action types, jobs and their results."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from ...settings import settings
from .actions import conclude
from .actions.invoke import invoke
from .base import Base
from .catalog import AWS_TYPES, RULES, ActionType, Property, key_of
from .errors import CodePipelineError, validation
from .executions import Outcome
from .jobs import OUTPUT_VARIABLES, Job
from .pipelines import checked_tags, tag_list

CUSTOM_TYPES = 50


class JobOperations(Base):
    def create_custom_action_type(self) -> ActionResult:
        made, backend = self._custom_type(), self.backend
        key = key_of(made.id)
        if backend.custom_types.get(key, made) != made:
            raise CodePipelineError(
                "ActionTypeAlreadyExistsException",
                f"Action type {'/'.join(key)} already exists with a different definition",
            )
        if backend.deleted_types.get(key, made) != made:
            raise validation(f"Action type {'/'.join(key)} was deleted; use a version that has never been used before")
        if len(backend.custom_types) >= CUSTOM_TYPES:
            raise CodePipelineError(
                "LimitExceededException", f"There can only be up to {CUSTOM_TYPES} custom action types in a region"
            )
        tags = checked_tags(self._type_arn(made), {}, self.params.get("tags", []))
        backend.custom_types[key], backend.other_tags[self._type_arn(made)] = made, tags
        return ActionResult({"actionType": made.describe(), "tags": tag_list(tags)})

    def _type_arn(self, made: ActionType) -> str:
        name = f"{made.owner}/{made.category}/{made.provider}/{made.version}"
        return f"arn:aws:codepipeline:{self.region}:{self.current_account}:actiontype:{name}"

    def _custom_type(self) -> ActionType:
        properties = tuple(_property(item) for item in self.params.get("configurationProperties", []))
        queryable = [item.name for item in properties if item.queryable]
        if len(queryable) > 1:
            raise validation(
                f"Multiple queryable configuration properties found with names '{', '.join(queryable)}'. Up to one"
                " queryable property may be specified."
            )
        for item in properties:
            if item.queryable and (item.secret or not item.required):
                raise validation(
                    f"Invalid queryable property '{item.name}'. Queryable configuration properties must be required and"
                    " cannot be secret."
                )
        return ActionType(
            self.params["category"],
            "Custom",
            self.params["provider"],
            self.params["version"],
            _counts(self.params["inputArtifactDetails"]),
            _counts(self.params["outputArtifactDetails"]),
            properties,
            settings=self.params.get("settings", {}),
        )

    def delete_custom_action_type(self) -> ActionResult:
        key = key_of({"owner": "Custom", **{name: self.params[name] for name in ("category", "provider", "version")}})
        made = self.backend.custom_types.pop(key, None)
        if made is not None:
            self.backend.deleted_types[key] = made
            self.backend.other_tags.pop(self._type_arn(made), None)
        return EmptyResult()

    def list_action_types(self) -> ActionResult:
        owner = self.params.get("actionOwnerFilter")
        types = [*AWS_TYPES.values(), *self.backend.custom_types.values()]
        page, token = self.page([item.describe() for item in types if owner in (None, item.owner)])
        return ActionResult({"actionTypes": page, "nextToken": token})

    def list_rule_types(self) -> ActionResult:
        return ActionResult({"ruleTypes": [_rule_type(provider) for provider in RULES]})

    def poll_for_jobs(self) -> ActionResult:
        type_id, query = self.params["actionTypeId"], self.params.get("queryParam", {})
        if type_id["owner"] != "Custom":
            raise validation("PollForJobs is only valid for action types with 'Custom' as their owner")
        found = self.backend.custom_types.get(key_of(type_id))
        if found is None:
            raise CodePipelineError(
                "ActionTypeNotFoundException",
                f"ActionType (Category: '{type_id['category']}', Owner: '{type_id['owner']}', Provider:"
                f" '{type_id['provider']}', Version: '{type_id['version']}') is not available",
            )
        unknown = query.keys() - {item.name for item in found.properties if item.queryable}
        if unknown:
            raise validation(f"The configuration property {sorted(unknown)[0]} is not queryable")
        jobs = self.backend.jobs.queued(type_id, query, self.params.get("maxBatchSize", 1))
        return ActionResult({"jobs": [{**self._shown_job(job), "nonce": job.nonce} for job in jobs]})

    def _shown_job(self, job: Job) -> dict[str, Any]:
        return {"id": job.id, "accountId": self.current_account, "data": {**job.data(), **job.context()}}

    def acknowledge_job(self) -> ActionResult:
        job = self.backend.jobs.get(self.params["jobId"])
        if job.nonce != self.params["nonce"] or job.status != "Queued":
            message = "The nonce is not valid, or the job was acknowledged already"
            raise CodePipelineError("InvalidNonceException", message)
        job.status = "InProgress"
        return ActionResult({"status": job.status})

    def get_job_details(self) -> ActionResult:
        return ActionResult({"jobDetails": self._shown_job(self.backend.jobs.get(self.params["jobId"]))})

    def put_job_success_result(self) -> ActionResult:
        job, token = self._answered(), self.params.get("continuationToken")
        variables, details = self.params.get("outputVariables", {}), self.params.get("executionDetails", {})
        if token is not None and variables:
            raise validation("outputVariables cannot be given together with a continuationToken")
        if sum(len(key) + len(value) for key, value in variables.items()) > OUTPUT_VARIABLES:
            raise CodePipelineError(
                "OutputVariablesSizeExceededException",
                f"The output variables exceed the size limit of {OUTPUT_VARIABLES} bytes",
            )
        job.status = "Succeeded"
        if token is not None:
            self._continue(job, token, details)
        else:
            summary, external = details.get("summary"), details.get("externalExecutionId")
            self._finish(
                job, Outcome("Succeeded", summary, external, variables=variables, revision=self._revision(job))
            )
        return EmptyResult()

    def put_job_failure_result(self) -> ActionResult:
        job, details = self._answered(), self.params["failureDetails"]
        job.status = "Failed"
        error = {"code": details["type"], "message": details["message"]}
        self._finish(job, Outcome("Failed", None, details.get("externalExecutionId"), error=error))
        return EmptyResult()

    def _answered(self) -> Job:
        job = self.backend.jobs.get(self.params["jobId"])
        if job.status != "InProgress" or job.work.run.status != "InProgress":
            raise CodePipelineError(
                "InvalidJobStateException", f"Job '{job.id}' is {job.status} and takes no result any more"
            )
        return job

    def _finish(self, job: Job, outcome: Outcome) -> None:
        self.backend.engine.finish(job.work.pipeline, job.work.execution, job.work.run, outcome)

    def _continue(self, job: Job, token: str, details: dict[str, Any]) -> None:
        """Give the next job out: to the function after a while, to the workers at once."""
        work = job.work
        work.run.percent = details.get("percentComplete")
        work.run.outcome = Outcome("InProgress", details.get("summary"), details.get("externalExecutionId"))
        following = self.backend.jobs.new(work, token)
        if work.run.declaration["actionTypeId"]["provider"] == "Lambda":
            following.status = "InProgress"
            self.backend.engine.later(
                settings.codepipeline_continuation, lambda: conclude(work, lambda _: invoke(work, following))
            )

    def _revision(self, job: Job) -> dict[str, Any] | None:
        """What the worker of a source says that it has fetched; it goes with the output artifacts."""
        given = self.params.get("currentRevision")
        if given is None:
            return None
        return {
            "actionName": job.work.run.name,
            "revisionId": given["revision"],
            "revisionChangeIdentifier": given["changeIdentifier"],
            "revisionSummary": given.get("revisionSummary"),
            "revisionUrl": None,
            "created": given.get("created") or job.work.run.started,
        }


def _rule_type(provider: str) -> dict[str, Any]:
    required, optional = RULES[provider]
    properties = [Property(name, name in required) for name in (*required, *optional)]
    return {
        "id": {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"},
        "ruleConfigurationProperties": [item.describe() for item in properties],
        "inputArtifactDetails": {"minimumCount": 0, "maximumCount": 5},
    }


def _property(given: dict[str, Any]) -> Property:
    return Property(
        given["name"],
        given["required"],
        given["secret"],
        given["key"],
        given.get("queryable", False),
        given.get("description"),
        given.get("type", "String"),
    )


def _counts(details: dict[str, int]) -> tuple[int, int]:
    low, high = details["minimumCount"], details["maximumCount"]
    if low > high:
        raise validation(f"Maximum Number of Artifacts ({high}) has to be greater than or equal to minimum ({low}).")
    return low, high

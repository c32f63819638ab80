# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines: their versions, tags and transitions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .catalog import ActionType, Key, key_of
from .errors import CodePipelineError
from .executions import Execution, now
from .structure import Declaration, actions

MASK = "****"
TAGS = 50


@dataclass
class Transition:
    """The way into a stage."""

    enabled: bool = True
    reason: str | None = None
    by: str | None = None
    at: datetime | None = None

    def describe(self) -> dict[str, Any]:
        shown = {"enabled": self.enabled, "lastChangedBy": self.by, "lastChangedAt": self.at}
        return {**shown, "disabledReason": None if self.enabled else self.reason}


@dataclass
class Pipeline:
    """latest tells by stage which execution was the last to enter it."""

    account: str
    region: str
    name: str
    versions: dict[int, Declaration]
    tags: dict[str, str] = field(default_factory=dict)
    transitions: dict[str, Transition] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    latest: dict[str, Execution] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)

    @property
    def arn(self) -> str:
        return f"arn:aws:codepipeline:{self.region}:{self.account}:{self.name}"

    @property
    def version(self) -> int:
        return max(self.versions)

    @property
    def declaration(self) -> Declaration:
        return self.versions[self.version]

    def stage(self, name: str) -> Declaration:
        for stage in self.declaration["stages"]:
            if stage["name"] == name:
                return stage
        raise CodePipelineError(
            "StageNotFoundException", f"Pipeline with name '{self.name}' does not have a stage with name '{name}'"
        )

    def action(self, stage: str, name: str) -> Declaration:
        for action in self.stage(stage)["actions"]:
            if action["name"] == name:
                return action
        raise CodePipelineError(
            "ActionNotFoundException", f"Stage with name '{stage}' does not have an action with name '{name}'"
        )

    def execution(self, execution_id: str) -> Execution:
        if execution_id not in self.executions:
            raise CodePipelineError(
                "PipelineExecutionNotFoundException",
                f"Pipeline '{self.name}' does not have an execution with id '{execution_id}'",
            )
        return self.executions[execution_id]

    def transition(self, stage: str) -> Transition:
        return self.transitions.setdefault(stage, Transition())

    def metadata(self) -> dict[str, Any]:
        return {"pipelineArn": self.arn, "created": self.created, "updated": self.updated}

    def summary(self) -> dict[str, Any]:
        shown = {key: self.declaration[key] for key in ("name", "version", "pipelineType", "executionMode")}
        return {**shown, "created": self.created, "updated": self.updated}


def masked(declaration: Declaration, find_type: Callable[[Key], ActionType | None]) -> Declaration:
    """The declaration without the secrets in its actions' configuration."""
    shown = copy.deepcopy(declaration)
    for _, action in actions(shown):
        found = find_type(key_of(action["actionTypeId"]))
        for key in found.secrets & action["configuration"].keys() if found else ():
            action["configuration"][key] = MASK
    return shown


def checked_tags(arn: str, before: dict[str, str], added: list[dict[str, str]]) -> dict[str, str]:
    """The tags after more are put on; raises what AWS does not allow."""
    keys = [tag["key"] for tag in added]
    if len(set(keys)) < len(keys):
        raise CodePipelineError(
            "InvalidTagsException", "Duplicate tag keys found. Please note that tag keys are case sensitive."
        )
    if any(key.lower().startswith("aws:") for key in keys):
        raise CodePipelineError(
            "InvalidTagsException",
            "Not allowed to modify system tags. System tags start with 'aws:'. msg=[Caller is an end user and not"
            " allowed to mutate system tags]",
        )
    after = {**before, **{tag["key"]: tag["value"] for tag in added}}
    if len(after) > TAGS:
        raise CodePipelineError("TooManyTagsException", f"Tag limit exceeded for resource [{arn}].")
    return after


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]

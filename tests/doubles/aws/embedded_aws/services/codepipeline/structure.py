# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of a pipeline's structure, in the order in which AWS finds what breaks them."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .actions_structure import check_action
from .catalog import ActionType, Key
from .conditions_structure import check_conditions
from .errors import action_declaration, stage_declaration, structure
from .references import check_references

Declaration = dict[str, Any]
STAGES = (2, 50)
ACTIONS_IN_STAGE = 100


@dataclass(frozen=True)
class Surroundings:
    """What a declaration is checked against: assumable(role, by) raises when a role cannot be assumed."""

    region: str
    find_type: Callable[[Key], ActionType | None]
    assumable: Callable[[str, str | None], None]


def normalised(declaration: Declaration, version: int) -> Declaration:
    """The declaration as GetPipeline shows it: with its version and the defaults that AWS fills in."""
    result = copy.deepcopy(declaration)
    for stage in result["stages"]:
        for action in stage["actions"]:
            action.setdefault("runOrder", 1)
            action.setdefault("configuration", {})
            action.setdefault("inputArtifacts", [])
            action.setdefault("outputArtifacts", [])
    result.setdefault("pipelineType", "V1")
    result.setdefault("executionMode", "SUPERSEDED")
    return {**result, "version": version}


def check(declaration: Declaration, surroundings: Surroundings) -> None:
    """Raise the error that AWS would give for a declaration (a normalised one)."""
    _check_stages(declaration["stages"])
    _check_stores(declaration, surroundings.region)
    _check_pipeline_type(declaration)
    _check_variables(declaration)
    for _, action in actions(declaration):
        check_action(declaration, action, surroundings.find_type, surroundings.region)
    _check_artifacts(declaration)
    _check_namespaces(declaration)
    check_references(declaration)
    for index, stage in enumerate(declaration["stages"]):
        check_conditions(stage, index == 0, declaration["executionMode"])
    _check_triggers(declaration)
    surroundings.assumable(declaration["roleArn"], None)
    for _, action in actions(declaration):
        if "roleArn" in action:
            surroundings.assumable(action["roleArn"], declaration["roleArn"])


def actions(declaration: Declaration) -> Iterator[tuple[Declaration, Declaration]]:
    """Pairs of stage and action, as they come in the declaration."""
    for stage in declaration["stages"]:
        for action in stage["actions"]:
            yield stage, action


def in_order(declaration: Declaration) -> Iterator[tuple[int, Declaration]]:
    """Actions as they run, each with a number that is the same for those that run at the same time."""
    position = 0
    for stage in declaration["stages"]:
        for order in sorted({action["runOrder"] for action in stage["actions"]}):
            position += 1
            yield from ((position, action) for action in stage["actions"] if action["runOrder"] == order)


def is_source(action: Declaration) -> bool:
    return bool(action["actionTypeId"]["category"] == "Source")


def _check_stages(stages: list[Declaration]) -> None:
    if len(stages) < STAGES[0]:
        raise structure(
            f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in a pipeline"
        )
    if len(stages) > STAGES[1]:
        raise structure("Pipeline has too many stages. There can only be up to 50 stages in a pipeline")
    twice = _twice(stage["name"] for stage in stages)
    if twice:
        raise stage_declaration(f"Stage name '{twice}' is used more than once")
    for stage in stages:
        _check_stage(stage)
    if not all(is_source(action) for action in stages[0]["actions"]):
        raise structure("Pipeline should start with a stage that only contains source actions")
    if any(is_source(action) for stage in stages[1:] for action in stage["actions"]):
        raise structure("Source actions can only be included in the first stage of the pipeline")


def _check_stage(stage: Declaration) -> None:
    name, count = stage["name"], len(stage["actions"])
    if not count:
        raise stage_declaration(f"Stage '{name}' should contain at least 1 action")
    if count > ACTIONS_IN_STAGE:
        raise stage_declaration(
            f"Stage '{name}' has too many actions. There can only be up to {ACTIONS_IN_STAGE} actions in a stage"
        )
    twice = _twice(action["name"] for action in stage["actions"])
    if twice:
        raise action_declaration(f"Action name '{twice}' is used more than once in stage '{name}'")
    if stage.get("blockers"):
        raise stage_declaration(f"Stage '{name}' has blockers, which are reserved for future use")


def _check_stores(declaration: Declaration, region: str) -> None:
    if ("artifactStore" in declaration) == ("artifactStores" in declaration):
        raise structure(
            "Pipeline should have either 'pipeline.artifactStore' or 'pipeline.artifactStores', and not both"
        )
    regions = {region} | {action["region"] for _, action in actions(declaration) if "region" in action}
    if "artifactStore" in declaration:
        if len(regions) > 1:
            raise structure(
                "Your pipeline contains actions in more than one region. Use 'pipeline.artifactStores' to specify"
                " an artifact store for each region."
            )
        return
    missing = sorted(regions - declaration["artifactStores"].keys())
    if missing:
        raise structure(
            "Your pipeline must have an artifact store, such as an artifact bucket, for each region where you have"
            f" an action. The following region is missing in 'pipeline.artifactStores': {', '.join(missing)}."
        )


def _check_pipeline_type(declaration: Declaration) -> None:
    if declaration["pipelineType"] == "V2":
        return
    if declaration["executionMode"] != "SUPERSEDED":
        raise structure("QUEUED or PARALLEL mode can only be used with V2 pipelines")
    if declaration.get("variables"):
        raise structure("Pipeline variable can only be used with V2 pipelines")
    if declaration.get("triggers"):
        raise structure("Triggers on tag can only be used with V2 pipelines")
    if any(gate in stage for stage in declaration["stages"] for gate in ("beforeEntry", "onSuccess", "onFailure")):
        raise stage_declaration("Stage level conditions can only be used with V2 pipelines.")


def _check_variables(declaration: Declaration) -> None:
    twice = _twice(variable["name"] for variable in declaration.get("variables", []))
    if twice:
        raise structure(f"Variable names must be unique. The following variable name is already in use: {twice}")


def _check_artifacts(declaration: Declaration) -> None:
    made: dict[str, int] = {}
    for position, action in in_order(declaration):
        for artifact in action["outputArtifacts"]:
            if artifact["name"] in made:
                raise action_declaration(
                    "Output Artifact Bundle name must be unique within the pipeline."
                    f" {artifact['name']} has been used more than once."
                )
            made[artifact["name"]] = position
    for position, action in in_order(declaration):
        for artifact in action["inputArtifacts"]:
            if made.get(artifact["name"], position) >= position:
                raise action_declaration(
                    f"Input Artifact Bundle {artifact['name']} in action {action['name']} is not declared as Output"
                    " Artifact Bundle in any of the preceding actions"
                )


def _check_namespaces(declaration: Declaration) -> None:
    used = {"codepipeline", "variables"}
    for stage, action in actions(declaration):
        namespace = action.get("namespace")
        if namespace in used:
            raise action_declaration(
                "Namespaces must be unique across the pipeline definition. The following occur more than once in the"
                f" pipeline. StageName=[{stage['name']}], ActionName=[{action['name']}], Namespace=[{namespace}]"
            )
        if namespace is not None:
            used.add(namespace)


def _check_triggers(declaration: Declaration) -> None:
    connections = {
        action["name"]
        for _, action in actions(declaration)
        if action["actionTypeId"]["provider"] == "CodeStarSourceConnection"
    }
    for trigger in declaration.get("triggers", []):
        if trigger["gitConfiguration"]["sourceActionName"] not in connections:
            raise structure("Triggers for connections must reference a CodeStarSourceConnection action.")


def _twice(names: Any) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)

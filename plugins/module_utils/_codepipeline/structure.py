# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.limits import (
    NAME,
    NAME_ALLOWED,
    Action,
    Findings,
    limits,
    repeated,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stage_conditions import conditions

_ARTIFACT = re.compile(r"[A-Za-z0-9_\-]{1,100}")
_NAMESPACE = re.compile(r"[A-Za-z0-9@\-_]{1,100}")
_REFERENCE = re.compile(r"#\{([^}]*)\}")
_OWN_NAMESPACES = frozenset({"codepipeline", "variables"})
_MOST_STAGES = 50
_MOST_ACTIONS = 100


def introduced(before: Data, after: Data, region: str = "") -> list[str]:
    """What AWS would refuse in the new pipeline; what it has accepted already is none of our business."""
    accepted = {_rule(finding) for finding in findings(before, region)}
    return [finding for finding in findings(after, region) if _rule(finding) not in accepted]


def _rule(finding: str) -> str:
    """The finding without what it says about the rest of the pipeline."""
    return finding.split(";")[0]


def findings(pipeline: Data, region: str = "") -> list[str]:
    """Everything that AWS would refuse, each in one sentence that names the place."""
    stages = pipeline["stages"]
    actions = [
        Action(str(stage["name"]), index, action) for index, stage in enumerate(stages) for action in stage["actions"]
    ]
    return [
        *_numbers(stages),
        *_names(stages),
        *_sources(stages),
        *(finding for action in actions for finding in limits(action, pipeline.get("pipelineType", "V1"), region)),
        *_artifact_flow(actions),
        *_namespaces(actions),
        *_references(pipeline, actions),
        *_regions(pipeline, actions, region),
        *_triggers(pipeline, actions),
        *conditions(pipeline),
    ]


def _numbers(stages: list[Data]) -> Findings:
    if len(stages) < 2:
        yield f"A pipeline has at least two stages; this one would have {len(stages)}."
    if len(stages) > _MOST_STAGES:
        yield f"A pipeline has at most {_MOST_STAGES} stages; this one would have {len(stages)}."
    for stage in stages:
        number = len(stage["actions"])
        if not 1 <= number <= _MOST_ACTIONS:
            yield f"Stage {stage['name']}: a stage has 1 to {_MOST_ACTIONS} actions; this one would have {number}."


def _names(stages: list[Data]) -> Findings:
    for stage in stages:
        if not NAME.fullmatch(str(stage["name"])):
            yield f"Stage {stage['name']}: the name of a stage has {NAME_ALLOWED}."
        for name in repeated(str(action.get("name")) for action in stage["actions"]):
            yield f"Stage {stage['name']}: the action {name} is there more than once."
    for name in repeated(str(stage["name"]) for stage in stages):
        yield f"The stage {name} is there more than once."


def _sources(stages: list[Data]) -> Findings:
    for index, stage in enumerate(stages):
        for action in stage["actions"]:
            is_source = action.get("actionTypeId", {}).get("category") == "Source"
            if is_source and index:
                yield (
                    f"Stage {stage['name']}, action {action['name']}: only the first stage has source actions; "
                    f"the first stage is {stages[0]['name']}."
                )
            if not is_source and not index:
                yield f"Stage {stage['name']}, action {action['name']}: the first stage has nothing but source actions."


def _artifact_flow(actions: list[Action]) -> Findings:
    """Every input was produced by an action that has ended before, and nobody produces the same twice."""
    made = {name: action.moment for action in reversed(actions) for name in action.artifacts("output")}
    for name in repeated(name for action in actions for name in action.artifacts("output")):
        places = " and ".join(a.place[0].lower() + a.place[1:] for a in actions if name in a.artifacts("output"))
        yield f"The output artifact {name} is produced more than once: by {places}."
    for action in actions:
        for name in [*action.artifacts("input"), *action.artifacts("output")]:
            if not _ARTIFACT.fullmatch(name):
                yield f"{action.place}: the artifact {name} must have 1 to 100 letters, digits, - and _."
        for name in action.artifacts("input"):
            if name not in made or made[name] >= action.moment:
                earlier = sorted(other for other, moment in made.items() if moment < action.moment)
                yield (
                    f"{action.place}: no earlier action produces the input artifact {name}; "
                    f"there is {', '.join(earlier) or 'none'} by then."
                )


def _namespaces(actions: list[Action]) -> Findings:
    artifacts = {name for action in actions for name in action.artifacts("output")}
    for name in repeated(action.namespace for action in actions if action.namespace):
        yield f"The namespace {name} is given to more than one action."
    for action in actions:
        name = action.namespace
        if name and not _NAMESPACE.fullmatch(name):
            yield f"{action.place}: the namespace {name} must have 1 to 100 letters, digits and any of @ - _."
        if name in _OWN_NAMESPACES:
            yield f"{action.place}: the namespace {name} belongs to CodePipeline."
        if name in artifacts:
            yield f"{action.place}: the namespace {name} is the name of an artifact too."


def _references(pipeline: Data, actions: list[Action]) -> Findings:
    """Each #{namespace.variable} means something when its action begins."""
    made = {action.namespace: action.moment for action in reversed(actions) if action.namespace}
    variables = {variable["name"] for variable in pipeline.get("variables") or []}
    for action in actions:
        texts = dict.fromkeys(
            text for value in action.configuration.values() for text in _REFERENCE.findall(str(value))
        )
        for text in texts:
            namespace, _dot, name = text.partition(".")
            if not namespace or not name:
                yield f"{action.place}: #{{{text}}} is no reference; it is written #{{namespace.variable}}."
            elif namespace == "variables":
                yield from _variable(action, name, variables)
            elif namespace != "codepipeline" and (namespace not in made or made[namespace] >= action.moment):
                yield f"{action.place}: no earlier action has the namespace {namespace}, which #{{{text}}} refers to."


def _variable(action: Action, name: str, variables: set[str]) -> Findings:
    if action.category == "Source":
        yield f"{action.place}: a source action cannot refer to variables of the pipeline such as {name}."
    if name not in variables:
        yield f"{action.place}: the pipeline has no variable {name}; it has {', '.join(sorted(variables)) or 'none'}."


def _regions(pipeline: Data, actions: list[Action], region: str) -> Findings:
    """An action in a region needs an artifact store there."""
    stores = set(pipeline.get("artifactStores") or {}) or ({region} if region else set())
    for action in actions:
        wanted = action.data.get("region")
        if wanted and stores and wanted not in stores:
            where = ", ".join(sorted(stores))
            yield f"{action.place}: the pipeline has no artifact store in region {wanted}, only in {where}."


def _triggers(pipeline: Data, actions: list[Action]) -> Findings:
    sources = {action.data.get("name") for action in actions if action.category == "Source"}
    for trigger in pipeline.get("triggers") or []:
        name = trigger.get("gitConfiguration", {}).get("sourceActionName")
        if name not in sources:
            yield f"A trigger of the pipeline refers to the source action {name}, which would not exist."

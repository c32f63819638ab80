# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t
from collections import Counter
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.action_types import (
    APPROVAL_KEYS,
    KNOWN,
    V2_ONLY,
    ActionType,
    Range,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data, camel

NAME = re.compile(r"[A-Za-z0-9.@\-_]{1,100}")
NAME_ALLOWED = "1 to 100 characters, letters, digits and any of . @ - _"
PROVIDER = re.compile(r"[0-9A-Za-z_\-]{1,35}")
_VERSION = re.compile(r"[0-9A-Za-z_\-]{1,9}")
ROLE = re.compile(r"arn:aws(-\w+)*:iam::\d{12}:role/.+")
_TOPIC = re.compile(r"arn:aws[\w-]*:sns:([\w-]+):\d{12}:.+")

_CATEGORIES = ("Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute")
_OWNERS = ("AWS", "ThirdParty", "Custom")

_MOST_ENTRIES = {"output_variables": 15, "environment_variables": 10}

Findings = t.Iterator[str]


@dataclass(frozen=True)
class Action:
    """An action and where it stands."""

    stage: str
    stage_index: int
    data: Data

    @property
    def place(self) -> str:
        return f"Stage {self.stage}, action {self.data.get('name')}"

    @property
    def type(self) -> Data:
        return dict(self.data.get("actionTypeId", {}))

    @property
    def category(self) -> str:
        return str(self.type.get("category"))

    @property
    def owner(self) -> str:
        return str(self.type.get("owner"))

    @property
    def provider(self) -> str:
        return str(self.type.get("provider"))

    @property
    def moment(self) -> tuple[int, int]:
        """Actions of an earlier moment have ended when this one begins."""
        order = self.data.get("runOrder", 1)
        return self.stage_index, order if isinstance(order, int) else 1

    @property
    def configuration(self) -> Data:
        return self.data.get("configuration") or {}

    @property
    def namespace(self) -> str:
        return self.data.get("namespace") or ""

    def artifacts(self, kind: str) -> list[str]:
        return [str(artifact.get("name")) for artifact in self.data.get(f"{kind}Artifacts") or []]


def repeated(values: t.Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def number(place: str, option: str, value: t.Any, least: int, most: int) -> Findings:
    if value is not None and not (isinstance(value, int) and least <= value <= most):
        yield f"{place}: {option} {value} is not between {least} and {most}."


def limits(action: Action, pipeline_type: str, region: str) -> Findings:
    """What AWS would refuse in one action, whatever stands around it."""
    yield from _names(action)
    yield from _fields(action, pipeline_type)
    yield from _configuration(action)
    yield from _commands(action)
    if action.category == "Approval":
        yield from _approval(action, region)
    known = KNOWN.get((action.owner, action.category, action.provider))
    if known:
        yield from _demands(action, known)


def _names(action: Action) -> Findings:
    version = str(action.type.get("version"))
    if not NAME.fullmatch(str(action.data.get("name"))):
        yield f"{action.place}: the name of an action has {NAME_ALLOWED}."
    if action.category not in _CATEGORIES:
        yield f"{action.place}: category {action.category} is none of {', '.join(_CATEGORIES)}."
    if action.owner not in _OWNERS:
        yield f"{action.place}: owner {action.owner} is none of {', '.join(_OWNERS)}."
    if not PROVIDER.fullmatch(action.provider):
        yield f"{action.place}: provider {action.provider} must have 1 to 35 letters, digits, - and _."
    if not _VERSION.fullmatch(version):
        yield f"{action.place}: version {version} must have 1 to 9 letters, digits, - and _."


def _fields(action: Action, pipeline_type: str) -> Findings:
    data, place = action.data, action.place
    yield from number(place, "run_order", data.get("runOrder"), 1, 999)
    yield from number(place, "timeout_in_minutes", data.get("timeoutInMinutes"), 5, 86400)
    if data.get("timeoutInMinutes") and action.category != "Approval":
        yield f"{place}: only approvals have timeout_in_minutes."
    if data.get("roleArn") and not ROLE.fullmatch(data["roleArn"]):
        yield f"{place}: role_arn {data['roleArn']} is not the ARN of an IAM role."
    if action.owner == "AWS" and action.provider in V2_ONLY and pipeline_type != "V2":
        yield f"{place}: provider {action.provider} needs a pipeline of type V2; this one is {pipeline_type}."
    for option, most in _MOST_ENTRIES.items():
        entries = len(data.get(camel(option)) or [])
        if entries > most:
            yield f"{place}: {option} has at most {most} entries, not {entries}."


def _configuration(action: Action) -> Findings:
    for key, value in action.configuration.items():
        length = len(str(value))
        if not 1 <= len(key) <= 50:
            yield f"{action.place}: the configuration key {key} must have 1 to 50 characters."
        if not 1 <= length <= 1000:
            yield f"{action.place}: configuration {key} must have 1 to 1000 characters, and it has {length}."


def _commands(action: Action) -> Findings:
    commands = action.data.get("commands") or []
    is_compute = action.category == "Compute"
    if (commands or action.data.get("outputVariables")) and not is_compute:
        yield f"{action.place}: only actions of category Compute have commands and output_variables."
    if is_compute and not 1 <= len(commands) <= 50:
        yield f"{action.place}: an action of category Compute has 1 to 50 commands; this one has {len(commands)}."
    for command in commands:
        if not 1 <= len(command) <= 1000 or "\n" in command:
            yield f"{action.place}: a command is one line of 1 to 1000 characters: {command[:40]!r} is not."


def _approval(action: Action, region: str) -> Findings:
    for key in action.configuration:
        if key not in APPROVAL_KEYS:
            yield f"{action.place}: an approval has no configuration {key}; it has {', '.join(APPROVAL_KEYS)}."
    topic = str(action.configuration.get("NotificationArn", ""))
    if not topic or "#{" in topic:
        return
    match = _TOPIC.fullmatch(topic)
    if not match:
        yield f"{action.place}: {topic} is not the ARN of an SNS topic."
    elif region and match[1] != region:
        yield f"{action.place}: topic {topic} is not in region {region}."


def _demands(action: Action, known: ActionType) -> Findings:
    kind = f"{action.category} by {action.provider}"
    for direction, allowed in (("input", known.inputs), ("output", known.outputs)):
        there = len(action.artifacts(direction))
        if not allowed[0] <= there <= allowed[1]:
            yield f"{action.place}: {kind} has {_range(allowed)} {direction} artifacts, not {there}."
    missing = [key for key in known.required if key not in action.configuration]
    if missing:
        yield f"{action.place}: {kind} needs {', '.join(missing)} in its configuration."


def _range(allowed: Range) -> str:
    least, most = allowed
    return ("no" if not most else str(most)) if least == most else f"{least} to {most}"

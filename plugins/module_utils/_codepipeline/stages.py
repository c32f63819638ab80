# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import (
    CONDITIONS,
    Data,
    action_result,
    canonical_action,
    canonical_stage,
)


@dataclass(frozen=True)
class Position:
    """Where a stage shall stand: first, last, or before or after another stage."""

    where: str
    anchor: str = ""

    def __str__(self) -> str:
        return f"{self.where} stage {self.anchor}" if self.anchor else self.where


@dataclass(frozen=True)
class Request:
    """What is wanted of one stage; what is None or missing is left alone."""

    name: str
    present: bool = True
    actions: tuple[Data, ...] | None = None
    #: one manual approval instead of actions; entries of its configuration that are missing are left alone
    approval: Data | None = None
    #: fields of the stage such as beforeEntry; empty ones are removed
    conditions: t.Mapping[str, Data] = field(default_factory=dict)
    position: Position | None = None


@dataclass(frozen=True)
class Plan:
    """The stages as they shall be, what is changed, and why it cannot be done."""

    stages: list[Data]
    changes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planned:
    """A pipeline as it shall be, and the one it is made of."""

    before: Data
    after: Data
    changes: tuple[str, ...] = ()


def names(stages: t.Iterable[Data]) -> list[str]:
    return [stage["name"] for stage in stages]


def find(stages: t.Iterable[Data], name: str) -> Data | None:
    return next((stage for stage in stages if stage["name"] == name), None)


def plan(stages: list[Data], request: Request) -> Plan:
    """Decide, from the stages as they are, how they shall be."""
    current = find(stages, request.name)
    if not request.present:
        rest = [stage for stage in stages if stage is not current]
        return Plan(rest, (f"Remove stage {request.name}.",) if current else ())
    findings = tuple(_impossible(stages, current, request))
    if findings:
        return Plan(stages, findings=findings)
    wanted = _stage(current, request)
    replaced = [wanted if stage is current else stage for stage in stages] if current else [*stages, wanted]
    after = _arranged(replaced, wanted, request.position)
    return Plan(after, tuple(_changes(stages, current, after, wanted)))


def _impossible(stages: list[Data], current: Data | None, request: Request) -> t.Iterator[str]:
    known = ", ".join(names(stages))
    if current is None and request.actions is None and request.approval is None:
        yield f"There is no stage {request.name} (the stages are {known}); give actions or approval to add it."
    position = request.position
    if position and position.anchor == request.name:
        yield f"Stage {request.name} cannot stand {position.where} itself."
    elif position and position.anchor and not find(stages, position.anchor):
        yield f"{position.where} names stage {position.anchor}, which does not exist; the stages are {known}."


# The stage itself


def _stage(current: Data | None, request: Request) -> Data:
    """The wanted stage; the very one that is there if it says the same."""
    before = current or {"name": request.name, "actions": []}
    after = {**before, "actions": _actions(before["actions"], request)}
    for key, value in request.conditions.items():
        after[key] = value
        if not value:
            del after[key]
    return current if current and canonical_stage(current) == canonical_stage(after) else after


def _actions(current: list[Data], request: Request) -> list[Data]:
    found = {action["name"]: action for action in current}
    if request.approval is not None:
        return [_approval(found.get(request.approval["name"]), request.approval)]
    if request.actions is None:
        return current
    return [_action(found.get(wanted["name"]), wanted) for wanted in request.actions]


def _action(current: Data | None, wanted: Data) -> Data:
    """The wanted action; fields that are not given stay, as long as it remains the same type of action."""
    kept = _same_type(current, wanted)
    emptied = {key for key, value in wanted.items() if value in ("", [], {})}
    merged = {key: value for key, value in {**kept, **wanted}.items() if key not in emptied}
    return current if current and canonical_action(current) == canonical_action(merged) else merged


def _approval(current: Data | None, wanted: Data) -> Data:
    kept = _same_type(current, wanted).get("configuration", {})
    entries = {key: value for key, value in {**kept, **wanted["configuration"]}.items() if value != ""}
    return _action(current, {**wanted, "configuration": entries})


def _same_type(current: Data | None, wanted: Data) -> Data:
    return current if current and current["actionTypeId"] == wanted["actionTypeId"] else {}


# Its place


def _arranged(stages: list[Data], stage: Data, position: Position | None) -> list[Data]:
    if position is None:
        return stages
    rest = [other for other in stages if other is not stage]
    index = {"first": 0, "last": len(rest)}.get(position.where)
    if index is None:
        index = names(rest).index(position.anchor) + (position.where == "after")
    return [*rest[:index], stage, *rest[index:]]


# What to say about it


def _changes(before: list[Data], current: Data | None, after: list[Data], wanted: Data) -> t.Iterator[str]:
    name = wanted["name"]
    if current is None:
        yield f"Add stage {name} {_place(after, wanted)}."
        return
    if names(before) != names(after):
        yield f"Move stage {name} {_place(after, wanted)}."
    old = {action["name"]: action for action in current["actions"]}
    new = {action["name"]: action for action in wanted["actions"]}
    for action in [*new, *(gone for gone in old if gone not in new)]:
        yield from _action_changes(name, action, old.get(action), new.get(action))
    is_old, is_new = canonical_stage(current), canonical_stage(wanted)
    for option, key in CONDITIONS.items():
        if is_old.get(key) != is_new.get(key):
            verb = "Add" if key not in is_old else "Remove" if key not in is_new else "Change"
            yield f"{verb} {option} of stage {name}."


def _place(stages: list[Data], stage: Data) -> str:
    index = names(stages).index(stage["name"])
    if index + 1 < len(stages):
        return f"before stage {stages[index + 1]['name']}"
    return f"after stage {stages[index - 1]['name']}" if index else "as the only one"


def _action_changes(stage: str, name: str, old: Data | None, new: Data | None) -> t.Iterator[str]:
    if old is None:
        yield f"Add action {name} to stage {stage}."
    elif new is None:
        yield f"Remove action {name} from stage {stage}."
    elif canonical_action(old) != canonical_action(new):
        yield f"Change {', '.join(_differences(old, new))} of action {name} in stage {stage}."


def _differences(old: Data, new: Data) -> list[str]:
    """The options that differ; of a configuration, its entries."""
    before, after = (_flat(action_result(action)) for action in (old, new))
    return sorted(key for key in {**before, **after} if before.get(key) != after.get(key))


def _flat(action: dict[str, t.Any]) -> dict[str, t.Any]:
    entries = {f"configuration.{key}": value for key, value in action.get("configuration", {}).items()}
    return {**{key: value for key, value in action.items() if key != "configuration"}, **entries}

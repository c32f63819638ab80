# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import conditions, parameters
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    NEEDS_REPAIR,
    NEVER_CAME_UP,
    NO_ECHO_MASK,
    Change,
    Stack,
    is_in_progress,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import Template
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import changed_entries

_SECTIONS_IN_DIFF = ("Transform", "Mappings", "Conditions", "Rules", "Resources", "Outputs", "Parameters")


@dataclass(frozen=True)
class Desired:
    """What the user wants."""

    name: str
    template: Template | None = None
    template_body: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] | None = None
    purge_tags: bool = True
    capabilities: tuple[str, ...] = ("CAPABILITY_IAM",)
    replace_failed: bool = False
    termination_protection: bool | None = None
    update_no_echo: bool = False
    stack_policy: str | None = None
    role_arn: str | None = None


@dataclass(frozen=True)
class Request:
    """What is sent to make or change a stack; tags that are None are left alone."""

    parameters: tuple[dict[str, t.Any], ...] = ()
    tags: dict[str, str] | None = None


@dataclass(frozen=True)
class Plan:
    """One decision, made from what was read."""

    kind: str  # nothing, wait, refuse, create, replace, update, delete
    reason: str = ""
    request: Request = Request()
    changes: tuple[Change, ...] = ()
    lift_protection: bool = False
    set_protection: bool | None = None
    set_policy: bool = False
    before: dict[str, t.Any] = field(default_factory=dict)
    after: dict[str, t.Any] = field(default_factory=dict)


def plan_absent(stack: Stack | None, termination_protection: bool | None) -> Plan:
    if stack is None:
        return Plan("nothing")
    if is_in_progress(stack.stack_status):
        return Plan("wait")
    if stack.enable_termination_protection and termination_protection is not False:
        return Plan(
            "refuse",
            f"Stack {stack.stack_name} is protected from deletion; "
            "give termination_protection: false to delete it all the same.",
        )
    return Plan("delete", lift_protection=stack.enable_termination_protection, before=_summary(stack))


def plan_present(stack: Stack | None, current: Template | None, desired: Desired, policy: str | None = None) -> Plan:
    """Decide; current and policy are those of a stack that can be updated."""
    if stack is None:
        return _create(desired, "create")
    status = stack.stack_status
    if is_in_progress(status):
        return Plan("wait")
    if status in NEVER_CAME_UP:
        return _replace(stack, desired)
    if status in NEEDS_REPAIR:
        return Plan("refuse", "Repair it first with continue-update-rollback, then run the task again.")
    return _update(stack, current, desired, policy)


def is_updatable(stack: Stack | None) -> bool:
    """Whether there is a template worth reading."""
    status = stack.stack_status if stack else ""
    return bool(stack) and not is_in_progress(status) and status not in NEVER_CAME_UP | NEEDS_REPAIR


def _template(desired: Desired) -> Template:
    if desired.template is None:
        raise ValueError("a stack that shall be present needs a template")
    return desired.template


def _create(desired: Desired, kind: str) -> Plan:
    template = _template(desired)
    values = parameters.for_create(template, desired.parameters)
    visible = {name: spec.default for name, spec in template.parameters.items() if spec.default is not None}
    resources = conditions.created_resources(template, {**visible, **desired.parameters})
    after = {"Values": values.shown, "Tags": desired.tags or {}, "Resources": resources}
    return Plan(
        kind,
        request=Request(values.request, desired.tags or None),
        changes=tuple(Change("Add", name, type_) for name, type_ in resources.items()),
        after={name: entries for name, entries in after.items() if entries},
    )


def _replace(stack: Stack, desired: Desired) -> Plan:
    if not desired.replace_failed:
        return Plan("refuse", "Set replace_failed to true to delete it and create it anew.")
    # Consent to replace covers the protection only where the task says what the protection shall be.
    if stack.enable_termination_protection and desired.termination_protection is None:
        return Plan(
            "refuse", "It is protected from deletion; say with termination_protection what the new stack shall have."
        )
    create = _create(desired, "replace")
    return Plan(
        "replace",
        request=create.request,
        changes=create.changes,
        lift_protection=stack.enable_termination_protection,
        before={"Status": stack.stack_status},
        after=create.after,
    )


def _update(stack: Stack, current: Template | None, desired: Desired, policy: str | None) -> Plan:
    template = _template(desired)
    hidden = hidden_parameters(stack, current)
    values = parameters.for_update(template, desired.parameters, stack.parameters, hidden, desired.update_no_echo)
    have = visible_tags(stack.tags)
    want = wanted_tags(have, desired.tags, desired.purge_tags)
    protection = desired.termination_protection
    turn = protection if protection not in (None, stack.enable_termination_protection) else None
    turn_policy = desired.stack_policy is not None and not same_policy(desired.stack_policy, policy)
    same_template = current is not None and current.body == template.body
    if same_template and not values.changed and want == have and stack.stack_status != "UPDATE_FAILED":
        return Plan("nothing", set_protection=turn, set_policy=turn_policy)
    shown = {name: NO_ECHO_MASK if name in hidden else value for name, value in stack.parameters.items()}
    before, after = _difference(
        {"Values": shown, "Tags": have, **_sections(current)},
        {"Values": values.shown, "Tags": want, **_sections(template)},
    )
    request = Request(values.request, None if desired.tags is None else want)
    return Plan(
        "update",
        request=request,
        changes=tuple(template_changes(current, template)),
        set_protection=turn,
        set_policy=turn_policy,
        before=before,
        after=after,
    )


def same_policy(wanted: str, have: str | None) -> bool:
    """Whether two stack policies say the same; JSON does not care for spaces and order of keys."""
    return have is not None and json.loads(wanted) == json.loads(have)


def template_changes(current: Template | None, wanted: Template) -> list[Change]:
    """What the texts of two templates tell about an update, for those who may not ask CloudFormation."""
    old, new = current.resources if current else {}, wanted.resources
    added = [Change("Add", name, _type(new[name])) for name in new if name not in old]
    changed = [
        Change("Modify", name, _type(new[name]), replacement="Conditional")
        for name in new
        if name in old and old[name] != new[name]
    ]
    return added + changed + [Change("Remove", name, _type(old[name])) for name in old if name not in new]


def _type(resource: t.Any) -> str:
    return str(resource.get("Type", "")) if isinstance(resource, dict) else ""


def hidden_parameters(stack: Stack, current: Template | None) -> set[str]:
    """The parameters of the stack whose value AWS does not show."""
    declared = {name for name, spec in current.parameters.items() if spec.no_echo} if current else set()
    return {name for name, value in stack.parameters.items() if value == NO_ECHO_MASK or name in declared}


def visible_tags(tags: t.Mapping[str, str]) -> dict[str, str]:
    """The tags a user can set; those of AWS itself are none of our business."""
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}


def wanted_tags(have: t.Mapping[str, str], tags: t.Mapping[str, str] | None, purge: bool) -> dict[str, str]:
    if tags is None:
        return dict(have)
    return dict(tags) if purge else {**have, **tags}


def _sections(template: Template | None) -> dict[str, t.Any]:
    body = template.body if template else {}
    return {name: body[name] for name in _SECTIONS_IN_DIFF if name in body}


def _difference(
    before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any]
) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Both sides, reduced to the entries that differ."""
    old, new = changed_entries(before, after)
    for name in set(old) & set(new):
        if isinstance(old[name], dict) and isinstance(new[name], dict):
            old[name], new[name] = changed_entries(old[name], new[name])
    return {k: v for k, v in old.items() if v}, {k: v for k, v in new.items() if v}


def _summary(stack: Stack) -> dict[str, t.Any]:
    entries = {"Status": stack.stack_status, "Values": stack.parameters, "Tags": visible_tags(stack.tags)}
    return {name: value for name, value in entries.items() if value}

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import NO_ECHO_MASK
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import ParameterSpec, Template
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError


def as_text(value: t.Any) -> str:
    """A value as CloudFormation takes it: lists joined by commas, booleans in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return str(value)


def given(values: t.Mapping[str, t.Any] | None) -> dict[str, str]:
    """The parameters a user gave; null means not given."""
    return {str(name): as_text(value) for name, value in (values or {}).items() if value is not None}


def same_value(spec: ParameterSpec, one: str, other: str) -> bool:
    """Whether two values mean the same to CloudFormation."""
    if one == other:
        return True
    if spec.is_list:
        return [item.strip() for item in one.split(",")] == [item.strip() for item in other.split(",")]
    if spec.type == "Number":
        try:
            return Decimal(one.strip()) == Decimal(other.strip())
        except InvalidOperation:
            return False
    return False


def check(template: Template, values: t.Mapping[str, str], known: t.Collection[str] = ()) -> None:
    """Refuse what CloudFormation would refuse, before anything is written."""
    specs = template.parameters
    unknown = sorted(set(values) - set(specs))
    if unknown:
        raise CollectionError(f"The template has no parameter {', '.join(unknown)}; it has {_names(specs)}.")
    missing = [name for name, s in specs.items() if s.default is None and name not in values and name not in known]
    if missing:
        raise CollectionError(f"The template needs a value for the parameter {', '.join(missing)}.")
    for name, value in values.items():
        _check_allowed(specs[name], value)


def _names(specs: t.Iterable[str]) -> str:
    return ", ".join(sorted(specs)) or "none"


def _check_allowed(spec: ParameterSpec, value: str) -> None:
    items = [item.strip() for item in value.split(",")] if spec.is_list else [value]
    if not spec.allowed or all(any(same_value(spec, item, choice) for choice in spec.allowed) for item in items):
        return
    shown = NO_ECHO_MASK if spec.no_echo else value
    raise CollectionError(f"Parameter {spec.name} must be one of {', '.join(spec.allowed)}; it is {shown}.")


@dataclass(frozen=True)
class ParameterPlan:
    """What is sent for each parameter, and what that means to a reader."""

    request: tuple[dict[str, t.Any], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    changed: bool = False

    @property
    def shown(self) -> dict[str, str]:
        return dict(self.values)


def for_create(template: Template, values: t.Mapping[str, str]) -> ParameterPlan:
    check(template, values)
    request = [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]
    effective = {name: values.get(name, spec.default or "") for name, spec in template.parameters.items()}
    shown = {name: NO_ECHO_MASK if template.parameters[name].no_echo else v for name, v in effective.items()}
    return ParameterPlan(tuple(request), tuple(shown.items()), True)


def for_update(
    template: Template,
    values: t.Mapping[str, str],
    current: t.Mapping[str, str],
    hidden: t.Collection[str] = (),
    update_no_echo: bool = False,
) -> ParameterPlan:
    """Keep what is not given or is the same; hidden names the NoEcho parameters of the stack as it is."""
    check(template, values, current)
    request: list[dict[str, t.Any]] = []
    shown, changed = {}, False
    for name, spec in template.parameters.items():
        new = _new_value(spec, values.get(name), current.get(name), name in hidden, update_no_echo)
        if new is not None:
            request.append({"ParameterKey": name, "ParameterValue": new})
            mark = f"{NO_ECHO_MASK} (sent again)" if name in hidden else NO_ECHO_MASK
            shown[name] = mark if spec.no_echo else new
            changed = True
        elif name in current:
            request.append({"ParameterKey": name, "UsePreviousValue": True})
            shown[name] = NO_ECHO_MASK if name in hidden else current[name]
        else:
            shown[name] = NO_ECHO_MASK if spec.no_echo else spec.default or ""
    return ParameterPlan(tuple(request), tuple(shown.items()), changed)


def _new_value(spec: ParameterSpec, value: str | None, current: str | None, hidden: bool, resend: bool) -> str | None:
    if value is None or current is None:
        return value
    if hidden:
        # What AWS hides cannot be compared; a parameter that is no longer hidden must be given a readable value.
        return value if resend or not spec.no_echo else None
    return None if same_value(spec, value, current) else value

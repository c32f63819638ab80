# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Template parameters: constraints, previous values, AWS-specific types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import ValidationError
from .intrinsics import as_text

SSM_TYPE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
MASK = "****"


@dataclass(frozen=True)
class Parameter:
    """text is what the caller gave or the default; value what Ref gives; resolved the SSM parameter's value."""

    text: str
    value: Any
    no_echo: bool = False
    resolved: str | None = None

    def describe(self, name: str) -> dict[str, str]:
        shown = {"ParameterKey": name, "ParameterValue": MASK if self.no_echo else self.text}
        if self.resolved is not None:
            shown["ResolvedValue"] = MASK if self.no_echo else self.resolved
        return shown


@dataclass(frozen=True)
class Lookups:
    """What AWS-specific parameter types are checked against: exists(type, value) and the value of an SSM parameter."""

    exists: Callable[[str, str], bool]
    ssm: Callable[[str], str | None]


def resolve(
    declared: dict[str, Any], given: list[dict[str, Any]], previous: dict[str, Parameter], lookups: Lookups
) -> dict[str, Parameter]:
    """Every declared parameter with its value; raises ValidationError as CreateStack and UpdateStack do."""
    texts = _texts(declared, given, previous)
    missing = [name for name in declared if name not in texts]
    if missing:
        raise ValidationError(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _parameter(name, declared[name], texts[name], lookups) for name in declared}


def _texts(declared: dict[str, Any], given: list[dict[str, Any]], previous: dict[str, Parameter]) -> dict[str, str]:
    texts = {name: as_text(part["Default"]) for name, part in declared.items() if "Default" in part}
    unknown = [item["ParameterKey"] for item in given if item["ParameterKey"] not in declared]
    if unknown:
        raise ValidationError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for item in given:
        name = item["ParameterKey"]
        if item.get("UsePreviousValue"):
            if name not in previous:
                raise ValidationError(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true"
                    " for a parameter key not in the previous template"
                )
            texts[name] = previous[name].text
        else:
            texts[name] = item.get("ParameterValue", "")
    return texts


def _parameter(name: str, declared: dict[str, Any], text: str, lookups: Lookups) -> Parameter:
    kind, resolved = declared.get("Type", "String"), None
    _check_constraints(name, declared, text)
    match = SSM_TYPE.fullmatch(kind)
    value = text
    if match:
        kind, resolved = match[1], lookups.ssm(text)
        if resolved is None:
            raise ValidationError(f"Unable to fetch parameters [{text}] from parameter store for this account.")
        value = resolved
    elif kind.startswith(("AWS::", "List<AWS::")):
        _check_exists(name, kind, text, lookups)
    is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
    parts = [part.strip() for part in value.split(",")] if value else []
    no_echo = as_text(declared.get("NoEcho", False)) == "true"
    return Parameter(text, parts if is_list else value, no_echo, resolved)


def _check_exists(name: str, kind: str, text: str, lookups: Lookups) -> None:
    element = kind.removeprefix("List<").removesuffix(">")
    for value in text.split(","):
        if not lookups.exists(element, value.strip()):
            raise ValidationError(
                f"Parameter validation failed: parameter value {value} for parameter name {name} does not exist"
            )


def _check_constraints(name: str, declared: dict[str, Any], text: str) -> None:
    problem = _violation(declared, text)
    if problem is None:
        return
    if "ConstraintDescription" in declared:
        raise ValidationError(f"Parameter {name} failed to satisfy constraint: {declared['ConstraintDescription']}")
    raise ValidationError(f"Parameter '{name}' {problem}")


def _violation(declared: dict[str, Any], text: str) -> str | None:
    kind = declared.get("Type", "String")
    if kind in ("Number", "List<Number>"):
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            return "must be a number"
        if "MinValue" in declared and min(numbers) < float(declared["MinValue"]):
            return f"must be a number not less than {declared['MinValue']}"
        if "MaxValue" in declared and max(numbers) > float(declared["MaxValue"]):
            return f"must be a number not greater than {declared['MaxValue']}"
    parts = text.split(",") if kind == "CommaDelimitedList" else [text]
    allowed = [as_text(value) for value in declared.get("AllowedValues", [])]
    if allowed and any(part not in allowed for part in parts):
        return f"must be one of AllowedValues [{', '.join(allowed)}]"
    if "AllowedPattern" in declared and not all(re.fullmatch(declared["AllowedPattern"], part) for part in parts):
        return f"must match pattern {declared['AllowedPattern']}"
    if "MinLength" in declared and len(text) < int(declared["MinLength"]):
        return f"must contain at least {declared['MinLength']} characters"
    if "MaxLength" in declared and len(text) > int(declared["MaxLength"]):
        return f"must contain at most {declared['MaxLength']} characters"
    return None


def check_rules(template: dict[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """The Rules section; raises ValidationError with the failed assertions' descriptions."""
    failed = [
        assertion.get("AssertDescription", f"Rule {name} failed")
        for name, rule in template.get("Rules", {}).items()
        if "RuleCondition" not in rule or evaluate(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not evaluate(assertion["Assert"])
    ]
    if failed:
        raise ValidationError(f"Template validation error: {'; '.join(failed)}")

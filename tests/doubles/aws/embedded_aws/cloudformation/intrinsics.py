# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluation of intrinsic functions, pseudo parameters and dynamic references."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .errors import ValidationError
from .template import SUB_VARIABLE, Template

KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"
DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


class _NoValue:
    """What AWS::NoValue stands for: the property is not there."""


NO_VALUE = _NoValue()


@dataclass
class Evaluator:
    """Evaluates parts of one template.

    resource(name) gives the Ref value and attribute(name, attribute) the GetAtt value of a resource of the stack;
    zones(region) its availability zones; dynamic(service, reference) the text behind a dynamic reference;
    imported(name) the value of an export.
    """

    template: Template
    parameters: dict[str, Any]
    pseudo: dict[str, Any]
    resource: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    zones: Callable[[str], list[str]]
    dynamic: Callable[[str, str], str]
    imported: Callable[[str], str]
    _conditions: dict[str, bool] = field(default_factory=dict)

    def value(self, node: Any) -> Any:
        if isinstance(node, str):
            return DYNAMIC_REFERENCE.sub(lambda match: self.dynamic(match[1], match[2]), node)
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            name, argument = next(iter(node.items()))
            if name == "Ref":
                return self._ref(argument)
            if name == "Condition" and isinstance(argument, str) and argument in self.template.get("Conditions", {}):
                return self.condition(argument)
            if name.startswith("Fn::"):
                return self._function(name[4:], argument)
        values = {key: self.value(value) for key, value in node.items()}
        return {key: value for key, value in values.items() if value is not NO_VALUE}

    def condition(self, name: str) -> bool:
        if name not in self._conditions:
            self._conditions[name] = bool(self.value(self.template["Conditions"][name]))
        return self._conditions[name]

    def is_active(self, part: dict[str, Any]) -> bool:
        """Whether the condition of a resource or output holds."""
        return "Condition" not in part or self.condition(part["Condition"])

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.pseudo:
            return self.pseudo[name]
        return self.parameters[name] if name in self.parameters else self.resource(name)

    def _function(self, name: str, argument: Any) -> Any:
        function = getattr(self, f"_fn_{name.lower()}", None)
        if function is None:
            raise ValidationError(f"Template error: Fn::{name} is not a function that is known here")
        try:
            return function(argument)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ValidationError(
                f"Template error: Fn::{name} cannot be evaluated with"
                f" {json.dumps(argument, default=str)[:200]} ({error})"
            ) from error

    def _fn_getatt(self, argument: Any) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self.attribute(name, self.value(attribute))

    def _fn_sub(self, argument: Any) -> str:
        text, variables = argument if isinstance(argument, list) else (argument, {})
        local = {key: self.value(value) for key, value in variables.items()}
        text = SUB_VARIABLE.sub(partial(self._substitute, local), text)
        return self.value(text.replace("${!", "${"))

    def _substitute(self, local: dict[str, Any], match: re.Match[str]) -> str:
        name = match[1]
        if name in local:
            return as_text(local[name])
        return as_text(self._fn_getatt(name) if "." in name and name not in self.parameters else self._ref(name))

    def _fn_join(self, argument: Any) -> str:
        separator, parts = argument
        return separator.join(as_text(part) for part in self.value(parts))

    def _fn_split(self, argument: Any) -> list[str]:
        separator, text = argument
        return self.value(text).split(separator)

    def _fn_select(self, argument: Any) -> Any:
        index, values = argument
        return self.value(values)[int(self.value(index))]

    def _fn_findinmap(self, argument: Any) -> Any:
        name, first, second = (self.value(part) for part in argument[:3])
        return self.value(self.template["Mappings"][name][first][second])

    def _fn_if(self, argument: Any) -> Any:
        name, yes, no = argument
        return self.value(yes if self.condition(name) else no)

    def _fn_equals(self, argument: Any) -> bool:
        left, right = self.value(argument[0]), self.value(argument[1])
        return as_text(left) == as_text(right)

    def _fn_and(self, argument: Any) -> bool:
        return all(self.value(part) for part in argument)

    def _fn_or(self, argument: Any) -> bool:
        return any(self.value(part) for part in argument)

    def _fn_not(self, argument: Any) -> bool:
        return not self.value(argument[0])

    def _fn_contains(self, argument: Any) -> bool:
        values, wanted = self.value(argument[0]), self.value(argument[1])
        return wanted in values

    def _fn_base64(self, argument: Any) -> str:
        return base64.b64encode(as_text(self.value(argument)).encode()).decode()

    def _fn_getazs(self, argument: Any) -> list[str]:
        return self.zones(self.value(argument) or self.pseudo["AWS::Region"])

    def _fn_cidr(self, argument: Any) -> list[str]:
        block, count, *bits = (self.value(part) for part in argument)
        network = ipaddress.ip_network(block)
        prefix = network.max_prefixlen - int(bits[0]) if bits else network.prefixlen + (int(count) - 1).bit_length()
        return [str(subnet) for subnet, _ in zip(network.subnets(new_prefix=prefix), range(int(count)), strict=False)]

    def _fn_importvalue(self, argument: Any) -> str:
        return self.imported(self.value(argument))

    def _fn_length(self, argument: Any) -> int:
        return len(self.value(argument))

    def _fn_tojsonstring(self, argument: Any) -> str:
        return json.dumps(self.value(argument), separators=(",", ":"))


def as_text(value: Any) -> str:
    """A value as CloudFormation puts it into text."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(as_text(item) for item in value) if isinstance(value, list) else str(value)

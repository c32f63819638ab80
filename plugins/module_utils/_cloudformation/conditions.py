# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import Template


class _Unknown(Exception):
    """The value is only known to CloudFormation."""


class _Evaluator:
    def __init__(self, template: Template, values: t.Mapping[str, str]) -> None:
        self._template = template
        self._values = values
        self._open: set[str] = set()

    def condition(self, name: str) -> bool:
        rules = self._template.section("Conditions")
        if name not in rules or name in self._open:
            raise _Unknown(name)
        self._open.add(name)
        try:
            return self.rule(rules[name])
        finally:
            self._open.discard(name)

    def rule(self, rule: t.Any) -> bool:
        name, argument = _single(rule)
        if name == "Condition":
            return self.condition(str(argument))
        if name == "Fn::Not":
            return not self.rule(argument[0])
        if name == "Fn::And":
            return all(self.rule(item) for item in argument)
        if name == "Fn::Or":
            return any(self.rule(item) for item in argument)
        if name == "Fn::Equals":
            return bool(self.value(argument[0]) == self.value(argument[1]))
        raise _Unknown(name)

    def value(self, value: t.Any) -> t.Any:
        if isinstance(value, str):
            return value
        name, argument = _single(value)
        if name == "Ref" and argument in self._values:
            return self._values[argument]
        if name == "Fn::FindInMap":
            return self._mapped([self.value(item) for item in argument])
        raise _Unknown(name)

    def _mapped(self, path: list[str]) -> t.Any:
        found: t.Any = self._template.section("Mappings")
        for step in path:
            if not isinstance(found, dict) or step not in found:
                raise _Unknown(step)
            found = found[step]
        return found


def _single(value: t.Any) -> tuple[str, t.Any]:
    if not isinstance(value, dict) or len(value) != 1:
        raise _Unknown(str(value))
    return next(iter(value.items()))


def holds(template: Template, name: str, values: t.Mapping[str, str]) -> bool | None:
    """Whether the condition is met; None when only CloudFormation can tell."""
    try:
        return _Evaluator(template, values).condition(name)
    except (_Unknown, IndexError, KeyError, TypeError):
        return None


def created_resources(template: Template, values: t.Mapping[str, str]) -> dict[str, str]:
    """The resources (name to type) a new stack gets; those with an unknown condition are counted in."""
    found = {}
    for name, resource in template.resources.items():
        fields = resource if isinstance(resource, dict) else {}
        if "Condition" in fields and holds(template, str(fields["Condition"]), values) is False:
            continue
        found[name] = str(fields.get("Type", ""))
    return found

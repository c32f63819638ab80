# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables in an action's configuration, #{namespace.key}: may it say so, and what does it mean in an execution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .errors import action_declaration, structure

REFERENCE = re.compile(r"#\{([^}]*)\}")
FORMAT = (
    "Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.)."
    " The following pipeline execution variables are referencing {}.\nStageName=[{}], ActionName=[{}],"
    " ActionConfigurationKey=[{}], VariableReferenceText=[{}]"
)
SOURCE = (
    "Variables at the pipeline level cannot be used in source actions.\nStageName=[{}], ActionName=[{}],"
    " ActionConfigurationKey=[{}], VariableReferenceText=[{}]"
)


def check_references(declaration: dict[str, Any]) -> None:
    """Raise when an action refers to what is not there, or not there yet."""
    known = {"codepipeline"}
    variables = {variable["name"] for variable in declaration.get("variables", [])}
    for stage in declaration["stages"]:
        for order in sorted({action["runOrder"] for action in stage["actions"]}):
            together = [action for action in stage["actions"] if action["runOrder"] == order]
            for action in together:
                for key, reference in references(action["configuration"]):
                    _check(stage["name"], action, key, reference, known, variables)
            known |= {action["namespace"] for action in together if "namespace" in action}


def references(configuration: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in configuration.items():
        for reference in REFERENCE.findall(value):
            yield key, reference


def _check(stage: str, action: dict[str, Any], key: str, reference: str, known: set[str], variables: set[str]) -> None:
    namespace, _, name = reference.partition(".")
    where = (stage, action["name"], key, reference)
    if not namespace or not name:
        raise action_declaration(FORMAT.format("no namespace or no key", *where))
    if namespace == "variables" and variables:
        if action["actionTypeId"]["category"] == "Source":
            raise structure(SOURCE.format(*where))
        if name not in variables:
            raise action_declaration(FORMAT.format("a variable that does not exist", *where))
    elif namespace not in known:
        raise action_declaration(FORMAT.format("a namespace that does not exist", *where))


class Unresolved(Exception):
    """A variable has no value in this execution; the text is what the failed action says."""


def resolved(configuration: dict[str, str], namespaces: dict[str, dict[str, str]]) -> dict[str, str]:
    """The configuration with values in the place of references; raises Unresolved."""

    def value(match: re.Match[str]) -> str:
        namespace, _, name = match[1].partition(".")
        if name not in namespaces.get(namespace, {}):
            raise Unresolved(
                f"An action configuration variable refers to an output variable that does not exist: {match[0]}"
            )
        return namespaces[namespace][name]

    return {key: REFERENCE.sub(value, text) for key, text in configuration.items()}

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stack policies: which updates of which resources an update of the stack may make."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from .errors import ResourceFailure, ValidationError
from .records import Resource, Stack

ACTIONS = {"Update:*", "Update:Modify", "Update:Replace", "Update:Delete"}
KEYS = {"Effect", "Action", "Principal", "Resource", "NotResource", "Condition"}
OPERATORS: dict[str, Callable[[str, str], bool]] = {"StringEquals": str.__eq__, "StringLike": fnmatchcase}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def parse(body: str) -> list[dict[str, Any]]:
    """The statements; what CloudFormation would not accept, or this double not heed, is refused."""
    try:
        statements = _listed(json.loads(body)["Statement"])
        for statement in statements:
            _check(statement)
    except (KeyError, TypeError, ValueError) as error:
        raise ValidationError(f"Error validating stack policy: {error}") from error
    return statements


def _check(statement: dict[str, Any]) -> None:
    strange = sorted(set(statement) - KEYS)
    if strange:
        raise ValueError(f"Unknown element {strange[0]}")
    if statement["Effect"] not in ("Allow", "Deny"):
        raise ValueError(f"Invalid effect {statement['Effect']}")
    if statement["Principal"] != "*":
        raise ValueError("The principal must be a wildcard")
    actions = set(_listed(statement["Action"]))
    if not actions <= ACTIONS:
        raise ValueError(f"Invalid action {sorted(actions - ACTIONS)[0]}")
    if ("Resource" in statement) == ("NotResource" in statement):
        raise ValueError("A statement needs either Resource or NotResource")
    for operator, keys in statement.get("Condition", {}).items():
        if operator not in OPERATORS or set(keys) != {"ResourceType"}:
            raise ValueError(f"Invalid condition {operator}")


def _applies(statement: dict[str, Any], action: str, resource: Resource) -> bool:
    if not any(fnmatchcase(action, wanted) for wanted in _listed(statement["Action"])):
        return False
    patterns = _listed(statement.get("Resource", statement.get("NotResource")))
    named = any(fnmatchcase(f"LogicalResourceId/{resource.logical_id}", pattern) for pattern in patterns)
    if named != ("Resource" in statement):
        return False
    return all(
        any(OPERATORS[operator](resource.type, value) for value in _listed(keys["ResourceType"]))
        for operator, keys in statement.get("Condition", {}).items()
    )


def check(stack: Stack, action: str, resource: Resource) -> None:
    """Refuse an update of a resource that the policy does not allow."""
    if stack.policy is None:
        return
    statements = [item for item in parse(stack.policy) if _applies(item, action, resource)]
    if not statements or any(item["Effect"] == "Deny" for item in statements):
        raise ResourceFailure(f"Action denied by stack policy: [{action}] of resource [{resource.logical_id}]")


class PolicyApi:
    """Two operations, for the API's class."""

    engine: Any
    params: dict[str, Any]

    def set_stack_policy(self) -> EmptyResult:
        if "StackPolicyURL" in self.params:
            raise ValidationError("The embedded AWS does not fetch stack policies")
        body = self.params["StackPolicyBody"]
        parse(body)
        self.engine.get(self.params["StackName"]).policy = body
        return EmptyResult()

    def get_stack_policy(self) -> ActionResult:
        body = self.engine.get(self.params["StackName"]).policy
        return ActionResult({"StackPolicyBody": body} if body is not None else {})

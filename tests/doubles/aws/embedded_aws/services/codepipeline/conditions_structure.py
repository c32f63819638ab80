# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the conditions of a stage may say."""

from __future__ import annotations

from typing import Any

from .catalog import RULES
from .errors import stage_declaration

RESULTS = {
    "beforeEntry": ("FAIL", "SKIP"),
    "onSuccess": ("FAIL", "ROLLBACK"),
    "onFailure": ("FAIL", "RETRY", "ROLLBACK", "SKIP"),
}


def check_conditions(stage: dict[str, Any], is_first: bool, mode: str) -> None:
    name = stage["name"]
    for gate, allowed in RESULTS.items():
        given = stage.get(gate)
        if given is None:
            continue
        if "result" in given and given.get("conditions"):
            raise stage_declaration(
                "The following stage cannot have a failure exit gate configured with both top level result and"
                f" conditions: '{name}'"
            )
        results = [given.get("result"), *(condition.get("result") for condition in given.get("conditions", []))]
        for result in filter(None, results):
            _check_result(name, gate, result, allowed, is_first, mode)
        if "retryConfiguration" in given and "RETRY" not in results:
            raise stage_declaration(f"Stage '{name}' has a retryConfiguration but its result is not RETRY")
        for condition in given.get("conditions", []):
            _check_rules(name, gate, condition)


def _check_result(name: str, gate: str, result: str, allowed: tuple[str, ...], is_first: bool, mode: str) -> None:
    if result not in allowed:
        raise stage_declaration(f"The result {result} is not valid for {gate} in stage '{name}'")
    if result == "ROLLBACK" and is_first:
        raise stage_declaration(f"Stage '{name}' is a source stage, which cannot be rolled back")
    if result == "ROLLBACK" and mode == "PARALLEL":
        raise stage_declaration(f"Stage '{name}' cannot be rolled back in a pipeline in PARALLEL mode")


def _check_rules(stage: str, gate: str, condition: dict[str, Any]) -> None:
    rules = condition.get("rules", [])
    if not rules:
        raise stage_declaration(f"The condition {gate} of stage '{stage}' needs at least 1 rule")
    names = [rule["name"] for rule in rules]
    if len(set(names)) < len(names):
        raise stage_declaration(f"Rule names must be unique in {gate} of stage '{stage}'")
    for rule in rules:
        _check_rule(stage, rule)


def _check_rule(stage: str, rule: dict[str, Any]) -> None:
    provider, configuration = rule["ruleTypeId"]["provider"], rule.get("configuration", {})
    if provider not in RULES or rule["ruleTypeId"].get("version", "1") != "1":
        raise stage_declaration(f"RuleType (Provider: '{provider}') in rule '{rule['name']}' is not available")
    required, optional = RULES[provider]
    unknown = sorted(configuration.keys() - {*required, *optional})
    if unknown:
        raise stage_declaration(
            f"Rule configuration for rule '{rule['name']}' contains unknown configuration '{unknown[0]}'"
        )
    for key in required:
        if key not in configuration:
            raise stage_declaration(
                f"Rule configuration for rule '{rule['name']}' is missing required configuration '{key}'"
            )

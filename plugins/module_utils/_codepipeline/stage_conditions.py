# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.limits import (
    NAME,
    NAME_ALLOWED,
    PROVIDER,
    ROLE,
    Findings,
    number,
    repeated,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import CONDITIONS, Data

# What a condition may do, by the place where it stands.
_RESULTS = {
    "before_entry": ("FAIL", "SKIP"),
    "on_success": ("FAIL", "ROLLBACK"),
    "on_failure": ("FAIL", "ROLLBACK", "RETRY", "SKIP"),
}


def conditions(pipeline: Data) -> Findings:
    """What AWS would refuse in the conditions of the stages."""
    for index, stage in enumerate(pipeline["stages"]):
        for option, key in CONDITIONS.items():
            if not stage.get(key):
                continue
            place = f"Stage {stage['name']}, {option}"
            if pipeline.get("pipelineType", "V1") != "V2":
                yield f"{place}: conditions need a pipeline of type V2; this one is V1."
            yield from _block(place, option, stage[key])
            if "ROLLBACK" in _results(stage[key]):
                yield from _rollback(place, index == 0, pipeline)


def _results(block: Data) -> list[str]:
    found = [block.get("result"), *(condition.get("result") for condition in block.get("conditions") or [])]
    return [result for result in found if result]


def _rollback(place: str, is_first: bool, pipeline: Data) -> Findings:
    if is_first:
        yield f"{place}: the first stage cannot be rolled back."
    if pipeline.get("executionMode") == "PARALLEL":
        yield f"{place}: nothing can be rolled back in a pipeline with the execution mode PARALLEL."


def _block(place: str, option: str, block: Data) -> Findings:
    conditions = block.get("conditions") or []
    if len(conditions) > 1:
        yield f"{place}: there is room for 1 condition, not {len(conditions)}."
    if not conditions and option != "on_failure":
        yield f"{place}: a condition is needed."
    if conditions and block.get("result"):
        yield f"{place}: either a result or a condition can be given, not both."
    if block.get("retryConfiguration") and block.get("result") != "RETRY":
        yield f"{place}: retry_mode needs the result RETRY."
    for result in _results(block):
        if result not in _RESULTS[option]:
            yield f"{place}: the result {result} is none of {', '.join(_RESULTS[option])}."
    for condition in conditions:
        yield from _rules(place, condition.get("rules") or [])


def _rules(place: str, rules: list[Data]) -> Findings:
    if not 1 <= len(rules) <= 5:
        yield f"{place}: a condition has 1 to 5 rules; this one has {len(rules)}."
    for name in repeated(str(rule.get("name")) for rule in rules):
        yield f"{place}: the rule {name} is there more than once."
    for rule in rules:
        where = f"{place}, rule {rule.get('name')}"
        if not NAME.fullmatch(str(rule.get("name"))):
            yield f"{where}: the name of a rule has {NAME_ALLOWED}."
        if not PROVIDER.fullmatch(str(rule.get("ruleTypeId", {}).get("provider"))):
            yield f"{where}: the provider must have 1 to 35 letters, digits, - and _."
        if rule.get("roleArn") and not ROLE.fullmatch(rule["roleArn"]):
            yield f"{where}: role_arn {rule['roleArn']} is not the ARN of an IAM role."
        yield from number(where, "timeout_in_minutes", rule.get("timeoutInMinutes"), 5, 86400)

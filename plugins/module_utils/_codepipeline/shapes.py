# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import re
import typing as t

#: a dictionary as the API has it, with keys in camelCase
Data = dict[str, t.Any]

#: what AWS shows instead of a secret
MASK = "****"

CONDITIONS = {"before_entry": "beforeEntry", "on_success": "onSuccess", "on_failure": "onFailure"}
_TYPE = ("category", "owner", "provider", "version")
_OWNER, _VERSION = "AWS", "1"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


# From options to the API. What is null was not given and does not appear.


def given(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value is not None}


def text(value: t.Any) -> str:
    """A value of a configuration, which the API takes as text only."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def configuration(value: t.Mapping[str, t.Any]) -> dict[str, str]:
    return {str(key): text(item) for key, item in given(value).items()}


def _artifact(value: t.Any) -> Data:
    return dict(value) if isinstance(value, dict) else {"name": str(value)}


_TO_API: dict[str, t.Callable[[t.Any], t.Any]] = {
    "configuration": configuration,
    "input_artifacts": lambda names: [{"name": name} for name in names],
    "output_artifacts": lambda values: [_artifact(value) for value in values],
    "environment_variables": lambda values: [given(value) for value in values],
}


def _fields(options: t.Mapping[str, t.Any], without: t.Collection[str]) -> Data:
    """The fields that are the same thing under another name."""
    return {
        camel(name): _TO_API[name](value) if name in _TO_API else value
        for name, value in options.items()
        if name not in without
    }


def action_from(options: t.Mapping[str, t.Any]) -> Data:
    options = given(options)
    action_type = {"owner": _OWNER, "version": _VERSION, **{key: options[key] for key in _TYPE if key in options}}
    return {
        "name": options["name"],
        "actionTypeId": {key: action_type[key] for key in _TYPE if key in action_type},
        **_fields(options, (*_TYPE, "name")),
    }


def approval_from(options: t.Mapping[str, t.Any], stage: str) -> Data:
    """The action behind the shorthand for a manual approval; an empty text in its configuration removes an entry."""
    options = given(options)
    keys = {"notification_arn": "NotificationArn", "custom_data": "CustomData"}
    keys["external_entity_link"] = "ExternalEntityLink"
    approval = {"name": options.get("name", stage), "category": "Approval", "provider": "Manual"}
    return {
        **action_from({**approval, "timeout_in_minutes": options.get("timeout_in_minutes")}),
        "configuration": {key: options[name] for name, key in keys.items() if name in options},
    }


def _rule_from(options: t.Mapping[str, t.Any]) -> Data:
    options = given(options)
    rule_type = {
        "category": "Rule",
        "owner": _OWNER,
        "provider": options["provider"],
        "version": options.get("version", _VERSION),
    }
    return {"name": options["name"], "ruleTypeId": rule_type, **_fields(options, (*_TYPE, "name"))}


def _condition_from(options: t.Mapping[str, t.Any]) -> Data:
    options = given(options)
    rules = {"rules": [_rule_from(rule) for rule in options["rules"]]} if "rules" in options else {}
    return {**{key: value for key, value in options.items() if key != "rules"}, **rules}


def conditions_from(options: t.Mapping[str, t.Any]) -> Data:
    """What shall happen at the entry, the success or the failure of a stage; empty removes it."""
    options = given(options)
    result: Data = {"result": options["result"]} if "result" in options else {}
    if "retry_mode" in options:
        result["retryConfiguration"] = {"retryMode": options["retry_mode"]}
    if options.get("conditions"):
        result["conditions"] = [_condition_from(condition) for condition in options["conditions"]]
    return result


# The form in which equal things are equal, whoever wrote them.


def without_empty(value: t.Any) -> t.Any:
    """The value without entries that say nothing; the API shows some of them although nobody gave them."""
    if isinstance(value, dict):
        bare = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in bare.items() if item not in (None, [], {})}
    return [without_empty(item) for item in value] if isinstance(value, list) else value


def canonical_action(action: Data) -> Data:
    return {"runOrder": 1, **without_empty(action)}


def canonical_stage(stage: Data) -> Data:
    """The order of actions in the list means nothing: the run order counts."""
    bare = without_empty(stage)
    bare["actions"] = sorted((canonical_action(action) for action in stage["actions"]), key=lambda a: str(a["name"]))
    for key in CONDITIONS.values():
        for condition in bare.get(key, {}).get("conditions", []):
            for rule in condition.get("rules", []):
                rule["ruleTypeId"] = {"owner": _OWNER, "version": _VERSION, **rule["ruleTypeId"]}
    return dict(bare)


# From the API to results, in the form of the options, so that what is read can be given again.

_ORDER = ("name", *_TYPE, "runOrder", "configuration", "commands", "inputArtifacts", "outputArtifacts")


def _artifact_result(artifact: Data) -> t.Any:
    return artifact["name"] if set(artifact) == {"name"} else artifact


_TO_RESULT: dict[str, t.Callable[[t.Any], t.Any]] = {
    "inputArtifacts": lambda artifacts: [artifact["name"] for artifact in artifacts],
    "outputArtifacts": lambda artifacts: [_artifact_result(artifact) for artifact in artifacts],
}


def _result(fields: t.Mapping[str, t.Any], hidden: t.Collection[str] = ()) -> dict[str, t.Any]:
    """The fields under the names of the options, the well-known ones first."""
    keys = [key for key in dict.fromkeys([*_ORDER, *fields]) if key in fields and key not in hidden]
    return {snake(key): _TO_RESULT[key](fields[key]) if key in _TO_RESULT else fields[key] for key in keys}


def action_result(action: Data) -> dict[str, t.Any]:
    canonical = canonical_action(action)
    return _result({**canonical, **canonical["actionTypeId"]}, ["actionTypeId"])


def _rule_result(rule: Data) -> dict[str, t.Any]:
    return _result({**rule, **rule["ruleTypeId"]}, ["ruleTypeId", "category", "owner"])


def _conditions_result(block: Data) -> dict[str, t.Any]:
    result = _result(block, ["conditions", "retryConfiguration"])
    if "retryConfiguration" in block:
        result["retry_mode"] = block["retryConfiguration"].get("retryMode")
    if "conditions" in block:
        result["conditions"] = [
            {**condition, "rules": [_rule_result(rule) for rule in condition.get("rules", [])]}
            for condition in block["conditions"]
        ]
    return result


def stage_result(stage: Data) -> dict[str, t.Any]:
    """The stage without what says nothing, whoever wrote it."""
    canonical = canonical_stage(stage)
    result = {"name": stage["name"], "actions": [action_result(action) for action in stage["actions"]]}
    for option, key in CONDITIONS.items():
        if key in canonical:
            result[option] = _conditions_result(canonical[key])
    return {**result, **_result(canonical, ["name", "actions", *CONDITIONS.values()])}

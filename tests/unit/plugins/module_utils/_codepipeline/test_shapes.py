# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import (
    action_from,
    approval_from,
    camel,
    canonical_stage,
    conditions_from,
    snake,
    stage_result,
)

ACTION = {
    "name": "Build",
    "category": "Compute",
    "owner": "AWS",
    "provider": "Commands",
    "version": "1",
    "run_order": 2,
    "configuration": {
        "ProjectName": "app",
        "PollForSourceChanges": False,
        "Count": 3,
        "Json": [{"a": True}],
        "No": None,
    },
    "commands": ["make"],
    "input_artifacts": ["Code"],
    "output_artifacts": ["App", {"name": "Docs", "files": ["docs/*"]}],
    "output_variables": ["V"],
    "environment_variables": [{"name": "A", "value": "b", "type": None}],
    "role_arn": "arn:aws:iam::123456789012:role/r",
    "region": "eu-central-1",
    "namespace": "Build",
    "timeout_in_minutes": 5,
}
IN_API = {
    "name": "Build",
    "actionTypeId": {"category": "Compute", "owner": "AWS", "provider": "Commands", "version": "1"},
    "runOrder": 2,
    "configuration": {"ProjectName": "app", "PollForSourceChanges": "false", "Count": "3", "Json": '[{"a":true}]'},
    "commands": ["make"],
    "inputArtifacts": [{"name": "Code"}],
    "outputArtifacts": [{"name": "App"}, {"name": "Docs", "files": ["docs/*"]}],
    "outputVariables": ["V"],
    "environmentVariables": [{"name": "A", "value": "b"}],
    "roleArn": "arn:aws:iam::123456789012:role/r",
    "region": "eu-central-1",
    "namespace": "Build",
    "timeoutInMinutes": 5,
}
RULE = {
    "name": "Window",
    "provider": "DeploymentWindow",
    "version": "1",
    "configuration": {"Cron": "* * * 9-16 ? * *"},
    "timeout_in_minutes": 10,
}
FAILURE = {"result": "RETRY", "retry_mode": "ALL_ACTIONS", "conditions": [{"result": "FAIL", "rules": [RULE]}]}


def test_every_option_of_an_action_has_its_field() -> None:
    assert action_from(ACTION) == IN_API


def test_what_is_not_given_does_not_appear() -> None:
    given: dict[str, t.Any] = {**dict.fromkeys(ACTION), "name": "B", "category": "Build", "provider": "CodeBuild"}
    kind = {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    assert action_from(given) == {"name": "B", "actionTypeId": kind}


def test_conditions() -> None:
    rule = {
        "name": "Window",
        "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "DeploymentWindow", "version": "1"},
        "configuration": {"Cron": "* * * 9-16 ? * *"},
        "timeoutInMinutes": 10,
    }
    assert conditions_from(FAILURE) == {
        "result": "RETRY",
        "retryConfiguration": {"retryMode": "ALL_ACTIONS"},
        "conditions": [{"result": "FAIL", "rules": [rule]}],
    }
    assert conditions_from({"result": None, "retry_mode": None, "conditions": None}) == {}


def test_what_is_read_can_be_given_again() -> None:
    stage = {"name": "Build", "actions": [IN_API], "onFailure": conditions_from(FAILURE)}
    shown = stage_result(stage)
    assert shown["on_failure"] == FAILURE
    again = {
        "name": shown["name"],
        "actions": [action_from(action) for action in shown["actions"]],
        "onFailure": conditions_from(shown["on_failure"]),
    }
    assert again == stage


def test_fields_that_the_collection_does_not_know_are_shown_too() -> None:
    stage = {"name": "Build", "actions": [{**IN_API, "futureField": 1}], "futureBlock": 2}
    shown = stage_result(stage)
    assert (shown["future_block"], shown["actions"][0]["future_field"]) == (2, 1)


@pytest.mark.parametrize(
    ("options", "name", "configuration"),
    [
        ({}, "Explore", {}),
        ({"name": "Ask", "custom_data": "Look."}, "Ask", {"CustomData": "Look."}),
        (
            {"notification_arn": "arn:t", "external_entity_link": "https://example.org"},
            "Explore",
            {"NotificationArn": "arn:t", "ExternalEntityLink": "https://example.org"},
        ),
    ],
)
def test_the_shorthand_for_an_approval(options: dict[str, t.Any], name: str, configuration: dict[str, str]) -> None:
    kind = {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}
    assert approval_from(options, "Explore") == {"name": name, "actionTypeId": kind, "configuration": configuration}


def test_equal_things_are_equal_whoever_wrote_them() -> None:
    short = {
        "name": "S",
        "actions": [{"name": "b", "actionTypeId": {}}, {"name": "a", "actionTypeId": {}, "runOrder": 2}],
    }
    empty: dict[str, t.Any] = {"configuration": {}, "inputArtifacts": [], "namespace": None}
    long = {
        "name": "S",
        "blockers": [],
        "actions": [{**short["actions"][1], **empty}, {**short["actions"][0], **empty, "runOrder": 1}],  # type: ignore[dict-item]
    }
    assert canonical_stage(short) == canonical_stage(long)


@pytest.mark.parametrize(("in_api", "option"), [("timeoutInMinutes", "timeout_in_minutes"), ("name", "name")])
def test_names(in_api: str, option: str) -> None:
    assert (snake(in_api), camel(option)) == (option, in_api)

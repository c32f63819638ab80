# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import typing as t

import yaml

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Pipeline
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.approvals import pending_in_state
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.overview import Overview, result
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import action_from
from ansible_collections.containerci.aws.plugins.modules import codepipeline_info as module

ASKED = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)
ID = "8c4b2a8e-3f4a-4f5e-9b0c-6a1c2d3e4f50"
GITHUB = {"name": "Code", "category": "Source", "owner": "ThirdParty", "provider": "GitHub"}
STATE = {
    "stageStates": [
        {
            "stageName": "Ask",
            "inboundExecution": {"pipelineExecutionId": "b", "status": "InProgress"},
            "inboundExecutions": [{"pipelineExecutionId": "a"}, {"pipelineExecutionId": "b"}],
            "inboundTransitionState": {"enabled": True},
            "latestExecution": {"pipelineExecutionId": ID, "status": "InProgress"},
            "beforeEntryConditionState": {"latestExecution": {"status": "Succeeded"}},
            "actionStates": [
                {
                    "actionName": "Ask",
                    "latestExecution": {"status": "InProgress", "token": "t0k3n", "lastStatusChange": ASKED},
                }
            ],
        }
    ]
}
FOUND = Overview(
    Pipeline(
        {
            "name": "shop",
            "version": 4,
            "stages": [
                {"name": "Source", "actions": [action_from({**GITHUB, "configuration": {"OAuthToken": "****"}})]},
                {
                    "name": "Ask",
                    "actions": [action_from({"name": "Ask", "category": "Approval", "provider": "Manual"})],
                },
            ],
        },
        {"pipelineArn": "arn:aws:codepipeline:eu-central-1:123456789012:shop", "created": ASKED},
    ),
    STATE,
    ({"pipelineExecutionId": ID, "status": "InProgress", "sourceRevisions": [{"actionName": "Code"}]},),
    {"team": "shop"},
    tuple(pending_in_state(STATE)),
)
NOW = ASKED + datetime.timedelta(hours=2)
PARAMS = {"as_cloudformation": True, "as_mermaid": True, "as_svg": True}


def undocumented(shown: t.Any, documented: dict[str, t.Any]) -> set[str]:
    """The keys of a result that its documentation does not know, also below."""
    found = set(shown) - set(documented)
    for key, entry in documented.items():
        value = shown.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if "contains" in entry and isinstance(first, dict):
            found |= {f"{key}.{name}" for name in undocumented(first, entry["contains"])}
    return found


def test_everything_that_is_returned_is_documented() -> None:
    documented = yaml.safe_load(module.RETURN)["pipelines"]["contains"]
    shown = {**result(FOUND, NOW), **module.forms(FOUND, PARAMS)}
    assert undocumented(shown, documented) == set()
    assert set(documented) == set(shown)
    assert set(shown["executions"][0]) == set(documented["executions"]["sample"][0])


def test_a_pending_approval_has_an_age_and_an_end_and_no_token() -> None:
    shown = result(FOUND, NOW)
    (pending,) = shown["pending_approvals"]
    assert (pending["token_age"], pending["pipeline_execution_id"]) == (7200, ID)
    assert (pending["since"], pending["expires"]) == ("2026-11-22T10:00:00+00:00", "2026-11-29T10:00:00+00:00")
    assert "t0k3n" not in str(shown)


def test_the_state_of_a_stage() -> None:
    (state,) = result(FOUND, NOW)["state"]
    assert (state["waiting_executions"], state["conditions"]) == (["a", "b"], {"before_entry": "Succeeded"})


def test_forms_that_are_not_wanted_are_not_made() -> None:
    assert module.forms(FOUND, dict.fromkeys(PARAMS, False)) == {}


def test_a_template_with_a_masked_secret_is_warned_about() -> None:
    (warning,) = module.warnings(FOUND, PARAMS)
    assert warning.startswith("AWS does not show OAuthToken of action Code in stage Source: put a reference")
    assert module.warnings(FOUND, dict.fromkeys(PARAMS, False)) == []


def test_every_option_is_documented_with_its_default_and_shown_in_an_example() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    tasks = [task.get("containerci.aws.codepipeline_info", {}) for task in yaml.safe_load(module.EXAMPLES)]
    assert {name: spec.get("default") for name, spec in documented.items()} == {
        name: spec.get("default") for name, spec in module.ARGUMENTS.items()
    }
    assert set(module.ARGUMENTS) <= {name for task in tasks for name in task}

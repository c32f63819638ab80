# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
import yaml
from unit.plugins.module_utils._codepipeline.scripted import ID, run, snapshot

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import answer, operate
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.approvals import Approval
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operations import Plan
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.modules import codepipeline_approval, codepipeline_execution

MODULES = {"codepipeline_approval": codepipeline_approval, "codepipeline_execution": codepipeline_execution}
REVISION = {"name": "Code", "revisionId": "abc"}
WAITS = run("Approve/Ask", "InProgress", category="Approval", configuration={"CustomData": "Look"})


def execution_options(**given: t.Any) -> dict[str, t.Any]:
    defaults = {name: spec.get("default") for name, spec in codepipeline_execution.ARGUMENTS.items()}
    return {**defaults, "pipeline": "shop", **given}


@pytest.mark.parametrize("name", MODULES)
def test_every_option_is_documented_with_its_default_and_shown_in_an_example(name: str) -> None:
    module = MODULES[name]
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    examples = yaml.safe_load(module.EXAMPLES)
    shown = {option for task in examples for option in task.get(f"containerci.aws.{name}", {})}
    assert {option: spec.get("default") for option, spec in documented.items()} == {
        option: spec.get("default") for option, spec in module.ARGUMENTS.items()
    }
    assert {option: spec.get("choices") for option, spec in documented.items()} == {
        option: spec.get("choices") for option, spec in module.ARGUMENTS.items()
    }
    assert set(module.ARGUMENTS) <= shown


def test_everything_that_an_execution_returns_is_documented() -> None:
    returned = yaml.safe_load(codepipeline_execution.RETURN)
    status = {"status": "InProgress", "artifactRevisions": [REVISION]}
    found = snapshot(WAITS, **status)
    result = codepipeline_execution.render(operate.Outcome(True, Plan("Start."), found))
    assert set(result) - {"changed", "diff"} == set(returned) - {"error_code"}
    assert set(result["execution"]) == set(returned["execution"]["contains"])
    for name in ("action_executions", "pending_approvals"):
        assert set(result[name][0]) == set(returned[name]["contains"])
    revision = result["execution"]["artifact_revisions"][0]
    assert set(revision) == set(returned["execution"]["contains"]["artifact_revisions"]["contains"])


def test_everything_that_an_approval_returns_is_documented() -> None:
    returned = yaml.safe_load(codepipeline_approval.RETURN)
    wanted = codepipeline_approval.wish(
        {
            "pipeline": "shop",
            "state": "approved",
            "summary": "",
            **dict.fromkeys(("stage", "action", "pipeline_execution_id")),
        }
    )
    outcome = answer.Outcome(True, Approval("Live", "Ask", ID, "approved"))
    result = codepipeline_approval.render(outcome, wanted)
    assert set(result) - {"changed", "diff"} == set(returned) - {"error_code"}
    assert set(result["approval"]) == set(returned["approval"]["contains"])


def test_options_become_requests() -> None:
    request = codepipeline_execution.request(
        execution_options(
            variables={"count": 2, "live": True, "none": None},
            source_revisions=[{"action": "Code", "type": "COMMIT_ID", "value": "abc"}],
        )
    )
    assert request.variables == {"count": "2", "live": "true"}
    assert request.revisions == ({"actionName": "Code", "revisionType": "COMMIT_ID", "revisionValue": "abc"},)
    retry = codepipeline_execution.request(execution_options(state="retried", retry_mode="all_actions"))
    assert retry.retry_mode == "ALL_ACTIONS"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"state": "stopped", "variables": {"a": "b"}}, "variables can only be given with state=started."),
        ({"stage": "Live"}, "stage can only be given with state=retried or rolled_back."),
        ({"state": "rolled_back", "pipeline_execution_id": ID}, "pipeline_execution_id can only be given with state="),
    ],
)
def test_options_that_would_be_ignored_are_refused(given: dict[str, t.Any], expected: str) -> None:
    with pytest.raises(CollectionError) as caught:
        codepipeline_execution.request(execution_options(**given))
    assert expected in caught.value.message


def test_what_would_be_done_names_the_execution_if_there_is_one() -> None:
    stop = codepipeline_execution.render(operate.Outcome(True, Plan("Stop.", ID)))
    assert (stop["pipeline_execution_id"], stop["status"], stop["actions"]) == (ID, None, ["Stop."])
    assert codepipeline_execution.render(operate.Outcome(True, Plan("Start.")))["pipeline_execution_id"] is None

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from embedded_aws.pipelines import Pipelines, action, approval, stage

MODULE = "codepipeline_stage"
READ, WRITE = "GetPipeline", "UpdatePipeline"
BUILD = {"category": "Build", "provider": "CodeBuild", "configuration": {"ProjectName": "app"}}
WINDOW = {"name": "Hours", "provider": "DeploymentWindow", "configuration": {"Cron": "* * * 9-16 ? * MON-FRI *"}}
GITHUB = {"Owner": "me", "Repo": "app", "Branch": "main", "OAuthToken": "t0k3n-of-github"}


@pytest.fixture
def pipelines(aws: t.Any) -> Pipelines:
    """A pipeline of type V2 with the stages Source, Staging and Production, both with an approval."""
    made = Pipelines(aws)
    made.prepare()
    made.create(stage("Staging", approval()), stage("Production", approval()), pipelineType="V2")
    return made


@pytest.fixture
def run(run_module: t.Any, aws: t.Any, pipelines: Pipelines) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module, failing or not, and adds the operations that it used."""

    def call(check: bool = False, **params: t.Any) -> dict[str, t.Any]:
        aws.forget()
        given = {"pipeline": "demo", "stage": "Explore", **params}
        try:
            result = run_module(MODULE, check=check, diff=True, **given)
        except Exception as failure:
            result = getattr(failure, "result", None)
            if result is None:
                raise
            assert "\n" not in result["msg"].strip()
            assert "exception" not in result
        return {**result, "calls": [entry["operation"] for entry in aws.log()]}

    return call


@pytest.fixture
def step(run: t.Any, pipelines: Pipelines) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module in check mode, for real, and again: foreseen and done are the same, and the third only reads."""

    def call(**params: t.Any) -> dict[str, t.Any]:
        before = definition(pipelines)
        foreseen = run(check=True, **params)
        assert (foreseen.pop("calls"), definition(pipelines)) == ([READ], before)
        done = run(**params)
        assert done.pop("calls") == [READ, WRITE]
        assert {**foreseen, "invocation": None} == {**done, "invocation": None}
        again = run(**params)
        assert (again["changed"], again["calls"], again["actions"]) == (False, [READ], [])
        assert (again["stage"], again["pipeline_version"]) == (done["stage"], done["pipeline_version"])
        assert again["diff"] == {"before": "", "after": ""}
        return dict(done)

    return call


def definition(pipelines: Pipelines) -> dict[str, t.Any]:
    found: dict[str, t.Any] = pipelines.client.get_pipeline(name="demo")["pipeline"]
    return found


def order(pipelines: Pipelines) -> list[str]:
    return [each["name"] for each in definition(pipelines)["stages"]]


def test_the_life_of_a_stage(step: t.Any, pipelines: Pipelines) -> None:
    original = definition(pipelines)
    added = step(before="Production", approval={"custom_data": "Look at it."})
    assert (added["changed"], added["position"], added["pipeline_version"]) == (True, 3, 2)
    assert added["actions"] == ["Add stage Explore before stage Production."]
    assert order(pipelines) == added["stages"] == ["Source", "Staging", "Explore", "Production"]
    assert "CustomData: Look at it." in added["diff"]["after"]
    assert "Explore" not in added["diff"]["before"]

    changed = step(approval={"external_entity_link": "https://example.org", "timeout_in_minutes": 60})
    asked = pipelines.declaration()["stages"][1]["actions"][0]
    found = definition(pipelines)["stages"][2]["actions"][0]
    assert found["configuration"] == {"CustomData": "Look at it.", "ExternalEntityLink": "https://example.org"}
    assert (found["actionTypeId"], found["timeoutInMinutes"]) == (asked["actionTypeId"], 60)
    assert changed["actions"] == [
        "Change configuration.ExternalEntityLink, timeout_in_minutes of action Explore in stage Explore."
    ]

    moved = step(position="last")
    assert (moved["position"], moved["actions"]) == (4, ["Move stage Explore after stage Production."])
    assert order(pipelines) == ["Source", "Staging", "Production", "Explore"]

    removed = step(state="absent")
    assert (removed["stage"], removed["position"], removed["actions"]) == (None, None, ["Remove stage Explore."])
    assert definition(pipelines) == {**original, "version": 5}


def test_actions_and_conditions(step: t.Any, pipelines: Pipelines) -> None:
    actions = [
        {"name": "Build", **BUILD, "input_artifacts": ["app"], "output_artifacts": ["image"], "namespace": "Build"},
        {"name": "Ask", "category": "Approval", "provider": "Manual", "run_order": 2},
    ]
    entry = {"conditions": [{"result": "SKIP", "rules": [WINDOW]}]}
    made = step(after="Source", actions=actions, before_entry=entry, on_failure={"result": "ROLLBACK"})
    assert made["stage"]["before_entry"]["conditions"][0]["rules"][0]["provider"] == "DeploymentWindow"
    shown = [{key: value for key, value in each.items() if value is not None} for each in made["stage"]["actions"]]
    assert [each["name"] for each in shown] == ["Build", "Ask"]

    again = step(actions=[{**shown[0], "configuration": {"ProjectName": "other"}}], before_entry={}, on_failure={})
    assert again["actions"] == [
        "Change configuration.ProjectName of action Build in stage Explore.",
        "Remove action Ask from stage Explore.",
        "Remove before_entry of stage Explore.",
        "Remove on_failure of stage Explore.",
    ]
    found = definition(pipelines)["stages"][1]
    assert found["actions"][0]["outputArtifacts"] == [{"name": "image"}]
    assert set(found) == {"name", "actions"}


def test_the_transition(run: t.Any, pipelines: Pipelines) -> None:
    def inbound() -> dict[str, t.Any]:
        return dict(pipelines.stage("Production")["inboundTransitionState"])

    wanted = {"stage": "Production", "transition": "disabled", "transition_reason": "Closed until January"}
    foreseen = run(check=True, **wanted)
    assert (foreseen["calls"], inbound()["enabled"]) == ([READ, "GetPipelineState"], True)
    closed = run(**wanted)
    assert closed["calls"] == [READ, "GetPipelineState", "DisableStageTransition"]
    assert closed["actions"] == foreseen["actions"] == ["Disable the transition into stage Production."]
    assert closed["transition"] == {"enabled": False, "reason": "Closed until January"}
    assert "transition: disabled (Closed until January)" in closed["diff"]["after"]
    assert (closed["pipeline_version"], inbound()["disabledReason"]) == (1, "Closed until January")

    kept = run(stage="Production", transition="disabled")
    assert (kept["changed"], kept["transition"]) == (False, closed["transition"])
    opened = run(stage="Production", transition="enabled")
    assert (opened["calls"][-1], inbound()["enabled"]) == ("EnableStageTransition", True)
    assert run(stage="Production", transition="enabled")["changed"] is False


def test_a_new_stage_that_nothing_may_enter(run: t.Any, pipelines: Pipelines) -> None:
    made = run(approval={}, transition="disabled")
    assert made["calls"] == [READ, WRITE, "DisableStageTransition"]
    assert pipelines.stage("Explore")["inboundTransitionState"]["disabledReason"] == "Disabled by Ansible"


def test_a_change_is_released_once(run: t.Any, pipelines: Pipelines) -> None:
    wanted = {"after": "Source", "approval": {}, "release_change": True, "wait_timeout": 60}
    foreseen = run(check=True, **wanted)
    assert foreseen["actions"][-1] == "Release the change of pipeline demo."
    released = run(**wanted)
    assert (released["actions"], released["execution_status"]) == (foreseen["actions"], "InProgress")
    assert pipelines.token("Explore", "Explore")
    assert pipelines.executions()[0]["pipelineExecutionId"] == released["pipeline_execution_id"]
    number = len(pipelines.executions())
    again = run(**wanted)
    assert (again["changed"], again["calls"], len(pipelines.executions())) == (False, [READ], number)
    unwatched = run(state="absent", release_change=True, wait=False)
    assert unwatched["calls"] == [READ, WRITE, "StartPipelineExecution"]


def test_a_released_execution_that_fails_fails_the_task(run: t.Any, pipelines: Pipelines) -> None:
    gone = {"name": "Build", **BUILD, "configuration": {"ProjectName": "gone"}, "input_artifacts": ["app"]}
    failed = run(after="Source", actions=[gone], release_change=True, wait_timeout=60)
    assert "failed in stage Explore, action Build" in failed["msg"]
    assert (failed["failed"], failed["changed"], failed["execution_status"]) == (True, True, "Failed")
    assert order(pipelines) == ["Source", "Explore", "Staging", "Production"]


@pytest.fixture
def secret(pipelines: Pipelines) -> t.Iterator[None]:
    """The pipeline reads from GitHub, with a token."""
    found = definition(pipelines)
    found["stages"][0]["actions"] = [action("Source/ThirdParty/GitHub", "Code", GITHUB, outputs=["app"])]
    pipelines.client.update_pipeline(pipeline=found)
    yield
    stored = pipelines.aws.client("codepipeline").get_pipeline(name="demo")["pipeline"]
    assert stored["stages"][0]["actions"][0]["configuration"]["OAuthToken"] == "****"


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.usefixtures("secret")
def test_a_masked_secret_is_asked_for_and_never_written_back(run: t.Any, check: bool) -> None:
    refused = run(check=check, approval={})
    assert (
        "AWS shows OAuthToken as **** and would store that; give its value in secrets.Code.OAuthToken."
        in refused["msg"]
    )
    assert refused["calls"] == [READ]


def test_a_secret_is_written_and_never_shown(run: t.Any, aws: t.Any, pipelines: Pipelines) -> None:
    entry = {"name": "Credential", "required": True, "key": True, "secret": True}
    numbers = {"minimumCount": 0, "maximumCount": 1}
    pipelines.client.create_custom_action_type(
        category="Test",
        provider="Own",
        version="1",
        configurationProperties=[entry],
        inputArtifactDetails=numbers,
        outputArtifactDetails=numbers,
    )
    own = {"name": "Check", "category": "Test", "owner": "Custom", "provider": "Own", "configuration": {}}
    hidden = {"Check": {"Credential": "c0rrect-h0rse"}}
    results = [run(actions=[own], secrets=hidden), run(before="Staging", secrets=hidden)]
    sent = [entry["parameters"]["pipeline"] for entry in aws.log("write")]
    assert sent[0]["stages"][1]["actions"][0]["configuration"] == hidden["Check"]
    assert [result["changed"] for result in results] == [True, True]
    assert "c0rrect-h0rse" not in json.dumps(results)
    assert run(actions=[own], secrets=hidden)["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_everything_wrong_is_said_at_once_before_anything_is_written(run: t.Any, check: bool) -> None:
    wrong = [
        {"name": "Build", **BUILD, "input_artifacts": ["nothing"], "run_order": 0},
        {"name": "Ask", "category": "Approval", "provider": "Manual", "input_artifacts": ["app"]},
    ]
    refused = run(check=check, actions=wrong, on_success={})
    assert refused["findings"] == [
        "Stage Explore, action Build: run_order 0 is not between 1 and 999.",
        "Stage Explore, action Ask: Approval by Manual has no input artifacts, not 1.",
        "Stage Explore, action Build: no earlier action produces the input artifact nothing; there is app by then.",
    ]
    assert all(finding in refused["msg"] for finding in refused["findings"])
    assert refused["calls"] == [READ]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        (
            {"stage": "Explore"},
            "There is no stage Explore (the stages are Source, Staging, Production); give actions or",
        ),
        ({"approval": {}, "before": "Prod"}, "before names stage Prod, which does not exist; the stages are Source,"),
        ({"pipeline": "other", "approval": {}}, "does not have a pipeline with name 'other' in region us-east-1."),
        (
            {"stage": "Source", "state": "absent"},
            "Stage Staging, action Approve: the first stage has nothing but source",
        ),
        ({"approval": {}, "transition_reason": "x"}, "transition_reason is only of use with transition=disabled."),
        ({"approval": {}, "transition": "disabled", "transition_reason": "a:b"}, "'a:b' has not."),
        ({"approval": {}, "secrets": {"Code": "x"}}, "secrets.Code must be a dictionary with the keys"),
        ({"approval": {}, "secrets": {"Code": {"a": "bcde"}}}, "secrets names action Code, which the pipeline does"),
    ],
)
def test_bad_input_is_one_sentence(run: t.Any, params: dict[str, t.Any], sentence: str) -> None:
    refused = run(**params)
    assert refused["failed"]
    assert sentence in refused["msg"]
    assert WRITE not in refused["calls"]


def edit_in_between(aws: t.Any, theirs: dict[str, t.Any]) -> None:
    """Somebody else stores this right before the module does."""
    aws.first("codepipeline", WRITE, "update_pipeline", pipeline=theirs)


def test_a_change_at_the_same_time_loses_nothing(run: t.Any, aws: t.Any, pipelines: Pipelines) -> None:
    theirs = definition(pipelines)
    theirs["stages"][2]["actions"][0]["configuration"] = {"CustomData": "theirs"}
    theirs["stages"].append(stage("Theirs", approval()))
    edit_in_between(aws, {**theirs, "executionMode": "QUEUED"})
    done = run(before="Production", approval={"custom_data": "ours"})
    found = definition(pipelines)
    assert order(pipelines) == ["Source", "Staging", "Explore", "Production", "Theirs"]
    assert found["stages"][3]["actions"][0]["configuration"] == {"CustomData": "theirs"}
    assert (found["executionMode"], found["version"], done["pipeline_version"]) == ("QUEUED", 4, 4)
    assert "Somebody else changed pipeline demo while this task wrote it (version 2)" in str(done["warnings"])
    assert done["calls"] == [READ, WRITE, READ, READ, WRITE]
    assert "Theirs" in done["diff"]["before"]


def test_a_removal_at_the_same_time_stays(run: t.Any, aws: t.Any, pipelines: Pipelines) -> None:
    theirs = definition(pipelines)
    del theirs["stages"][1]
    edit_in_between(aws, theirs)
    run(approval={})
    assert order(pipelines) == ["Source", "Production", "Explore"]


@pytest.mark.parametrize("operation", [READ, WRITE])
@pytest.mark.parametrize(
    "fault",
    [
        {"times": 2},
        {"late": True},
        {"code": "ThrottlingException", "message": "Rate exceeded", "status": 400, "times": 2},
    ],
)
def test_failures_of_aws_that_pass_are_waited_out(
    run: t.Any, aws: t.Any, pipelines: Pipelines, operation: str, fault: dict[str, t.Any]
) -> None:
    aws.fail("codepipeline", operation, **fault)
    done = run(approval={})
    assert (done["changed"], done.get("warnings"), order(pipelines)[-1]) == (True, None, "Explore")
    assert done["pipeline_version"] == definition(pipelines)["version"]


@pytest.mark.parametrize("operation", [READ, WRITE])
def test_a_missing_permission_is_one_sentence(run: t.Any, aws: t.Any, operation: str) -> None:
    said = f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: codepipeline:{operation}"
    aws.fail("codepipeline", operation, code="AccessDeniedException", message=said, status=400)
    refused = run(approval={})
    assert refused["msg"].startswith(f"The credentials do not allow codepipeline:{operation} (AccessDeniedException: ")
    assert refused.get("changed", False) is False


def test_what_was_done_before_a_failure_is_returned(run: t.Any, aws: t.Any) -> None:
    aws.fail("codepipeline", "DisableStageTransition", code="AccessDeniedException", message="no", status=400)
    refused = run(approval={}, transition="disabled")
    assert (refused["failed"], refused["changed"]) == (True, True)
    assert refused["actions"] == ["Add stage Explore after stage Production."]


PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - containerci.aws.codepipeline_stage:
        pipeline: demo
        name: Explore
        after: Source
        approval: {custom_data: Look at it.}
        release_change: true
"""


def test_what_happens_after_the_release_is_shown(run_playbook: t.Any, pipelines: Pipelines, tmp_path: Path) -> None:
    playbook = tmp_path / "play.yml"
    playbook.write_text(PLAY)
    status, output = run_playbook(str(playbook), "--diff")
    assert status == 0, output
    assert "+- name: Explore" in output
    assert "Source: Succeeded" in output
    assert "Explore/Explore: InProgress, waits for an approval, Look at it." in output
    assert run_playbook(str(playbook))[1].count("changed=0") == 1

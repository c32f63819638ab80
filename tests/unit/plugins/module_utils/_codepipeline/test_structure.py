# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import action_from, conditions_from
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.structure import findings, introduced
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.transition import reason_finding

Data = dict[str, t.Any]


def action(name: str, category: str = "Build", provider: str = "Own", owner: str = "Custom", **options: t.Any) -> Data:
    return action_from({"name": name, "category": category, "provider": provider, "owner": owner, **options})


def of_aws(name: str, category: str, provider: str, **options: t.Any) -> Data:
    return action(name, category, provider, "AWS", **options)


def build(name: str = "Build", **options: t.Any) -> Data:
    return action(name, **{"input_artifacts": ["Code"], **options})


def approve(**options: t.Any) -> Data:
    return of_aws("Approve", "Approval", "Manual", **options)


def commands(*lines: str, **options: t.Any) -> Data:
    return of_aws("Run", "Compute", "Commands", input_artifacts=["Code"], commands=list(lines), **options)


CODE = action("Code", category="Source", output_artifacts=["Code"])
SOURCE = {"name": "Source", "actions": [{**CODE, "namespace": "Commit"}]}


def pipeline(*actions: Data, **fields: t.Any) -> Data:
    """Source, and a stage Build with the actions."""
    return {"pipelineType": "V2", "stages": [SOURCE, {"name": "Build", "actions": list(actions)}], **fields}


def stages(*wanted: Data) -> Data:
    return {"pipelineType": "V2", "stages": list(wanted)}


def named(name: str) -> Data:
    return stages(SOURCE, {"name": name, "actions": [build()]})


def with_conditions(pipeline_type: str = "V2", **options: t.Any) -> Data:
    kinds = {"before_entry": "beforeEntry", "on_success": "onSuccess", "on_failure": "onFailure"}
    found = pipeline(build(), pipelineType=pipeline_type)
    found["stages"][1].update({kinds[name]: conditions_from(value) for name, value in options.items()})
    return found


RULE = {"name": "Window", "provider": "DeploymentWindow"}
FAIL = {"conditions": [{"result": "FAIL", "rules": [RULE]}]}
WHOLE = stages(
    SOURCE,
    {
        "name": "Build",
        "actions": [build(output_artifacts=["App"]), build("Test", run_order=2, input_artifacts=["App"])],
    },
    {"name": "Ask", "actions": [approve(configuration={"CustomData": "#{Commit.CommitId} #{codepipeline.X}"})]},
)

NAME_RULE = "1 to 100 characters, letters, digits and any of . @ - _"


@pytest.mark.parametrize(
    "valid",
    [
        WHOLE,
        pipeline(commands("make", "make test", output_artifacts=[{"name": "Out", "files": ["a"]}])),
        pipeline(build(region="eu-west-1"), artifactStores={"eu-west-1": {}, "eu-central-1": {}}),
        pipeline(
            of_aws("Run", "Invoke", "Lambda", configuration={"FunctionName": "#{variables.F}"}),
            variables=[{"name": "F"}],
        ),
        pipeline(approve(configuration={"NotificationArn": "arn:aws:sns:eu-central-1:123456789012:t"})),
        with_conditions(before_entry=FAIL, on_success=FAIL, on_failure={"result": "ROLLBACK"}),
        with_conditions(on_failure={"result": "RETRY", "retry_mode": "ALL_ACTIONS"}),
    ],
)
def test_what_aws_accepts_is_accepted(valid: Data) -> None:
    assert findings(valid, "eu-central-1") == []


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        (stages(SOURCE), "A pipeline has at least two stages; this one would have 1."),
        (
            stages(SOURCE, *({"name": f"S{number}", "actions": [build()]} for number in range(50))),
            "A pipeline has at most 50 stages; this one would have 51.",
        ),
        (pipeline(), "Stage Build: a stage has 1 to 100 actions; this one would have 0."),
        (
            pipeline(*(build(f"B{number}") for number in range(101))),
            "Stage Build: a stage has 1 to 100 actions; this one would have 101.",
        ),
        (named("Go live"), f"Stage Go live: the name of a stage has {NAME_RULE}."),
        (named("x" * 101), f"Stage {'x' * 101}: the name of a stage has {NAME_RULE}."),
        (
            stages(SOURCE, *({"name": "Twice", "actions": [build()]} for _number in range(2))),
            "The stage Twice is there more than once.",
        ),
        (pipeline(build(), build()), "Stage Build: the action Build is there more than once."),
        (pipeline(build("a/b")), f"Stage Build, action a/b: the name of an action has {NAME_RULE}."),
        (
            stages({"name": "Early", "actions": [approve()]}, SOURCE),
            "Stage Early, action Approve: the first stage has nothing but source actions.",
        ),
        (
            pipeline(action("Late", category="Source", output_artifacts=["Late"])),
            "Stage Build, action Late: only the first stage has source actions; the first stage is Source.",
        ),
        (
            pipeline(build(category="Bild")),
            (
                "Stage Build, action Build: category Bild is none of "
                "Source, Build, Deploy, Test, Invoke, Approval, Compute."
            ),
        ),
        (pipeline(build(owner="Me")), "Stage Build, action Build: owner Me is none of AWS, ThirdParty, Custom."),
        (
            pipeline(build(provider="Code Build")),
            "Stage Build, action Build: provider Code Build must have 1 to 35 letters, digits, - and _.",
        ),
        (
            pipeline(build(version="1.0")),
            "Stage Build, action Build: version 1.0 must have 1 to 9 letters, digits, - and _.",
        ),
        (pipeline(build(run_order=0)), "Stage Build, action Build: run_order 0 is not between 1 and 999."),
        (pipeline(build(run_order=1000)), "Stage Build, action Build: run_order 1000 is not between 1 and 999."),
        (
            pipeline(approve(timeout_in_minutes=4)),
            "Stage Build, action Approve: timeout_in_minutes 4 is not between 5 and 86400.",
        ),
        (pipeline(build(role_arn="me")), "Stage Build, action Build: role_arn me is not the ARN of an IAM role."),
        (
            pipeline(commands("make"), pipelineType="V1"),
            "Stage Build, action Run: provider Commands needs a pipeline of type V2; this one is V1.",
        ),
        (
            pipeline(approve(configuration={"Url": "x"})),
            (
                "Stage Build, action Approve: an approval has no configuration Url; "
                "it has NotificationArn, CustomData, ExternalEntityLink."
            ),
        ),
        (
            pipeline(approve(configuration={"CustomData": "x" * 1001})),
            "Stage Build, action Approve: configuration CustomData must have 1 to 1000 characters, and it has 1001.",
        ),
        (
            pipeline(build(configuration={"x" * 51: "y"})),
            f"Stage Build, action Build: the configuration key {'x' * 51} must have 1 to 50 characters.",
        ),
        (
            pipeline(build(commands=["make"])),
            "Stage Build, action Build: only actions of category Compute have commands and output_variables.",
        ),
        (
            pipeline(commands()),
            "Stage Build, action Run: an action of category Compute has 1 to 50 commands; this one has 0.",
        ),
        (
            pipeline(commands("a\nb")),
            "Stage Build, action Run: a command is one line of 1 to 1000 characters: 'a\\nb' is not.",
        ),
        (
            pipeline(commands("a", output_variables=[f"V{number}" for number in range(16)])),
            "Stage Build, action Run: output_variables has at most 15 entries, not 16.",
        ),
        (
            pipeline(approve(input_artifacts=["Code"])),
            "Stage Build, action Approve: Approval by Manual has no input artifacts, not 1.",
        ),
        (
            pipeline(approve(output_artifacts=["Yes"])),
            "Stage Build, action Approve: Approval by Manual has no output artifacts, not 1.",
        ),
        (
            pipeline(of_aws("Build", "Build", "CodeBuild")),
            "Stage Build, action Build: Build by CodeBuild has 1 to 5 input artifacts, not 0.",
        ),
        (
            pipeline(of_aws("Go", "Deploy", "ECS")),
            "Stage Build, action Go: Deploy by ECS has 1 input artifacts, not 0.",
        ),
        (
            pipeline(of_aws("Go", "Deploy", "ECS", configuration={"ClusterName": "c"})),
            "Stage Build, action Go: Deploy by ECS needs ServiceName in its configuration.",
        ),
        (pipeline(build(timeout_in_minutes=5)), "Stage Build, action Build: only approvals have timeout_in_minutes."),
        (
            pipeline(approve(configuration={"NotificationArn": "topic"})),
            "Stage Build, action Approve: topic is not the ARN of an SNS topic.",
        ),
        (
            pipeline(approve(configuration={"NotificationArn": "arn:aws:sns:x:123456789012:t"})),
            "Stage Build, action Approve: topic arn:aws:sns:x:123456789012:t is not in region eu-central-1.",
        ),
        (
            pipeline(build(input_artifacts=["Cod"])),
            "Stage Build, action Build: no earlier action produces the input artifact Cod; there is Code by then.",
        ),
        (
            pipeline(build(output_artifacts=["App"]), build("Test", input_artifacts=["App"])),
            "Stage Build, action Test: no earlier action produces the input artifact App; there is Code by then.",
        ),
        (
            pipeline(build(output_artifacts=["Code"])),
            (
                "The output artifact Code is produced more than once: "
                "by stage Source, action Code and stage Build, action Build."
            ),
        ),
        (
            pipeline(build(output_artifacts=["a.b"])),
            "Stage Build, action Build: the artifact a.b must have 1 to 100 letters, digits, - and _.",
        ),
        (pipeline(build(namespace="Commit")), "The namespace Commit is given to more than one action."),
        (
            pipeline(build(namespace="a.b")),
            "Stage Build, action Build: the namespace a.b must have 1 to 100 letters, digits and any of @ - _.",
        ),
        (
            pipeline(build(namespace="codepipeline")),
            "Stage Build, action Build: the namespace codepipeline belongs to CodePipeline.",
        ),
        (
            pipeline(build(namespace="Code")),
            "Stage Build, action Build: the namespace Code is the name of an artifact too.",
        ),
        (
            pipeline(build(namespace="B", configuration={"X": "#{B.Id}"})),
            "Stage Build, action Build: no earlier action has the namespace B, which #{B.Id} refers to.",
        ),
        (
            pipeline(build(configuration={"X": "#{B}"})),
            "Stage Build, action Build: #{B} is no reference; it is written #{namespace.variable}.",
        ),
        (
            pipeline(build(configuration={"X": "#{variables.B}"}), variables=[{"name": "A"}]),
            "Stage Build, action Build: the pipeline has no variable B; it has A.",
        ),
        (
            pipeline(build(region="eu-west-1")),
            "Stage Build, action Build: the pipeline has no artifact store in region eu-west-1, only in eu-central-1.",
        ),
        (
            pipeline(build(), triggers=[{"gitConfiguration": {"sourceActionName": "Git"}}]),
            "A trigger of the pipeline refers to the source action Git, which would not exist.",
        ),
        (
            with_conditions("V1", before_entry=FAIL),
            "Stage Build, before_entry: conditions need a pipeline of type V2; this one is V1.",
        ),
        (
            with_conditions(before_entry={"conditions": FAIL["conditions"] * 2}),
            "Stage Build, before_entry: there is room for 1 condition, not 2.",
        ),
        (
            with_conditions(on_success={"conditions": [{"result": "SKIP", "rules": [RULE]}]}),
            "Stage Build, on_success: the result SKIP is none of FAIL, ROLLBACK.",
        ),
        (
            with_conditions(on_failure={"result": "ROLLBACK", "retry_mode": "ALL_ACTIONS"}),
            "Stage Build, on_failure: retry_mode needs the result RETRY.",
        ),
        (
            with_conditions(on_failure={"result": "ROLLBACK", **FAIL}),
            "Stage Build, on_failure: either a result or a condition can be given, not both.",
        ),
        (
            {**with_conditions(on_failure={"result": "ROLLBACK"}), "executionMode": "PARALLEL"},
            "Stage Build, on_failure: nothing can be rolled back in a pipeline with the execution mode PARALLEL.",
        ),
        (
            stages({**SOURCE, "onFailure": {"result": "ROLLBACK"}}, {"name": "Build", "actions": [build()]}),
            "Stage Source, on_failure: the first stage cannot be rolled back.",
        ),
        (
            with_conditions(before_entry={"conditions": [{"result": "FAIL", "rules": []}]}),
            "Stage Build, before_entry: a condition has 1 to 5 rules; this one has 0.",
        ),
        (
            with_conditions(before_entry={"conditions": [{"result": "FAIL", "rules": [RULE, RULE]}]}),
            "Stage Build, before_entry: the rule Window is there more than once.",
        ),
        (
            with_conditions(before_entry={"conditions": [{"rules": [{**RULE, "name": "a b"}]}]}),
            f"Stage Build, before_entry, rule a b: the name of a rule has {NAME_RULE}.",
        ),
        (
            with_conditions(before_entry={"conditions": [{"rules": [{**RULE, "timeout_in_minutes": 4}]}]}),
            "Stage Build, before_entry, rule Window: timeout_in_minutes 4 is not between 5 and 86400.",
        ),
        (
            with_conditions(before_entry={"conditions": [{"rules": [{**RULE, "role_arn": "me"}]}]}),
            "Stage Build, before_entry, rule Window: role_arn me is not the ARN of an IAM role.",
        ),
    ],
)
def test_what_aws_refuses_is_found(wrong: Data, finding: str) -> None:
    assert finding in findings(wrong, "eu-central-1")


def test_everything_wrong_is_found_at_once() -> None:
    wrong = pipeline(build("a b", input_artifacts=["Cod"], run_order=0), approve(input_artifacts=["Code"]))
    assert len(findings(wrong)) == 4


def test_what_aws_has_accepted_once_is_not_found_again() -> None:
    odd = pipeline(build(input_artifacts=["Cod"]), build("Late", input_artifacts=["Code"], output_artifacts=["Code"]))
    changed = {**odd, "stages": [*odd["stages"], {"name": "Ask", "actions": [approve(run_order=0)]}]}
    assert findings(odd)
    assert introduced(odd, changed) == ["Stage Ask, action Approve: run_order 0 is not between 1 and 999."]


@pytest.mark.parametrize(("reason", "is_fine"), [("Freeze (until 3.1.)!", True), ("", False), ("why: so", False)])
def test_reasons_for_a_disabled_transition(reason: str, is_fine: bool) -> None:
    assert (reason_finding(reason) == "") is is_fine

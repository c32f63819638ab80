# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: what a pipeline may be."""

from __future__ import annotations

import pytest

from embedded_aws.pipelines import action, approval, stage
from embedded_aws.testing import code_of, refusal

BUILD = "Build/AWS/CodeBuild"
CHECK = {
    "name": "check",
    "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"},
    "configuration": {"Variable": "a", "Operator": "EQ", "Value": "a"},
}


def build(name="Build", **fields):
    return action(BUILD, name, {"ProjectName": "x"}, **{"inputs": ["app"], **fields})


def condition(result, *rules):
    return {"conditions": [{"result": result, "rules": list(rules or (CHECK,))}]}


def deploy(*actions, **fields):
    return {"stages": [stage("Deploy", *actions, **fields)]}


STRUCTURE, STAGE, ACTION = (
    f"Invalid{kind}Exception" for kind in ("Structure", "StageDeclaration", "ActionDeclaration")
)
REFUSED = {
    "one stage": ({"all_stages": 1}, STRUCTURE, "Pipeline has only 1 stage(s)"),
    "51 stages": ({"stages": [stage(f"S{n}", approval()) for n in range(50)]}, STRUCTURE, "up to 50 stages"),
    "no source first": ({"source": [approval()]}, STRUCTURE, "start with a stage that only contains source actions"),
    "source later": (
        deploy(action("Source/AWS/S3", "S", {"S3Bucket": "a", "S3ObjectKey": "b"}, outputs=["x"])),
        STRUCTURE,
        "can only be included in the first stage",
    ),
    "stage name twice": (
        {"stages": [stage("Source", approval())]},
        STAGE,
        "Stage name 'Source' is used more than once",
    ),
    "empty stage": (deploy(), STAGE, "at least 1 action"),
    "action name twice": (deploy(approval("A"), approval("A")), ACTION, "Action name 'A' is used more than once"),
    "unknown type": (
        deploy(action("Deploy/AWS/Jenkins")),
        ACTION,
        (
            "ActionType (Category: 'Deploy', Provider: 'Jenkins', Owner: 'AWS', Version: '1') in action 'Jenkins'"
            " is not available in region 'US_EAST_1'"
        ),
    ),
    "unknown version": (deploy(action("Approval/AWS/Manual", version="2")), ACTION, "Version: '2'"),
    "too few inputs": (deploy(build(inputs=[])), ACTION, "declares 0 input artifacts which is less than the minimum"),
    "too many inputs": (deploy(build(inputs=["app"] * 6)), ACTION, "6 input artifacts which is more than the maximum"),
    "approval with input": (deploy(approval(inputs=["app"])), ACTION, "1 input artifacts which is more"),
    "approval with output": (deploy(approval(outputs=["out"])), ACTION, "1 output artifacts which is more"),
    "input from nowhere": (
        deploy(build(inputs=["none"])),
        ACTION,
        "Input Artifact Bundle none in action Build is not declared as Output Artifact Bundle in any of the preceding",
    ),
    "input made at the same time": (
        deploy(build("A", outputs=["out"]), build("B", inputs=["out"])),
        ACTION,
        "Input Artifact Bundle out in action B",
    ),
    "input made later": (
        deploy(build("A", inputs=["out"], runOrder=1), build("B", outputs=["out"], runOrder=2)),
        ACTION,
        "Input Artifact Bundle out in action A",
    ),
    "output twice": (deploy(build(outputs=["app"])), ACTION, "name must be unique within the pipeline. app"),
    "missing configuration": (
        deploy(action(BUILD, inputs=["app"])),
        ACTION,
        "Action configuration for action 'CodeBuild' is missing required configuration 'ProjectName'",
    ),
    "unknown configuration": (
        deploy(action("Approval/AWS/Manual", "A", {"Colour": "red"})),
        ACTION,
        "Action configuration for action 'A' contains unknown configuration 'Colour'",
    ),
    "topic that is no ARN": (
        deploy(action("Approval/AWS/Manual", "A", {"NotificationArn": "topic"})),
        ACTION,
        "The ARN topic you specified for sending notifications for the approval action A contains a format error.",
    ),
    "topic in another region": (
        deploy(action("Approval/AWS/Manual", "A", {"NotificationArn": "arn:aws:sns:eu-west-1:123456789012:t"})),
        ACTION,
        "not in the same region as the pipeline",
    ),
    "queue for a topic": (
        deploy(action("Approval/AWS/Manual", "A", {"NotificationArn": "arn:aws:sqs:us-east-1:123456789012:t"})),
        ACTION,
        "AWS service for this ARN cannot be used",
    ),
    "timeout of a build": (deploy(build(timeoutInMinutes=5)), ACTION, "only manual approval actions"),
    "namespace twice": (
        deploy(build("A", namespace="ns"), build("B", namespace="ns")),
        ACTION,
        "StageName=[Deploy], ActionName=[B], Namespace=[ns]",
    ),
    "namespace that is not there": (
        deploy(action("Approval/AWS/Manual", "A", {"CustomData": "#{none.x}"})),
        ACTION,
        (
            "referencing a namespace that does not exist.\nStageName=[Deploy], ActionName=[A],"
            " ActionConfigurationKey=[CustomData], VariableReferenceText=[none.x]"
        ),
    ),
    "namespace of the same time": (
        deploy(build("A", namespace="ns"), action("Approval/AWS/Manual", "B", {"CustomData": "#{ns.x}"})),
        ACTION,
        "namespace that does not exist",
    ),
    "reference without a key": (
        deploy(action("Approval/AWS/Manual", "A", {"CustomData": "#{none}"})),
        ACTION,
        "a namespace and a key separated by a period",
    ),
    "variables of V1": (
        {"variables": [{"name": "a"}]},
        STRUCTURE,
        "Pipeline variable can only be used with V2 pipelines",
    ),
    "queue of V1": ({"executionMode": "QUEUED"}, STRUCTURE, "QUEUED or PARALLEL mode can only be used with V2"),
    "trigger of V1": (
        {"triggers": [{"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "S"}}]},
        STRUCTURE,
        "can only be used with V2",
    ),
    "condition of V1": (
        deploy(approval(), beforeEntry=condition("FAIL")),
        STAGE,
        "can only be used with V2 pipelines.",
    ),
    "commands of V1": (
        deploy(action("Compute/AWS/Commands", inputs=["app"], commands=["ls"])),
        ACTION,
        "Commands Action can only be used with V2 pipelines.",
    ),
    "variable twice": (
        {"pipelineType": "V2", "variables": [{"name": "a"}, {"name": "a"}]},
        STRUCTURE,
        "The following variable name is already in use: a",
    ),
    "unknown variable": (
        {
            "pipelineType": "V2",
            "variables": [{"name": "a"}],
            **deploy(action("Approval/AWS/Manual", "A", {"CustomData": "#{variables.b}"})),
        },
        ACTION,
        "a variable that does not exist",
    ),
    "variable in a source": (
        {
            "pipelineType": "V2",
            "variables": [{"name": "a"}],
            "source": [action("Source/AWS/ECR", "E", {"RepositoryName": "#{variables.a}"}, outputs=["app"])],
        },
        STRUCTURE,
        "Variables at the pipeline level cannot be used in source actions.",
    ),
    "trigger without connection": (
        {
            "pipelineType": "V2",
            "triggers": [
                {"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "Source"}}
            ],
        },
        STRUCTURE,
        "Triggers for connections must reference a CodeStarSourceConnection action.",
    ),
    "commands without commands": (
        {"pipelineType": "V2", **deploy(action("Compute/AWS/Commands", "C", inputs=["app"]))},
        ACTION,
        "Action C must have a non-empty commands field",
    ),
    "rolled back before entry": (
        {"pipelineType": "V2", **deploy(approval(), beforeEntry=condition("ROLLBACK"))},
        STAGE,
        "not valid for beforeEntry",
    ),
    "result and conditions": (
        {"pipelineType": "V2", **deploy(approval(), onFailure={"result": "FAIL", **condition("FAIL")})},
        STAGE,
        "both top level result and conditions: 'Deploy'",
    ),
    "unknown rule": (
        {
            "pipelineType": "V2",
            **deploy(
                approval(),
                onSuccess=condition("FAIL", {**CHECK, "ruleTypeId": {"category": "Rule", "provider": "Moon"}}),
            ),
        },
        STAGE,
        "RuleType (Provider: 'Moon')",
    ),
    "rule without configuration": (
        {"pipelineType": "V2", **deploy(approval(), onSuccess=condition("FAIL", {**CHECK, "configuration": {}}))},
        STAGE,
        "missing required configuration 'Operator'",
    ),
    "rollback in parallel": (
        {"pipelineType": "V2", "executionMode": "PARALLEL", **deploy(approval(), onFailure={"result": "ROLLBACK"})},
        STAGE,
        "PARALLEL",
    ),
    "another region": (deploy(approval(region="eu-west-1")), STRUCTURE, "Use 'pipeline.artifactStores'"),
    "no store for a region": (
        {
            "artifactStore": None,
            "artifactStores": {"us-east-1": {"type": "S3", "location": "artifacts"}},
            **deploy(approval(region="eu-west-1")),
        },
        STRUCTURE,
        "The following region is missing in 'pipeline.artifactStores': eu-west-1.",
    ),
    "no store": ({"artifactStore": None}, STRUCTURE, "either 'pipeline.artifactStore' or"),
    "no role": (
        {"roleArn": "arn:aws:iam::123456789012:role/none"},
        STRUCTURE,
        "CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::123456789012:role/none",
    ),
    "no role of an action": (
        deploy(approval(roleArn="arn:aws:iam::123456789012:role/none")),
        STRUCTURE,
        "arn:aws:iam::123456789012:role/pipeline is not authorized to perform AssumeRole on role",
    ),
}


def declared(pipelines, changes):
    """A declaration with the changes of a table's row; none is the same as without it."""
    wanted = dict(changes)
    result = pipelines.declaration(*wanted.pop("stages", ()))
    if "source" in wanted:
        result["stages"][0]["actions"] = wanted.pop("source")
    result["stages"] = result["stages"][: wanted.pop("all_stages", None)]
    return {key: value for key, value in {**result, **wanted}.items() if value is not None}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_pipeline_may_not_be(pipelines, case):
    changes, code, message = REFUSED[case]
    found = refusal(pipelines.client.create_pipeline, pipeline=declared(pipelines, changes))
    assert found[0] == code
    assert message in found[1]
    assert pipelines.client.list_pipelines()["pipelines"] == []


def test_an_update_is_checked_like_a_new_pipeline(pipelines):
    pipelines.create()
    broken = pipelines.declaration(stage("Source", approval()))
    assert code_of(pipelines.client.update_pipeline, pipeline=broken) == STAGE
    assert pipelines.client.get_pipeline(name="demo")["pipeline"]["version"] == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "a b"}, "Value 'a b' at 'pipeline.name' failed to satisfy constraint: Member must satisfy regular"),
        ({"name": "a" * 101}, "less than or equal to 100"),
        (deploy(approval("a b")), "at 'pipeline.stages.2.member.actions.1.member.name'"),
        (deploy(approval(runOrder=1000)), "Member must have value less than or equal to 999"),
        (deploy(approval(timeoutInMinutes=86401)), "less than or equal to 86400"),
        (deploy(action("Approval/AWS/Manual", "A", {"CustomData": "x" * 1001})), "Map value must satisfy constraint"),
        (deploy(action("Approve/AWS/Manual")), "Member must satisfy enum value set: [Source, Build"),
        (deploy(build(outputs=["a.b"])), "regular expression pattern: [a-zA-Z0-9_\\-]+"),
    ],
)
def test_values_are_checked_against_the_model(pipelines, changes, message):
    code, found = refusal(pipelines.client.create_pipeline, pipeline=declared(pipelines, changes))
    assert code == "ValidationException"
    assert found.startswith("1 validation error detected: ")
    assert message in found


def test_all_wrong_values_are_told_at_once(pipelines):
    wrong = declared(pipelines, {"name": "a b", **deploy(approval("c d"))})
    assert refusal(pipelines.client.create_pipeline, pipeline=wrong)[1].startswith("2 validation errors detected: ")

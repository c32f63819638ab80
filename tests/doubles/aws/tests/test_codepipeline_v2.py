# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline: what pipelines of type V2 have: modes, variables, conditions, automatic retries and rollbacks."""

from __future__ import annotations

import pytest

from embedded_aws.pipelines import action, approval, eventually, stage
from embedded_aws.testing import code_of

NOWHERE = "00000000-0000-0000-0000-000000000000"


def rule(variable="a", value="a", operator="EQ", name="check"):
    kind = {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"}
    return {
        "name": name,
        "ruleTypeId": kind,
        "configuration": {"Variable": variable, "Operator": operator, "Value": value},
    }


def condition(result, *rules):
    return {"conditions": [{"result": result, "rules": list(rules)}]}


GOOD, BAD = rule(), rule(value="b")


def test_a_queue_is_worked_off_in_order(pipelines):
    first = pipelines.create(pipelineType="V2", executionMode="QUEUED")
    pipelines.token()
    second, third = pipelines.start(), pipelines.start()

    def both_wait():
        inbound = [item["pipelineExecutionId"] for item in pipelines.stage("Release").get("inboundExecutions", [])]
        return inbound == [second, third]

    eventually(both_wait, "two executions wait")
    for execution in (first, second, third):
        eventually(
            lambda wanted=execution: pipelines.stage("Release")["latestExecution"]["pipelineExecutionId"] == wanted,
            f"{execution} is next",
        )
        pipelines.decide("Approved")
        assert pipelines.end(execution) == "Succeeded"
    assert pipelines.execution(first)["executionMode"] == "QUEUED"


def test_parallel_executions_do_not_wait_for_each_other(pipelines):
    executions = pipelines.create(pipelineType="V2", executionMode="PARALLEL"), pipelines.start()
    wanted = {"pipelineName": "demo", "stageName": "Release", "actionName": "Approve"}
    for execution in executions:
        eventually(lambda one=execution: len(pipelines.runs(one)) == 2, "the approval is asked for")
        assert "token" not in pipelines.action("Release", "Approve")
        token = pipelines.run(execution, "Approve")["output"]["executionResult"]["externalExecutionId"]
        pipelines.client.put_approval_result(**wanted, token=token, result={"status": "Approved", "summary": ""})
        assert pipelines.end(execution) == "Succeeded"
    target = {"pipelineName": "demo", "stageName": "Release", "targetPipelineExecutionId": executions[0]}
    assert code_of(pipelines.client.rollback_stage, **target) == "UnableToRollbackStageException"


def test_the_number_of_parallel_executions_is_limited(pipelines):
    pipelines.create(pipelineType="V2", executionMode="PARALLEL")
    for _ in range(49):
        pipelines.start()
    assert code_of(pipelines.client.start_pipeline_execution, name="demo") == (
        "ConcurrentPipelineExecutionsLimitExceededException"
    )


VARIABLES = [{"name": "Where", "defaultValue": "staging"}, {"name": "What"}]


def with_variables(pipelines):
    asked = action("Approval/AWS/Manual", "Approve", {"CustomData": "#{variables.What} to #{variables.Where}"})
    wanted = pipelines.declaration(stage("Release", asked), pipelineType="V2", variables=VARIABLES)
    pipelines.client.create_pipeline(pipeline=wanted)


def test_variables_have_values_in_an_execution(pipelines):
    with_variables(pipelines)
    assert pipelines.executions() == []  # one variable has no value
    execution = pipelines.start(variables=[{"name": "What", "value": "web"}])
    pipelines.token()
    resolved = pipelines.run(execution, "Approve")["input"]["resolvedConfiguration"]
    assert resolved == {"CustomData": "web to staging"}
    assert pipelines.execution(execution)["variables"] == [
        {"name": "Where", "resolvedValue": "staging"},
        {"name": "What", "resolvedValue": "web"},
    ]


@pytest.mark.parametrize(
    "variables", [[{"name": "Where", "value": "x"}], [{"name": "What", "value": "x"}, {"name": "Else", "value": "x"}]]
)
def test_variables_that_are_refused(pipelines, variables):
    with_variables(pipelines)
    assert code_of(pipelines.client.start_pipeline_execution, name="demo", variables=variables) == "ValidationException"


def test_a_variable_without_a_value_fails_the_action(pipelines):
    source = pipelines.source(namespace="src")
    asked = action("Approval/AWS/Manual", "Approve", {"CustomData": "#{src.None}"})
    execution = pipelines.create(stages=[stage("Source", source), stage("Release", asked)])
    assert pipelines.end(execution) == "Failed"
    assert "#{src.None}" in pipelines.action("Release", "Approve")["errorDetails"]["message"]


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ([GOOD], "Succeeded"),
        ([GOOD, rule(value="b", operator="NE", name="second")], "Succeeded"),
        ([rule("#{src.ETag}", "[0-9a-f]+", "MATCHES")], "Succeeded"),
        ([rule("abc", "b", "CONTAINS")], "Succeeded"),
        ([GOOD, rule(value="b", name="second")], "Failed"),
        ([rule("#{src.None}")], "Failed"),
        ([rule(operator="LIKE")], "Failed"),
        ([rule(value="(", operator="MATCHES")], "Failed"),
    ],
)
def test_a_stage_is_entered_when_all_rules_are_met(pipelines, rules, status):
    guarded = stage("Release", approval(), beforeEntry=condition("FAIL", *rules))
    execution = pipelines.create(
        stages=[stage("Source", pipelines.source(namespace="src")), guarded], pipelineType="V2"
    )

    def decided():
        return pipelines.stage("Release").get("beforeEntryConditionState", {}).get("latestExecution", {}).get("status")

    eventually(lambda: decided() in ("Succeeded", "Failed"), "the condition is evaluated")
    assert decided() == status
    if status == "Succeeded":
        pipelines.decide("Approved")
    assert pipelines.end(execution) == status
    listed = pipelines.client.list_rule_executions(pipelineName="demo")["ruleExecutionDetails"]
    assert [item["ruleName"] for item in reversed(listed)] == [item["name"] for item in rules]


def test_a_stage_is_skipped(pipelines):
    guarded = stage("Release", approval(), beforeEntry=condition("SKIP", BAD))
    execution = pipelines.create(guarded, stage("Last", approval("End")), pipelineType="V2")
    pipelines.decide("Approved", "Last", "End")
    assert pipelines.end(execution) == "Succeeded"
    assert pipelines.stage("Release")["latestExecution"]["status"] == "Skipped"
    assert pipelines.action("Release", "Approve") == {}


def test_what_a_skipped_stage_would_have_made_is_missing(pipelines):
    build = action("Build/AWS/CodeBuild", "Build", {"ProjectName": "x"}, inputs=["app"], outputs=["built"])
    deploy = action("Deploy/AWS/S3", "Deploy", {"BucketName": "artifacts", "Extract": "true"}, inputs=["built"])
    skipped = stage("Build", build, beforeEntry=condition("SKIP", BAD))
    execution = pipelines.create(skipped, stage("Deploy", deploy), pipelineType="V2")
    assert pipelines.end(execution) == "Failed"
    assert "built was not made" in pipelines.action("Deploy", "Deploy")["errorDetails"]["message"]


@pytest.mark.parametrize(("gate", "kind"), [("beforeEntry", "BEFORE_ENTRY"), ("onSuccess", "ON_SUCCESS")])
def test_a_condition_is_overridden(pipelines, gate, kind):
    execution = pipelines.create(stage("Release", approval(), **{gate: condition("FAIL", BAD)}), pipelineType="V2")
    if gate == "onSuccess":
        pipelines.decide("Approved")
    assert pipelines.end(execution) == "Failed"
    wanted = {"pipelineName": "demo", "stageName": "Release", "conditionType": kind}
    override = pipelines.client.override_stage_condition
    assert code_of(override, **wanted, pipelineExecutionId=NOWHERE) == "NotLatestPipelineExecutionException"
    override(**wanted, pipelineExecutionId=execution)
    if gate == "beforeEntry":
        pipelines.decide("Approved")
    assert pipelines.end(execution) == "Succeeded"
    state = pipelines.stage("Release")[f"{gate}ConditionState"]
    assert state["latestExecution"]["status"] == "Overridden"
    assert code_of(override, **wanted, pipelineExecutionId=execution) == "ConditionNotOverridableException"


def test_a_retry_asks_at_the_entry_again(pipelines):
    execution = pipelines.create(stage("Release", approval(), beforeEntry=condition("FAIL", BAD)), pipelineType="V2")
    assert pipelines.end(execution) == "Failed"
    wanted = {"pipelineName": "demo", "stageName": "Release", "retryMode": "FAILED_ACTIONS"}
    pipelines.client.retry_stage_execution(**wanted, pipelineExecutionId=execution)
    assert pipelines.end(execution) == "Failed"
    assert len(pipelines.client.list_rule_executions(pipelineName="demo")["ruleExecutionDetails"]) == 2


def rolled_back(pipelines, execution):
    """The execution that rolled another one back, once it waits for approval."""

    def found():
        for item in pipelines.executions():
            if item["trigger"] == {"triggerType": "AutomatedRollback", "triggerDetail": execution}:
                return item
        return None

    return eventually(found, f"{execution} is rolled back")


def test_a_failed_stage_rolls_back_by_itself(pipelines):
    good = pipelines.create(stage("Release", approval(), onFailure={"result": "ROLLBACK"}), pipelineType="V2")
    pipelines.decide("Approved")
    pipelines.end(good)
    bad = pipelines.start()
    pipelines.decide("Rejected")
    assert pipelines.end(bad) == "Failed"
    back = rolled_back(pipelines, bad)
    assert back["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": good}
    pipelines.decide("Rejected")
    assert pipelines.end(back["pipelineExecutionId"]) == "Failed"  # a rollback that fails is not rolled back again
    assert len(pipelines.executions()) == 3


def test_success_that_is_not_good_enough_rolls_back(pipelines):
    source = pipelines.source(namespace="src")
    version = pipelines.upload("good")
    checked = stage("Release", approval(), onSuccess=condition("ROLLBACK", rule("#{src.VersionId}", version)))
    good = pipelines.create(stages=[stage("Source", source), checked], pipelineType="V2")
    pipelines.decide("Approved")
    assert pipelines.end(good) == "Succeeded"
    pipelines.upload("bad")
    bad = pipelines.start()
    pipelines.decide("Approved")
    assert pipelines.end(bad) == "Failed"
    assert rolled_back(pipelines, bad)["executionType"] == "ROLLBACK"


def test_without_an_earlier_success_there_is_no_rollback(pipelines):
    execution = pipelines.create(stage("Release", approval(), onFailure={"result": "ROLLBACK"}), pipelineType="V2")
    pipelines.decide("Rejected")
    assert pipelines.end(execution) == "Failed"
    assert len(pipelines.executions()) == 1


def test_a_failed_stage_is_retried_once_by_itself(pipelines):
    retried = stage("Release", approval(), onFailure={"result": "RETRY"})
    execution = pipelines.create(retried, pipelineType="V2")
    token = pipelines.token()
    pipelines.decide("Rejected")
    eventually(lambda: pipelines.token() != token, "the approval is asked for again")
    assert pipelines.stage("Release")["retryStageMetadata"] == {
        "autoStageRetryAttempt": 1,
        "latestRetryTrigger": "AutomatedStageRetry",
    }
    pipelines.decide("Rejected")
    assert pipelines.end(execution) == "Failed"


def test_a_failure_is_passed_over(pipelines):
    skipped = stage("Release", approval(), onFailure=condition("SKIP", BAD))
    execution = pipelines.create(skipped, stage("Last", approval("End")), pipelineType="V2")
    pipelines.decide("Rejected")
    assert pipelines.token("Last", "End")
    assert pipelines.stage("Release")["latestExecution"]["status"] == "Skipped"
    assert pipelines.execution(execution)["status"] == "InProgress"


@pytest.mark.parametrize(("state", "status"), [("OK", "Succeeded"), ("ALARM", "Failed")])
def test_an_alarm_is_a_rule(pipelines, state, status):
    cloudwatch = pipelines.aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        MetricName="Errors",
        Namespace="app",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="test")
    kind = {"category": "Rule", "owner": "AWS", "provider": "CloudWatchAlarm", "version": "1"}
    alarm = {"name": "quiet", "ruleTypeId": kind, "configuration": {"AlarmName": "errors"}}
    execution = pipelines.create(stage("Release", approval(), onSuccess=condition("FAIL", alarm)), pipelineType="V2")
    pipelines.decide("Approved")
    assert pipelines.end(execution) == status
    rules = pipelines.client.list_rule_executions(pipelineName="demo")["ruleExecutionDetails"]
    assert rules[0]["output"]["executionResult"]["externalExecutionSummary"] == f"The alarm errors is in state {state}"


def test_rule_types_are_listed(pipelines):
    found = [item["id"]["provider"] for item in pipelines.client.list_rule_types()["ruleTypes"]]
    assert {"VariableCheck", "CloudWatchAlarm"} <= set(found)


def test_triggers_are_kept(pipelines):
    connection = {"ConnectionArn": "arn:c", "FullRepositoryId": "a/b", "BranchName": "main"}
    source = action("Source/AWS/CodeStarSourceConnection", "Code", connection, outputs=["app"])
    push = {"push": [{"branches": {"includes": ["main"]}}]}
    triggers = [{"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "Code", **push}}]
    execution = pipelines.create(
        stages=[stage("Source", source), stage("Release", approval())], pipelineType="V2", triggers=triggers
    )
    assert pipelines.client.get_pipeline(name="demo")["pipeline"]["triggers"] == triggers
    pipelines.decide("Approved")
    assert pipelines.end(execution) == "Succeeded"
    assert len(pipelines.execution(execution)["artifactRevisions"][0]["revisionId"]) == 40


def test_a_new_revision_starts_an_execution(pipelines):
    pipelines.create()
    revision = {"revisionId": "1", "revisionChangeId": "1", "created": 0}
    wanted = {"pipelineName": "demo", "stageName": "Source", "actionName": "Source", "actionRevision": revision}
    execution = pipelines.client.put_action_revision(**wanted)["pipelineExecutionId"]
    assert pipelines.execution(execution)["trigger"]["triggerType"] == "PutActionRevision"

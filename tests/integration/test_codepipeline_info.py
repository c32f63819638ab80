# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import typing as t
from xml.etree import ElementTree

import pytest
import yaml

from embedded_aws.pipelines import Pipelines, approval, eventually, stage


@pytest.fixture
def pipelines(aws: t.Any) -> Pipelines:
    made = Pipelines(aws)
    made.prepare()
    asked = approval(configuration={"CustomData": "Look at it."}, timeoutInMinutes=60)
    made.create(stage("Release", asked), stage("Last", approval("End")), pipelineType="V2")
    return made


@pytest.fixture
def info(run_module: t.Any, aws: t.Any, pipelines: Pipelines) -> t.Callable[..., list[dict[str, t.Any]]]:
    """Runs the module, which must only read, and returns the pipelines."""

    def run(**params: t.Any) -> list[dict[str, t.Any]]:
        aws.forget()
        result = run_module("codepipeline_info", **params)
        assert (result["changed"], aws.log("write")) == (False, [])
        return list(result["pipelines"])

    return run


def test_a_pipeline_that_waits_for_an_approval(info: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    token = pipelines.token()
    pipelines.client.disable_stage_transition(
        pipelineName="demo", stageName="Last", transitionType="Inbound", reason="Closed"
    )
    (found,) = info(pipeline="demo")
    assert (found["name"], found["version"], found["pipeline_type"]) == ("demo", 1, "V2")
    assert found["definition"] == pipelines.client.get_pipeline(name="demo")["pipeline"]
    assert [each["name"] for each in found["stages"]] == ["Source", "Release", "Last"]

    source, release, last = found["state"]
    assert (source["status"], source["actions"][0]["status"]) == ("Succeeded", "Succeeded")
    assert source["actions"][0]["revision_id"]
    assert (release["status"], release["pipeline_execution_id"]) == (
        "InProgress",
        found["executions"][0]["pipeline_execution_id"],
    )
    assert (last["status"], last["transition"]["enabled"], last["transition"]["reason"]) == (None, False, "Closed")

    (pending,) = found["pending_approvals"]
    assert (pending["stage"], pending["action"], pending["custom_data"]) == ("Release", "Approve", "Look at it.")
    assert 0 <= pending["token_age"] < 60
    since, expires = (datetime.datetime.fromisoformat(pending[key]) for key in ("since", "expires"))
    assert expires - since == datetime.timedelta(hours=1)
    assert token not in str(found)
    assert [entry["operation"] for entry in aws.log()].count("ListPipelineExecutions") == 1


def test_approvals_of_executions_that_run_at_the_same_time(info: t.Any, pipelines: Pipelines) -> None:
    changed = pipelines.client.get_pipeline(name="demo")["pipeline"]
    pipelines.client.update_pipeline(pipeline={**changed, "executionMode": "PARALLEL"})
    started = {pipelines.start(), pipelines.start()}

    def pending() -> set[str]:
        return {each["pipeline_execution_id"] for each in info(pipeline="demo")[0]["pending_approvals"]}

    assert eventually(lambda: pending() >= started, "both wait for an answer")


def test_all_pipelines_and_none(info: t.Any, pipelines: Pipelines) -> None:
    pipelines.client.create_pipeline(pipeline=pipelines.declaration(name="another"))
    assert [found["name"] for found in info(executions=1)] == ["another", "demo"]
    assert info(pipeline="nobody") == []


def test_an_older_version_and_fewer_requests(info: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    changed = pipelines.client.get_pipeline(name="demo")["pipeline"]
    pipelines.client.update_pipeline(pipeline={**changed, "stages": changed["stages"][:2]})
    (found,) = info(pipeline="demo", version=1, executions=0)
    assert (found["version"], len(found["stages"]), found["executions"]) == (1, 3, [])
    assert [entry["operation"] for entry in aws.log()] == ["GetPipeline", "GetPipelineState", "ListTagsForResource"]


def test_what_is_read_is_what_codepipeline_stage_takes(info: t.Any, run_module: t.Any) -> None:
    (found,) = info(pipeline="demo")
    for each in found["stages"]:
        given = {"stage" if key == "name" else key: value for key, value in each.items()}
        assert run_module("codepipeline_stage", pipeline="demo", **given)["changed"] is False


def test_the_stages_can_be_copied_into_a_template(info: t.Any, pipelines: Pipelines, aws: t.Any) -> None:
    (found,) = info(pipeline="demo", as_cloudformation=True)
    properties = {
        "Name": "copy",
        "RoleArn": "arn:aws:iam::123456789012:role/pipeline",
        "ArtifactStore": {"Type": "S3", "Location": "artifacts"},
        "PipelineType": "V2",
        **yaml.safe_load(found["cloudformation"]),
    }
    template = {"Resources": {"Copy": {"Type": "AWS::CodePipeline::Pipeline", "Properties": properties}}}
    aws.client("cloudformation").create_stack(StackName="copy", TemplateBody=yaml.safe_dump(template))
    assert aws.wait_for_stack("copy")["StackStatus"] == "CREATE_COMPLETE"
    copied = pipelines.client.get_pipeline(name="copy")["pipeline"]
    assert copied["stages"] == found["definition"]["stages"]


def test_pictures(info: t.Any, pipelines: Pipelines) -> None:
    pipelines.token()
    (found,) = info(pipeline="demo", as_mermaid=True, as_svg=True)
    assert 's1r0a0["Approve<br>Manual<br>waits for approval"]:::waiting' in found["mermaid"]
    drawing = ElementTree.fromstring(found["svg"])
    assert "waits for approval" in "".join(drawing.itertext())


def test_a_version_without_a_pipeline_is_refused(run_module: t.Any, pipelines: Pipelines) -> None:
    with pytest.raises(Exception, match=r"version needs the name of a pipeline\."):
        run_module("codepipeline_info", version=1)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import (
    action_from,
    approval_from,
    conditions_from,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import (
    Position,
    Request,
    find,
    names,
    plan,
)

Data = dict[str, t.Any]


def action(name: str, category: str = "Build", provider: str = "CodeBuild", **options: t.Any) -> Data:
    return action_from({"name": name, "category": category, "provider": provider, **options})


def as_aws_shows_it(wanted: Data) -> Data:
    """With the entries that AWS adds, and one that is younger than this collection."""
    empty: Data = {"configuration": {}, "inputArtifacts": [], "outputArtifacts": []}
    return {**empty, **wanted, "runOrder": wanted.get("runOrder", 1), "region": "eu-central-1", "futureField": {"a": 1}}


def stage(name: str, *actions: Data, **fields: t.Any) -> Data:
    return {"name": name, "actions": [as_aws_shows_it(each) for each in actions], **fields}


BUILD = action("Build", configuration={"ProjectName": "app"}, input_artifacts=["Code"], output_artifacts=["App"])
TEST = action("Test", category="Test", run_order=2, input_artifacts=["App"])
STAGES = [
    stage("Source", action("Code", category="Source", provider="CodeCommit", output_artifacts=["Code"])),
    stage("Build", BUILD, TEST, futureBlock=[{"x": None}]),
    stage("Production", action("Deploy", category="Deploy", provider="ECS", input_artifacts=["App"])),
]
APPROVAL = approval_from({"custom_data": "Explore it."}, "Explore")
ADD = Request("Explore", approval=APPROVAL)
BUILD_ONLY = Request("Build", actions=(BUILD,))
OTHER_BUILD = {**BUILD, "configuration": {"ProjectName": "new", "PrimarySource": "Code"}}
WINDOW = {"name": "Window", "provider": "DeploymentWindow", "configuration": {"Cron": "* * * 9-16 ? * MON-FRI *"}}
ENTRY = conditions_from({"conditions": [{"result": "FAIL", "rules": [WINDOW]}]})


def given_as(*actions: Data) -> Request:
    return Request("Build", actions=actions)


@pytest.mark.parametrize(
    ("request_", "order", "changes"),
    [
        pytest.param(ADD, "Source Build Production Explore", ["Add stage Explore after stage Production."], id="added"),
        pytest.param(
            replace(ADD, position=Position("before", "Production")),
            "Source Build Explore Production",
            ["Add stage Explore before stage Production."],
            id="added before",
        ),
        pytest.param(
            replace(ADD, position=Position("after", "Source")),
            "Source Explore Build Production",
            ["Add stage Explore before stage Build."],
            id="added after",
        ),
        pytest.param(
            replace(ADD, position=Position("first")),
            "Explore Source Build Production",
            ["Add stage Explore before stage Source."],
            id="added first",
        ),
        pytest.param(
            Request("Build", position=Position("last")),
            "Source Production Build",
            ["Move stage Build after stage Production."],
            id="moved last",
        ),
        pytest.param(
            Request("Production", position=Position("before", "Build")),
            "Source Production Build",
            ["Move stage Production before stage Build."],
            id="moved before",
        ),
        pytest.param(
            Request("Source", position=Position("after", "Build")),
            "Build Source Production",
            ["Move stage Source before stage Production."],
            id="moved after",
        ),
        pytest.param(Request("Build", False), "Source Production", ["Remove stage Build."], id="removed"),
        pytest.param(BUILD_ONLY, "", ["Remove action Test from stage Build."], id="action removed"),
        pytest.param(
            given_as(BUILD, TEST, action("Lint")), "", ["Add action Lint to stage Build."], id="action added"
        ),
        pytest.param(
            given_as(OTHER_BUILD, {**TEST, "runOrder": 3}),
            "",
            [
                "Change configuration.PrimarySource, configuration.ProjectName of action Build in stage Build.",
                "Change run_order of action Test in stage Build.",
            ],
            id="actions changed",
        ),
        pytest.param(
            given_as(BUILD, action("Test", category="Test", provider="DeviceFarm", input_artifacts=["App"])),
            "",
            ["Change future_field, provider, region, run_order of action Test in stage Build."],
            id="another type of action",
        ),
        pytest.param(
            Request("Build", conditions={"beforeEntry": ENTRY}),
            "",
            ["Add before_entry of stage Build."],
            id="condition added",
        ),
        pytest.param(Request("Build", position=Position("after", "Source")), "", [], id="stands there already"),
        pytest.param(Request("Production", position=Position("last")), "", [], id="is last already"),
        pytest.param(Request("Nowhere", False), "", [], id="absent already"),
        pytest.param(given_as(TEST, BUILD), "", [], id="same actions in another order"),
        pytest.param(given_as(action("Build"), {**TEST, "runOrder": 2}), "", [], id="what is not given is left alone"),
        pytest.param(given_as({**BUILD, "namespace": ""}, TEST), "", [], id="nothing to take away"),
        pytest.param(Request("Build", conditions={"beforeEntry": {}}), "", [], id="no condition to remove"),
    ],
)  # fmt: skip
def test_plan(request_: Request, order: str, changes: list[str]) -> None:
    planned = plan(STAGES, request_)
    assert (list(planned.changes), planned.findings) == (changes, ())
    assert names(planned.stages) == (order.split() or names(STAGES))
    assert planned.stages == STAGES or changes


@pytest.mark.parametrize(
    ("request_", "finding"),
    [
        (Request("Explore"), "There is no stage Explore (the stages are Source, Build, Production); give actions"),
        (
            replace(ADD, position=Position("before", "Prod")),
            "before names stage Prod, which does not exist; the stages",
        ),
        (Request("Build", position=Position("after", "Build")), "Stage Build cannot stand after itself."),
    ],
)
def test_what_cannot_be_planned_is_said(request_: Request, finding: str) -> None:
    planned = plan(STAGES, request_)
    assert planned.findings[0].startswith(finding)
    assert (planned.stages, planned.changes) == (STAGES, ())


def test_a_given_field_replaces_and_an_empty_one_removes() -> None:
    wanted = {**BUILD, "configuration": {"PrimarySource": "Code"}, "inputArtifacts": [], "region": ""}
    built = plan(STAGES, given_as(wanted, TEST)).stages[1]["actions"][0]
    assert built["configuration"] == {"PrimarySource": "Code"}
    assert not {"inputArtifacts", "region"} & set(built)
    assert built["futureField"] == {"a": 1}


def test_an_approval_changes_only_the_entries_that_are_given() -> None:
    first = approval_from({"notification_arn": "arn:t", "custom_data": "a", "timeout_in_minutes": 60}, "Explore")
    stages = plan(STAGES, Request("Explore", approval=first)).stages
    second = approval_from({"custom_data": "b", "notification_arn": ""}, "Explore")
    explored = plan(stages, Request("Explore", approval=second)).stages[-1]["actions"][0]
    assert (explored["configuration"], explored["timeoutInMinutes"]) == ({"CustomData": "b"}, 60)


def test_an_approval_replaces_an_action_of_the_same_name_and_keeps_nothing_of_it() -> None:
    stages = [*STAGES, stage("Explore", action("Explore", configuration={"ProjectName": "x"}))]
    assert plan(stages, ADD).stages[-1]["actions"] == [APPROVAL]


def test_a_condition_is_compared_by_meaning() -> None:
    stages = plan(STAGES, Request("Build", conditions={"beforeEntry": ENTRY})).stages
    short = copy.deepcopy(stages)
    del short[1]["beforeEntry"]["conditions"][0]["rules"][0]["ruleTypeId"]["version"]
    assert plan(short, Request("Build", conditions={"beforeEntry": ENTRY})).changes == ()
    assert plan(stages, Request("Build", conditions={"beforeEntry": {}})).changes == (
        "Remove before_entry of stage Build.",
    )


# Properties that hold for any pipeline and any request.

known_names = st.sampled_from(["A", "B", "C", "D", "E"])
artifacts = st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True)
actions = st.builds(
    action_from,
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["one", "two", "three"]),
            "category": st.sampled_from(["Build", "Test"]),
            "provider": st.just("CodeBuild"),
        },
        optional={
            "configuration": st.dictionaries(st.sampled_from(["P", "Q"]), st.sampled_from(["1", "2"])),
            "run_order": st.integers(1, 3),
            "namespace": st.sampled_from(["", "n"]),
            "input_artifacts": artifacts,
            "output_artifacts": artifacts,
        },
    ),
)
action_lists = st.lists(actions, min_size=1, max_size=3, unique_by=lambda a: a["name"])
fields = st.fixed_dictionaries({}, optional={"beforeEntry": st.just(ENTRY), "futureBlock": st.just([{"x": None}])})
stage_lists = st.lists(known_names, min_size=1, max_size=5, unique=True).flatmap(
    lambda chosen: st.tuples(
        *(st.builds(lambda a, f, n=name: stage(n, *a, **f), action_lists, fields) for name in chosen)
    ).map(list)
)
positions = st.none() | st.sampled_from([Position("first"), Position("last")])
positions |= st.builds(Position, st.sampled_from(["before", "after"]), known_names)
approvals = st.builds(
    approval_from,
    st.fixed_dictionaries({}, optional={"custom_data": st.sampled_from(["", "a", "b"]), "name": st.just("one")}),
    known_names,
)
presents = st.builds(
    Request,
    known_names,
    actions=st.none() | action_lists.map(tuple),
    conditions=st.dictionaries(st.sampled_from(["beforeEntry", "onSuccess"]), st.sampled_from([{}, ENTRY])),
    position=positions,
) | st.builds(Request, known_names, approval=approvals, position=positions)
requests = presents | st.builds(Request, known_names, st.just(False))


@given(stage_lists, requests)
def test_applying_twice_is_applying_once(stages: list[Data], wanted: Request) -> None:
    once = plan(stages, wanted)
    twice = plan(once.stages, wanted)
    assert (twice.stages, twice.changes) == (once.stages, ())


@given(stage_lists, presents)
def test_present_then_absent_is_the_original(stages: list[Data], wanted: Request) -> None:
    stages = [each for each in stages if each["name"] != wanted.name]
    added = plan(stages, wanted).stages
    assert plan(added, Request(wanted.name, False)).stages == stages


@given(stage_lists, requests)
def test_other_stages_are_untouched_and_in_their_order(stages: list[Data], wanted: Request) -> None:
    original = copy.deepcopy(stages)
    others = [each for each in plan(stages, wanted).stages if each["name"] != wanted.name]
    assert others == [each for each in original if each["name"] != wanted.name]
    assert stages == original


@given(stage_lists, requests)
def test_a_change_is_said_exactly_if_there_is_one(stages: list[Data], wanted: Request) -> None:
    planned = plan(stages, wanted)
    assert bool(planned.changes) == (planned.stages != stages)


@given(stage_lists, presents)
def test_fields_that_nobody_knows_survive(stages: list[Data], wanted: Request) -> None:
    before, after = find(stages, wanted.name), find(plan(stages, wanted).stages, wanted.name)
    if before and after:
        assert before.get("futureBlock") == after.get("futureBlock")
        types = {each["name"]: each["actionTypeId"] for each in before["actions"]}
        kept = [each for each in after["actions"] if types.get(each["name"]) == each["actionTypeId"]]
        assert all(each["futureField"] == {"a": 1} for each in kept)


@given(stage_lists, presents.filter(lambda wanted: wanted.position is not None))
def test_a_stage_stands_where_it_is_wanted(stages: list[Data], wanted: Request) -> None:
    planned, position = plan(stages, wanted), wanted.position
    if planned.findings or position is None:
        return
    order = names(planned.stages)
    index = order.index(wanted.name)
    expected = {"first": 0, "last": len(order) - 1}.get(position.where)
    if position.anchor:
        expected = order.index(position.anchor) + (1 if position.where == "after" else -1)
    assert index == expected

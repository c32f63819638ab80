# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import replace
from datetime import datetime

import pytest
from unit.plugins.module_utils._codepipeline.scripted import ID, NOON, OTHER, Data, ScriptedPipeline, run, snapshot

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import approvals
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.answer import Answerer, Outcome
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Overtaken
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.approvals import Approval, Decision, Wish
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Run, Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

ANN = "arn:aws:iam::123456789012:user/ann"


def action(name: str, category: str = "Approval") -> Data:
    return {"name": name, "actionTypeId": {"category": category}}


DECLARATION: Data = {
    "stages": [
        {"name": "Source", "actions": [action("Code", "Source")]},
        {"name": "Staging", "actions": [action("Deploy", "Deploy"), action("Ask")]},
        {"name": "Live", "actions": [action("Ask"), action("Sign")]},
    ],
}
EVERYWHERE = ["Staging/Ask", "Live/Ask", "Live/Sign"]


def wish(**options: t.Any) -> Wish:
    return Wish("shop", **{"state": "approved", **options})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, EVERYWHERE),
        ({"stage": "Live"}, ["Live/Ask", "Live/Sign"]),
        ({"action": "Ask"}, ["Staging/Ask", "Live/Ask"]),
        ({"stage": "Live", "action": "Sign"}, ["Live/Sign"]),
    ],
)
def test_which_approvals_are_meant(options: Data, expected: list[str]) -> None:
    assert approvals.places(DECLARATION, wish(**options)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"stage": "Lve"}, "Pipeline shop has no stage Lve; the stages are Source, Staging, Live."),
        (
            {"stage": "Staging", "action": "Deploy"},
            f"has no approval action Deploy in stage Staging; its approvals are: {', '.join(EVERYWHERE)}.",
        ),
        ({"stage": "Source"}, "Pipeline shop has no approval action in stage Source;"),
        ({"summary": "x" * 513}, "summary may have 512 characters; it has 513."),
    ],
)
def test_a_mistake_is_told_in_one_sentence(options: Data, expected: str) -> None:
    with pytest.raises(CollectionError) as caught:
        approvals.places(DECLARATION, wish(**options))
    assert expected in caught.value.message


def asked(place: str, execution_id: str = ID) -> Approval:
    return Approval(*place.split("/"), execution_id, "pending", f"token of {place}", NOON)


@pytest.mark.parametrize(
    ("options", "meant", "expected"),
    [
        ({}, EVERYWHERE[1:2], asked("Live/Ask")),
        ({"execution_id": OTHER}, EVERYWHERE, asked("Staging/Ask", OTHER)),
        ({"execution_id": ID}, EVERYWHERE, asked("Live/Ask")),
        ({}, ["Live/Sign"], None),
    ],
)
def test_the_pending_approval_is_chosen(options: Data, meant: list[str], expected: Approval | None) -> None:
    pending = [asked("Staging/Ask", OTHER), asked("Live/Ask")]
    assert approvals.choose(wish(**options), meant, pending) == expected


def test_several_pending_approvals_are_named() -> None:
    with pytest.raises(CollectionError, match=r"2 pending approvals; .* Live/Ask of execution 1.*, Live/Sign of"):
        approvals.choose(wish(), EVERYWHERE, [asked("Live/Ask"), asked("Live/Sign")])


def decided(place: str, status: str, **more: t.Any) -> Run:
    return run(place, status, category="Approval", by=ANN, summary="Seen", **more)


YES, NO = decided("Staging/Ask", "Succeeded"), decided("Staging/Ask", "Failed")


@pytest.mark.parametrize(
    ("options", "found", "meant", "kind"),
    [
        ({}, None, EVERYWHERE, "wait"),
        ({}, snapshot(YES), EVERYWHERE, "wait"),
        ({}, snapshot(YES), ["Staging/Ask"], "done"),
        ({}, snapshot(YES), ["Live/Ask"], "wait"),
        ({}, snapshot(YES, status="Failed"), EVERYWHERE, "done"),
        ({}, snapshot(status="Failed"), EVERYWHERE, "wait"),
        ({"execution_id": ID}, snapshot(status="Failed"), EVERYWHERE, "never"),
        ({"execution_id": ID}, snapshot(), EVERYWHERE, "wait"),
        ({"state": "rejected"}, snapshot(NO, status="Failed"), EVERYWHERE, "done"),
        ({"state": "rejected"}, snapshot(YES), EVERYWHERE, "wait"),
        ({}, snapshot(decided("Staging/Ask", "Abandoned"), status="Stopped"), EVERYWHERE, "wait"),
        ({}, snapshot(NO, replace(YES, id="again")), ["Staging/Ask"], "done"),
    ],
)
def test_what_is_done_when_nothing_is_pending(
    options: Data, found: Snapshot | None, meant: list[str], kind: str
) -> None:
    assert approvals.decide(wish(**options), meant, found, "it runs").kind == kind


@pytest.mark.parametrize(("state", "found"), [("approved", snapshot(NO, status="Failed")), ("rejected", snapshot(YES))])
def test_the_other_answer_names_who_and_when(state: str, found: Snapshot) -> None:
    with pytest.raises(CollectionError) as caught:
        approvals.decide(wish(state=state), ["Staging/Ask"], found, "")
    other = "rejected" if state == "approved" else "approved"
    expected = f"The approval Staging/Ask of execution {ID} was {other} by {ANN} at 2026-11-22T12:00:04+00:00: Seen."
    assert caught.value.message == expected


def test_an_approval_that_nobody_answered_says_so() -> None:
    expired = run("Staging/Ask", "Failed", category="Approval", error_message="Not decided within 5 minutes")
    with pytest.raises(CollectionError, match=r"was rejected at .*: Not decided within 5 minutes"):
        approvals.decide(wish(), ["Staging/Ask"], snapshot(expired, status="Failed"), "")


def state(*pending: str) -> Data:
    stages = []
    for stage in DECLARATION["stages"]:
        actions = []
        for found in stage["actions"]:
            token = {"token": "t"} if f"{stage['name']}/{found['name']}" in pending else {}
            latest = {"status": "InProgress" if token else "Succeeded", "lastStatusChange": NOON, **token}
            actions.append({"actionName": found["name"], "latestExecution": latest})
        latest = {"pipelineExecutionId": ID, "status": "InProgress"}
        stages.append({"stageName": stage["name"], "latestExecution": latest, "actionStates": actions})
    return {"stageStates": stages}


class Asked(ScriptedPipeline):
    """A pipeline whose approvals can be answered; refusals come first."""

    def __init__(self, *scenes: Snapshot, **more: t.Any) -> None:
        super().__init__(*scenes, **{"declaration": DECLARATION, **more})
        self.answers: list[tuple[str, str, str, str, Data]] = []
        self.refusals: list[t.Callable[[], None]] = []

    def answer_approval(self, *answer: t.Any) -> datetime:
        if self.refusals:
            self.refusals.pop(0)()
            raise Overtaken("The approval request already received a response or has expired.")
        self.answers.append(answer)
        return NOON


def answer(api: Asked, check: bool = False, timeout: float = 0, **options: t.Any) -> Outcome:
    return Answerer(t.cast(t.Any, api), wish(**options), api.patience(timeout), check=check).run()


def test_the_only_pending_approval_is_answered_after_two_reads() -> None:
    api = Asked(snapshot(), state=state("Live/Ask"))
    outcome = answer(api, summary="Fine")
    assert api.answers == [("shop", "Live", "Ask", "t", {"status": "Approved", "summary": "Fine"})]
    assert api.calls == ["GetPipeline", "GetPipelineState"]
    assert outcome.approval is not None
    assert (outcome.changed, outcome.approval.state, outcome.approval.since) == (True, "approved", NOON)


def test_check_mode_answers_nothing() -> None:
    api = Asked(snapshot(), state=state("Live/Ask"))
    outcome = answer(api, check=True, state="rejected")
    assert (outcome.changed, api.answers) == (True, [])


@pytest.mark.parametrize(
    ("options", "scenes", "expected"),
    [
        ({}, [snapshot(run("Source/Code", "InProgress"))], f"execution {ID} runs Source/Code."),
        ({"stage": "Staging"}, [snapshot(status="Failed")], f"execution {ID} has ended with status Failed."),
    ],
)
def test_what_the_pipeline_does_instead(options: Data, scenes: list[Snapshot], expected: str) -> None:
    with pytest.raises(CollectionError) as caught:
        answer(Asked(*scenes, state=state()), **options)
    assert caught.value.message.startswith("Pipeline shop does not wait for ")
    assert caught.value.message.endswith(f": {expected}")


def test_a_pipeline_that_never_ran_says_so() -> None:
    empty = {"stageStates": [{"stageName": "Source", "actionStates": []}]}
    with pytest.raises(CollectionError, match=r"does not wait for any of the approvals .*: it has never run\.$"):
        answer(Asked(snapshot(), state=empty))


class Arriving(Asked):
    """The approval becomes pending after some pauses."""

    def state(self, name: str) -> Data:
        super().state(name)
        return state("Staging/Ask") if len(self.pauses) > 3 else state()


def test_an_approval_is_waited_for() -> None:
    api = Arriving(snapshot(run("Source/Code", "InProgress")))
    assert answer(api, timeout=60).changed
    assert len(api.pauses) == 4


def test_an_execution_that_has_ended_is_not_waited_for() -> None:
    api = Asked(snapshot(status="Stopped"), state=state())
    with pytest.raises(CollectionError, match=r"after 60 s: execution 1.* has ended with status Stopped"):
        answer(api, timeout=60, execution_id=ID)
    assert api.pauses == []


def test_check_mode_trusts_that_an_approval_will_come() -> None:
    api = Asked(snapshot(run("Source/Code", "InProgress")), state=state())
    outcome = answer(api, check=True, timeout=60)
    assert (outcome.changed, outcome.approval, outcome.why) == (True, None, f"execution {ID} runs Source/Code")
    assert api.pauses == []


def test_somebody_who_is_faster_with_the_same_answer_makes_no_change() -> None:
    api = Asked(snapshot(YES), state=state("Staging/Ask"))
    api.refusals.append(lambda: api.state_now.update(state()))
    assert not answer(api, stage="Staging").changed


def test_somebody_who_is_faster_with_the_other_answer_is_named() -> None:
    api = Asked(snapshot(NO, status="Failed"), state=state("Staging/Ask"))
    api.refusals.append(lambda: api.state_now.update(state()))
    with pytest.raises(CollectionError, match=r"was rejected by arn:.*/ann"):
        answer(api, stage="Staging")


def test_a_token_that_is_refused_again_and_again_ends_with_the_words_of_aws() -> None:
    api = Asked(snapshot(), state=state("Staging/Ask"))
    api.refusals += [lambda: None] * 3
    with pytest.raises(CollectionError, match="already received a response"):
        answer(api)
    assert api.calls.count("GetPipelineState") == 3


class Parallel(Asked):
    """Two executions at once, each of which asks for itself."""

    def executions(self, _pipeline: str) -> t.Iterator[Data]:
        yield from ({"pipelineExecutionId": each, "status": "InProgress"} for each in (ID, OTHER))

    def action_executions(self, pipeline: str, execution_id: str) -> list[Data]:
        self.scenes.clear()
        self.scenes.append(snapshot(run("Live/Ask", "InProgress", category="Approval", external_id=execution_id)))
        return super().action_executions(pipeline, execution_id)


def test_parallel_executions_have_their_tokens_in_their_actions() -> None:
    declaration = {**DECLARATION, "executionMode": "PARALLEL"}
    api = Parallel(snapshot(), declaration=declaration)
    answer(api, execution_id=OTHER)
    assert [given[3] for given in api.answers] == [OTHER]
    with pytest.raises(CollectionError, match=r"2 pending approvals; say with .*pipeline_execution_id"):
        answer(api)


def test_an_approval_shows_everything_but_its_token() -> None:
    assert "token" not in str(asked("Live/Ask").result())
    assert asked("Live/Ask").result()["decided_at"] is None


def test_a_decision_to_wait_says_why() -> None:
    assert approvals.decide(wish(), EVERYWHERE, None, "") == Decision("wait", why="it has never run")

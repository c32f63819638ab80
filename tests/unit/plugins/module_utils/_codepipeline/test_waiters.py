# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from unit.plugins.module_utils._codepipeline.scripted import ScriptedPipeline, run, snapshot

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import ExecutionMissing
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

BUILDING = snapshot(run("Build/Test", "InProgress"))
BUILT = snapshot(run("Build/Test", "Succeeded"))
FAILED = snapshot(run("Build/Test", "Failed"), status="Failed")
SUCCEEDED = snapshot(*BUILT.runs, status="Succeeded")
ASKING = snapshot(*BUILT.runs, run("Approve/Ask", "InProgress", category="Approval"))
NEW = Snapshot(BUILDING.id)
CLOSED = {
    "stageStates": [
        {
            "stageName": "Live",
            "inboundExecution": {"pipelineExecutionId": NEW.id},
            "inboundTransitionState": {"enabled": False, "disabledReason": "Holidays"},
        }
    ]
}


class Follow:
    """A follower of a scripted pipeline, the time it took, and what it showed."""

    def __init__(self, *scenes: Snapshot | Exception, timeout: float = 60, **more: t.Any) -> None:
        self.api: t.Any = ScriptedPipeline(*scenes, **more)
        self.shown: list[str] = []
        patience = self.api.patience(timeout)
        self.follower = Follower(self.api, "shop", patience, lambda text, _outcome: self.shown.append(text))

    def __call__(self, known: Snapshot = NEW, **options: t.Any) -> Snapshot:
        return self.follower.follow(known, **options)


def test_an_execution_is_followed_to_its_end() -> None:
    follow = Follow(BUILDING, BUILDING, BUILT, SUCCEEDED)
    end = follow(fresh=True)
    assert (end.status, end.runs) == ("Succeeded", SUCCEEDED.runs)
    assert follow.shown == [
        "Build: InProgress",
        "Build/Test: InProgress",
        "Build/Test: Succeeded, 4 s",
        "Build: Succeeded",
    ]
    assert follow.api.pauses == [0.5, 0.75, 1.125]


def test_what_happened_before_one_joins_is_shown_in_short() -> None:
    follow = Follow(ASKING, SUCCEEDED)
    follow()
    assert follow.shown[:3] == [
        "Build: Succeeded",
        "Approve: InProgress",
        "Approve/Ask: InProgress, waits for an approval",
    ]
    assert not [text for text in follow.shown if text.startswith("Build/Test")]


def test_an_action_that_runs_costs_one_read_for_each_look() -> None:
    follow = Follow(*[BUILDING] * 10, SUCCEEDED)
    follow()
    assert follow.api.calls == ["ListActionExecutions"] * 11 + ["GetPipelineExecution", "ListActionExecutions"]


def test_a_failure_ends_the_waiting_even_while_other_actions_run() -> None:
    failing = snapshot(run("Build/Test", "Failed"), run("Build/Lint", "InProgress"), status="Failed")
    follow = Follow(failing)
    assert follow().status == "Failed"
    assert follow.api.pauses == []


@pytest.mark.parametrize(("at_approval", "status"), [(True, "InProgress"), (False, "Succeeded")])
def test_an_approval_ends_the_waiting_if_that_is_enough(at_approval: bool, status: str) -> None:
    follow = Follow(BUILDING, ASKING, ASKING, SUCCEEDED)
    assert follow(at_approval=at_approval).status == status


def test_a_new_execution_need_not_be_known_at_once() -> None:
    follow = Follow(ExecutionMissing("no"), ExecutionMissing("no"), SUCCEEDED)
    assert follow(fresh=True).status == "Succeeded"
    with pytest.raises(ExecutionMissing):
        Follow(ExecutionMissing("no"))(fresh=False)


def test_what_was_before_a_retry_is_neither_believed_nor_shown() -> None:
    again = snapshot(*FAILED.runs, run("Build/Test", "InProgress", 2))
    end = snapshot(*FAILED.runs, run("Build/Test", "Succeeded", 2), status="Succeeded")
    follow = Follow(FAILED, FAILED, again, end)
    assert follow(FAILED, fresh=True).status == "Succeeded"
    assert follow.shown[:2] == ["Build: InProgress", "Build/Test: InProgress"]


def test_a_retry_that_fails_again_at_once_is_believed() -> None:
    end = snapshot(*FAILED.runs, run("Build/Test", "Failed", 2), status="Failed")
    follow = Follow(end)
    assert follow(FAILED, fresh=True).runs == end.runs
    assert follow.api.pauses == []


def test_a_failure_without_anything_new_is_believed_after_a_while() -> None:
    follow = Follow(FAILED)
    assert follow(FAILED, fresh=True).status == "Failed"
    assert 30 <= follow.api.now < 40


def test_an_execution_that_stands_still_says_why_once() -> None:
    follow = Follow(*[BUILT] * 6, SUCCEEDED, state=CLOSED)
    follow()
    note = "The execution stands before stage Live, whose transition is disabled (Holidays)"
    assert follow.shown.count(note) == 1
    assert follow.api.calls.count("GetPipelineState") == 1


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (BUILDING, "it runs Build/Test."),
        (ASKING, "it waits for the approval Approve/Ask."),
        (BUILT, "it stands before stage Live, whose transition is disabled (Holidays)."),
    ],
)
def test_the_time_out_says_where_the_execution_is(scene: Snapshot, expected: str) -> None:
    follow = Follow(scene, state=CLOSED, timeout=20)
    with pytest.raises(CollectionError, match="has not ended after 20 s") as caught:
        follow()
    assert expected in caught.value.message
    assert caught.value.details["snapshot"].runs == scene.runs
    assert follow.api.now == 20

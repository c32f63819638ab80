# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import StackGone
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    ChangeSet,
    Drift,
    Event,
    Stack,
    is_in_progress,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import (
    Follower,
    Patience,
    newest_event,
    running_since,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shown() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def follower(fake: t.Any, clock: Clock, shown: list[tuple[str, str]]) -> Follower:
    patience = Patience(60, clock=clock, sleep=clock.sleep)
    return Follower(fake, patience, lambda text, outcome: shown.append((text, outcome)))


def test_events_are_shown_once_and_in_order(fake: t.Any, follower: Follower, shown: list[tuple[str, str]]) -> None:
    fake.script = [
        ("s", "CREATE_IN_PROGRESS", ""),
        ("A", "CREATE_FAILED", "Too big"),
        ("s", "ROLLBACK_COMPLETE", ""),
    ]
    end = follower.follow("s", "arn:s", None)
    assert end.status == "ROLLBACK_COMPLETE"
    assert shown == [
        ("CREATE_IN_PROGRESS  s  AWS::T", "running"),
        ("CREATE_FAILED  A  AWS::T  Too big", "failed"),
        ("ROLLBACK_COMPLETE  s  AWS::T", "failed"),
    ]


def test_what_was_before_and_what_others_do_is_left_out(fake: t.Any, follower: Follower) -> None:
    def event(number: str, token: str | None) -> Event:
        return Event(number, "", "s", "", "T", "UPDATE_COMPLETE", "", token, True)

    fake.history = [event("0", "mine"), event("1", "other"), event("2", "mine")]
    end = follower.follow("s", "arn:s", "0", "mine")
    assert [event.event_id for event in end.events] == ["2"]


def test_pauses_grow_to_five_seconds(fake: t.Any, follower: Follower, clock: Clock) -> None:
    fake.script = [("A", "CREATE_IN_PROGRESS", "")] * 10 + [("s", "CREATE_COMPLETE", "")]
    follower.follow("s", "arn:s", None)
    assert clock.pauses[0] == 0.5
    assert clock.pauses[-1] == 5.0
    assert clock.pauses == sorted(clock.pauses)


def test_the_time_out_names_what_is_not_finished(fake: t.Any, follower: Follower, clock: Clock) -> None:
    fake.script = [("A", "CREATE_IN_PROGRESS", ""), ("B", "CREATE_IN_PROGRESS", ""), ("A", "CREATE_COMPLETE", "")]
    with pytest.raises(CollectionError, match=r"after 60 s; still in progress: B\. ") as caught:
        follower.follow("s", "arn:s", None)
    assert clock.now == 60
    assert len(caught.value.details["events"]) == 3


def test_a_stack_that_vanishes_while_it_is_followed_is_deleted(fake: t.Any, follower: Follower) -> None:
    def gone(_stack_id: str) -> t.NoReturn:
        raise StackGone("Stack arn:s does not exist")

    fake.events = gone
    assert follower.follow("s", "arn:s", None).status == "DELETE_COMPLETE"


def test_an_operation_of_somebody_else_is_followed_from_its_start(
    fake: t.Any, follower: Follower, existing: Stack, shown: list[tuple[str, str]]
) -> None:
    fake.current = replace(existing, stack_status="CREATE_COMPLETE")
    fake.script = [("s", "CREATE_COMPLETE", "")]
    newest_event(fake, "arn:s")
    fake.script = [("s", "UPDATE_IN_PROGRESS", ""), ("A", "UPDATE_COMPLETE", ""), ("s", "UPDATE_COMPLETE", "")]
    newest_event(fake, "arn:s")
    follower.settled("s", "arn:s", is_in_progress)
    assert [text.split()[0] for text, _ in shown] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_COMPLETE"]


def test_an_operation_that_ended_meanwhile_is_not_waited_for(fake: t.Any, follower: Follower, clock: Clock) -> None:
    fake.current = Stack("arn:s", "s", "CREATE_COMPLETE")
    fake.script = [("s", "CREATE_COMPLETE", "")]
    assert running_since(fake, "arn:s") == "0"
    follower.settled("s", "arn:s", is_in_progress)
    assert clock.pauses == []


def test_a_change_set_is_waited_for(fake: t.Any, follower: Follower, clock: Clock) -> None:
    pending = ChangeSet("c", "arn:s", "CREATE_PENDING", "UNAVAILABLE", "")
    fake.change_sets = [pending, pending, replace(pending, status="CREATE_COMPLETE")]
    assert follower.change_set("c").status == "CREATE_COMPLETE"
    assert len(clock.pauses) == 2


MOVED = Drift("Workers", "w-1", "T", "MODIFIED", ({"path": "/MaxSize", "expected": "1", "actual": "3"},))


def test_drift_is_waited_for(fake: t.Any, follower: Follower, clock: Clock) -> None:
    fake.detections, fake.found_drifts = ["DETECTION_IN_PROGRESS", "DETECTION_COMPLETE"], [MOVED]
    assert follower.drifts("arn:s") == [MOVED]
    assert len(clock.pauses) == 1
    assert MOVED.sentence() == "Workers (T): /MaxSize is 3 instead of 1"


@pytest.mark.parametrize(
    ("answers", "words"),
    [(["DETECTION_FAILED"], "could not detect the drift"), (["DETECTION_IN_PROGRESS"] * 99, "not known after 60 s")],
)
def test_drift_that_nobody_knows_is_no_news(fake: t.Any, follower: Follower, answers: list[str], words: str) -> None:
    fake.detections = answers
    with pytest.raises(CollectionError, match=words):
        follower.drifts("arn:s")

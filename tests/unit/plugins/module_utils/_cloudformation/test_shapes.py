# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    Change,
    ChangeSet,
    Event,
    failure_text,
    first_failure,
    still_in_progress,
)


def event(name: str, status: str, reason: str = "", is_stack: bool = False) -> Event:
    return Event(f"{name}-{status}", "", name, "", "AWS::T", status, reason, None, is_stack)


def test_the_first_failure_is_the_cause_and_not_a_consequence() -> None:
    events = [
        event("Slow", "CREATE_IN_PROGRESS"),
        event("Other", "CREATE_FAILED", "Resource creation cancelled"),
        event("Cause", "CREATE_FAILED", "Limit exceeded."),
        event("s", "ROLLBACK_IN_PROGRESS", "failed to create: [Cause, Other]", is_stack=True),
        event("Late", "DELETE_FAILED", "in use"),
    ]
    assert failure_text(first_failure(events)) == "resource Cause (AWS::T) failed: Limit exceeded"


def test_a_failure_of_the_stack_alone_is_told_as_such() -> None:
    events = [event("s", "CREATE_FAILED", "No permission", is_stack=True)]
    assert failure_text(first_failure(events)) == "the stack failed: No permission"


def test_a_failure_without_events_is_still_a_sentence() -> None:
    assert failure_text(first_failure([])) == "CloudFormation names no failing resource"


def test_what_is_still_in_progress_is_judged_by_the_last_event() -> None:
    events = [event("A", "CREATE_IN_PROGRESS"), event("B", "CREATE_IN_PROGRESS"), event("A", "CREATE_COMPLETE")]
    assert still_in_progress(events) == ["B"]


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ],
)
def test_a_change_set_without_changes_is_recognised(reason: str) -> None:
    assert ChangeSet("c", "s", "FAILED", "UNAVAILABLE", reason).is_empty


def test_a_change_set_that_failed_for_another_reason_is_not_empty() -> None:
    assert not ChangeSet("c", "s", "FAILED", "UNAVAILABLE", "Template error").is_empty


def test_a_change_is_told_in_one_line() -> None:
    change = Change("Modify", "JenkinsService", "AWS::ECS::Service", "arn", "False")
    assert change.sentence() == "Modify JenkinsService (AWS::ECS::Service), replacement: False"

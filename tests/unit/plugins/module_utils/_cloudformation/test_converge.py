# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.converge import Converger, Manner
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import Desired
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change, ChangeSet, Stack
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience

SAME = "Resources: {A: {Type: T}}"
OTHER = "Resources: {A: {Type: U}}"
EMPTY = ChangeSet("c", "arn:s", "FAILED", "UNAVAILABLE", "The submitted information didn't contain changes.")
MODIFY = ChangeSet("c", "arn:s", "CREATE_COMPLETE", "AVAILABLE", "", (Change("Modify", "A", "U", "a-1", "False"),))


def converger(fake: t.Any, body: str = SAME, manner: Manner | None = None, **wanted: t.Any) -> Converger:
    desired = Desired("s", load(body), body, **wanted)
    patience = Patience(5, clock=iter(range(100000)).__next__, sleep=lambda _seconds: None)
    return Converger(fake, Follower(fake, patience), desired, manner or Manner())


CHECK = Manner(check=True)


def test_a_stack_that_is_as_wanted_is_only_read(fake: t.Any, existing: Stack) -> None:
    fake.current = existing
    outcome = converger(fake).present()
    assert (outcome.changed, outcome.stack, fake.writes) == (False, existing, [])


def test_a_new_stack_is_created_and_read_back(fake: t.Any) -> None:
    fake.script = [("s", "CREATE_IN_PROGRESS", ""), ("A", "CREATE_COMPLETE", ""), ("s", "CREATE_COMPLETE", "")]
    outcome = converger(fake, termination_protection=True, tags={"k": "v"}).present()
    assert fake.writes == ["create_stack"]
    assert fake.sent["EnableTerminationProtection"] is True
    assert fake.sent["OnFailure"] == "ROLLBACK"
    assert fake.sent["Tags"] == [{"Key": "k", "Value": "v"}]
    assert outcome.stack is not None
    assert outcome.stack.stack_status == "CREATE_COMPLETE"
    assert [event.logical_resource_id for event in outcome.events] == ["s", "A", "s"]
    assert outcome.actions == ["Create stack s with 1 resource."]


def test_check_mode_for_a_new_stack_writes_nothing(fake: t.Any) -> None:
    outcome = converger(fake, manner=CHECK).present()
    assert outcome.changed
    assert [change.sentence() for change in outcome.changes] == ["Add A (T)"]
    assert fake.writes == []


def test_a_failed_creation_names_cause_and_status(fake: t.Any) -> None:
    fake.script = [("A", "CREATE_FAILED", "Too big."), ("s", "ROLLBACK_COMPLETE", "")]
    with pytest.raises(CollectionError) as caught:
        converger(fake).present()
    assert caught.value.message == (
        "Stack s could not be created: resource A (AWS::T) failed: Too big. It is now ROLLBACK_COMPLETE."
    )
    assert caught.value.details["changed"] is True
    assert len(caught.value.details["events"]) == 2


def test_a_failed_creation_that_cleans_up_is_a_failure_too(fake: t.Any) -> None:
    fake.script = [("A", "CREATE_FAILED", "Too big."), ("s", "DELETE_COMPLETE", "")]
    with pytest.raises(CollectionError, match=r"Too big\. It has been deleted again"):
        converger(fake, manner=Manner(on_create_failure="delete")).present()
    assert fake.sent["OnFailure"] == "DELETE"


def test_a_change_goes_through_a_change_set(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.change_sets = existing, [MODIFY]
    fake.script = [("s", "CREATE_COMPLETE", ""), ("A", "UPDATE_COMPLETE", ""), ("s", "UPDATE_COMPLETE", "")]
    outcome = converger(fake, OTHER).present()
    assert fake.writes == ["create_change_set", "execute_change_set"]
    assert outcome.changes == list(MODIFY.changes)
    assert [event.status for event in outcome.events] == ["UPDATE_COMPLETE", "UPDATE_COMPLETE"]


def test_check_mode_leaves_no_change_set_behind(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.change_sets = existing, [MODIFY]
    outcome = converger(fake, OTHER, CHECK).present()
    assert fake.writes == ["create_change_set", "delete_change_set"]
    assert (outcome.changed, outcome.changes, outcome.stack) == (True, list(MODIFY.changes), existing)


@pytest.mark.parametrize("manner", [Manner(), CHECK])
def test_cloudformation_has_the_last_word_on_what_is_no_change(fake: t.Any, existing: Stack, manner: Manner) -> None:
    fake.current, fake.change_sets = existing, [EMPTY]
    outcome = converger(fake, OTHER, manner).present()
    assert fake.writes == ["create_change_set", "delete_change_set"]
    assert (outcome.changed, outcome.before, outcome.after) == (False, {}, {})


def test_a_change_set_that_cannot_be_made_is_removed_and_explained(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.change_sets = existing, [replace(EMPTY, reason="Template error: no such thing.")]
    with pytest.raises(CollectionError, match=r"Stack s cannot be updated: Template error: no such thing\."):
        converger(fake, OTHER).present()
    assert fake.writes == ["create_change_set", "delete_change_set"]


def test_a_change_set_for_a_stack_that_moved_on_is_not_executed(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.change_sets, fake.drift = existing, [MODIFY], ["later"]

    def execute(_change_set_id: str, token: str) -> None:
        fake.writes.append("execute_change_set")
        fake.token = token
        fake.script = [("s", "UPDATE_COMPLETE", "")]

    fake.execute_change_set = execute
    converger(fake, OTHER).present()
    assert fake.writes == ["create_change_set", "delete_change_set", "create_change_set", "execute_change_set"]


def test_a_stack_that_never_holds_still_is_given_up(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.change_sets, fake.drift = existing, [MODIFY], ["1", "2", "3", "4"]
    with pytest.raises(CollectionError, match="keeps being changed by somebody else"):
        converger(fake, OTHER).present()
    assert "execute_change_set" not in fake.writes


def test_an_interrupted_creation_is_waited_for_and_then_only_read(fake: t.Any) -> None:
    fake.current = Stack("arn:s", "s", "CREATE_IN_PROGRESS")
    fake.script = [("s", "CREATE_IN_PROGRESS", ""), ("A", "CREATE_COMPLETE", ""), ("s", "CREATE_COMPLETE", "")]
    outcome = converger(fake).present()
    assert (outcome.changed, fake.writes) == (False, [])
    assert outcome.stack is not None
    assert outcome.stack.stack_status == "CREATE_COMPLETE"


def test_a_busy_stack_fails_the_task_that_shall_not_wait(fake: t.Any) -> None:
    fake.current = Stack("arn:s", "s", "UPDATE_IN_PROGRESS")
    with pytest.raises(CollectionError, match="is in UPDATE_IN_PROGRESS and the task shall not wait"):
        converger(fake, manner=Manner(wait=False)).present()


def rolled_back(fake: t.Any, existing: Stack) -> None:
    fake.current = replace(existing, stack_status="ROLLBACK_COMPLETE")
    fake.script = [("A", "CREATE_FAILED", "Too big.")]
    list(fake.events("arn:s"))


def test_a_stack_that_never_came_up_is_refused_with_its_reason(fake: t.Any, existing: Stack) -> None:
    rolled_back(fake, existing)
    with pytest.raises(CollectionError) as caught:
        converger(fake).present()
    assert caught.value.message == (
        "Stack s is in ROLLBACK_COMPLETE: resource A (AWS::T) failed: Too big. "
        "Set replace_failed to true to delete it and create it anew."
    )
    assert fake.writes == []


def test_a_stack_that_never_came_up_is_replaced_with_consent(fake: t.Any, existing: Stack) -> None:
    rolled_back(fake, existing)
    fake.script = [("A", "DELETE_COMPLETE", ""), ("s", "DELETE_COMPLETE", ""), ("s", "CREATE_COMPLETE", "")]
    outcome = converger(fake, replace_failed=True).present()
    assert fake.writes == ["delete_stack", "create_stack"]
    assert outcome.actions == [
        "Delete stack s, which is in ROLLBACK_COMPLETE.",
        "Create stack s with 1 resource.",
    ]


def test_check_mode_only_foretells_the_replacement(fake: t.Any, existing: Stack) -> None:
    rolled_back(fake, existing)
    outcome = converger(fake, manner=CHECK, replace_failed=True).present()
    assert (outcome.changed, len(outcome.actions), fake.writes) == (True, 2, [])


def test_protection_alone_is_switched_without_a_change_set(fake: t.Any, existing: Stack) -> None:
    fake.current = existing
    outcome = converger(fake, termination_protection=True).present()
    assert fake.writes == ["protect True"]
    assert outcome.after == {"Termination protection": True}


def test_a_stack_is_deleted_and_its_resources_are_listed(fake: t.Any, existing: Stack) -> None:
    fake.current = existing
    fake.script = [("s", "CREATE_COMPLETE", ""), ("A", "DELETE_COMPLETE", ""), ("s", "DELETE_COMPLETE", "")]
    outcome = converger(fake).absent()
    assert fake.writes == ["delete_stack"]
    assert (outcome.stack, [c.sentence() for c in outcome.changes]) == (None, ["Remove A (T)"])


def test_a_stack_that_does_not_exist_is_not_deleted(fake: t.Any) -> None:
    assert (converger(fake).absent().changed, fake.writes) == (False, [])


def test_a_protected_stack_is_deleted_only_with_consent(fake: t.Any, existing: Stack) -> None:
    fake.current = replace(existing, enable_termination_protection=True)
    with pytest.raises(CollectionError, match="Stack s is protected from deletion; give termination_protection: false"):
        converger(fake).absent()
    assert fake.writes == []
    fake.script = [("s", "CREATE_COMPLETE", ""), ("s", "DELETE_COMPLETE", "")]
    converger(fake, termination_protection=False).absent()
    assert fake.writes == ["protect False", "delete_stack"]


def test_a_deletion_that_fails_names_the_resource(fake: t.Any, existing: Stack) -> None:
    fake.current = existing
    fake.script = [("s", "CREATE_COMPLETE", ""), ("A", "DELETE_FAILED", "Not empty"), ("s", "DELETE_FAILED", "")]
    with pytest.raises(CollectionError, match=r"resource A \(AWS::T\) failed: Not empty\. It is now DELETE_FAILED"):
        converger(fake).absent()


def test_changes_that_are_refused_are_not_made_in_check_mode_either(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.change_sets = existing, [MODIFY]
    for check in (True, False):
        manner = Manner(check=check, refuse=lambda changes: f"Not {changes[0].logical_resource_id}.")
        with pytest.raises(CollectionError, match="Not A") as caught:
            converger(fake, OTHER, manner).present()
        assert caught.value.details["changes"] == list(MODIFY.changes)
    assert fake.writes == ["create_change_set", "delete_change_set"] * 2


def test_who_may_not_make_a_change_set_gets_the_changes_of_the_templates(fake: t.Any, existing: Stack) -> None:
    fake.current, fake.denied = existing, True
    outcome = converger(fake, OTHER, CHECK).present()
    assert [change.sentence() for change in outcome.changes] == ["Modify A (U), replacement: Conditional"]
    assert (outcome.changed, len(outcome.warnings), fake.writes) == (True, 1, [])
    with pytest.raises(CollectionError, match="do not allow"):
        converger(fake, OTHER).present()


def test_what_a_stack_needs_is_asked_for_and_then_written_before_it(fake: t.Any, existing: Stack) -> None:
    def manner(check: bool) -> Manner:
        return Manner(check, prepare=lambda: fake.writes.append("prepare"), commit=lambda: fake.writes.append("commit"))

    fake.script = [("s", "CREATE_COMPLETE", "")]
    converger(fake, manner=manner(False)).present()
    assert fake.writes == ["prepare", "commit", "create_stack"]
    for check, writes in ((True, ["delete_change_set"]), (False, ["commit", "execute_change_set"])):
        fake.writes, fake.current, fake.change_sets = [], existing, [MODIFY]
        fake.script = [("s", "CREATE_COMPLETE", ""), ("s", "UPDATE_COMPLETE", "")]
        converger(fake, OTHER, manner(check)).present()
        assert fake.writes == ["prepare", "create_change_set", *writes]
    fake.writes, fake.current = [], existing
    converger(fake, manner=manner(False)).present()
    assert fake.writes == []


POLICY = '{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}'


@pytest.mark.parametrize(
    ("have", "manner", "writes"),
    [
        (None, Manner(), ["set_policy"]),
        (None, CHECK, []),
        (POLICY.replace(" ", ""), Manner(), []),
    ],
)
def test_a_policy_is_set_only_if_it_says_something_else(
    fake: t.Any, existing: Stack, have: str | None, manner: Manner, writes: list[str]
) -> None:
    fake.current, fake.current_policy = existing, have
    outcome = converger(fake, manner=manner, stack_policy=POLICY).present()
    assert (outcome.changed, fake.writes) == (have is None, writes)


@pytest.mark.parametrize("end", ["UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_policy_that_is_lifted_for_an_update_counts_again_after_it(fake: t.Any, existing: Stack, end: str) -> None:
    fake.current, fake.current_policy, fake.change_sets = existing, POLICY, [MODIFY]
    fake.script = [("s", "UPDATE_IN_PROGRESS", ""), ("s", end, "")]
    try:
        converger(fake, OTHER, Manner(lift_policy=True), stack_policy=POLICY).present()
    except CollectionError:
        assert end == "UPDATE_ROLLBACK_COMPLETE"
    assert fake.writes == ["create_change_set", "set_policy", "execute_change_set", "set_policy"]
    assert fake.current_policy == POLICY


def test_the_role_is_used_for_the_stack(fake: t.Any, existing: Stack) -> None:
    fake.script = [("s", "CREATE_COMPLETE", "")]
    converger(fake, role_arn="arn:role", stack_policy=POLICY).present()
    assert (fake.sent["RoleARN"], fake.sent["StackPolicyBody"]) == ("arn:role", POLICY)
    fake.current, fake.script = existing, [("s", "CREATE_COMPLETE", ""), ("s", "DELETE_COMPLETE", "")]
    converger(fake, role_arn="arn:role").absent()
    assert fake.sent == {"RoleARN": "arn:role"}


def test_a_deletion_that_fails_names_everything_in_its_way(fake: t.Any, existing: Stack) -> None:
    fake.current = existing
    blockers = [("A", "DELETE_FAILED", "in use"), ("B", "DELETE_FAILED", "too")]
    fake.script = [("s", "CREATE_COMPLETE", ""), *blockers, ("s", "DELETE_FAILED", "")]
    with pytest.raises(CollectionError, match=r"A \(AWS::T\) failed: in use; resource B \(AWS::T\) failed: too"):
        converger(fake).absent()

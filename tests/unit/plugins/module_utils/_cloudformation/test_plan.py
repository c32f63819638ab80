# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import (
    Desired,
    plan_absent,
    plan_present,
    wanted_tags,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Stack
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load

BODY = "Parameters: {P: {Type: String, Default: d}}\nResources: {A: {Type: T}, B: {Type: U}}"
TEMPLATE = load(BODY)
STACK = Stack("arn:s", "s", "CREATE_COMPLETE", parameters={"P": "d"}, tags={"a": "1", "aws:x": "y"})
DESIRED = Desired("s", TEMPLATE, BODY)


def in_status(status: str, protected: bool = False) -> Stack:
    return replace(STACK, stack_status=status, enable_termination_protection=protected)


@pytest.mark.parametrize(
    ("status", "consent", "kind"),
    [
        ("CREATE_COMPLETE", False, "nothing"),
        ("UPDATE_COMPLETE", False, "nothing"),
        ("UPDATE_ROLLBACK_COMPLETE", False, "nothing"),
        ("IMPORT_COMPLETE", False, "nothing"),
        ("UPDATE_FAILED", False, "update"),
        ("CREATE_IN_PROGRESS", True, "wait"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False, "wait"),
        ("DELETE_IN_PROGRESS", True, "wait"),
        ("ROLLBACK_COMPLETE", False, "refuse"),
        ("ROLLBACK_COMPLETE", True, "replace"),
        ("CREATE_FAILED", True, "replace"),
        ("ROLLBACK_FAILED", True, "replace"),
        ("DELETE_FAILED", True, "replace"),
        ("REVIEW_IN_PROGRESS", False, "refuse"),
        ("REVIEW_IN_PROGRESS", True, "replace"),
        ("UPDATE_ROLLBACK_FAILED", True, "refuse"),
    ],
)
def test_the_status_decides_what_may_be_done(status: str, consent: bool, kind: str) -> None:
    plan = plan_present(in_status(status), TEMPLATE, replace(DESIRED, replace_failed=consent))
    assert plan.kind == kind


def test_a_new_stack_is_created_with_all_its_resources() -> None:
    plan = plan_present(None, None, replace(DESIRED, tags={"t": "1"}))
    assert plan.kind == "create"
    assert [change.sentence() for change in plan.changes] == ["Add A (T)", "Add B (U)"]
    assert plan.request.tags == {"t": "1"}


def test_a_repair_is_named_for_a_stack_that_only_a_person_can_repair() -> None:
    assert "continue-update-rollback" in plan_present(in_status("UPDATE_ROLLBACK_FAILED"), None, DESIRED).reason


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        ({"parameters": {"P": "e"}}, {"Values": {"P": "d"}}, {"Values": {"P": "e"}}),
        ({"tags": {"a": "2"}}, {"Tags": {"a": "1"}}, {"Tags": {"a": "2"}}),
        ({"tags": {}}, {"Tags": {"a": "1"}}, {}),
        (
            {"template": load(BODY.replace("U", "V"))},
            {"Resources": {"B": {"Type": "U"}}},
            {"Resources": {"B": {"Type": "V"}}},
        ),
    ],
)
def test_only_what_differs_is_shown(wanted: dict[str, object], before: object, after: object) -> None:
    plan = plan_present(STACK, TEMPLATE, replace(DESIRED, **wanted))  # type: ignore[arg-type]
    assert (plan.kind, plan.before, plan.after) == ("update", before, after)


@pytest.mark.parametrize(
    "wanted", [{"tags": {"a": "1"}}, {"tags": {}, "purge_tags": False}, {"parameters": {"P": "d"}}]
)
def test_what_is_already_so_is_no_change(wanted: dict[str, object]) -> None:
    assert plan_present(STACK, TEMPLATE, replace(DESIRED, **wanted)).kind == "nothing"  # type: ignore[arg-type]


def test_tags_that_are_not_given_are_not_sent() -> None:
    assert plan_present(STACK, TEMPLATE, replace(DESIRED, parameters={"P": "e"})).request.tags is None


@pytest.mark.parametrize(
    ("has", "wants", "turn"), [(False, True, True), (True, False, False), (True, True, None), (True, None, None)]
)
def test_protection_is_turned_only_if_it_is_given_and_differs(has: bool, wants: bool | None, turn: bool | None) -> None:
    plan = plan_present(in_status("CREATE_COMPLETE", has), TEMPLATE, replace(DESIRED, termination_protection=wants))
    assert (plan.kind, plan.set_protection) == ("nothing", turn)


@pytest.mark.parametrize(("wants", "kind"), [(None, "refuse"), (True, "replace"), (False, "replace")])
def test_a_failed_stack_that_is_protected_needs_both_consents(wants: bool | None, kind: str) -> None:
    desired = replace(DESIRED, replace_failed=True, termination_protection=wants)
    plan = plan_present(in_status("ROLLBACK_COMPLETE", protected=True), None, desired)
    assert (plan.kind, plan.lift_protection) == (kind, kind == "replace")


@pytest.mark.parametrize(
    ("stack", "protection", "kind"),
    [
        (None, None, "nothing"),
        (in_status("CREATE_COMPLETE"), None, "delete"),
        (in_status("DELETE_FAILED"), None, "delete"),
        (in_status("REVIEW_IN_PROGRESS"), None, "delete"),
        (in_status("UPDATE_IN_PROGRESS"), None, "wait"),
        (in_status("CREATE_COMPLETE", protected=True), None, "refuse"),
        (in_status("CREATE_COMPLETE", protected=True), True, "refuse"),
        (in_status("CREATE_COMPLETE", protected=True), False, "delete"),
    ],
)
def test_a_stack_is_deleted_unless_it_is_protected(stack: Stack | None, protection: bool | None, kind: str) -> None:
    assert plan_absent(stack, protection).kind == kind


tags = st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=4)


@given(tags, tags, st.booleans())
def test_wanted_tags_are_reached_in_one_step(have: dict[str, str], given_tags: dict[str, str], purge: bool) -> None:
    want = wanted_tags(have, given_tags, purge)
    assert wanted_tags(want, given_tags, purge) == want
    assert given_tags.items() <= want.items()
    assert purge or set(have) <= set(want)


def test_secrets_of_the_stack_are_not_in_the_diff() -> None:
    text = "Parameters: {S: {Type: String, NoEcho: true}}\nResources: {A: {Type: T}}"
    stack = replace(STACK, parameters={"S": "shown by mistake"})
    plan = plan_present(stack, load(text), replace(DESIRED, template=load(text.replace("T}", "V}"))))
    assert "shown by mistake" not in str(plan)

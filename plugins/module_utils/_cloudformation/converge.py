# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
import uuid
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import plan as planning
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import Desired, Plan
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    SUCCESS,
    Change,
    ChangeSet,
    Event,
    Stack,
    blockers_text,
    failure_text,
    first_failure,
    is_in_progress,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import (
    Followed,
    Follower,
    newest_event,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import ACCESS_DENIED_CODES, CollectionError

_REPLANS = 3
_ALLOW_ALL = '{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}'


@dataclass(frozen=True)
class Manner:
    """How the work is done, as opposed to what is wanted."""

    check: bool = False
    wait: bool = True
    on_create_failure: str = "rollback"
    refuse: t.Callable[[t.Sequence[Change]], str] | None = None  # why these changes must not be made
    prepare: t.Callable[[], None] | None = None  # last questions before the stack is to be changed
    commit: t.Callable[[], None] | None = None  # what has to be written right before the stack is
    lift_policy: bool = False  # the stack's policy does not count for this update


@dataclass
class Outcome:
    """What was done (or would be done in check mode)."""

    changed: bool = False
    stack: Stack | None = None
    actions: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    before: dict[str, t.Any] = field(default_factory=dict)
    after: dict[str, t.Any] = field(default_factory=dict)

    def did(self, sentence: str) -> None:
        self.changed = True
        self.actions.append(sentence)


class _Stale(Exception):
    """The stack is not any more what the plan was made for."""


def _token() -> str:
    return f"containerci-{uuid.uuid4().hex}"


class Converger:
    """Brings one stack to the wanted state: reads, plans, applies, waits, reads back."""

    def __init__(self, api: Api, follower: Follower, desired: Desired, manner: Manner) -> None:
        self._api = api
        self._follower = follower
        self._desired = desired
        self._manner = manner
        self._outcome = Outcome()

    def present(self) -> Outcome:
        steps = {
            "create": self._create,
            "replace": self._replace,
            "update": self._update,
            "nothing": self._settings,
        }
        return self._run(self._plan_present, steps)

    def absent(self) -> Outcome:
        return self._run(self._plan_absent, {"delete": self._delete, "nothing": self._settings})

    def _plan_present(self, stack: Stack | None) -> Plan:
        readable = stack if stack and planning.is_updatable(stack) else None
        current = self._api.template(readable.stack_id) if readable else None
        guarded = readable and self._desired.stack_policy is not None
        policy = self._api.policy(readable.stack_id) if readable and guarded else None
        return planning.plan_present(stack, current, self._desired, policy)

    def _plan_absent(self, stack: Stack | None) -> Plan:
        return planning.plan_absent(stack, self._desired.termination_protection)

    def _run(
        self,
        make_plan: t.Callable[[Stack | None], Plan],
        steps: t.Mapping[str, t.Callable[[t.Any, Plan], None]],
    ) -> Outcome:
        stale = 0
        while True:
            stack = self._api.stack(self._desired.name)
            plan = make_plan(stack)
            if stack and plan.kind == "wait":
                self._await(stack)
                continue
            if stack and plan.kind == "refuse":
                raise self._refusal(stack, plan)
            if self._manner.prepare and plan.kind != "nothing":
                self._manner.prepare()
            try:
                steps[plan.kind](stack, plan)
            except _Stale:
                stale += 1
                if stale >= _REPLANS:
                    raise self._failure(f"Stack {self._desired.name} keeps being changed by somebody else.") from None
                continue
            return self._read_back(stack)

    def _read_back(self, stack: Stack | None) -> Outcome:
        written = self._outcome.changed and not self._manner.check
        self._outcome.stack = self._api.stack(self._desired.name) if written else stack
        return self._outcome

    def _await(self, stack: Stack) -> None:
        if not self._manner.wait:
            raise self._failure(
                f"Stack {stack.stack_name} is in {stack.stack_status} and the task shall not wait; run it again later."
            )
        self._follower.settled(stack.stack_name, stack.stack_id, is_in_progress)

    def _refusal(self, stack: Stack, plan: Plan) -> CollectionError:
        status = stack.stack_status
        if status.endswith("_COMPLETE") and "ROLLBACK" not in status:
            return self._failure(plan.reason, stack)
        if status == "REVIEW_IN_PROGRESS":
            why = "it has nothing but a change set that was never executed"
        else:
            history = list(self._api.events(stack.stack_id))[::-1]
            relevant = [e for e in history if e.status == "DELETE_FAILED"] if status == "DELETE_FAILED" else history
            why = failure_text(first_failure(relevant))
        return self._failure(f"Stack {stack.stack_name} is in {status}: {why}. {plan.reason}", stack)

    def _failure(self, message: str, stack: Stack | None = None) -> CollectionError:
        return CollectionError(message, **self._details(stack))

    def _details(self, stack: Stack | None = None) -> dict[str, t.Any]:
        return {
            "changed": self._outcome.changed and not self._manner.check,
            "stack": stack,
            "actions": self._outcome.actions,
            "changes": self._outcome.changes,
            "events": self._outcome.events,
        }

    def _create(self, _stack: Stack | None, plan: Plan) -> None:
        name, outcome = self._desired.name, self._outcome
        outcome.did(f"Create stack {name} with {_count(len(plan.changes), 'resource')}.")
        outcome.changes = list(plan.changes)
        outcome.before, outcome.after = plan.before, plan.after
        if self._manner.check:
            return
        token = _token()
        options: dict[str, t.Any] = {
            "ClientRequestToken": token,
            "OnFailure": self._manner.on_create_failure.upper(),
            "EnableTerminationProtection": bool(self._desired.termination_protection),
            **self._request(plan),
        }
        if self._desired.stack_policy is not None:
            options["StackPolicyBody"] = self._desired.stack_policy
        self._commit()
        stack_id = self._api.create_stack(name, self._desired.template_body, **options)
        self._finish("created", stack_id, None, token)
        if self._manner.wait:
            self._keep_created()

    def _keep_created(self) -> None:
        """Only now it is known which of the resources with a condition there are."""
        created = {event.logical_resource_id for event in self._outcome.events}
        self._outcome.changes = [c for c in self._outcome.changes if c.logical_resource_id in created]

    def _replace(self, stack: Stack, plan: Plan) -> None:
        self._remove(stack, plan, f"Delete stack {stack.stack_name}, which is in {stack.stack_status}.", wait=True)
        self._create(stack, plan)

    def _delete(self, stack: Stack, plan: Plan) -> None:
        self._outcome.changes = self._api.resources(stack.stack_id)
        self._outcome.before = plan.before
        self._remove(stack, plan, f"Delete stack {stack.stack_name}.", wait=self._manner.wait)

    def _remove(self, stack: Stack, plan: Plan, sentence: str, wait: bool) -> None:
        if plan.lift_protection:
            self._outcome.did(f"Switch termination protection of stack {stack.stack_name} off.")
            if not self._manner.check:
                self._api.protect(stack.stack_id, False)
        self._outcome.did(sentence)
        if self._manner.check:
            return
        self._commit()
        token, mark = _token(), newest_event(self._api, stack.stack_id)
        self._api.delete_stack(stack.stack_id, token, **self._role())
        if wait:
            self._finish("deleted", stack.stack_id, mark, token, wait=True)

    def _update(self, stack: Stack, plan: Plan) -> None:
        change_set = self._checked_change_set(stack, plan)
        if not change_set.is_empty:
            self._announce(stack, plan, change_set)
            if not self._manner.check:
                self._execute(stack, change_set)
        self._settings(stack, plan)

    def _checked_change_set(self, stack: Stack, plan: Plan) -> ChangeSet:
        try:
            return self._change_set(stack, plan)
        except CollectionError as error:
            if not self._manner.check or error.details.get("error_code") not in ACCESS_DENIED_CODES:
                raise
        self._outcome.warnings.append(
            f"The credentials do not allow a change set of stack {stack.stack_name}; "
            "the changes are those between the two templates."
        )
        self._check_refusal(stack, plan.changes)
        return ChangeSet("", stack.stack_id, "", "", "", plan.changes)

    def _check_refusal(self, stack: Stack, changes: t.Sequence[Change]) -> None:
        reason = self._manner.refuse(changes) if self._manner.refuse else ""
        if reason:
            self._outcome.changes = list(changes)
            raise self._failure(reason, stack)

    def _change_set(self, stack: Stack, plan: Plan) -> ChangeSet:
        """CloudFormation's own answer to what would change; it stays in AWS only if it is to be executed."""
        token = _token()
        made = self._api.create_change_set(
            stack.stack_id, token, self._desired.template_body, ClientToken=token, **self._request(plan)
        )
        keep = False
        try:
            found = self._follower.change_set(made)
            if found.status == "FAILED" and not found.is_empty:
                raise self._failure(f"Stack {stack.stack_name} cannot be updated: {found.reason}", stack)
            self._check_refusal(stack, found.changes)
            keep = not found.is_empty and not self._manner.check
            if keep and not self._is_current(stack, found):
                keep = False
                raise _Stale
            return found
        finally:
            if not keep:
                self._api.delete_change_set(made)

    def _is_current(self, stack: Stack, change_set: ChangeSet) -> bool:
        now = self._api.stack(stack.stack_name)
        same = now is not None and now.version == stack.version and now.stack_status == stack.stack_status
        return same and change_set.stack_id == stack.stack_id and change_set.execution_status == "AVAILABLE"

    def _announce(self, stack: Stack, plan: Plan, change_set: ChangeSet) -> None:
        self._outcome.did(f"Update stack {stack.stack_name}: {_count(len(change_set.changes), 'resource change')}.")
        self._outcome.changes = list(change_set.changes)
        self._outcome.before, self._outcome.after = plan.before, plan.after

    def _execute(self, stack: Stack, change_set: ChangeSet) -> None:
        token, mark = _token(), newest_event(self._api, stack.stack_id)
        self._commit()
        lifted = self._manner.lift_policy and self._desired.stack_policy is not None
        if lifted:
            self._api.set_policy(stack.stack_id, _ALLOW_ALL)
        try:
            self._api.execute_change_set(change_set.change_set_id, token)
            self._finish("updated", stack.stack_id, mark, token)
        finally:
            if lifted:
                self._api.set_policy(stack.stack_id, self._desired.stack_policy or _ALLOW_ALL)

    def _settings(self, stack: Stack | None, plan: Plan) -> None:
        if stack is not None and plan.set_policy:
            self._outcome.did(f"Set the policy of stack {stack.stack_name}.")
            if not self._manner.check:
                self._api.set_policy(stack.stack_id, self._desired.stack_policy or _ALLOW_ALL)
        if stack is None or plan.set_protection is None:
            return
        word = "on" if plan.set_protection else "off"
        self._outcome.did(f"Switch termination protection of stack {stack.stack_name} {word}.")
        self._outcome.before = {**self._outcome.before, "Termination protection": stack.enable_termination_protection}
        self._outcome.after = {**self._outcome.after, "Termination protection": plan.set_protection}
        if not self._manner.check:
            self._api.protect(stack.stack_id, plan.set_protection)

    def _request(self, plan: Plan) -> dict[str, t.Any]:
        options: dict[str, t.Any] = {
            "Parameters": list(plan.request.parameters),
            "Capabilities": list(self._desired.capabilities),
            **self._role(),
        }
        if plan.request.tags is not None:
            options["Tags"] = [{"Key": key, "Value": value} for key, value in plan.request.tags.items()]
        return options

    def _commit(self) -> None:
        if self._manner.commit:
            self._manner.commit()

    def _role(self) -> dict[str, str]:
        return {"RoleARN": self._desired.role_arn} if self._desired.role_arn else {}

    def _finish(self, verb: str, stack_id: str, mark: str | None, token: str, wait: bool | None = None) -> None:
        if not (self._manner.wait if wait is None else wait):
            return
        try:
            end = self._follower.follow(self._desired.name, stack_id, mark, token)
        except CollectionError as error:
            raise CollectionError(error.message, **{**self._details(), **error.details}) from error
        self._outcome.events += end.events
        if end.status not in SUCCESS or (verb == "created" and end.status == "DELETE_COMPLETE"):
            raise self._unsuccessful(verb, stack_id, end)

    def _unsuccessful(self, verb: str, stack_id: str, end: Followed) -> CollectionError:
        cause = blockers_text(end.events) if verb == "deleted" else failure_text(first_failure(end.events))
        now = "It has been deleted again" if end.status == "DELETE_COMPLETE" else f"It is now {end.status}"
        return self._failure(
            f"Stack {self._desired.name} could not be {verb}: {cause}. {now}.", self._api.stack(stack_id)
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
from dataclasses import replace

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import template
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.converge import (
    Converger,
    Manner,
    Outcome,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import Desired
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Event
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import cloudformation, steps


class Roller:
    """Brings a stack to the wanted state, with consent to replace controllers: those go first, in steps."""

    def __init__(
        self,
        api: Api,
        follower: Follower,
        wanted: Desired,
        manner: Manner,
        wait_until_up: t.Callable[[str, list[int]], None],
    ) -> None:
        self._api = api
        self._wait_until_up = wait_until_up
        self._follower = follower
        self._wanted = wanted
        self._manner = manner

    def present(self) -> Outcome:
        """What is told is the way from now to the end, whether it takes one update or several."""
        whole = self._converge(self._wanted, replace(self._manner, check=True))
        indexes = steps.renewed(whole.changes)
        if indexes:
            whole.actions.insert(0, steps.sentence(indexes))
        if self._manner.check or not whole.changed:
            return whole
        manner = replace(self._manner, prepare=None)
        if not indexes or whole.stack is None:
            return self._converge(self._wanted, manner)
        current = self._current(whole.stack.stack_id)
        updates = [*self._between(current, indexes), self._wanted]
        return self._one_after_another(whole, current, updates, manner)

    def _converge(self, wanted: Desired, manner: Manner) -> Outcome:
        return Converger(self._api, self._follower, wanted, manner).present()

    def _current(self, stack_id: str) -> dict[str, t.Any]:
        body = self._api.template_body(stack_id)
        return template.from_api(body).body if isinstance(body, str) else dict(body)

    def _between(self, current: dict[str, t.Any], indexes: t.Sequence[int]) -> list[Desired]:
        planned = steps.templates(current, json.loads(self._wanted.template_body), indexes)
        return [self._step(cloudformation.render(each)) for each in planned]

    def _step(self, body: str) -> Desired:
        """Settings of the stack itself are left to the end."""
        loaded = template.load(body)
        return replace(self._wanted, template=loaded, template_body=body, tags=None, termination_protection=None)

    def _one_after_another(
        self, whole: Outcome, current: dict[str, t.Any], updates: t.Sequence[Desired], manner: Manner
    ) -> Outcome:
        done: list[Event] = []
        stack = whole.stack
        for number, update in enumerate(updates):
            body = json.loads(update.template_body)
            try:
                self._wait_until_up(whole.stack.stack_id if whole.stack else "", steps.must_be_up(current, body))
                outcome = self._converge(update, manner)
            except CollectionError as error:
                raise _interrupted(error, whole, done, f"{number} of {len(updates)}") from error
            done += outcome.events
            stack, current = outcome.stack, body
        return replace(whole, stack=stack, events=done)


def _interrupted(error: CollectionError, whole: Outcome, done: list[Event], count: str) -> CollectionError:
    details = {
        **error.details,
        "changed": bool(done) or bool(error.details.get("changed")),
        "actions": whole.actions,
        "changes": whole.changes,
        "events": [*done, *error.details.get("events", [])],
    }
    return CollectionError(
        f"{error.message} The controllers are replaced in steps, and {count} updates were made; "
        "run the task again to go on.",
        **details,
    )

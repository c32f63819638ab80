# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    Change,
    ChangeSet,
    Drift,
    Event,
    Stack,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import Template, load
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

BODY = "Resources: {A: {Type: T}}"


@dataclass
class FakeApi:
    """A stack that plays a prepared script: each poll of the events reveals one more step."""

    current: Stack | None = None
    current_template: Template = field(default_factory=lambda: load(BODY))
    history: list[Event] = field(default_factory=list)
    script: list[tuple[str, str, str]] = field(default_factory=list)
    change_sets: list[ChangeSet] = field(default_factory=list)
    current_policy: str | None = None
    detections: list[str] = field(default_factory=list)
    found_drifts: list[Drift] = field(default_factory=list)
    denied: bool = False
    drift: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    token: str = ""
    sent: dict[str, t.Any] = field(default_factory=dict)

    def stack(self, name: str) -> Stack | None:
        if self.current and self.current.stack_status == "DELETE_COMPLETE" and name == self.current.stack_name:
            return None
        return self.current

    def template(self, _stack_id: str) -> Template:
        return self.current_template

    def events(self, _stack_id: str) -> t.Iterator[Event]:
        if self.script:
            self._happen(*self.script.pop(0))
        return iter(self.history[::-1])

    def _happen(self, name: str, status: str, reason: str) -> None:
        is_stack = name == "s"
        number = str(len(self.history))
        self.history.append(Event(number, "", name, "", "AWS::T", status, reason, self.token or None, is_stack))
        if is_stack and self.current:
            self.current = replace(self.current, stack_status=status)

    def resources(self, _stack_id: str) -> list[Change]:
        return [Change("Remove", "A", "T", "a-1")]

    def create_stack(self, name: str, _body: str, **options: t.Any) -> str:
        self.writes.append("create_stack")
        self.sent = options
        self.token = options["ClientRequestToken"]
        self.current = Stack("arn:new", name, "CREATE_IN_PROGRESS")
        self.history = []
        return "arn:new"

    def detect_drift(self, _stack_id: str) -> str:
        return "d"

    def drift_status(self, _detection: str) -> tuple[str, str]:
        return self.detections.pop(0), "Rate exceeded"

    def drifts(self, _stack_id: str) -> list[Drift]:
        return self.found_drifts

    def policy(self, _stack_id: str) -> str | None:
        return self.current_policy

    def set_policy(self, _stack_id: str, body: str) -> None:
        self.writes.append("set_policy")
        self.current_policy = body

    def delete_stack(self, _stack_id: str, token: str, **options: t.Any) -> None:
        self.writes.append("delete_stack")
        self.sent = options
        self.token = token

    def protect(self, _stack_id: str, protected: bool) -> None:
        self.writes.append(f"protect {protected}")

    def create_change_set(self, _stack_id: str, _name: str, _body: str, **options: t.Any) -> str:
        if self.denied:
            raise CollectionError("The credentials do not allow it.", error_code="AccessDenied")
        self.writes.append("create_change_set")
        self.sent = options
        if self.drift and self.current:
            self.current = replace(self.current, last_updated_time=self.drift.pop(0))
        return "c"

    def change_set(self, _change_set_id: str) -> ChangeSet:
        return self.change_sets.pop(0) if len(self.change_sets) > 1 else self.change_sets[0]

    def execute_change_set(self, _change_set_id: str, token: str) -> None:
        self.writes.append("execute_change_set")
        self.token = token

    def delete_change_set(self, _change_set_id: str) -> None:
        self.writes.append("delete_change_set")


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi()


@pytest.fixture
def existing() -> Stack:
    return Stack("arn:s", "s", "CREATE_COMPLETE", outputs={"Url": "http://x"})

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stack is made of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .parameters import Parameter
from .template import Template

UPDATABLE = {"CREATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class Resource:
    """A resource that exists, or whose making or deleting failed."""

    logical_id: str
    type: str
    physical_id: str
    properties: dict[str, Any]
    attributes: dict[str, Any]
    definition: dict[str, Any]
    status: str = ""
    reason: str = ""
    updated: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Event:
    stack_id: str
    stack_name: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str
    token: str | None
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    time: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Source:
    """What a stack is to become: one template with its parameters and tags."""

    body: str
    template: Template
    parameters: dict[str, Parameter]
    tags: dict[str, str]


@dataclass
class Stack:
    id: str
    name: str
    account: str
    region: str
    source: Source
    status: str
    reason: str = ""
    capabilities: list[str] = field(default_factory=list)
    notification_arns: list[str] = field(default_factory=list)
    role_arn: str | None = None
    on_failure: str = "ROLLBACK"
    termination_protection: bool = False
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    leftovers: list[Resource] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    policy: str | None = None
    drifts: list[dict[str, Any]] = field(default_factory=list)
    drift_status: str = "NOT_CHECKED"
    drift_detection: str = ""

    def record(self, status: str, resource: Resource | None = None, reason: str = "", token: str | None = None) -> None:
        """Set the status of the stack, or of one resource, and write the event."""
        if resource is None:
            self.status, self.reason = status, reason
            identity = (self.name, self.id, "AWS::CloudFormation::Stack")
        else:
            resource.status, resource.reason, resource.updated = status, reason, now()
            identity = (resource.logical_id, resource.physical_id, resource.type)
        logical_id, physical_id, kind = identity
        self.events.append(Event(self.id, self.name, logical_id, physical_id, kind, status, reason, token))


@dataclass
class ChangeSet:
    id: str
    name: str
    kind: str
    source: Source
    changes: list[dict[str, Any]]
    status: str
    execution_status: str
    reason: str = ""
    description: str = ""
    created: datetime = field(default_factory=now)

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, field, is_dataclass

NO_ECHO_MASK = "****"

# Stacks in these states hold nothing that ever worked; they can only be deleted.
NEVER_CAME_UP = frozenset(
    {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS"}
)
NEEDS_REPAIR = frozenset({"UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED"})
SUCCESS = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE", "IMPORT_COMPLETE"})


def is_in_progress(status: str) -> bool:
    """Whether CloudFormation is working on the stack; a stack in review waits for a person."""
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


@dataclass(frozen=True)
class Stack:
    """A stack as DescribeStacks shows it."""

    stack_id: str
    stack_name: str
    stack_status: str
    stack_status_reason: str | None = None
    description: str | None = None
    creation_time: str | None = None
    last_updated_time: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    enable_termination_protection: bool = False

    @property
    def version(self) -> tuple[str, str | None]:
        """What must be the same for a plan to be still valid."""
        return self.stack_id, self.last_updated_time


@dataclass(frozen=True)
class Event:
    """One line of the stack's history."""

    event_id: str
    timestamp: str
    logical_resource_id: str
    physical_resource_id: str
    resource_type: str
    status: str
    reason: str
    token: str | None
    is_stack: bool

    def result(self) -> dict[str, t.Any]:
        return {
            "timestamp": self.timestamp,
            "logical_resource_id": self.logical_resource_id,
            "resource_type": self.resource_type,
            "status": self.status,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    action: str
    logical_resource_id: str
    resource_type: str
    physical_resource_id: str | None = None
    replacement: str | None = None
    scope: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    def result(self) -> dict[str, t.Any]:
        return {**asdict(self), "scope": list(self.scope), "properties": list(self.properties)}

    def sentence(self) -> str:
        text = f"{self.action} {self.logical_resource_id} ({self.resource_type})"
        return f"{text}, replacement: {self.replacement}" if self.replacement else text


@dataclass(frozen=True)
class ChangeSet:
    """A change set that CloudFormation has finished to compute."""

    change_set_id: str
    stack_id: str
    status: str
    execution_status: str
    reason: str
    changes: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        said = self.reason.lower()
        return self.status == "FAILED" and (
            "didn't contain changes" in said or "no updates are to be performed" in said
        )

    @property
    def is_finished(self) -> bool:
        return self.status not in ("CREATE_PENDING", "CREATE_IN_PROGRESS")


@dataclass(frozen=True)
class Drift:
    """A resource that somebody changed or deleted behind the stack's back."""

    logical_resource_id: str
    physical_resource_id: str
    resource_type: str
    status: str
    differences: tuple[dict[str, str], ...] = ()

    def result(self) -> dict[str, t.Any]:
        return {**asdict(self), "differences": list(self.differences)}

    def sentence(self) -> str:
        what = f"{self.logical_resource_id} ({self.resource_type})"
        if self.status == "DELETED":
            return f"{what} was deleted"
        paths = ", ".join(f"{d['path']} is {d['actual']} instead of {d['expected']}" for d in self.differences)
        return f"{what}: {paths}"


def plain(value: t.Any) -> t.Any:
    """A value of ours as data of a result."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "result"):
        return value.result()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _time(value: t.Any) -> str | None:
    if value is None:
        return None
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def stack_from(answer: t.Mapping[str, t.Any]) -> Stack:
    return Stack(
        stack_id=answer["StackId"],
        stack_name=answer["StackName"],
        stack_status=answer["StackStatus"],
        stack_status_reason=answer.get("StackStatusReason"),
        description=answer.get("Description"),
        creation_time=_time(answer.get("CreationTime")),
        last_updated_time=_time(answer.get("LastUpdatedTime")),
        parameters={p["ParameterKey"]: p.get("ParameterValue", "") for p in answer.get("Parameters", [])},
        outputs={o["OutputKey"]: o.get("OutputValue", "") for o in answer.get("Outputs", [])},
        tags={tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])},
        capabilities=list(answer.get("Capabilities", [])),
        enable_termination_protection=bool(answer.get("EnableTerminationProtection")),
    )


def event_from(answer: t.Mapping[str, t.Any]) -> Event:
    physical = answer.get("PhysicalResourceId") or ""
    return Event(
        event_id=answer["EventId"],
        timestamp=_time(answer.get("Timestamp")) or "",
        logical_resource_id=answer.get("LogicalResourceId") or "",
        physical_resource_id=physical,
        resource_type=answer.get("ResourceType") or "",
        status=answer.get("ResourceStatus") or "",
        reason=answer.get("ResourceStatusReason") or "",
        token=answer.get("ClientRequestToken") or None,
        is_stack=physical == answer["StackId"],
    )


def change_from(answer: t.Mapping[str, t.Any]) -> Change:
    return Change(
        action=answer.get("Action", ""),
        logical_resource_id=answer.get("LogicalResourceId", ""),
        resource_type=answer.get("ResourceType", ""),
        physical_resource_id=answer.get("PhysicalResourceId") or None,
        replacement=answer.get("Replacement") or None,
        scope=tuple(answer.get("Scope") or ()),
        properties=tuple(sorted({name for name in map(_property, answer.get("Details") or ()) if name})),
    )


def drift_from(answer: t.Mapping[str, t.Any]) -> Drift:
    differences = [
        {"path": d["PropertyPath"], "expected": d["ExpectedValue"], "actual": d["ActualValue"]}
        for d in answer.get("PropertyDifferences", [])
    ]
    return Drift(
        logical_resource_id=answer["LogicalResourceId"],
        physical_resource_id=answer.get("PhysicalResourceId", ""),
        resource_type=answer["ResourceType"],
        status=answer["StackResourceDriftStatus"],
        differences=tuple(differences),
    )


def _property(detail: t.Mapping[str, t.Any]) -> str:
    return str(detail.get("Target", {}).get("Name") or "")


def change_set_from(pages: t.Sequence[t.Mapping[str, t.Any]]) -> ChangeSet:
    first = pages[0]
    changes = [item["ResourceChange"] for page in pages for item in page.get("Changes", []) if "ResourceChange" in item]
    return ChangeSet(
        change_set_id=first["ChangeSetId"],
        stack_id=first["StackId"],
        status=first["Status"],
        execution_status=first.get("ExecutionStatus", ""),
        reason=first.get("StatusReason") or "",
        changes=tuple(change_from(change) for change in changes),
    )


_CANCELLED = ("resource creation cancelled", "resource update cancelled", "resource deletion cancelled")


def first_failure(events: t.Iterable[Event]) -> Event | None:
    """The event that explains the failure: the earliest that is not the consequence of another one."""
    failed = [event for event in events if event.status.endswith("_FAILED")]
    causes = [event for event in failed if not event.is_stack and not event.reason.lower().startswith(_CANCELLED)]
    return next(iter(causes or failed), None)


def failure_text(event: Event | None) -> str:
    """The middle of the sentence about a failed operation."""
    if event is None:
        return "CloudFormation names no failing resource"
    what = "the stack" if event.is_stack else f"resource {event.logical_resource_id} ({event.resource_type})"
    return f"{what} failed: {(event.reason or event.status).rstrip('.')}"


def blockers_text(events: t.Iterable[Event]) -> str:
    """The middle of the sentence about a deletion: everything that is in its way."""
    latest = {event.logical_resource_id: event for event in events if not event.is_stack}
    failed = [event for event in latest.values() if event.status == "DELETE_FAILED"]
    return "; ".join(failure_text(event) for event in failed) or failure_text(None)


def still_in_progress(events: t.Iterable[Event]) -> list[str]:
    """The resources whose last event is not final."""
    latest = {event.logical_resource_id: event for event in events if not event.is_stack}
    return sorted(name for name, event in latest.items() if event.status.endswith("_IN_PROGRESS"))

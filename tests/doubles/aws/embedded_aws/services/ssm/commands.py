# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands, their invocations on instances, and what each step of those has come to."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ...processes import Process
from .documents import Step

OUTPUT, ERRORS, BOTH = 24_000, 8_000, 2_500
LIVING = {"Pending", "InProgress", "Delayed", "Cancelling"}
#: what the agent reports for a process that it has ended
ENDED = 137


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" if moment else ""


@dataclass
class Plugin:
    """A step on one instance."""

    step: Step
    status: str = "Pending"
    details: str = "Pending"
    code: int = -1
    output: str = ""
    errors: str = ""
    started: datetime | None = None
    ended: datetime | None = None

    def end(self, status: str, code: int, details: str = "") -> None:
        self.status, self.details, self.code, self.ended = status, details or status, code, now()
        self.started = self.started or self.ended


@dataclass
class Invocation:
    """A command on one instance."""

    instance: str
    instance_name: str
    plugins: list[Plugin]
    status: str = "Pending"
    details: str = "Pending"
    process: Process | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def living(self) -> bool:
        return self.status in LIVING

    def set(self, status: str, details: str = "") -> None:
        self.status, self.details = status, details or status

    def begin(self) -> bool:
        """Start, unless it has been cancelled."""
        with self._lock:
            if self.status == "Pending":
                self.set("InProgress")
            return self.status == "InProgress"

    def cancel(self) -> None:
        with self._lock:
            if self.status == "Pending":
                self.set("Cancelled")
                for plugin in self.plugins:
                    plugin.end("Cancelled", -1)
            elif self.status == "InProgress":
                self.set("Cancelling")
        if self.process is not None:
            self.process.stop()


@dataclass
class Command:
    account: str
    region: str
    request: dict[str, Any]
    document: str
    document_version: str
    steps: list[Step]
    invocations: list[Invocation]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    requested: datetime = field(default_factory=now)
    status: str = "Pending"
    details: str = "Pending"

    @property
    def seconds(self) -> int:
        found: int = self.request.get("TimeoutSeconds") or 3600
        return found

    def invocation(self, instance: str) -> Invocation | None:
        return next((item for item in self.invocations if item.instance == instance), None)

    def settle(self) -> None:
        """The status that follows from the invocations."""
        found = {item.status for item in self.invocations}
        if found & LIVING:
            self.status = self.details = "Cancelling" if "Cancelling" in found else "InProgress"
        elif any(item.details == "DeliveryTimedOut" for item in self.invocations):
            self.status, self.details = "TimedOut", "DeliveryTimedOut"
        elif found <= {"Success"}:
            self.status = "Success"
            self.details = "Success" if self.invocations else "NoInstancesInTag"
        else:
            self.status = self.details = "Cancelled" if found <= {"Cancelled", "Success"} else "Failed"

    def describe(self) -> dict[str, Any]:
        kept = "CloudWatchOutputConfig Comment MaxConcurrency MaxErrors NotificationConfig OutputS3BucketName"
        kept += " OutputS3KeyPrefix OutputS3Region Parameters Targets"
        ended = [item for item in self.invocations if not item.living]
        return {
            "Comment": "",
            "MaxConcurrency": "50",
            "MaxErrors": "0",
            "OutputS3BucketName": "",
            "OutputS3KeyPrefix": "",
            "OutputS3Region": self.region,
            "Parameters": {},
            "Targets": [],
            **{key: self.request[key] for key in kept.split() if key in self.request},
            "CommandId": self.id,
            "DocumentName": self.document,
            "DocumentVersion": self.document_version,
            "InstanceIds": self.request.get("InstanceIds", []),
            "RequestedDateTime": self.requested,
            "ExpiresAfter": self.requested + timedelta(seconds=self.seconds),
            "TimeoutSeconds": self.seconds,
            "ServiceRole": self.request.get("ServiceRoleArn", ""),
            "Status": self.status,
            "StatusDetails": self.details,
            "TargetCount": len(self.invocations),
            "CompletedCount": len(ended),
            "ErrorCount": len([item for item in ended if item.status in ("Failed", "TimedOut")]),
            "DeliveryTimedOutCount": len([item for item in ended if item.details == "DeliveryTimedOut"]),
        }

    def describe_invocation(self, invocation: Invocation, details: bool) -> dict[str, Any]:
        plugin = invocation.plugins[0]
        return {
            "CommandId": self.id,
            "InstanceId": invocation.instance,
            "InstanceName": invocation.instance_name,
            "Comment": self.request.get("Comment", ""),
            "DocumentName": self.document,
            "DocumentVersion": self.document_version,
            "RequestedDateTime": self.requested,
            "Status": invocation.status,
            "StatusDetails": invocation.details,
            "StandardOutputUrl": self.url(invocation, plugin, "stdout"),
            "StandardErrorUrl": self.url(invocation, plugin, "stderr"),
            "ServiceRole": self.request.get("ServiceRoleArn", ""),
            "CloudWatchOutputConfig": self.cloudwatch(),
            "CommandPlugins": [self._describe_plugin(invocation, item) for item in invocation.plugins]
            if details
            else [],
        }

    def _describe_plugin(self, invocation: Invocation, plugin: Plugin) -> dict[str, Any]:
        joined = plugin.output + (f"\n----------ERROR-------\n{plugin.errors}" if plugin.errors else "")
        return {
            "Name": plugin.step.name,
            "Status": plugin.status,
            "StatusDetails": plugin.details,
            "ResponseCode": plugin.code,
            "ResponseStartDateTime": plugin.started,
            "ResponseFinishDateTime": plugin.ended,
            "Output": joined[:BOTH],
            "StandardOutputUrl": self.url(invocation, plugin, "stdout"),
            "StandardErrorUrl": self.url(invocation, plugin, "stderr"),
            "OutputS3BucketName": self.request.get("OutputS3BucketName", ""),
            "OutputS3KeyPrefix": self.request.get("OutputS3KeyPrefix", ""),
            "OutputS3Region": self.request.get("OutputS3Region", self.region),
        }

    def describe_plugin(self, invocation: Invocation, plugin: Plugin) -> dict[str, Any]:
        """The answer of GetCommandInvocation; while other steps run, a step that has ended says so already."""
        elapsed = (plugin.ended - plugin.started).total_seconds() if plugin.started and plugin.ended else None
        alone = len(invocation.plugins) == 1
        return {
            "CommandId": self.id,
            "InstanceId": invocation.instance,
            "Comment": self.request.get("Comment", ""),
            "DocumentName": self.document,
            "DocumentVersion": self.document_version,
            "PluginName": plugin.step.name,
            "ResponseCode": plugin.code,
            "ExecutionStartDateTime": stamp(plugin.started),
            "ExecutionElapsedTime": f"PT{elapsed:.3f}S" if elapsed is not None else "",
            "ExecutionEndDateTime": stamp(plugin.ended),
            "Status": invocation.status if alone else plugin.status,
            "StatusDetails": invocation.details if alone else plugin.details,
            "StandardOutputContent": plugin.output[:OUTPUT],
            "StandardOutputUrl": self.url(invocation, plugin, "stdout"),
            "StandardErrorContent": plugin.errors[:ERRORS],
            "StandardErrorUrl": self.url(invocation, plugin, "stderr"),
            "CloudWatchOutputConfig": self.cloudwatch(),
        }

    def cloudwatch(self) -> dict[str, Any]:
        given = self.request.get("CloudWatchOutputConfig", {})
        enabled = given.get("CloudWatchOutputEnabled", False)
        return {"CloudWatchLogGroupName": self.log_group if enabled else "", "CloudWatchOutputEnabled": enabled}

    @property
    def log_group(self) -> str:
        given: str = self.request.get("CloudWatchOutputConfig", {}).get("CloudWatchLogGroupName", "")
        return given or f"/aws/ssm/{self.document}"

    def key(self, invocation: Invocation, plugin: Plugin, name: str) -> str:
        """The key in S3 of one output of one step."""
        prefix = self.request.get("OutputS3KeyPrefix", "").strip("/")
        return f"{prefix}/{self.id}/{invocation.instance}/{plugin.step.output_path}/{name}".lstrip("/")

    def url(self, invocation: Invocation, plugin: Plugin, name: str) -> str:
        bucket = self.request.get("OutputS3BucketName")
        if not bucket:
            return ""
        region = self.request.get("OutputS3Region", self.region)
        return f"https://s3.{region}.amazonaws.com/{bucket}/{self.key(invocation, plugin, name)}"

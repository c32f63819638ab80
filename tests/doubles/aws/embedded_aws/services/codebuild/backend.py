# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects and builds of one account and region."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.core.exceptions import ServiceException

from ...processes import Process

STARTED_PHASES = ("SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE")


class CodeBuildError(ServiceException):
    __module__ = "moto.codebuild.exceptions"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Build:
    """One build. project is the project as it was when the build started, with the overrides of the request."""

    account: str
    region: str
    number: int
    project: dict[str, Any]
    source_version: str
    initiator: str
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "IN_PROGRESS"
    phases: list[dict[str, Any]] = field(default_factory=list)
    exported: dict[str, str] = field(default_factory=dict)
    started: datetime = field(default_factory=now)
    ended: datetime | None = None
    process: Process | None = None

    @property
    def id(self) -> str:
        return f"{self.project['name']}:{self.uuid}"

    @property
    def arn(self) -> str:
        return f"arn:aws:codebuild:{self.region}:{self.account}:build/{self.id}"

    @property
    def log_group(self) -> str:
        wanted: str = self.project.get("logsConfig", {}).get("cloudWatchLogs", {}).get("groupName", "")
        return wanted or f"/aws/codebuild/{self.project['name']}"

    def variables(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.project["environment"].get("environmentVariables", [])
        return found

    def enter(self, phase: str) -> None:
        self.phases.append({"phaseType": phase, "startTime": now()})

    def leave(self, status: str = "SUCCEEDED", reason: str = "") -> None:
        """End the current phase; a reason is what a person reads in the console."""
        phase = self.phases[-1]
        phase["phaseStatus"], phase["endTime"] = status, now()
        phase["durationInSeconds"] = int((phase["endTime"] - phase["startTime"]).total_seconds())
        phase["contexts"] = [{"statusCode": "COMMAND_EXECUTION_ERROR" if reason else "", "message": reason}]

    def end(self, status: str) -> None:
        """The first end counts: a build that was stopped stays so."""
        if self.ended is None:
            self.status, self.ended = status, now()
            self.phases.append({"phaseType": "COMPLETED", "startTime": self.ended})

    def describe(self) -> dict[str, Any]:
        log = f"arn:aws:logs:{self.region}:{self.account}:log-group:{self.log_group}:log-stream:{self.uuid}"
        kept = ("source", "cache", "environment", "serviceRole", "timeoutInMinutes", "queuedTimeoutInMinutes")
        return {
            "id": self.id,
            "arn": self.arn,
            "buildNumber": self.number,
            "startTime": self.started,
            "endTime": self.ended,
            "currentPhase": self.phases[-1]["phaseType"],
            "buildStatus": self.status,
            "buildComplete": self.ended is not None,
            "sourceVersion": self.source_version or None,
            "projectName": self.project["name"],
            "phases": self.phases,
            "artifacts": {"location": self.project["artifacts"].get("location", "")},
            "secondarySources": self.project.get("secondarySources", []),
            "logs": {
                "groupName": self.log_group,
                "streamName": self.uuid,
                "cloudWatchLogsArn": log,
                "deepLink": f"https://console.aws.amazon.com/cloudwatch/home?region={self.region}"
                f"#logsV2:log-groups/log-group/{self.log_group.replace('/', '$252F')}/log-events/{self.uuid}",
            },
            "initiator": self.initiator,
            "encryptionKey": self.project["encryptionKey"],
            "exportedEnvironmentVariables": [{"name": key, "value": value} for key, value in self.exported.items()],
            **{key: self.project[key] for key in kept},
        }


class CodeBuildBackend(BaseBackend):
    __module__ = "moto.codebuild.models"  # moto finds the URLs of a service through the module of its backend

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.projects: dict[str, dict[str, Any]] = {}
        self.builds: dict[str, Build] = {}

    def arn(self, name: str) -> str:
        return f"arn:aws:codebuild:{self.region_name}:{self.account_id}:project/{name}"

    def project(self, name: str) -> dict[str, Any]:
        if name not in self.projects:
            raise CodeBuildError("ResourceNotFoundException", f"Project cannot be found: {self.arn(name)}")
        return self.projects[name]

    def builds_of(self, name: str) -> list[Build]:
        return [build for build in self.builds.values() if build.project["name"] == name]

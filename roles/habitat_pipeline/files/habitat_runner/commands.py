# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of Systems Manager: sent once, looked at, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .continuation import Token
from .job import Job
from .settings import Settings

DELIVERY = 600
DAY = 86_400
LIVING = {"Pending", "InProgress", "Delayed", "Cancelling"}


@dataclass(frozen=True)
class Look:
    """How a command does on its instance; code is that of the script, report what the script left."""

    status: str
    details: str
    code: int
    report: str

    @property
    def living(self) -> bool:
        return self.status in LIVING


class Commands:
    def __init__(self, ssm: Any, settings: Settings) -> None:
        self.ssm, self.settings = ssm, settings

    def send(self, job: Job, token: Token, instance: str) -> str:
        parameters = {"Execution": token.execution, "Key": token.key, "Timeout": str(job.timeout), **job.parameters}
        answer = self.ssm.send_command(
            DocumentName=self.settings.document(job.action),
            InstanceIds=[instance],
            TimeoutSeconds=DELIVERY,
            Comment=f"{self.settings.pipeline} {job.action}"[:100],
            Parameters={name: [value] for name, value in parameters.items()},
            CloudWatchOutputConfig={
                "CloudWatchOutputEnabled": True,
                "CloudWatchLogGroupName": self.settings.log_group,
            },
        )
        return str(answer["Command"]["CommandId"])

    def find(self, token: Token, now: float) -> tuple[str, str]:
        """Command and instance of what was sent under the key of the token, or two empty words."""
        document = {"key": "DocumentName", "value": self.settings.document(token.action)}
        for command in self._since(now - DAY, document):
            if command.get("Parameters", {}).get("Key") == [token.key]:
                return command["CommandId"], command["InstanceIds"][0]
        return "", ""

    def of_execution(self, execution: str, now: float) -> list[str]:
        """The commands of an execution that have not ended."""
        return [
            command["CommandId"]
            for command in self._since(now - DAY)
            if command["DocumentName"].startswith(f"{self.settings.prefix}-")
            and command.get("Parameters", {}).get("Execution") == [execution]
            and command["Status"] in LIVING
        ]

    def _since(self, moment: float, *filters: dict[str, str]) -> Any:
        after = {"key": "InvokedAfter", "value": f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"}
        pages = self.ssm.get_paginator("list_commands").paginate(Filters=[after, *filters])
        return (command for page in pages for command in page["Commands"])

    def look(self, token: Token) -> Look | None:
        """Nothing when AWS does not know the command yet, as happens right after it was sent."""
        wanted = {"CommandId": token.command_id, "InstanceId": token.instance_id, "Details": True}
        found = self.ssm.list_command_invocations(**wanted)["CommandInvocations"]
        if not found:
            return None
        steps = {step["Name"]: step for step in found[0].get("CommandPlugins", [])}
        code = steps.get("action", {}).get("ResponseCode", -1)
        return Look(found[0]["Status"], found[0]["StatusDetails"], code, steps.get("report", {}).get("Output", ""))

    def cancel(self, command_id: str) -> None:
        self.ssm.cancel_command(CommandId=command_id)

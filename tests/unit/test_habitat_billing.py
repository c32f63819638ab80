# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long command costs: the runner on a simulated clock, beside one that polls until the end."""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path

import pytest

ROLE = Path(__file__).resolve().parents[2] / "roles" / "habitat_pipeline"
sys.path.insert(0, str(ROLE / "files"))

from habitat_runner.runner import Runner  # noqa: E402
from habitat_runner.settings import Settings  # noqa: E402

COMMAND = 300.0
REQUEST = 0.25
EXECUTION = "11111111-2222-3333-4444-555555555555"
PARAMETERS = {"action": "Initialize-Habitat", "execution": EXECUTION, "timeout": 600}
SETTINGS = Settings("us-east-1", "app", "app", "k=v", "/commands")


class SimulatedAws:
    """Systems Manager and CodePipeline in one, on a clock of their own: each request takes a moment of it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sent_at: float | None = None
        self.token: str | None = None
        self.ended = False

    def _takes_a_moment(self) -> None:
        self.now += REQUEST

    def get_paginator(self, operation: str) -> SimulatedAws:
        self._operation = operation
        return self

    def paginate(self, **_: t.Any) -> list[dict[str, t.Any]]:
        self._takes_a_moment()
        return [{"Commands": [], "InstanceInformationList": [{"InstanceId": "i-1"}]}]

    def send_command(self, **_: t.Any) -> dict[str, t.Any]:
        self._takes_a_moment()
        assert self.sent_at is None, "sent twice"
        self.sent_at = self.now
        return {"Command": {"CommandId": "c"}}

    def list_command_invocations(self, **_: t.Any) -> dict[str, t.Any]:
        self._takes_a_moment()
        over = self.sent_at is not None and self.now - self.sent_at >= COMMAND
        status = "Success" if over else "InProgress"
        plugins = [{"Name": "action", "ResponseCode": 0}, {"Name": "report", "Output": "outcome=succeeded\n\n"}]
        return {"CommandInvocations": [{"Status": status, "StatusDetails": status, "CommandPlugins": plugins}]}

    def put_job_success_result(self, continuationToken: str | None = None, **_: t.Any) -> None:  # noqa: N803
        self._takes_a_moment()
        self.token, self.ended = continuationToken, continuationToken is None


def billed(aws: SimulatedAws, pause: float) -> float:
    """Seconds inside the function until the action has ended; CodePipeline lets a pause pass between invocations."""
    runner, total = Runner(SETTINGS, aws, aws, lambda: aws.now, lambda _: None), 0.0
    while not aws.ended:
        data: dict[str, t.Any] = {"actionConfiguration": {"configuration": {"UserParameters": json.dumps(PARAMETERS)}}}
        if aws.token:
            data["continuationToken"] = aws.token
        start = aws.now
        runner.run({"CodePipeline.job": {"id": EXECUTION, "data": data}}, lambda: 60_000)
        total += aws.now - start
        aws.now += pause
    return total


def polling(aws: SimulatedAws) -> float:
    """A function that asks every two seconds until the command has ended, as long as it takes."""
    start = aws.now
    aws.send_command()
    while aws.list_command_invocations()["CommandInvocations"][0]["Status"] != "Success":
        aws.now += 2
    aws.put_job_success_result()
    return aws.now - start


@pytest.mark.parametrize(("pause", "most"), [(30.0, 12.0), (10.0, 30.0)])
def test_a_command_of_five_minutes_costs_seconds(pause: float, most: float) -> None:
    aws = SimulatedAws()
    assert billed(aws, pause) <= most
    assert aws.sent_at is not None
    assert aws.now - aws.sent_at >= COMMAND
    assert polling(SimulatedAws()) > COMMAND

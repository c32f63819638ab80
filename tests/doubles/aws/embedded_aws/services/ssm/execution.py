# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The course of a command: delivered, run step by step on each instance, its output stored."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends

from ...processes import background, pause
from ...settings import internal_client, settings
from .. import roles
from .commands import ENDED, Command, Invocation, Plugin, now
from .instances import Managed
from .shells import Box, Local, Script

TICK = 0.02


class Execution:
    """find(id) gives an instance as it is now, or None; shell(instance) where its scripts run."""

    def __init__(
        self, command: Command, find: Callable[[str], Managed | None], shell: Callable[[Managed], Local | Box]
    ) -> None:
        self.command, self.find, self.shell = command, find, shell

    def run(self) -> None:
        """All instances, so many at a time as MaxConcurrency says, until MaxErrors is exceeded."""
        command, waiting = self.command, list(self.command.invocations)
        width, errors = self._limit("MaxConcurrency", "50"), self._limit("MaxErrors", "0")
        running: list[Invocation] = []
        pause(settings.ssm_delay)
        while waiting or running:
            running = [item for item in running if item.living]
            if len([item for item in command.invocations if item.status in ("Failed", "TimedOut")]) > errors:
                for item in waiting:
                    self._end(item, "Cancelled", "Terminated")
                waiting = []
            while waiting and len(running) < width:
                running.append(waiting.pop(0))
                background(self._deliver, running[-1])
            pause(TICK)
        command.settle()

    def _limit(self, name: str, default: str) -> int:
        text, total = self.command.request.get(name, default), len(self.command.invocations)
        if not text.endswith("%"):
            return int(text)
        share = total * int(text[:-1]) // 100
        return max(1, share) if name == "MaxConcurrency" else share

    def _end(self, invocation: Invocation, status: str, details: str = "") -> None:
        if invocation.living:
            invocation.set(status, details)
        for plugin in invocation.plugins:
            if plugin.status == "Pending":
                plugin.end("Cancelled" if status == "Cancelled" else status, -1, details)
        self.command.settle()

    def _deliver(self, invocation: Invocation) -> None:
        """Wait until the agent of the instance answers, as long as TimeoutSeconds allow."""
        deadline = time.monotonic() + self.command.seconds * settings.ssm_second
        while invocation.status == "Pending":
            instance = self.find(invocation.instance)
            if instance is not None and instance.online and invocation.begin():
                self.command.settle()
                self._steps(invocation, instance)
                return
            if instance is None:
                self._end(invocation, "Failed", "Undeliverable")
            elif time.monotonic() > deadline:
                self._end(invocation, "TimedOut", "DeliveryTimedOut")
            pause(TICK)

    def _steps(self, invocation: Invocation, instance: Managed) -> None:
        shell = self.shell(instance)
        for plugin in invocation.plugins:
            if invocation.status == "Cancelling":
                break
            if not plugin.step.applies:
                plugin.end("Success", 0)
                continue
            self._step(invocation, instance, shell, plugin)
            self._store(invocation, plugin)
            if plugin.status != "Success" and plugin.step.exits_on_failure:
                break
        self._conclude(invocation)

    def _step(self, invocation: Invocation, instance: Managed, shell: Local | Box, plugin: Plugin) -> None:
        plugin.status = plugin.details = "InProgress"
        plugin.started = now()
        if plugin.step.problem:
            plugin.errors = plugin.step.problem
            plugin.end("Failed", 1)
            return
        command, step = self.command, plugin.step
        variables = roles.environment(command.account, command.region, instance.role, instance.id)
        variables |= {"AWS_SSM_INSTANCE_ID": instance.id, "AWS_SSM_REGION_NAME": command.region}
        path = f"/var/lib/amazon/ssm/{instance.id}/document/orchestration/{command.id}/{step.name.replace(':', '')}"
        script = Script(step.script, f"{path}/_script.sh", step.folder, variables, command.id)
        process = invocation.process = shell.start(script)
        if invocation.status == "Cancelling":
            process.stop()
        result = process.wait(step.seconds)
        plugin.output, plugin.errors = (text.decode(errors="replace") for text in (result.output, result.errors))
        if invocation.status == "Cancelling":
            plugin.end("Cancelled", ENDED)
        elif result.timed_out:
            plugin.end("TimedOut", ENDED, "ExecutionTimedOut")
        else:
            plugin.end("Success" if result.code == 0 else "Failed", result.code)

    def _conclude(self, invocation: Invocation) -> None:
        """The status of an invocation that has come to its end: that of its first step that was no success."""
        cancelled = invocation.status == "Cancelling"
        for plugin in invocation.plugins:
            if plugin.status == "Pending":
                plugin.end("Cancelled" if cancelled else "Failed", -1, "Cancelled" if cancelled else "Skipped")
        if cancelled:
            self._end(invocation, "Cancelled")
            return
        bad = next((plugin for plugin in invocation.plugins if plugin.status != "Success"), None)
        self._end(invocation, bad.status if bad else "Success", bad.details if bad else "")

    def _store(self, invocation: Invocation, plugin: Plugin) -> None:
        """Output in S3 and CloudWatch Logs; what is empty makes no object and no stream."""
        command = self.command
        outputs = {"stdout": plugin.output, "stderr": plugin.errors}
        for name, text in outputs.items():
            if text and command.request.get("OutputS3BucketName"):
                self._upload(command.key(invocation, plugin, name), text)
            if text and command.cloudwatch()["CloudWatchOutputEnabled"]:
                stream = f"{command.id}/{invocation.instance}/{plugin.step.name.replace(':', '-')}/{name}"
                self._log(stream, text)

    def _upload(self, key: str, text: str) -> None:
        region = self.command.request.get("OutputS3Region", self.command.region)
        s3, bucket = (
            internal_client("s3", region, self.command.account, "ssm"),
            self.command.request["OutputS3BucketName"],
        )
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
        except ClientError as error:  # on AWS nobody but the log of the agent hears of it
            print(f"The output of command {self.command.id} could not be stored: {error}")

    def _log(self, stream: str, text: str) -> None:
        logs: Any = logs_backends[self.command.account][self.command.region]
        logs.ensure_log_group(self.command.log_group)
        logs.create_log_stream(self.command.log_group, stream)
        events = [{"timestamp": unix_time_millis(), "message": line} for line in text.splitlines()]
        logs.put_log_events(self.command.log_group, stream, events)

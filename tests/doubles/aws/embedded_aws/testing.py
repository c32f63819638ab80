# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An embedded AWS for tests: one process on a free port, clients for it, and its request log."""

from __future__ import annotations

import functools
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .cli import ENVIRONMENT, READY_WITHIN, control, is_ready, server_environment
from .settings import ACCESS_KEY_ID, SECRET_ACCESS_KEY


class EmbeddedAws:
    """A running server; stop() ends it."""

    def __init__(self, log_file: Path) -> None:
        self.port = _free_port()
        command = [sys.executable, "-m", "embedded_aws", "serve", "--port", str(self.port)]
        self._output = log_file.open("ab")
        self._process = subprocess.Popen(command, env=server_environment(), stdout=self._output, stderr=self._output)
        deadline = time.monotonic() + READY_WITHIN
        while not is_ready(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The embedded AWS did not start: {log_file.read_text()}")
            time.sleep(0.05)

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that point every SDK at this server and at nothing else."""
        return {**ENVIRONMENT, "AWS_ENDPOINT_URL": self.endpoint_url}

    @functools.cache  # noqa: B019 (a server lives as long as the test session)
    def client(self, service: str, region: str = "us-east-1", access_key: str = ACCESS_KEY_ID) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=access_key,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def log(self, kind: str | None = None, internal: bool = False) -> list[dict[str, Any]]:
        """The requests so far, oldest first; kind "read" or "write" leaves out the others."""
        entries = control(self.port, "log?internal=1" if internal else "log")
        return [entry for entry in entries if kind in (None, entry["kind"])]

    def forget(self) -> None:
        """Empty the request log; everything else stays."""
        control(self.port, "forget", post=True)

    def reset(self) -> None:
        control(self.port, "reset", post=True)

    def configure(self, **settings: Any) -> None:
        control(self.port, "configure", settings)

    def fail(self, service: str, operation: str, **order: Any) -> None:
        """Answer the next requests of an operation with an error: code, message, status, times, skip, late."""
        control(self.port, "fault", {"service": service, "operation": operation, **order})

    def first(self, service: str, operation: str, method: str, skip: int = 0, **parameters: Any) -> None:
        """Make another request, for instance update_pipeline, right before the next one of an operation."""
        other = {"service": service, "method": method, "parameters": parameters}
        control(self.port, "fault", {"service": service, "operation": operation, "skip": skip, "first": other})

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._output.close()

    def wait_for_stack(self, name: str, seconds: float = 60.0) -> dict[str, Any]:
        """The stack once nothing is in progress."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            stack = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack
            time.sleep(0.05)
        raise TimeoutError(f"stack {name} is still {stack['StackStatus']}")


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """Code and message of the error that a call of a client gets; it has to get one."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError(f"{call.__name__} was not refused")


def code_of(call: Callable[..., Any], **arguments: Any) -> str:
    return refusal(call, **arguments)[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

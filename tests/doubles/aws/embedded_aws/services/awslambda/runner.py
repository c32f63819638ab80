# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a function: its code unpacked in a folder, a process of this Python, the environment that AWS would give it."""

from __future__ import annotations

import io
import json
import math
import os
import re
import signal
import sys
import tempfile
import uuid
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends

from ...processes import Process, Result
from .. import roles

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
PYTHON = re.compile(r"python3\.\d+")
INIT_SECONDS = 60.0


@dataclass(frozen=True)
class Outcome:
    """payload is JSON; error is empty, or what X-Amz-Function-Error says."""

    payload: str
    error: str
    log: str


def why_not(function: LambdaFunction) -> str:
    """Why the embedded AWS cannot run a function, or nothing."""
    if function.package_type == "Image":
        return f"The embedded AWS runs no container images, and the function {function.function_name} is one."
    if not PYTHON.fullmatch(function.run_time or ""):
        return f"The embedded AWS only runs Python; the runtime of {function.function_name} is {function.run_time}."
    return ""


def unpack(content: bytes, folder: Path) -> None:
    """A zip archive into a folder; files keep their modes, links are refused as AWS refuses them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for item in archive.infolist():
            path = Path(archive.extract(item, folder))
            mode = item.external_attr >> 16 & 0o777
            if mode and path.is_file():
                path.chmod(mode | 0o400)


class Invocation:
    """One invocation of a function, whose why_not is empty."""

    def __init__(self, function: LambdaFunction, event: str) -> None:
        self.function, self.event = function, event
        self.id = str(uuid.uuid4())
        day = f"{datetime.now(UTC):%Y/%m/%d}"
        self.stream = f"{day}/[{function.version}]{uuid.uuid4().hex}"

    def run(self) -> Outcome:
        """Run to the end, and write the log."""
        with tempfile.TemporaryDirectory(prefix="embedded-aws-function-") as name:
            folder = Path(name)
            for part in ("task", "layers", "temporary"):
                (folder / part).mkdir()
            unpack(self.function.code_bytes, folder / "task")
            result = self._execute(folder)
            answer_file = folder / "answer.json"
            answer = json.loads(answer_file.read_text()) if answer_file.exists() else self._died(result)
        log = self._log(result.output.decode(errors="replace"), answer)
        self._save(log)
        return Outcome(answer["payload"], "Unhandled" if answer["failed"] else "", log)

    def _execute(self, folder: Path) -> Result:
        request = {
            "event": self.event,
            "id": self.id,
            "arn": self.function.function_arn,
            "timeout": float(self.function.timeout),
            "folders": [str(folder / "task"), *self._layers(folder / "layers")],
        }
        (folder / "request.json").write_text(json.dumps(request))
        # -P: the folder of the bootstrap is no place to import from.
        command = [sys.executable, "-P", str(BOOTSTRAP), str(folder / "request.json"), str(folder / "answer.json")]
        process = Process(command, self._environment(folder), folder / "task", merged=True)
        try:
            return process.wait(INIT_SECONDS + self.function.timeout)
        finally:
            process.stop()  # what the handler has left behind; AWS freezes it

    def _layers(self, folder: Path) -> list[str]:
        for layer in self.function.layers:
            backend = lambda_backends[self.function.account_id][self.function.region]
            unpack(backend.layers_versions_by_arn(layer["Arn"]).code_bytes, folder)
        return [str(folder / "python")]

    def _environment(self, folder: Path) -> dict[str, str]:
        function = self.function
        own = {
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.stream,
            "LAMBDA_TASK_ROOT": str(folder / "task"),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(folder / "temporary"),
            "TZ": ":UTC",
            "_HANDLER": function.handler,
        }
        account, region = function.account_id, function.region
        role = roles.environment(account, region, function.role, function.function_name)
        return {**{key: str(value) for key, value in function.environment_vars.items()}, **own, **role}

    def _died(self, result: Result) -> dict[str, Any]:
        """The answer of a process that gave none."""
        seconds = float(self.function.timeout)
        if result.timed_out or result.code == -signal.SIGALRM:
            kind, text = "Sandbox.Timedout", f"Task timed out after {seconds:.2f} seconds"
        elif result.code < 0:
            name = signal.Signals(-result.code).name
            kind, text, seconds = "Runtime.ExitError", f"Runtime exited with error: signal: {name}", 0.0
        elif result.code:
            kind, text, seconds = "Runtime.ExitError", f"Runtime exited with error: exit status {result.code}", 0.0
        else:
            kind, text, seconds = "Runtime.ExitError", "Runtime exited without providing a reason", 0.0
        error = {"errorType": kind, "errorMessage": f"RequestId: {self.id} Error: {text}"}
        return {"failed": True, "seconds": seconds, "payload": json.dumps(error), "note": text}

    def _log(self, output: str, answer: dict[str, Any]) -> str:
        milliseconds = answer["seconds"] * 1000
        lines = [f"START RequestId: {self.id} Version: {self.function.version}", *output.splitlines()]
        lines += [f"RequestId: {self.id} Error: {answer['note']}"] if "note" in answer else []
        report = (
            f"REPORT RequestId: {self.id}\tDuration: {milliseconds:.2f} ms"
            f"\tBilled Duration: {math.ceil(milliseconds)} ms\tMemory Size: {self.function.memory_size} MB"
        )
        return "\n".join([*lines, f"END RequestId: {self.id}", report, ""])

    def _save(self, log: str) -> None:
        logs, group = logs_backends[self.function.account_id][self.function.region], self.function.logs_group_name
        logs.ensure_log_group(group)
        logs.create_log_stream(group, self.stream)
        events = [{"timestamp": unix_time_millis(), "message": line} for line in log.splitlines()]
        logs.put_log_events(group, self.stream, events)

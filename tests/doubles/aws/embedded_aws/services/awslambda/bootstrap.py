# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a function's process runs: imports the handler, calls it once, writes the answer to a file.

python bootstrap.py REQUEST ANSWER, two files of JSON. The answer says whether it failed, the seconds, and the payload.
SIGALRM ends the process at the function's timeout; the time for imports does not count, as on AWS.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.aws_request_id = request["id"]
        self.invoked_function_arn = request["arn"]
        self.client_context = self.identity = None
        self._seconds = request["timeout"]
        self._end = 0.0

    def start(self) -> None:
        self._end = time.monotonic() + self._seconds
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


class Failure(Exception):
    """An error of the runtime itself, with the type that AWS gives it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def find_handler(name: str) -> Callable[[Any, Context], Any]:
    module_name, dot, function = name.rpartition(".")
    if not dot:
        message = f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)"
        raise Failure("Runtime.MalformedHandlerName", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Failure("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise Failure("Runtime.UserCodeSyntaxError", message) from error
    if not hasattr(module, function):
        raise Failure("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_name}'")
    found: Callable[[Any, Context], Any] = getattr(module, function)
    return found


def call(event: Any, context: Context) -> str:
    """The handler's result as JSON."""
    handler = find_handler(os.environ["_HANDLER"])
    context.start()
    result = handler(event, context)
    try:
        return json.dumps(result)
    except TypeError as error:
        raise Failure("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def log_like_aws(request_id: str) -> None:
    """The root logger has a handler in the runtime of AWS, and so it has here."""
    handler = logging.StreamHandler(sys.stdout)
    form = f"[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t{request_id}\t%(message)s"
    handler.setFormatter(logging.Formatter(form, "%Y-%m-%dT%H:%M:%S"))
    handler.formatter.converter = time.gmtime  # type: ignore[union-attr]
    logging.getLogger().addHandler(handler)


def describe(error: Exception, request_id: str) -> str:
    """An error as the caller of the function sees it; the log gets it with its traceback."""
    kind = error.kind if isinstance(error, Failure) else type(error).__name__
    frames = [] if isinstance(error, Failure) else traceback.format_tb(error.__traceback__)[2:]
    print(f"[ERROR] {kind}: {error}", *(["Traceback (most recent call last):", *frames] if frames else []), sep="\n")
    return json.dumps({"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": frames})


def main() -> None:
    request_file, answer_file = map(Path, sys.argv[1:])
    request = json.loads(request_file.read_text())
    sys.path[:0] = request["folders"]
    log_like_aws(request["id"])
    context, started = Context(request), time.monotonic()
    try:
        failed, payload = False, call(json.loads(request["event"]), context)
    except Exception as error:
        failed, payload = True, describe(error, request["id"])
    signal.setitimer(signal.ITIMER_REAL, 0)
    answer = {"failed": failed, "seconds": time.monotonic() - started, "payload": payload}
    answer_file.write_text(json.dumps(answer))


if __name__ == "__main__":
    main()

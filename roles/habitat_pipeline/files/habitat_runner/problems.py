# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends an action, in words and with one of CodePipeline's types; which errors of AWS only pass."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

THROTTLED = {
    "LimitExceededException",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
TYPES = {
    "AccessDenied": "PermissionError",
    "AccessDeniedException": "PermissionError",
    "UnauthorizedOperation": "PermissionError",
    "InvalidDocument": "ConfigurationError",
    "InvalidDocumentContent": "ConfigurationError",
    "InvalidParameters": "ConfigurationError",
    "ValidationException": "ConfigurationError",
    "InvalidInstanceId": "SystemUnavailable",
}


class Problem(Exception):
    """kind is a failure type of CodePipeline."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def code_of(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def passes(error: Exception) -> bool:
    """Whether it is worth asking again: AWS throttles, fails by itself or cannot be reached."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code_of(error) in THROTTLED or status == 429 or status >= 500
    return isinstance(error, BotoCoreError)


def problem_of(error: ClientError) -> Problem:
    code, message = code_of(error), error.response["Error"].get("Message", "")
    operation = error.operation_name
    return Problem(TYPES.get(code, "JobFailed"), f"AWS refused {operation}: {code}: {message}".rstrip(": "))

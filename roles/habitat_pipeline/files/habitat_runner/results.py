# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CodePipeline and the people in front of it are told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .commands import Look
from .continuation import Token
from .settings import Settings

MESSAGE, SUMMARY = 5_000, 2_048
LINES = 20
#: exit codes of the scripts, as in sysexits.h
EXITS = {66: "RevisionUnavailable", 75: "SystemUnavailable", 77: "PermissionError", 78: "ConfigurationError"}
DETAILS = {
    "AccessDenied": "PermissionError",
    "DeliveryTimedOut": "SystemUnavailable",
    "InvalidPlatform": "ConfigurationError",
    "Undeliverable": "SystemUnavailable",
}
CAUSES = {
    "AccessDenied": "the command was not allowed on the build box",
    "Cancelled": "the command was cancelled",
    "DeliveryTimedOut": "the build box did not take the command in time",
    "ExecutionTimedOut": "the command took longer than its timeout and was ended",
    "InvalidPlatform": "the build box runs no Linux",
    "Terminated": "AWS ended the command",
    "Undeliverable": "the build box could not be reached",
}
UNWANTED = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
SECRET = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
NAMED = re.compile(r"(?i)([\w-]*(?:token|password|secret|authorization)[\w-]*\s*[=:]\s*)(?:bearer\s+)?[^\s,;'\"]+")


@dataclass(frozen=True)
class Report:
    """What a script leaves: lines NAME=VALUE, an empty line, the end of its error output."""

    values: dict[str, str]
    tail: list[str]

    @classmethod
    def of(cls, text: str) -> Report:
        head, _blank, tail = text.partition("\n\n")
        pairs = (line.partition("=") for line in head.splitlines() if "=" in line)
        return cls({name: scrubbed(value) for name, _equals, value in pairs}, scrubbed(tail).splitlines()[-LINES:])

    @property
    def variables(self) -> dict[str, str]:
        prefix = "variable."
        return {name[len(prefix) :]: value for name, value in self.values.items() if name.startswith(prefix)}


@dataclass(frozen=True)
class Waiting:
    token: Token
    summary: str


@dataclass(frozen=True)
class Success:
    summary: str
    command_id: str
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    kind: str
    message: str
    command_id: str = ""


Result = Waiting | Success | Failure


def scrubbed(text: str) -> str:
    """Without control characters, and without what looks like a secret."""
    return NAMED.sub(r"\1****", SECRET.sub("****", UNWANTED.sub("", text)))


def where(settings: Settings, token: Token) -> str:
    return f"on {token.instance_id}, command {token.command_id}; log: {settings.log_url(token.command_id)}"


def result_of(settings: Settings, token: Token, look: Look) -> Success | Failure:
    """The result of a command that has ended. Exit code 0 without a report is no success."""
    report = Report.of(look.report)
    if look.status == "Success" and report.values.get("outcome") == "succeeded":
        summary = report.values.get("summary") or f"{token.action} succeeded"
        text = f"{summary} ({where(settings, token)})"
        return Success(text[:SUMMARY], token.command_id, report.variables)
    return _failure(settings, token, look, report)


def _failure(settings: Settings, token: Token, look: Look, report: Report) -> Failure:
    cause = report.values.get("cause") or CAUSES.get(look.details) or _unsaid(look)
    status = f"exit {look.code}, status {look.status}/{look.details}"
    first = f"{token.action} failed: {cause} ({status}) {where(settings, token)}"
    message = "; last lines:\n".join([first, "\n".join(report.tail)]) if report.tail else first
    kind = DETAILS.get(look.details) or EXITS.get(look.code, "JobFailed")
    return Failure(kind, message[:MESSAGE], token.command_id)


def _unsaid(look: Look) -> str:
    return f"the script ended with exit code {look.code}" if look.code else "the script left no report"

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError


class HabError(CollectionError):
    """A failure with a code that playbooks can test: the key error_code of the result."""

    def __init__(self, message: str, code: str = "failed", **details: t.Any) -> None:
        super().__init__(message, error_code=code, **details)
        self.code = code


class Done(t.NamedTuple):
    """A command that has ended."""

    command: str
    rc: int
    stdout: str
    stderr: str


_HINTS = {
    "license_not_accepted": "accept the licence with accept_license",
    "unauthorized": "Builder does not accept the token for this; look at auth_token and the role of its account",
    "not_licensed": "Builder gives this channel only to accounts with a licence key; look at auth_token",
    "in_use": "remove first what needs it",
    "loaded": "unload the service first",
    "network": "look at bldr_url, proxies and the network",
    "supervisor_unreachable": "start the supervisor, or look at remote_sup",
}

_TEXTS = (
    ("not_licensed", r"no valid license key"),
    ("license_not_accepted", r"licen[cs]e agreement not accepted"),
    ("unauthorized", r"\b40[13]\b|unauthori[sz]ed|authentication required|forbidden|no auth token"),
    ("supervisor_unreachable", r"unable to contact the supervisor"),
    ("in_use", r"it is a dependency of"),
    ("loaded", r"loaded by the supervisor"),
    ("hook_failed", r"\bhook\b"),
    ("not_found", r"not found|cannot find|404"),
    ("network", r"\bdns\b|connection (refused|reset)|error sending request|timed out|unreachable|tls|certificate"),
)
_PREFIX = re.compile(r"^\s*(?:✗✗✗|XXX|[Ø∅]|0(?= ))\s*")


def error_code_of(done: Done) -> str:
    """Which of the known failures this is."""
    if done.rc == 101:
        return "panic"
    if done.rc == 2:
        return "usage"
    said = f"{done.stderr}\n{done.stdout}".lower()
    return next((code for code, pattern in _TEXTS if re.search(pattern, said)), "failed")


def reason_of(done: Done) -> str:
    """What the command says went wrong, in one line and without its ornaments."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    fatal = [line for line in lines if line.lstrip().startswith(("✗✗✗", "XXX", "error:", "thread "))]
    told = fatal or lines or done.stdout.splitlines()[-3:]
    words = " ".join(_PREFIX.sub("", line).strip() for line in told).strip()
    return " ".join(words.split()) or "it gave no reason"


def explain(done: Done, version: str, code: str = "") -> HabError:
    """The error of a command that failed, in one sentence with cause and remedy."""
    code = code or error_code_of(done)
    reason = reason_of(done).rstrip(".")
    if code == "usage":
        message = (
            f"{done.command} is not understood by {version or 'this hab'} ({reason}); versions from 2.0 are supported, "
            "1.6 as far as it has the same options."
        )
    elif code == "panic":
        message = f"{done.command} ended with an internal error of {version or 'hab'} (exit code 101): {reason}."
    else:
        hint = f"; {_HINTS[code]}" if code in _HINTS else ""
        message = f"{done.command} failed with exit code {done.rc}: {reason}{hint}."
    return HabError(message, code, **details_of(done))


def details_of(done: Done) -> dict[str, t.Any]:
    return {"command": done.command, "rc": done.rc, "stdout": done.stdout, "stderr": done.stderr}

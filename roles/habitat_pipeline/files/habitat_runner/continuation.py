# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The continuation token: all that one invocation tells the next. It is readable by many, so it holds no secret."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from .problems import Problem

VERSION = 1


@dataclass(frozen=True)
class Token:
    """job is the id of the job that the action began with; command_id is empty as long as nothing was sent."""

    job: str
    action: str
    execution: str
    started_at: int
    deadline: int
    attempt: int = 1
    command_id: str = ""
    instance_id: str = ""

    @property
    def key(self) -> str:
        """Names this piece of work: nothing is sent twice under one key."""
        return f"{self.job}.{self.attempt}"

    def sent(self, command_id: str, instance_id: str) -> Token:
        return replace(self, command_id=command_id, instance_id=instance_id)

    def again(self) -> Token:
        return replace(self, attempt=self.attempt + 1, command_id="", instance_id="")

    def dump(self) -> str:
        return json.dumps({"v": VERSION, **asdict(self)}, separators=(",", ":"))


def load(text: str) -> Token:
    try:
        values = json.loads(text)
        version = values.pop("v", None)
    except (ValueError, AttributeError):
        raise Problem("ConfigurationError", "the continuation token is no JSON object") from None
    if version != VERSION:
        message = f"the continuation token has version {version!r}, but this runner knows version {VERSION} only"
        raise Problem("ConfigurationError", f"{message}; start the execution again")
    try:
        return Token(**values)
    except TypeError:
        raise Problem("ConfigurationError", "the continuation token lacks something, or has too much") from None

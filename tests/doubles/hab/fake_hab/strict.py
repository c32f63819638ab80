# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What the real tool allows and this project does not: refused unless HAB_STUB_STRICT=0."""

from __future__ import annotations

from fake_hab.context import Context
from fake_hab.parser import Parsed

_SECRETS = ("AUTH_TOKEN", "ring_key", "event_stream_token", "--auth", "--password")
_CHANNEL = {"pkg install": "channel", "svc load": "channel", "svc update": "channel", "pkg download": "CHANNEL"}


def _is_of_hab(name: str) -> bool:
    return name.startswith("HAB_") and not name.startswith("HAB_STUB_")


def complaint(context: Context, parsed: Parsed) -> str | None:
    """Why the double does not run this command line; None when it does."""
    if context.setting("STRICT") == "0":
        return None
    empty = [name for name, value in context.environment.items() if _is_of_hab(name) and not value]
    if empty:
        return f"the variable {empty[0]} is set and empty"
    for name in _SECRETS:
        if parsed.given(name):
            arg = parsed.command.by_id(name)
            return f"a secret is on the command line ({arg.long if arg else name})"
    channel = _CHANNEL.get(parsed.path)
    if channel and not parsed.given(channel):
        return f"'hab {parsed.path}' without --channel depends on the version of hab"
    if parsed.path == "pkg build" and not context.is_root:
        return "'hab pkg build' has to be run as root, or it asks sudo"
    return None

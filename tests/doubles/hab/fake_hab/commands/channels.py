# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab bldr channel *."""

from __future__ import annotations

from fake_hab import remote
from fake_hab.context import Context
from fake_hab.depot import Depot
from fake_hab.idents import Ident
from fake_hab.parser import Parsed


def _depot(context: Context, parsed: Parsed) -> tuple[Depot, str, str]:
    """The depot, the origin and the token."""
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    return remote.depot_of(context, parsed, "url"), context.origin(parsed.one("origin")), token


def create(context: Context, parsed: Parsed) -> None:
    depot, origin, token = _depot(context, parsed)
    name = parsed.text("channel")
    context.ui.begin(f"Creating channel {name} in origin {origin}")
    with remote.answers():
        depot.create_channel(origin, name, token)
    context.ui.status("Created", f"{name}.")


def destroy(context: Context, parsed: Parsed) -> None:
    depot, origin, token = _depot(context, parsed)
    name = parsed.text("channel")
    context.ui.begin(f"Destroying channel {name} in origin {origin}")
    with remote.answers():
        depot.destroy_channel(origin, name, token)
    context.ui.status("Deleted", f"{name}.")


def list_channels(context: Context, parsed: Parsed) -> None:
    origin = context.origin(parsed.one("origin"))
    context.ui.begin(f"Listing channels for {origin}.")
    with remote.answers():
        found = remote.depot_of(context, parsed, "url").origin_channels(origin, context.token(None))
    for name in found:
        context.ui.line(name)


def promote(context: Context, parsed: Parsed) -> None:
    _move(context, parsed, "promote", "Promoted")


def demote(context: Context, parsed: Parsed) -> None:
    _move(context, parsed, "demote", "Demoted")


def _move(context: Context, parsed: Parsed, action: str, verb: str) -> None:
    """All packages of the first channel go into the second one, or out of it."""
    depot, origin, token = _depot(context, parsed)
    source, target = parsed.text("source_channel"), parsed.text("target_channel")
    with remote.answers():
        for ident in depot.packages():
            if ident.origin == origin and source in depot.channels_of(ident, token):
                _apply(depot, action, ident, target, token)
    context.ui.status(verb, f"packages of channel '{source}' ({origin})")


def _apply(depot: Depot, action: str, ident: Ident, target: str, token: str) -> None:
    if action == "promote":
        depot.promote(ident, target, token)
    elif target in depot.channels_of(ident, token):
        depot.demote(ident, target, token)

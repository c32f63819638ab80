# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The depot as the commands see it: its refusals become errors of hab."""

from __future__ import annotations

import contextlib
import http
import typing as t
from pathlib import Path

from fake_hab.context import Context
from fake_hab.depot import Depot, Refused
from fake_hab.failure import Failure
from fake_hab.parser import Parsed
from fake_hab.urls import is_absolute_url

DEFAULT_URL = "https://bldr.habitat.sh"


def url_of(context: Context, parsed: Parsed, name: str = "BLDR_URL") -> str:
    """The Builder that is meant; the double only checks that it is a URL, there is one depot."""
    given = parsed.one(name) if parsed.command.by_id(name) else None
    found = given or context.variable("HAB_BLDR_URL") or context.cli_config("bldr_url") or DEFAULT_URL
    if not is_absolute_url(found):
        raise Failure("relative URL without a base")
    return found


def depot_of(context: Context, parsed: Parsed, name: str = "BLDR_URL") -> Depot:
    url = url_of(context, parsed, name)
    folder = context.setting("DEPOT")
    if not folder or not Path(folder).is_dir():
        raise Failure(f"error sending request for url ({url.rstrip('/')}/v1): Connection refused (os error 111)")
    return Depot(Path(folder))


def text_of(refused: Refused) -> str:
    status = f"{refused.status} {http.HTTPStatus(refused.status).phrase}"
    return f"[{status}] {refused.message}".rstrip()


@contextlib.contextmanager
def answers() -> t.Iterator[None]:
    """Turn a refusal of the depot into the error that hab shows."""
    try:
        yield
    except Refused as refused:
        raise Failure(text_of(refused)) from refused

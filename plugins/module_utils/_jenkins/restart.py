# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report, silent
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError, Unreachable, explain

_BUILDS, _LOADING, _GONE = "waits for running builds", "is loading", "has stopped"
_ADVICE = {
    _BUILDS: "let them end, or cancel with Manage Jenkins or /cancelQuietDown",
    _LOADING: "look into its log",
    _GONE: "a container needs a restart policy, because the official image ends its process to restart",
}


def restart(jenkins: Jenkins, session: str, patience: Patience, report: Report = silent) -> None:
    """Restart when no build runs any more; returns when Jenkins is back.

    session: what it was before. A new one is the only proof of a restart: Jenkins answers as always until it stops.
    """
    jenkins.post("/updateCenter/safeRestart", "restart")
    jenkins.forget_session()
    last = ""
    while True:
        state = _state(jenkins, session)
        if state is None:
            report("Jenkins is back", "ok")
            return
        if state != last:
            report(f"Jenkins {state}", "running")
            last = state
        if not patience.pause():
            limit = f"{patience.timeout:g} s (option wait_timeout)"
            raise JenkinsError(f"Jenkins did not restart within {limit}: it {state}; {_ADVICE[state]}.")


def _state(jenkins: Jenkins, session: str) -> str | None:
    """What Jenkins does, nothing when it is back."""
    try:
        answer = jenkins.ask_once("/api/json", "tell whether it is back")
    except Unreachable:
        return _GONE
    if answer.is_starting:
        return _LOADING
    if answer.status != 200:
        raise explain(answer, "tell whether it is back", jenkins.user)
    if answer.headers.get("x-jenkins-session") not in (None, session):
        return None
    return _BUILDS if _quieting(answer.text) else _LOADING


def _quieting(text: str) -> bool:
    try:
        found = t.cast("dict[str, t.Any]", json.loads(text))
    except ValueError:
        return False
    return bool(found.get("quietingDown"))

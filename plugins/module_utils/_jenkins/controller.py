# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError, not_expected

_NUMBERS = re.compile(r"\d+")
_PLUGIN_FIELDS = "plugins[shortName,version,active,enabled,deleted]"


class Controller(t.NamedTuple):
    """What a controller tells about itself: session is new at each start."""

    version: str
    session: str


class Plugin(t.NamedTuple):
    """An installed plugin; active is the proof that Jenkins uses it."""

    name: str
    version: str
    active: bool


def describe(jenkins: Jenkins) -> Controller:
    """Look whether the controller answers and lets the user in."""
    action = "tell its version"
    answer = jenkins.get("/api/json", action, tree="quietingDown")
    if "x-jenkins" not in answer.headers:
        raise not_expected(answer, "what a Jenkins controller says", action)
    return Controller(answer.headers["x-jenkins"], answer.headers.get("x-jenkins-session", ""))


def plugins(jenkins: Jenkins) -> dict[str, Plugin]:
    """The installed plugins by name."""
    answer = jenkins.get_json("/pluginManager/api/json", "list its plugins", tree=_PLUGIN_FIELDS)
    found = [plugin for plugin in answer.get("plugins", ()) if not plugin.get("deleted")]
    return {one["shortName"]: Plugin(one["shortName"], str(one["version"]), bool(one.get("active"))) for one in found}


def need(installed: t.Mapping[str, Plugin], *names: str) -> None:
    """Raise JenkinsError unless the plugins are there and active."""
    missing = [name for name in names if name not in installed]
    if missing:
        raise JenkinsError(f"Jenkins lacks the plugin {' and '.join(missing)}; install it with jenkins_plugins.")
    idle = [name for name in names if not installed[name].active]
    if idle:
        raise JenkinsError(f"The plugin {' and '.join(idle)} is installed but not active; restart or enable it.")


def version_key(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare with: 2.403.1 -> (2, 403, 1), 2117.vc05a_0b -> (2117,)."""
    head = version.split(".v", 1)[0]
    return tuple(int(number) for number in _NUMBERS.findall(head))

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Fact, Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.accounts import User
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.cron import SPOOLS, Cron
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host

_NO_SHELLS = ("nologin", "false", "true", "sync", "shutdown", "halt")
_MAINTENANCE = re.compile(r"run-parts .*/etc/cron\.|/e2scrub_all")


def shell_users() -> list[str]:
    """The users that get a shell when they log in."""
    import pwd

    return [entry.pw_name for entry in pwd.getpwall() if os.path.basename(entry.pw_shell) not in ("", *_NO_SHELLS)]


def all_users() -> dict[str, int]:
    """The numbers of all users by name."""
    import pwd

    return {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}


def user_facts(host: Host, names: t.Iterable[str]) -> list[Fact]:
    """Who the users are; never a password or a key."""
    users = [User(name, {}, host) for name in names]
    return [
        {
            "name": user.name,
            "uid": user.uid(),
            "gid": user.gid(),
            "group": user.group(),
            "groups": user.groups(),
            "home": user.home(),
            "shell": user.shell(),
        }
        for user in users
    ]


def cron_jobs(host: Host, of_interest: t.Collection[str] | None, notes: Notes) -> list[Fact]:
    """The jobs of crontabs, those of the maintenance that every system does left out; None is everybody."""
    names = notes.attempt("jobs of the system", lambda: _users_of_system_jobs(host)) or set()
    names |= notes.attempt("crontabs of users", lambda: _users_with_crontab(host)) or set()
    found = []
    for name in sorted(names if of_interest is None else names.intersection(of_interest)):
        entries = notes.attempt(f"crontab of {name}", Cron(name, {}, host).entries) or []
        found += [{"user": name, "entry": entry} for entry in entries if not _MAINTENANCE.search(entry)]
    return found


def _users_of_system_jobs(host: Host) -> set[str]:
    rows = [entry.split() for entry in Cron(None, {}, host).entries()]
    return {row[1] if row[0].startswith("@") else row[5] for row in rows}


def _users_with_crontab(host: Host) -> set[str]:
    folders = [spool for spool in SPOOLS if facts.status(host, spool)]
    paths = [f"{folder}/{name}" for folder in folders for name in host.names(folder)]
    return {os.path.basename(path) for path in paths if os.path.isfile(host.path(path))}

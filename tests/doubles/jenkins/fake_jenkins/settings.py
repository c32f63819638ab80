# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a double behaves; a test changes it before or while it runs."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

ALL_PERMISSIONS = ("Overall/Administer",)


@dataclass
class User:
    """A user of Jenkins. Overall/Administer means everything."""

    password: str = ""
    token: str = ""
    permissions: tuple[str, ...] = ALL_PERMISSIONS


@dataclass
class Fault:
    """What goes wrong with the next requests whose path ends so.

    kind: drop_before and drop_after (the connection), status, login (a page with 200), crumb (it is not accepted), or
    redirect (by a proxy, to https).
    """

    path: str
    kind: str
    status: int = 502
    times: int = 1


def _users() -> dict[str, User]:
    return {"admin": User("admin-password", "admin-token")}


def _site() -> dict[str, dict[str, t.Any]]:
    """The update site: newest version, dependencies, and whether a plugin works without a restart."""
    return {
        "amazon-ecs": {"version": "1.49", "dependencies": {"structs": "337.v1b_04ea_4df7c8"}},
        "configuration-as-code": {"version": "2117.vc05a_0b_e6b_f4e", "dependencies": {"snakeyaml-api": "2.3"}},
        "git": {"version": "5.10.1", "dependencies": {"git-client": "6.4.0", "structs": "337.v1b_04ea_4df7c8"}},
        "git-client": {"version": "6.4.0"},
        "snakeyaml-api": {"version": "2.5"},
        "structs": {"version": "362.va_b_695ef4fdf9"},
        "matrix-auth": {"version": "3.2.9", "needs_restart": True},
        "broken": {"version": "1.0", "fails": "Failed to download"},
    }


def _installed() -> dict[str, str]:
    names = ("amazon-ecs", "configuration-as-code", "git", "git-client", "snakeyaml-api", "structs")
    return {name: _site()[name]["version"] for name in names}


@dataclass
class Settings:
    """Times are in seconds, and much shorter than Jenkins's own."""

    version: str = "2.555.1"
    prefix: str = ""
    url: str | None = None
    users: dict[str, User] = field(default_factory=_users)
    anonymous: tuple[str, ...] = ()
    csrf: bool = True
    #: the address that Jenkins takes for its own in redirects, where a proxy hides the right one
    seen_as: str | None = None
    #: whether the process ends to restart, as in the official image, and stays down until it is started
    exits: bool = False
    loading_time: float = 0.2
    restarting_time: float = 0.2
    plugin_time: float = 0.1
    provisioning_time: float = 0.1
    build_time: float = 0.3
    queue_memory: float = 300.0
    site: dict[str, dict[str, t.Any]] = field(default_factory=_site)
    site_known: bool = False
    plugins: dict[str, str] = field(default_factory=_installed)
    inactive: tuple[str, ...] = ()
    #: the file of configuration as code that the controller reads when it starts
    casc_file: str = ""
    casc_override: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    #: whether a cloud without credentialsId is refused
    strict_credentials: bool = True
    #: clouds that were made by hand, as their export has them
    clouds: list[dict[str, t.Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

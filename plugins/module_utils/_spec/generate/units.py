# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import fnmatch
import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import matching
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.service_managers import (
    Systemd,
    services,
    unit_name,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

OWN_UNITS = "/etc/systemd/system"
_FOLDERS = ("/usr/lib/systemd/system", "/lib/systemd/system", OWN_UNITS)
_TYPES = ("service", "timer", "socket")
_ENABLED = ("enabled", "enabled-runtime", "generated")
_DEPENDENT = ("static", "alias", "indirect", "transient", "")
#: services that every system has, because it boots, logs people in and maintains itself
_BASE = (
    "systemd-*",
    "dbus*",
    "*getty*",
    "autovt@*",
    "user@*",
    "user-runtime-dir@*",
    "apt-daily*",
    "dpkg-db-backup*",
    "e2scrub*",
    "fstrim*",
    "man-db*",
    "logrotate.timer",
    "syslog.socket",
    "dm-event*",
    "lvm2-*",
    "blk-availability",
    "keyboard-setup",
    "console-setup",
    "kmod*",
    "udev",
    "procps",
    "rc-local",
)


class Unit(t.NamedTuple):
    """A service, timer or socket. running is None when nothing here can tell, file is empty without an own one."""

    name: str
    enabled: bool
    running: bool | None
    user: str
    file: str


def listed(host: Host) -> dict[str, bool]:
    """The names of all services, timers and sockets; true for those that somebody has enabled or started."""
    return host.once("listed units", lambda: _listed(host))


def _listed(host: Host) -> dict[str, bool]:
    found = _by_systemctl(host) if isinstance(services(host), Systemd) else _by_files(host)
    return {name: wanted and not _is_base(name) for name, wanted in found.items()}


def _is_base(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in _BASE)


def _by_systemctl(host: Host) -> dict[str, bool]:
    states = {row[0]: row[1] for row in _rows(host, "list-unit-files")}
    found = {_short(unit): state in _ENABLED for unit, state in states.items() if "@." not in unit}
    for unit, load, active, sub, *_description in _rows(host, "list-units", "--all"):
        if load == "loaded":
            state = states.get(unit, states.get(re.sub("@.*[.]", "@.", unit), ""))
            started = active == "active" and sub != "exited" and state not in _DEPENDENT
            found[_short(unit)] = started or found.get(_short(unit), False)
    return found


def _rows(host: Host, *command: str) -> list[list[str]]:
    options = ["--no-legend", "--plain", "--no-pager", "--full", f"--type={','.join(_TYPES)}"]
    done = host.run([host.tool("systemctl"), *command, *options])
    if done.exit_status:
        raise CannotTell(f"systemctl {command[0]} failed: {done.stderr.strip()}", "systemctl")
    return [[*line.split(), "", "", ""] for line in done.stdout.splitlines() if line.strip()]


def _by_files(host: Host) -> dict[str, bool]:
    """Where systemd does not run: links of units, scripts, and links of scripts."""
    units = [os.path.basename(path) for folder in _FOLDERS for path in matching(host, f"{folder}/*.*")]
    found = {_short(unit): False for unit in units if unit.endswith(_TYPES) and "@." not in unit}
    found.update((os.path.basename(path), False) for path in matching(host, "/etc/init.d/*"))
    linked = [os.path.basename(path) for path in matching(host, f"{OWN_UNITS}/*.wants/*")]
    found.update((_short(unit), True) for unit in linked if unit.endswith(_TYPES))
    found.update((os.path.basename(path)[3:], True) for path in matching(host, "/etc/rc[2-5].d/S*"))
    found.update((os.path.basename(path), True) for path in matching(host, "/etc/runlevels/*/*"))
    found.pop("README", None)
    return found


def _short(unit: str) -> str:
    """The name as a spec has it: without .service, unless the rest would be another unit."""
    name = unit[: -len(".service")] if unit.endswith(".service") else unit
    return name if unit_name(name) == unit else unit


def possible_files(name: str) -> list[str]:
    """Where a package would have the unit or the init script of a service."""
    unit = re.sub("@.+[.]", "@.", unit_name(name))
    return [*(f"{folder}/{unit}" for folder in _FOLDERS), f"/etc/init.d/{name}"]


def names_in(paths: t.Iterable[str], known: t.Collection[str]) -> set[str]:
    """The known services whose units or init scripts are among the files."""
    there = set(paths)
    return {name for name in known if there.intersection(possible_files(name))}


def described(host: Host, names: t.Sequence[str]) -> list[Unit]:
    """What the service manager says about services, sorted and each once, although some have several names."""
    manager = services(host)
    host.want("units", names)
    units = {}
    for name in names:
        properties = manager.properties(name) if isinstance(manager, Systemd) else {}
        enabled = manager.enabled(name) and properties.get("UnitFileState", "enabled") not in _DEPENDENT
        own = _short(properties.get("Id") or unit_name(name))
        file = properties.get("FragmentPath", "")
        units[own] = Unit(own, enabled, _running(host, name, properties), properties.get("User", ""), file)
    return [units[name] for name in sorted(units)]


def _running(host: Host, name: str, properties: t.Mapping[str, str]) -> bool | None:
    """What has done its work and ended successfully does not run, though systemd calls it active."""
    try:
        return services(host).running(name) and properties.get("SubState") != "exited"
    except CannotTell:
        return None

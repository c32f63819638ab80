# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import glob
import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

_SUFFIXES = (".service", ".socket", ".timer", ".target", ".mount", ".path", ".slice", ".device", ".swap", ".scope")
_ENABLED = {"enabled", "enabled-runtime", "static", "alias", "indirect", "generated", "transient"}
_OWN_UNITS = "/etc/systemd/system"
_UNIT_FOLDERS = (_OWN_UNITS, "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")


def unit_name(name: str) -> str:
    return name if name.endswith(_SUFFIXES) else f"{name}.service"


def manager(host: Host) -> str:
    """systemd, openrc, sysv, or none: nothing that manages services runs here."""
    if host.service_manager != "auto":
        return host.service_manager
    if os.path.isdir(host.path("/run/systemd/system")):
        return "systemd"
    if os.path.isdir(host.path("/run/openrc")):
        return "openrc"
    if os.path.isdir(host.path("/etc/init.d")) and _pid_1_is_init(host):
        return "sysv"
    return "none"


def _pid_1_is_init(host: Host) -> bool:
    try:
        return host.read("/proc/1/comm").strip() in ("init", "sysvinit", "runit")
    except CannotTell:
        return False


class Services:
    """Services as their files have them; this is all there is where no service manager runs."""

    source = _OWN_UNITS

    def __init__(self, host: Host) -> None:
        self.host = host

    def installed(self, name: str) -> bool:
        return self._unit_file(unit_name(name)) is not None or self._init_script(name)

    def enabled(self, name: str) -> bool:
        """From the links that systemctl enable, update-rc.d and rc-update make; what has no [Install] needs none."""
        unit = self._without_alias(unit_name(name))
        if self._links(f"{_OWN_UNITS}/*.wants/", unit) or self._links(f"{_OWN_UNITS}/*.requires/", unit):
            return True
        if self._links("/etc/rc[2-5].d/S[0-9][0-9]", name) or self._links("/etc/runlevels/*/", name):
            return True
        file = self._unit_file(unit)
        return file is not None and not self.masked(name) and "[Install]" not in self.host.read(file)

    def masked(self, name: str) -> bool:
        path = self.host.path(f"{_OWN_UNITS}/{unit_name(name)}")
        return os.path.islink(path) and os.readlink(path) == "/dev/null"

    def running(self, name: str) -> bool:
        raise CannotTell(f"no service manager runs here, so it is not known whether {name} runs", "/run/systemd/system")

    def state(self, name: str) -> str:
        state = "enabled" if self.enabled(name) else "disabled"
        return state if self.installed(name) else f"no such service{self.similar(name)}"

    def properties(self, _name: str) -> dict[str, str]:
        raise CannotTell("systemd does not run here, so units have no properties", "/run/systemd/system")

    def similar(self, name: str) -> str:
        import difflib

        names = {
            os.path.basename(path) for folder in _UNIT_FOLDERS for path in glob.glob(self.host.path(f"{folder}/*.*"))
        }
        found = difflib.get_close_matches(unit_name(name), sorted(names), n=2, cutoff=0.7)
        return f"; similar: {', '.join(found)}" if found else ""

    def _links(self, pattern: str, name: str) -> bool:
        return bool(glob.glob(self.host.path(pattern + glob.escape(name))))

    def _without_alias(self, unit: str) -> str:
        path = self.host.path(f"{_OWN_UNITS}/{unit}")
        target = os.path.basename(os.readlink(path)) if os.path.islink(path) else ""
        return target if target.endswith(_SUFFIXES) else unit

    def _unit_file(self, unit: str) -> str | None:
        template = unit.partition("@")[0] + "@" + unit[unit.rindex(".") :] if "@" in unit else unit
        for folder in _UNIT_FOLDERS:
            for name in (unit, template):
                if os.path.exists(self.host.path(f"{folder}/{name}")):
                    return f"{folder}/{name}"
        return None

    def _init_script(self, name: str) -> bool:
        return os.access(self.host.path(f"/etc/init.d/{name}"), os.X_OK)


class Systemd(Services):
    """One systemctl show for all units that the spec names."""

    source = "systemctl show"

    def properties(self, name: str) -> dict[str, str]:
        """All properties of a unit; systemd has values for units that do not exist, too."""
        units = self.host.once("units", lambda: self._show(self.host.wanted("units")))
        return units.get(name) or self.host.once(("unit", name), lambda: self._show([name]))[name]

    def installed(self, name: str) -> bool:
        return self.properties(name)["LoadState"] != "not-found"

    def enabled(self, name: str) -> bool:
        state = self.properties(name).get("UnitFileState", "")
        # What is made from an init script stays "generated" when the script is disabled.
        if state == "generated" and self._init_script(name):
            return super().enabled(name)
        return state in _ENABLED

    def masked(self, name: str) -> bool:
        return self.properties(name)["LoadState"] == "masked"

    def running(self, name: str) -> bool:
        return self.properties(name)["ActiveState"] in ("active", "reloading", "refreshing")

    def state(self, name: str) -> str:
        unit = self.properties(name)
        if unit["LoadState"] == "not-found":
            return f"no such unit{self.similar(name)}"
        file_state = unit.get("UnitFileState") or "no unit file"
        return f"{unit['Id']}: {unit['LoadState']}, {unit['ActiveState']} ({unit['SubState']}), {file_state}"

    def _show(self, names: t.Sequence[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        done = self.host.run([self.host.tool("systemctl"), "show", "--no-pager", "--", *map(unit_name, names)])
        blocks = done.stdout.rstrip("\n").split("\n\n")
        if done.exit_status or len(blocks) != len(names):
            raise CannotTell(f"systemctl show failed: {done.stderr.strip() or done.exit_status}", "systemctl show")
        return {name: _pairs(block) for name, block in zip(names, blocks)}


def _pairs(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in block.splitlines():
        key, _equals, value = line.partition("=")
        found[key] = f"{found[key]}\n{value}" if key in found else value  # ExecStartPre can stand there twice
    return found


class SysV(Services):
    """Init scripts, asked for their status."""

    source = "/etc/init.d"

    def running(self, name: str) -> bool:
        if not self._init_script(name):
            return False
        done = self.host.once(("init", name), lambda: self.host.run([self.host.path(f"/etc/init.d/{name}"), "status"]))
        if done.exit_status in (0, 1, 2, 3):
            return done.exit_status == 0
        raise CannotTell(f"/etc/init.d/{name} status ends with {done.exit_status}: {done.stderr.strip()}", self.source)


class OpenRC(Services):
    """rc-service of OpenRC."""

    source = "rc-service"

    def running(self, name: str) -> bool:
        if not self._init_script(name):
            return False
        command = [self.host.tool("rc-service"), name, "status"]
        return self.host.once(("rc", name), lambda: self.host.run(command)).exit_status == 0


_MANAGERS: dict[str, type[Services]] = {"systemd": Systemd, "openrc": OpenRC, "sysv": SysV, "none": Services}


def services(host: Host) -> Services:
    """The service manager of this machine; of a system that does not run, only the files count."""
    return Services(host) if host.offline else _MANAGERS[host.once("service manager", lambda: manager(host))](host)

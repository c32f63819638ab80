# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import glob
import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Skip

SHORT = (
    "Id",
    "Names",
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "MainPID",
    "User",
    "NRestarts",
    "FragmentPath",
)
_SUFFIXES = (".service", ".socket", ".timer", ".target", ".mount", ".path", ".slice", ".device", ".swap", ".scope")
_ENABLED = {"enabled", "enabled-runtime", "static", "alias", "indirect", "generated"}
_UNIT_FOLDERS = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_ALL_PROPERTIES = "all properties of units"


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
    if os.path.isdir(host.path("/etc/init.d")) and not host.offline and _pid_1_is_init(host):
        return "sysv"
    return "none"


def _pid_1_is_init(host: Host) -> bool:
    try:
        return host.read("/proc/1/comm").strip() in ("init", "sysvinit", "runit")
    except CannotTell:
        return False


class Services:
    """What the service manager says about services; the base is a system on which none runs."""

    source = "/etc/systemd/system"

    def __init__(self, host: Host) -> None:
        self.host = host

    def installed(self, name: str) -> bool:
        return self._unit_file(unit_name(name)) is not None or self._init_script(name)

    def enabled(self, name: str) -> bool:
        """From the links that systemctl enable and update-rc.d make."""
        unit = unit_name(name)
        wanted = glob.glob(self.host.path(f"/etc/systemd/system/*.wants/{unit}"))
        wanted += glob.glob(self.host.path(f"/etc/systemd/system/*.requires/{unit}"))
        return bool(wanted) or bool(glob.glob(self.host.path(f"/etc/rc[2-5].d/S[0-9][0-9]{name}")))

    def masked(self, name: str) -> bool:
        path = self.host.path(f"/etc/systemd/system/{unit_name(name)}")
        return os.path.islink(path) and os.readlink(path) == "/dev/null"

    def running(self, name: str) -> bool:
        if self.host.offline:
            raise Skip("offline")
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
        """All properties of a unit."""
        self.host.want(_ALL_PROPERTIES, [True])
        units = self._units()
        if name in units and "ExecMainStatus" in units[name]:
            return units[name]
        return self.host.once(("unit", name), lambda: self._show([name], every=True))[name]

    def installed(self, name: str) -> bool:
        return self._unit(name).get("LoadState") not in ("not-found", None)

    def enabled(self, name: str) -> bool:
        unit = self._unit(name)
        if unit.get("UnitFileState"):
            return unit["UnitFileState"] in _ENABLED
        return unit.get("LoadState") == "loaded" and super().enabled(name)

    def masked(self, name: str) -> bool:
        return self._unit(name).get("LoadState") == "masked"

    def running(self, name: str) -> bool:
        return self._unit(name).get("ActiveState") in ("active", "reloading", "refreshing")

    def state(self, name: str) -> str:
        unit = self._unit(name)
        if not self.installed(name):
            return f"no such unit{self.similar(name)}"
        file_state = unit.get("UnitFileState") or "no unit file"
        return f"{unit['Id']}: {unit['LoadState']}, {unit['ActiveState']} ({unit['SubState']}), {file_state}"

    def _unit(self, name: str) -> dict[str, str]:
        units = self._units()
        if name not in units:
            units.update(self._show([name], every=False))
        return units[name]

    def _units(self) -> dict[str, dict[str, str]]:
        return self.host.once(
            "units", lambda: self._show(self.host.wanted("units"), bool(self.host.wanted(_ALL_PROPERTIES)))
        )

    def _show(self, names: t.Sequence[str], every: bool) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        chosen = [] if every else [f"--property={','.join(SHORT)}"]
        command = [self.host.tool("systemctl"), "show", "--no-pager", *chosen, "--", *map(unit_name, names)]
        done = self.host.run(command)
        blocks = done.stdout.rstrip("\n").split("\n\n") if done.stdout.strip() else []
        if len(blocks) != len(names):
            raise CannotTell(f"systemctl show failed: {done.stderr.strip() or done.exit_status}", "systemctl show")
        return {name: _pairs(block) for name, block in zip(names, blocks)}


def _pairs(block: str) -> dict[str, str]:
    return {key: value for key, _equals, value in (line.partition("=") for line in block.splitlines())}


class SysV(Services):
    """Init scripts, asked for their status."""

    source = "/etc/init.d"

    def running(self, name: str) -> bool:
        if self.host.offline:
            raise Skip("offline")
        if not self._init_script(name):
            return False
        done = self.host.once(("init", name), lambda: self.host.run([self.host.path(f"/etc/init.d/{name}"), "status"]))
        if done.exit_status in (0, 1, 2, 3):
            return done.exit_status == 0
        raise CannotTell(f"/etc/init.d/{name} status ends with {done.exit_status}: {done.stderr.strip()}", self.source)


class OpenRC(Services):
    """rc-service of OpenRC; what is enabled stands in the run levels."""

    source = "rc-service"

    def installed(self, name: str) -> bool:
        return self._init_script(name)

    def enabled(self, name: str) -> bool:
        return bool(glob.glob(self.host.path(f"/etc/runlevels/*/{name}")))

    def running(self, name: str) -> bool:
        if not self._init_script(name):
            return False
        command = [self.host.tool("rc-service"), name, "status"]
        return self.host.once(("rc", name), lambda: self.host.run(command)).exit_status == 0


_MANAGERS: dict[str, type[Services]] = {"systemd": Systemd, "openrc": OpenRC, "sysv": SysV, "none": Services}


def services(host: Host) -> Services:
    """The service manager of this machine."""
    name = host.once("service manager", lambda: manager(host))
    if name not in _MANAGERS:
        raise CannotTell(f"the service manager {name} is not known; there are {', '.join(_MANAGERS)}")
    return _MANAGERS[name](host)

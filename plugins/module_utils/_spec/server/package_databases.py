# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Unsupported

DPKG, APK, PACMAN = "/var/lib/dpkg/status", "/lib/apk/db/installed", "/var/lib/pacman/local"
_RPM = ("/var/lib/rpm", "/usr/lib/sysimage/rpm")
_RPM_FORMAT = r"%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n"
_FAMILIES = {"apt": "dpkg", "yum": "rpm", "dnf": "rpm", "pip2": "pip", "pip3": "pip"}


class Package(t.NamedTuple):
    """A package in a database; some package managers have several versions of one side by side."""

    name: str
    version: str
    architecture: str = ""
    state: str = "installed"
    other_versions: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        return self.state == "installed"

    @property
    def versions(self) -> tuple[str, ...]:
        return (self.version, *self.other_versions)


Packages = dict[str, Package]


def packages(host: Host, provider: str, executable: str) -> tuple[Packages, str]:
    """All packages of a provider by name, and where they were read; read once."""
    family = _FAMILIES.get(provider, provider) or host.once("package family", lambda: _family(host))
    read, source = _READERS[family]
    found = host.once(("packages", family, executable), lambda: read(host, executable))
    if not found and family in ("dpkg", "rpm", "apk", "pacman"):
        raise CannotTell(f"{source} is broken: it has no packages at all", source)
    return found, source


def _family(host: Host) -> str:
    if host.package_manager != "auto":
        return _FAMILIES.get(host.package_manager, host.package_manager)
    for family, path in (("dpkg", DPKG), ("apk", APK), ("pacman", PACMAN)):
        if os.path.exists(host.path(path)):
            return family
    if any(os.path.isdir(host.path(path)) for path in _RPM):
        return "rpm"
    raise Unsupported(f"{host.platform()} has no package database that is known (dpkg, rpm, apk, pacman)")


def _dpkg(host: Host, _executable: str) -> Packages:
    found: Packages = {}
    text = host.read(DPKG)
    if text and not text.startswith("Package:"):
        raise CannotTell(f"{DPKG} is broken: it does not start with a package", DPKG)
    for block in text.split("\n\n"):
        name, version = _field(block, "Package"), _field(block, "Version")
        if not name or not version:
            continue  # a package of which nothing was ever installed has no version
        architecture = _field(block, "Architecture")
        package = Package(name, version, architecture, _field(block, "Status").rpartition(" ")[2])
        if name not in found or package.installed:
            found[name] = package
        found[f"{name}:{architecture}"] = package
    return found


def _field(block: str, name: str) -> str:
    start = 0 if block.startswith(f"{name}: ") else block.find(f"\n{name}: ") + 1
    if not start and not block.startswith(f"{name}: "):
        return ""
    end = block.find("\n", start)
    return block[start + len(name) + 2 : end if end >= 0 else None]


def _rpm(host: Host, _executable: str) -> Packages:
    done = host.run([host.tool("rpm"), "-qa", "--qf", _RPM_FORMAT])
    if done.exit_status:
        raise CannotTell(f"rpm -qa failed: {done.stderr.strip() or done.exit_status}", "rpm -qa")
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2]
    return _side_by_side(Package(name, version, architecture) for name, version, architecture in rows)


def _side_by_side(listed: t.Iterable[Package]) -> Packages:
    found: Packages = {}
    for package in listed:
        before = found[package.name].versions if package.name in found else ()
        found[package.name] = package._replace(other_versions=before)
    return found


def _apk(host: Host, _executable: str) -> Packages:
    found: Packages = {}
    for block in host.read(APK).split("\n\n"):
        fields = dict(line.split(":", 1) for line in block.splitlines() if line[1:2] == ":" and line[0] in "PVA")
        if "P" in fields:
            found[fields["P"]] = Package(fields["P"], fields.get("V", ""), fields.get("A", ""))
    return found


def _pacman(host: Host, _executable: str) -> Packages:
    found: Packages = {}
    for folder in host.names(PACMAN):
        name, _dash, rest = folder.rpartition("-")
        name, _dash, version = name.rpartition("-")
        if name:
            found[name] = Package(name, f"{version}-{rest}")
    return found


def _pip(host: Host, executable: str) -> Packages:
    program = executable or next((name for name in ("pip3", "pip") if _has(host, name)), "pip3")
    command = [program if os.path.isabs(program) else host.tool(program)]
    if os.path.basename(program).startswith("python"):
        command += ["-m", "pip"]
    done = host.run(
        [*command, "--disable-pip-version-check", "list", "--format", "json"],
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
    )
    listed = _json(done.stdout, done.stderr, "pip list")
    return {pip_name(item["name"]): Package(item["name"], item["version"]) for item in listed}


def pip_name(name: str) -> str:
    """Names of Python packages are compared without regard to case and separators."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _npm(host: Host, executable: str) -> Packages:
    # Else npm writes a log of each run, and looks for news of itself.
    quiet = {"npm_config_logs_max": "0", "npm_config_update_notifier": "false"}
    done = host.run([executable or host.tool("npm"), "ls", "-g", "--depth=0", "--json"], environment=quiet)
    listed = _json(done.stdout, done.stderr, "npm ls").get("dependencies", {})
    return {name: Package(name, item.get("version", "")) for name, item in listed.items()}


def _gem(host: Host, executable: str) -> Packages:
    done = host.run([executable or host.tool("gem"), "list", "--local"])
    if done.exit_status:
        raise CannotTell(f"gem list failed: {done.stderr.strip()}", "gem list")
    rows = re.findall(r"^(\S+) \((.+)\)$", done.stdout, re.MULTILINE)
    return {name: _gem_versions(name, listed.replace("default: ", "").split(", ")) for name, listed in rows}


def _gem_versions(name: str, listed: list[str]) -> Package:
    """gem lists the newest version first; a platform can follow a version."""
    newest, *others = (version.partition(" ")[0] for version in listed)
    return Package(name, newest, other_versions=tuple(others))


def _has(host: Host, name: str) -> bool:
    try:
        return bool(host.tool(name))
    except CannotTell:
        return False


def _json(output: str, errors: str, what: str) -> t.Any:
    try:
        return json.loads(output)
    except ValueError:
        raise CannotTell(f"{what} failed: {errors.strip() or 'no JSON'}", what) from None


_READERS: dict[str, tuple[t.Callable[[Host, str], Packages], str]] = {
    "dpkg": (_dpkg, DPKG),
    "rpm": (_rpm, "rpm -qa"),
    "apk": (_apk, APK),
    "pacman": (_pacman, PACMAN),
    "pip": (_pip, "pip list"),
    "npm": (_npm, "npm ls"),
    "gem": (_gem, "gem list"),
}

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import functools
import hashlib
import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import package_databases as databases
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import matching
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host, explained
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

MARKS = "/var/lib/apt/extended_states"
WORLD = "/etc/apk/world"
_BASE = ("required", "important", "standard")
_FIELDS = re.compile(r"^(Package|Status|Priority|Depends|Pre-Depends|Conffiles):(.*(?:\n[ \t].*)*)", re.MULTILINE)
_NAME = re.compile(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]*)")


def installed(host: Host) -> dict[str, databases.Package]:
    """The installed packages of the system by name."""
    found, _source = databases.packages(host, "", "")
    return {name: package for name, package in found.items() if package.installed and ":" not in name}


def asked_for(host: Host) -> set[str]:
    """The packages that somebody asked for, without the base system and without what other packages need."""
    family = _family(host)
    if family == "dpkg":
        return _asked_for_of_dpkg(host)
    if family == "apk":
        return {re.split(r"[<>=~@]", name)[0] for name in host.read(WORLD).split() if name[0] not in "!."}
    if family == "pacman":
        return {name for name in installed(host) if "%REASON%\n1" not in _description(host, name)}
    raise CannotTell("rpm does not say which were asked for, so only those of services are documented", "rpm -qa")


def _family(host: Host) -> str:
    source = databases.packages(host, "", "")[1]
    known = {databases.DPKG: "dpkg", databases.APK: "apk", databases.PACMAN: "pacman"}
    return known.get(source, "rpm")


def _description(host: Host, name: str) -> str:
    return host.read(f"{databases.PACMAN}/{name}-{installed(host)[name].version}/desc")


def _asked_for_of_dpkg(host: Host) -> set[str]:
    packages = _status(host)
    needed = {name for fields in packages.values() for name in _NAME.findall(_dependencies(fields))}
    return {
        name
        for name, fields in packages.items()
        if fields.get("Priority") not in _BASE and name not in needed and name not in _automatic(host)
    }


def _dependencies(fields: t.Mapping[str, str]) -> str:
    return f"{fields.get('Depends', '')},{fields.get('Pre-Depends', '')}"


def _automatic(host: Host) -> set[str]:
    def read() -> set[str]:
        if not os.path.exists(host.path(MARKS)):
            return set()
        blocks = host.read(MARKS).split("\n\n")
        return {block.split("\n")[0][len("Package: ") :] for block in blocks if "\nAuto-Installed: 1" in block}

    return host.once("automatic packages", read)


def _status(host: Host) -> dict[str, dict[str, str]]:
    """The fields of the installed packages in dpkg's database."""

    def read() -> dict[str, dict[str, str]]:
        found = {}
        for block in host.read(databases.DPKG).split("\n\n"):
            fields = {name: value.strip() for name, value in _FIELDS.findall(block)}
            if fields.get("Status", "").endswith(" installed"):
                found[fields["Package"]] = fields
        return found

    return host.once("fields of packages", read)


def conffiles(host: Host, names: t.Collection[str]) -> dict[str, str]:
    """The configuration files of packages, with the checksums (MD5) they were delivered with; rpm tells none."""
    if not names:
        return {}
    if _family(host) == "dpkg":
        rows = [row.split() for name in names for row in _status(host).get(name, {}).get("Conffiles", "").splitlines()]
        return {row[0]: row[1] for row in rows if len(row) == 2}
    if _family(host) == "rpm":
        lines = host.run([host.tool("rpm"), "-qc", *sorted(names)]).stdout.splitlines()
        return {line: "" for line in lines if line.startswith("/")}
    return {}


def changed_conffiles(host: Host, notes: Notes) -> set[str]:
    """The configuration files that differ from what their packages delivered; only dpkg can tell."""
    if _family(host) != "dpkg":
        return set()
    delivered = conffiles(host, _status(host))
    now = {path: notes.attempt("configuration file", functools.partial(_md5, host, path)) for path in delivered}
    return {path for path, checksum in delivered.items() if now[path] not in (checksum, None)}


def _md5(host: Host, path: str) -> str | None:
    try:
        with open(host.path(path), "rb") as stream:
            return hashlib.md5(stream.read(), usedforsecurity=False).hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise explained(error, path) from None


def owners(host: Host, paths: t.Iterable[str]) -> dict[str, str]:
    """By path, the package that a file belongs to."""
    family, wanted = _family(host), set(paths)
    if family == "dpkg":
        return _owners_of_dpkg(host, wanted)
    if family == "rpm" and wanted:
        return _owners_of_rpm(host, sorted(path for path in wanted if os.path.exists(host.path(path))))
    return {}


def _owners_of_dpkg(host: Host, wanted: set[str]) -> dict[str, str]:
    found = {}
    for path in matching(host, "/var/lib/dpkg/info/*.list"):
        # These lists are large, and looked at once, so Host need not remember them.
        with open(host.path(path), encoding="utf-8", errors="surrogateescape") as stream:
            there = wanted.intersection(stream.read().splitlines())
        found.update(dict.fromkeys(there, os.path.basename(path)[: -len(".list")].partition(":")[0]))
    return found


def _owners_of_rpm(host: Host, paths: t.Sequence[str]) -> dict[str, str]:
    if not paths:
        return {}
    done = host.run([host.tool("rpm"), "-qf", "--qf", r"%{NAME}\n", *paths])
    names = done.stdout.splitlines()
    return {path: name for path, name in zip(paths, names) if " " not in name} if len(names) == len(paths) else {}


def files_of(host: Host, name: str) -> list[str]:
    """The files that a package has delivered."""
    family = _family(host)
    if family == "dpkg":
        lists = matching(host, f"/var/lib/dpkg/info/{name}.list") or matching(host, f"/var/lib/dpkg/info/{name}:*.list")
        return [line for path in lists for line in host.read(path).splitlines()]
    if family == "rpm":
        return host.run([host.tool("rpm"), "-ql", name]).stdout.splitlines()
    return []

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import stat
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Fact, Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.kernel import (
    MODULES,
    KernelParameter,
    Selinux,
)

_SYSCTL_FILES = ("/etc/sysctl.conf", "/etc/sysctl.d/*.conf", "/usr/local/lib/sysctl.d/*.conf")
_MODULE_FILES = ("/etc/modules", "/etc/modules-load.d/*.conf")
_SECRETS = ("_secret", "_key")
_LONGEST = 200
_SWAP = str.maketrans("./", "/.")


def configured_parameters(host: Host, notes: Notes) -> dict[str, str]:
    """The kernel parameters that the administrator has set, with the values in the files."""
    wanted: dict[str, str] = {}
    for line in _lines(host, _SYSCTL_FILES):
        name, equals, value = (part.strip() for part in line.partition("="))
        name = _dotted(name.lstrip("-"))
        if not equals or line[0] in "#;":
            continue
        if any(character in name for character in "*?["):
            notes.add(f"kernel parameters {name} are left out; the option kernel_parameters chooses some of them")
        else:
            wanted[name] = " ".join(value.split())
    return wanted


def _lines(host: Host, patterns: t.Iterable[str]) -> list[str]:
    paths = [path for pattern in patterns for path in facts.matching(host, pattern)]
    lines = [line.strip() for path in paths if facts.status(host, path) for line in host.read(path).splitlines()]
    return [line for line in lines if line]


def _dotted(name: str) -> str:
    """As sysctl prints it: dots between the parts, slashes inside of them."""
    separator = re.search("[./]", name)
    return name.translate(_SWAP) if separator and separator.group() == "/" else name


def known_parameters(host: Host, patterns: t.Iterable[str]) -> list[str]:
    """The kernel parameters that can be set and that match a pattern."""
    prefix = "/proc/sys/"
    swapped = (pattern.translate(_SWAP) for pattern in patterns)
    paths = [path for pattern in swapped for path in facts.matching(host, prefix + pattern)]
    return [path[len(prefix) :].translate(_SWAP) for path in paths if _can_be_set(host, path)]


def _can_be_set(host: Host, path: str) -> bool:
    found = facts.status(host, path)
    return found is not None and stat.S_ISREG(found.st_mode) and bool(found.st_mode & 0o200)


def parameter_facts(host: Host, names: t.Iterable[str], configured: t.Mapping[str, str], notes: Notes) -> list[Fact]:
    found = []
    for name in names:
        value = notes.attempt(f"kernel parameter {name}", KernelParameter(name, {}, host).value)
        if value is None or len(str(value)) > _LONGEST:
            continue
        if name.endswith(_SECRETS):
            notes.add(f"kernel parameter {name} is left out: it is a secret")
            continue
        if name in configured and configured[name] != str(value):
            notes.add(f"kernel parameter {name} is {value}, but a file sets it to {configured[name]}")
        found.append({"name": name, "value": value})
    return found


def loaded_modules(host: Host) -> list[Fact]:
    """The modules that the administrator wants to have loaded, and that are."""
    if facts.status(host, MODULES) is None:
        return []
    loaded = {line.split()[0] for line in host.read(MODULES).splitlines() if line.strip()}
    wanted = {line.split()[0] for line in _lines(host, _MODULE_FILES) if line[0] not in "#;"}
    return [{"name": name} for name in sorted(wanted) if name.replace("-", "_") in loaded]


def selinux(host: Host) -> list[Fact]:
    """Nothing where the kernel has no SELinux."""
    mode = Selinux(None, {}, host).mode()
    return [] if mode == "disabled" else [{"mode": mode}]

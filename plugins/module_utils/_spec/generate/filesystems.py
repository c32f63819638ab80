# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import functools
import stat
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Fact, Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import mounts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.files import File
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

_NETWORK_TYPES = ("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "efs", "lustre")
_OWN_TYPES = ("zfs", "btrfs", "fuse.s3fs", "fuse.mount-s3")
_HIDDEN = ("/proc", "/sys", "/dev", "/run", "/snap", "/var/lib/docker", "/var/lib/containers", "/var/lib/kubelet")
_NOT_OF_THE_KERNEL = {"defaults", "auto", "noauto", "user", "users", "nouser", "nofail", "owner", "group", "_netdev"}


def mounted(host: Host) -> dict[str, mounts.Entry]:
    """What is mounted, by mount point; the last one lies on top of those before it."""
    return {entry.mount_point: entry for entry in mounts.entries(host, mounts.MOUNTS)}


def planned(host: Host) -> dict[str, mounts.Entry]:
    """What fstab has mounted, by mount point."""
    if facts.status(host, mounts.FSTAB) is None:
        return {}
    return {entry.mount_point: entry for entry in mounts.entries(host, mounts.FSTAB) if entry.mount_point[0] == "/"}


def lasting_mounts(host: Host, notes: Notes) -> list[str]:
    """The root, what fstab mounts, and file systems of disks and of other machines."""
    there = mounted(host)
    for point, entry in planned(host).items():
        if point not in there and "noauto" not in entry.options:
            notes.add(f"mount {point} is left out: it stands in fstab, but nothing is mounted there")
    return [
        point
        for point, entry in there.items()
        if point == "/" or point in planned(host) or (_is_storage(entry) and _is_visible(host, point))
    ]


def _is_storage(entry: mounts.Entry) -> bool:
    if entry.type == "squashfs" or entry.device.startswith("/dev/loop"):
        return False
    return entry.device.startswith("/dev/") or entry.type in (*_NETWORK_TYPES, *_OWN_TYPES)


def _is_visible(host: Host, point: str) -> bool:
    if any(point == folder or point.startswith(f"{folder}/") for folder in _HIDDEN):
        return False
    try:
        found = facts.status(host, point)
    except CannotTell:
        return False
    return found is not None and stat.S_ISDIR(found.st_mode)  # containers have single files mounted


def mount_facts(host: Host, points: t.Iterable[str]) -> list[Fact]:
    there, fstab = mounted(host), planned(host)
    found = []
    for point in points:
        entry = there[point]
        asked = fstab[point].options if point in fstab else []
        found.append(
            {
                "path": point,
                "device": entry.device,
                "network": entry.type in _NETWORK_TYPES,
                "type": entry.type,
                "options": sorted(option for option in entry.options if "=" not in option),
                "asked_options": [option for option in _plain(asked) if option in entry.options],
            }
        )
    return found


def fstab_facts(host: Host, points: t.Iterable[str]) -> list[Fact]:
    fstab = planned(host)
    return [
        {
            "mount_point": point,
            "device": fstab[point].device,
            "network": fstab[point].type in _NETWORK_TYPES,
            "type": fstab[point].type,
        }
        for point in points
        if point in fstab
    ]


def _plain(options: t.Iterable[str]) -> list[str]:
    """The options that the kernel shows, too; those with a value can be secrets."""
    return [
        option
        for option in options
        if option not in _NOT_OF_THE_KERNEL and "=" not in option and not option.startswith("x-")
    ]


def file_facts(host: Host, paths: t.Iterable[str], checksums: bool, notes: Notes) -> list[Fact]:
    found = (notes.attempt(path, functools.partial(_file, host, path, checksums)) for path in paths)
    return [fact for fact in found if fact]


def _file(host: Host, path: str, checksums: bool) -> Fact:
    file = File(path, {}, host)
    kind = file.type()
    if kind == "symlink":
        return {"path": path, "type": kind, "target": file.link_target()}
    fact = {"path": path, "type": kind, "mode": file.mode(), "owner": file.owner(), "group": file.group()}
    return {**fact, "sha256sum": file.sha256sum()} if checksums and kind == "file" else fact

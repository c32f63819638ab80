# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Integer,
    ListOf,
    Number,
    Path,
    Text,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host, explained
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

MOUNTS = "/proc/self/mounts"
FSTAB = "/etc/fstab"


class Entry(t.NamedTuple):
    """A line of the table of mounts or of fstab."""

    device: str
    mount_point: str
    type: str
    options: list[str]
    dump: int
    fsck: int


def entries(host: Host, path: str) -> list[Entry]:
    return host.once(("mounts", path), lambda: [_entry(row) for row in _rows(host.read(path))])


def _rows(text: str) -> t.Iterator[list[str]]:
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 4 and not fields[0].startswith("#"):
            yield fields


def _entry(fields: list[str]) -> Entry:
    device, point, kind, options = (_decoded(field) for field in fields[:4])
    dump, fsck = (int(field) if field.isdigit() else 0 for field in [*fields[4:6], "0", "0"][:2])
    return Entry(device, point, kind, options.split(","), dump, fsck)


def _decoded(field: str) -> str:
    """Blanks and the like are written as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), field)


def _words(options: str | t.Sequence[str]) -> set[str]:
    """Options are a list, or written as in fstab."""
    listed = [options] if isinstance(options, str) else options
    return {word for option in listed for word in option.split(",") if word}


class Mount(Resource):
    """A mount point of the running system."""

    word = "mount"
    name_kind = Path()
    needs_running_system = True

    @matcher()
    def exist(self) -> Verdict:
        """Something is mounted there."""
        return self.verdict("", "", [])

    @matcher(aliases={"with": "device"}, joint="from", device=Text(), type=Text(), options=ListOf(Text()))
    def be_mounted(self, device: str = "", type: str = "", options: list[str] | None = None) -> Verdict:  # noqa: A002
        """Something is mounted there, from this device, of this type, with at least these options."""
        return self.verdict(device, type, options or [])

    def verdict(
        self,
        device: str,
        type: str,  # noqa: A002
        options: str | t.Sequence[str],
        exact: bool = False,
    ) -> Verdict:
        """With exact, the options are all the options there are."""
        found = self._found
        if found is None:
            return Verdict(False, "not mounted", MOUNTS)
        wanted, there = _words(options), set(found.options)
        passed = device in ("", found.device) and type in ("", found.type)
        passed = passed and (wanted == there if exact else wanted <= there)
        return Verdict(passed, f"{found.device} of type {found.type} with {','.join(found.options)}", MOUNTS)

    @its(Text())
    def device(self) -> str:
        """What is mounted."""
        return self._need().device

    @its(Text())
    def type(self) -> str:
        """The type of the file system."""
        return self._need().type

    @its(ListOf(Text()))
    def options(self) -> list[str]:
        """The options."""
        return self._need().options

    @its(Integer(0))
    def size(self) -> int:
        """The size in bytes."""
        usage = self._usage()
        return usage.f_blocks * usage.f_frsize

    @its(Integer(0))
    def available(self) -> int:
        """The bytes that users can still write."""
        usage = self._usage()
        return usage.f_bavail * usage.f_frsize

    @its(Number())
    def used_percent(self) -> float:
        """How full it is for users, from 0 to 100."""
        usage = self._usage()
        used = usage.f_blocks - usage.f_bfree
        return round(100 * used / (used + usage.f_bavail), 1) if used + usage.f_bavail else 0.0

    @property
    def _found(self) -> Entry | None:
        # The last mount of a point lies on top of those before it.
        point = self.name.rstrip("/") or "/"
        mounted = [entry for entry in entries(self.world, MOUNTS) if entry.mount_point == point]
        return mounted[-1] if mounted else None

    def _need(self) -> Entry:
        if self._found is None:
            raise CannotTell(f"nothing is mounted on {self.name}", MOUNTS)
        return self._found

    def _usage(self) -> os.statvfs_result:
        self._need()
        try:
            return os.statvfs(self.world.path(self.name))
        except OSError as error:
            raise explained(error, self.name) from None


class Fstab(Resource):
    """The file systems that are to be mounted: /etc/fstab."""

    word = "fstab"
    name_kind = None

    @matcher(
        aliases={"pass": "fsck"},
        mount_point=Text(),
        device=Text(),
        type=Text(),
        options=ListOf(Text()),
        dump=Integer(0),
        fsck=Integer(0),
    )
    def have_entry(self, mount_point: str = "", options: t.Sequence[str] = (), **wanted: t.Any) -> Verdict:
        """A line with these fields; of the options, all that are given."""
        there = entries(self.world, FSTAB)
        candidates = [entry for entry in there if not mount_point or entry.mount_point == mount_point]
        passed = any(
            _words(options) <= set(entry.options) and all(getattr(entry, key) == value for key, value in wanted.items())
            for entry in candidates
        )
        told = [f"{one.device} {one.mount_point} {one.type} {','.join(one.options)}" for one in candidates or there]
        return Verdict(passed, listing(told, "no entries"), FSTAB)

    @its(ListOf(Text()))
    def mount_points(self) -> list[str]:
        """The mount points."""
        return [entry.mount_point for entry in entries(self.world, FSTAB)]


RESOURCES = (Mount, Fstab)

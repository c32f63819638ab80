# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import os
import re
import stat
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Either,
    Integer,
    Kind,
    ListOf,
    Map,
    Mode,
    OneOf,
    Path,
    Regex,
    Text,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import explained
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.mounts import Mount
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing, shown
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Skip,
    Verdict,
    its,
    matcher,
)

_WHO = {"owner": 6, "group": 3, "others": 0}
_BIG = 1 << 26


class File(Resource):
    """A file or a directory; with glob, all that match the patterns.

    What a symbolic link leads to is looked at, except by be_symlink, be_linked_to, link_target and type.
    With glob, exist asks whether anything matches, and everything else has to hold for each match.
    """

    word = "file"
    aliases = ("directory",)
    name_kind = Path()
    instead_of_name = ("glob",)
    parameters: t.ClassVar[t.Mapping[str, Kind]] = {"glob": ListOf(Path())}

    @classmethod
    def label(cls, name: t.Any, parameters: t.Mapping[str, t.Any]) -> str:
        return str(name) if name is not None else f"files {', '.join(parameters['glob'])}"

    def members(self) -> list[Resource] | None:
        if self.name is not None:
            return None
        return [File(path, {}, self.world) for path in self._matches()]

    def _matches(self) -> list[str]:
        found = [path for pattern in self.parameter("glob") for path in facts.matching(self.world, pattern)]
        return list(dict.fromkeys(found))

    @matcher()
    def exist(self) -> Verdict:
        """It exists (a link to nothing does not)."""
        if self.name is None:
            matches = self._matches()
            return Verdict(bool(matches), listing(matches, "nothing matches"))
        found = self._status
        return Verdict(found is not None, facts.kind(found) if found else self._absent(), self.name)

    @matcher()
    def be_file(self) -> Verdict:
        """It is a regular file."""
        return self._is("file")

    @matcher()
    def be_directory(self) -> Verdict:
        """It is a directory."""
        return self._is("directory")

    @matcher()
    def be_socket(self) -> Verdict:
        """It is a socket."""
        return self._is("socket")

    @matcher()
    def be_pipe(self) -> Verdict:
        """It is a named pipe."""
        return self._is("pipe")

    @matcher()
    def be_block_device(self) -> Verdict:
        """It is a block device."""
        return self._is("block_device")

    @matcher()
    def be_character_device(self) -> Verdict:
        """It is a character device."""
        return self._is("character_device")

    @matcher()
    def be_symlink(self) -> Verdict:
        """It is a symbolic link."""
        found = self._link_status
        kind = facts.kind(found) if found else self._absent()
        return Verdict(kind == "symlink", kind.replace("_", " "), self.name)

    @matcher(target=Text(), joint="to")
    def be_linked_to(self, target: str) -> Verdict:
        """It is a symbolic link to exactly this target."""
        found = self._link_status
        if found is None or not stat.S_ISLNK(found.st_mode):
            return Verdict(False, "no symbolic link" if found else self._absent(), self.name)
        leads_to = facts.link_target(self.world, self.name)
        return Verdict(leads_to == target, leads_to, self.name)

    @matcher(mode=Mode())
    def be_mode(self, mode: str) -> Verdict:
        """Its mode has this octal value."""
        return self._compare("mode", mode)

    @matcher(joint="by", user=Text())
    def be_owned_by(self, user: str) -> Verdict:
        """It belongs to the user, given by name or by number."""
        return self._compare("uid" if user.isdigit() else "owner", user)

    @matcher(joint="into", group=Text())
    def be_grouped_into(self, group: str) -> Verdict:
        """It belongs to the group, given by name or by number."""
        return self._compare("gid" if group.isdigit() else "group", group)

    @matcher(
        text=ListOf(Text()),
        aliases={"from": "first", "to": "last"},
        first=Regex(),
        last=Regex(),
        after=Regex(),
        before=Regex(),
    )
    def contain(self, text: list[str], first: str = "", last: str = "", after: str = "", before: str = "") -> Verdict:
        """It has these texts, literally; between the lines that match from and to, or after and before."""
        if self._status is None:
            return Verdict(False, self._absent(), self.name)
        content = _part(self._content, first, last, after, before)
        missing = [one for one in text if one not in content]
        got = f"missing {shown(missing[0] if len(missing) == 1 else missing)}" if missing else "all of it is there"
        return Verdict(not missing, got, self.name)

    @matcher(pattern=Regex())
    def match(self, pattern: str) -> Verdict:
        """Its content matches the regular expression."""
        if self._status is None:
            return Verdict(False, self._absent(), self.name)
        return Verdict(bool(re.search(pattern, self._content, re.MULTILINE)), "no line matches", self.name)

    @matcher(by=OneOf("owner", "group", "others"), by_user=Text(), joint="by")
    def be_readable(self, by: str = "", by_user: str = "") -> Verdict:
        """Somebody may read it: the owner, the group, others or a user; without an argument, anybody."""
        return self._may(4, by, by_user)

    @matcher(by=OneOf("owner", "group", "others"), by_user=Text(), joint="by")
    def be_writable(self, by: str = "", by_user: str = "") -> Verdict:
        """Somebody may write it: the owner, the group, others or a user; without an argument, anybody."""
        return self._may(2, by, by_user)

    @matcher(by=OneOf("owner", "group", "others"), by_user=Text(), joint="by")
    def be_executable(self, by: str = "", by_user: str = "") -> Verdict:
        """Somebody may execute it: the owner, the group, others or a user; without an argument, anybody."""
        return self._may(1, by, by_user)

    @matcher(
        aliases={"with": "device"},
        device=Text(),
        type=Text(),
        options=ListOf(Text()),
        only_with=Map(Either(Text(), ListOf(Text())), ("device", "type", "options")),
    )
    def be_mounted(
        self,
        device: str = "",
        type: str = "",  # noqa: A002
        options: t.Sequence[str] = (),
        only_with: t.Mapping[str, t.Any] | None = None,
    ) -> Verdict:
        """Something is mounted there, of this device and type, with these options; only_with: and with no others."""
        if self.world.offline:
            raise Skip("offline")
        fields = {"device": device, "type": type, "options": options, **(only_with or {})}
        return Mount(self.name, {}, self.world).verdict(**fields, exact="options" in (only_with or {}))

    @matcher()
    def be_immutable(self) -> Verdict:
        """It has the attribute i (chattr +i)."""
        self._need()
        passed = facts.is_immutable(self.world, self.name)
        return Verdict(passed, "immutable" if passed else "not immutable", self.name)

    @its(Text())
    def content(self) -> str:
        """Its content."""
        return self._content

    @its(ListOf(Text()))
    def lines(self) -> list[str]:
        """Its content as lines."""
        return self._content.splitlines()

    @its()
    def content_as_json(self) -> t.Any:
        """Its content read as JSON."""
        try:
            return json.loads(self._content)
        except ValueError as error:
            raise CannotTell(f"{self.name} is not JSON: {error}", self.name) from None

    @its()
    def content_as_yaml(self) -> t.Any:
        """Its content read as YAML; needs PyYAML on the server."""
        from ansible_collections.containerci.aws.plugins.module_utils._spec.server.configuration import parse

        return parse(self._content, "yaml", self.name)

    @its()
    def content_as_ini(self) -> t.Any:
        """Its content read as sections of keys and values."""
        from ansible_collections.containerci.aws.plugins.module_utils._spec.server.configuration import parse

        return parse(self._content, "ini", self.name)

    @its(Integer(0))
    def size(self) -> int:
        """Its size in bytes."""
        return self._need().st_size

    @its(Mode())
    def mode(self) -> str:
        """Its mode, four octal digits."""
        return f"{stat.S_IMODE(self._need().st_mode):04o}"

    @its(Text())
    def owner(self) -> str:
        """The name of its owner."""
        return facts.user_name(self._need().st_uid)

    @its(Text())
    def group(self) -> str:
        """The name of its group."""
        return facts.group_name(self._need().st_gid)

    @its(Integer(0))
    def uid(self) -> int:
        """The number of its owner."""
        return self._need().st_uid

    @its(Integer(0))
    def gid(self) -> int:
        """The number of its group."""
        return self._need().st_gid

    @its()
    def mtime(self) -> int:
        """When its content changed, in seconds since 1970."""
        return int(self._need().st_mtime)

    @its(OneOf("file", "directory", "symlink", "socket", "pipe", "block_device", "character_device"))
    def type(self) -> str:
        """file, directory, symlink, socket, pipe, block_device or character_device."""
        if self._link_status is None:
            raise CannotTell(self._absent(), self.name)
        return facts.kind(self._link_status)

    @its(Text())
    def link_target(self) -> str:
        """What the symbolic link leads to."""
        return facts.link_target(self.world, self.name)

    @its(Text())
    def md5sum(self) -> str:
        """The MD5 checksum."""
        return self._checksum("md5")

    @its(Text())
    def sha256sum(self) -> str:
        """The SHA-256 checksum."""
        return self._checksum("sha256")

    @its(Text())
    def sha512sum(self) -> str:
        """The SHA-512 checksum."""
        return self._checksum("sha512")

    @its(Text())
    def selinux_label(self) -> str:
        """The SELinux context."""
        try:
            return os.getxattr(self.world.path(self.name), "security.selinux").rstrip(b"\0").decode()
        except OSError as error:
            raise explained(error, self.name) from None

    @property
    def _status(self) -> os.stat_result | None:
        return facts.status(self.world, self.name)

    @property
    def _link_status(self) -> os.stat_result | None:
        return facts.status(self.world, self.name, follow=False)

    @property
    def _content(self) -> str:
        if self._need_file().st_size > _BIG:
            raise CannotTell(f"{self.name} is larger than 64 MiB", self.name)
        return str(self.world.read(self.name))

    def _need_file(self) -> os.stat_result:
        """Reading a pipe or a device may never end."""
        found = self._need()
        if not stat.S_ISREG(found.st_mode):
            raise CannotTell(f"{self.name} is a {facts.kind(found).replace('_', ' ')}, not a file", self.name)
        return found

    def _need(self) -> os.stat_result:
        if self._status is None:
            raise CannotTell(self._absent(), self.name)
        return self._status

    def _absent(self) -> str:
        found = self._link_status
        if found is not None and stat.S_ISLNK(found.st_mode):
            return f"a link to {facts.link_target(self.world, self.name)}, which does not exist"
        return f"{self.name} does not exist"

    def _is(self, kind: str) -> Verdict:
        found = self._status
        actual = facts.kind(found) if found else self._absent()
        return Verdict(actual == kind, actual.replace("_", " ") if found else actual, self.name)

    def _compare(self, name: str, wanted: str) -> Verdict:
        if self._status is None:
            return Verdict(False, self._absent(), self.name)
        actual = str(getattr(self, name)())
        return Verdict(actual == wanted, actual, self.name)

    def _may(self, right: int, by: str, by_user: str) -> Verdict:
        if self._status is None:
            return Verdict(False, self._absent(), self.name)
        got = f"{self.mode()} {self.owner()}:{self.group()}"
        if by_user:
            return Verdict(facts.may(self.world, self.name, by_user, right), got, self.name)
        bits = right << _WHO[by] if by else right * 0o111
        return Verdict(bool(self._status.st_mode & bits), got, self.name)

    def _checksum(self, name: str) -> str:
        return t.cast(str, self.world.once(("checksum", name, self.name), lambda: self._digest(name)))

    def _digest(self, name: str) -> str:
        import hashlib

        self._need_file()
        digest = hashlib.new(name)
        try:
            with open(self.world.path(self.name), "rb") as stream:
                for block in iter(lambda: stream.read(1 << 20), b""):
                    digest.update(block)
        except OSError as error:
            raise explained(error, self.name) from None
        return digest.hexdigest()


def _part(content: str, first: str, last: str, after: str, before: str) -> str:
    """The lines between those that match; the ends of first and last belong to it."""
    if not (first or last or after or before):
        return content
    lines = content.splitlines()
    start = _position(lines, first or after, 0, len(lines) if first or after else 0)
    if after and start < len(lines):
        start += 1
    end = _position(lines, last or before, start + (1 if first else 0), len(lines)) if last or before else len(lines)
    return "\n".join(lines[start : end + 1 if last else end])


def _position(lines: t.Sequence[str], pattern: str, start: int, otherwise: int) -> int:
    if not pattern:
        return otherwise
    return next((number for number in range(start, len(lines)) if re.search(pattern, lines[number])), otherwise)


RESOURCES = (File,)

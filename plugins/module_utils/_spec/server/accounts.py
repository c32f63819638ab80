# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Boolean, Integer, ListOf, Path, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

PASSWD, SHADOW, LOGIN = "/etc/passwd", "/etc/shadow", "/etc/login.defs"


class User(Resource):
    """A user account, as the name service knows it."""

    word = "user"

    @matcher()
    def exist(self) -> Verdict:
        """There is such a user."""
        entry = self._entry
        return Verdict(entry is not None, f"uid {entry.pw_uid}" if entry else self._absent, "passwd")

    @matcher(joint="", group=ListOf(Text()))
    def belong_to_group(self, group: list[str]) -> Verdict:
        """The user is a member of the groups (names or numbers), as primary or as other group."""
        if self._entry is None:
            return Verdict(False, self._absent, "passwd")
        known = {*self.groups(), *map(str, self.gids())}
        return Verdict(set(group) <= known, listing(self.groups()), "group")

    @matcher(group=Text())
    def belong_to_primary_group(self, group: str) -> Verdict:
        """The primary group of the user has this name or number."""
        if self._entry is None:
            return Verdict(False, self._absent, "passwd")
        return Verdict(group in (self.group(), str(self.gid())), self.group(), "passwd")

    @matcher(uid=Integer(0))
    def have_uid(self, uid: int) -> Verdict:
        """The user has this number."""
        return self._compare("pw_uid", uid)

    @matcher(gid=Integer(0))
    def have_gid(self, gid: int) -> Verdict:
        """The primary group has this number."""
        return self._compare("pw_gid", gid)

    @matcher(path=Path())
    def have_home_directory(self, path: str) -> Verdict:
        """The home directory is exactly this one."""
        return self._compare("pw_dir", path)

    @matcher(path=Path())
    def have_login_shell(self, path: str) -> Verdict:
        """The login shell is exactly this one."""
        return self._compare("pw_shell", path)

    @matcher(key=Text())
    def have_authorized_key(self, key: str) -> Verdict:
        """The key may log in; its options and its comment do not count."""
        if self._entry is None:
            return Verdict(False, self._absent, "passwd")
        path = f"{self._entry.pw_dir}/.ssh/authorized_keys"
        from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import status

        lines = self.world.read(path).splitlines() if status(self.world, path) else []
        keys = [found for found in map(_key, lines) if found]
        wanted = _key(key)
        if wanted is None:
            raise CannotTell("this is no public key: type and key are needed")
        return Verdict(wanted in keys, f"{len(keys)} other keys" if wanted not in keys else "the key", path)

    @matcher()
    def be_system(self) -> Verdict:
        """The number of the user is below UID_MIN of login.defs."""
        return _is_system(self.world, None if self._entry is None else self._entry.pw_uid, "UID_MIN", self._absent)

    @its(Integer(0))
    def uid(self) -> int:
        """The number."""
        return int(self._need().pw_uid)

    @its(Integer(0))
    def gid(self) -> int:
        """The number of the primary group."""
        return int(self._need().pw_gid)

    @its(Path())
    def home(self) -> str:
        """The home directory."""
        return str(self._need().pw_dir)

    @its(Text())
    def shell(self) -> str:
        """The login shell."""
        return str(self._need().pw_shell)

    @its(Text())
    def gecos(self) -> str:
        """The comment, usually the full name."""
        return str(self._need().pw_gecos)

    @its(Text())
    def group(self) -> str:
        """The name of the primary group."""
        from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import group_name

        return group_name(self._need().pw_gid)

    @its(ListOf(Text()))
    def groups(self) -> list[str]:
        """The names of all groups, sorted."""
        return sorted({self.group(), *(group.gr_name for group in self._memberships())})

    @its(ListOf(Integer()))
    def gids(self) -> list[int]:
        """The numbers of all groups, sorted."""
        return sorted({self.gid(), *(group.gr_gid for group in self._memberships())})

    @its(Boolean())
    def password_locked(self) -> bool:
        """Whether no password can be used to log in."""
        return self._shadow(1)[:1] in ("!", "*")

    @its(Integer())
    def minimum_days_between_password_change(self) -> int:
        """Days that a password has to be kept."""
        return int(self._shadow(3) or 0)

    @its(Integer())
    def maximum_days_between_password_change(self) -> int:
        """Days after which a password has to be changed; 99999 when never."""
        return int(self._shadow(4) or 99999)

    @its()
    def account_expires(self) -> str | None:
        """The day after which the account is closed, as 2026-12-31; nothing when never."""
        days = self._shadow(7)
        return (datetime.date(1970, 1, 1) + datetime.timedelta(int(days))).isoformat() if days else None

    @property
    def _entry(self) -> t.Any:
        return self.world.once(("user", self.name), self._look_up)

    def _look_up(self) -> t.Any:
        import pwd

        try:
            return pwd.getpwnam(self.name)
        except KeyError:
            return None

    def _memberships(self) -> list[t.Any]:
        import grp

        groups = self.world.once("groups", grp.getgrall)
        return [group for group in groups if self.name in group.gr_mem]

    def _need(self) -> t.Any:
        if self._entry is None:
            raise CannotTell(self._absent(), "passwd")
        return self._entry

    def _absent(self) -> str:
        import difflib
        import pwd

        similar = difflib.get_close_matches(self.name, [entry.pw_name for entry in pwd.getpwall()], n=2, cutoff=0.75)
        return f"there is no user {self.name}" + (f"; similar: {listing(similar)}" if similar else "")

    def _compare(self, field: str, wanted: t.Any) -> Verdict:
        if self._entry is None:
            return Verdict(False, self._absent, "passwd")
        actual = getattr(self._entry, field)
        return Verdict(actual == wanted, str(actual), "passwd")

    def _shadow(self, field: int) -> str:
        self._need()
        for line in self.world.read(SHADOW).splitlines():
            fields = line.split(":")
            if fields[0] == self.name and len(fields) > 8:
                return str(fields[field])
        raise CannotTell(f"{SHADOW} has no line for {self.name}", SHADOW)


class Group(Resource):
    """A group."""

    word = "group"

    @matcher()
    def exist(self) -> Verdict:
        """There is such a group."""
        entry = self._entry
        return Verdict(entry is not None, f"gid {entry.gr_gid}" if entry else self._absent, "group")

    @matcher(gid=Integer(0))
    def have_gid(self, gid: int) -> Verdict:
        """The group has this number."""
        if self._entry is None:
            return Verdict(False, self._absent, "group")
        return Verdict(self._entry.gr_gid == gid, str(self._entry.gr_gid), "group")

    @matcher()
    def be_system(self) -> Verdict:
        """The number of the group is below GID_MIN of login.defs."""
        return _is_system(self.world, None if self._entry is None else self._entry.gr_gid, "GID_MIN", self._absent)

    @its(Integer(0))
    def gid(self) -> int:
        """The number."""
        return int(self._need().gr_gid)

    @its(ListOf(Text()))
    def members_(self) -> list[str]:
        """The members, sorted; users whose primary group it is are only listed when the group lists them."""
        return sorted(self._need().gr_mem)

    @property
    def _entry(self) -> t.Any:
        return self.world.once(("group", self.name), self._look_up)

    def _look_up(self) -> t.Any:
        import grp

        try:
            return grp.getgrnam(self.name)
        except KeyError:
            return None

    def _need(self) -> t.Any:
        if self._entry is None:
            raise CannotTell(self._absent(), "group")
        return self._entry

    def _absent(self) -> str:
        return f"there is no group {self.name}"


def _is_system(world: t.Any, number: int | None, limit: str, absent: t.Callable[[], str]) -> Verdict:
    if number is None:
        return Verdict(False, absent, "passwd")
    first = 1000
    for line in world.read(LOGIN).splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == limit:
            first = int(words[1])
    return Verdict(number < first, f"number {number}, {limit} is {first}", LOGIN)


def _key(line: str) -> tuple[str, str] | None:
    """Type and key of a line of authorized_keys; options before them can have words that look like a type."""
    words = [] if line.lstrip().startswith("#") else line.split()
    for word, following in zip(words, words[1:]):
        if word.startswith(("ssh-", "ecdsa-", "sk-")) and following.startswith("AAAA"):
            return word, following
    return None


RESOURCES = (User, Group)

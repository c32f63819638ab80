# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import ListOf, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

SPOOLS = ("/var/spool/cron/crontabs", "/var/spool/cron")
_NICKNAMES = "@"


class Line(Text):
    name = "a line of a crontab: five fields or an @word, and a command"

    def check(self, value: t.Any) -> str:
        line = super().check(value)
        if len(_split(line.strip())) < (2 if line.strip().startswith(_NICKNAMES) else 6):
            raise self.unfit(value)
        return line


class Cron(Resource):
    """A crontab: that of a user with their lines of /etc/crontab and /etc/cron.d; without a name, the latter."""

    word = "cron"
    name_kind = Text()
    name_optional = True

    @matcher(aliases={"with_user": "user"}, entry=Line(), user=Text())
    def have_entry(self, entry: str, user: str = "") -> Verdict:
        """A line with this schedule and command; blanks between the fields do not count."""
        found, wanted = self._of(user or self.name), _normal(entry)
        return Verdict(wanted in found, _told(found, wanted), "crontab")

    @its(ListOf(Text()))
    def entries(self) -> list[str]:
        """The lines, without comments and variables."""
        return self._of(self.name)

    @its(Text())
    def table(self) -> str:
        """The lines as one text."""
        return "\n".join(self._of(self.name))

    def _of(self, user: str | None) -> list[str]:
        system = [(owner, line) for path in self._system_files() for owner, line in self._with_user(path)]
        if user is None:
            return [f"{_schedule(line)} {owner} {_command(line)}" for owner, line in system]
        own = [_normal(line) for line in _lines(self._table(user))]
        return own + [line for owner, line in system if owner == user]

    def _system_files(self) -> list[str]:
        files = ["/etc/crontab"] if facts.status(self.world, "/etc/crontab") else []
        on_debian = facts.status(self.world, "/etc/debian_version") is not None
        return files + [path for path in facts.matching(self.world, "/etc/cron.d/*") if _is_read(path, on_debian)]

    def _with_user(self, path: str) -> t.Iterator[tuple[str, str]]:
        for line in _lines(self.world.read(path)):
            fields = line.split(None, 2 if line.startswith(_NICKNAMES) else 6)
            *schedule, user, command = fields if len(fields) > 2 else ["", "", ""]
            if command:
                yield user, _normal(" ".join([*schedule, command]))

    def _table(self, user: str) -> str:
        try:
            for spool in SPOOLS:
                if facts.status(self.world, f"{spool}/{user}"):
                    return str(self.world.read(f"{spool}/{user}"))
        except CannotTell:
            if user != facts.user_name(os.geteuid()):
                raise
            return self._by_tool()
        return ""

    def _by_tool(self) -> str:
        done = self.world.once("crontab", lambda: self.world.run([self.world.tool("crontab"), "-l"]))
        if done.exit_status and "no crontab for" not in done.stderr:
            raise CannotTell(f"crontab -l failed: {done.stderr.strip()}", "crontab -l")
        return t.cast(str, done.stdout)


def _is_read(path: str, on_debian: bool) -> bool:
    """Whether cron reads a file of /etc/cron.d: not copies of editors and package managers."""
    name = os.path.basename(path)
    if on_debian:
        return re.fullmatch(r"[\w-]+", name, re.ASCII) is not None
    return not name.startswith("#") and not name.endswith(("~", ".swp", ".rpmsave", ".rpmorig", ".rpmnew"))


def _lines(text: str) -> t.Iterator[str]:
    for line in text.splitlines():
        first = line.lstrip()[:1]
        if first and (first in "*@" or first.isdigit()):
            yield line.strip()


def _told(found: list[str], wanted: str) -> str:
    """What there is, without the commands of other entries: they can hold secrets."""
    schedules = [_schedule(line) for line in found if _command(line) == _command(wanted)]
    if schedules:
        return f"this command, at {listing(schedules)}"
    return f"{len(found)} other entries" if found else "no entries"


def _split(line: str) -> list[str]:
    return line.split(None, 1 if line.startswith(_NICKNAMES) else 5)


def _schedule(line: str) -> str:
    return " ".join(_split(line)[:-1])


def _command(line: str) -> str:
    return _split(line)[-1]


def _normal(line: str) -> str:
    return " ".join(_split(line.strip()))


RESOURCES = (Cron,)

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import functools
import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, ListOf, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import cut
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

_COMM = 15  # the kernel keeps so much of a name


class Process:
    """A running process; everything about it is read once, when it is asked for."""

    def __init__(self, pid: int, comm: str, path: str) -> None:
        self.pid = pid
        self.comm = comm
        self.path = path

    @functools.cached_property
    def arguments(self) -> list[str]:
        return (_content(f"{self.path}/cmdline") or "").rstrip("\0").split("\0")

    @functools.cached_property
    def program(self) -> str | None:
        try:
            return os.path.basename(os.readlink(f"{self.path}/exe"))
        except OSError:
            return None

    @functools.cached_property
    def status(self) -> dict[str, str]:
        rows = (line.partition(":") for line in (_content(f"{self.path}/status") or "").splitlines())
        return {name: value.strip() for name, _colon, value in rows}

    @property
    def has_ended(self) -> bool:
        """A zombie: only its parent has not been told yet."""
        return self.status.get("State", "Z").startswith("Z")


def processes(host: Host) -> list[Process]:
    """All processes, with the names the kernel has for them."""
    return host.once("processes", lambda: _read(host))


def _read(host: Host) -> list[Process]:
    found = []
    for pid in sorted(int(name) for name in host.names("/proc") if name.isdigit()):
        path = host.path(f"/proc/{pid}")
        comm = _content(f"{path}/comm")
        if comm is not None:  # else it has ended meanwhile
            found.append(Process(pid, comm.rstrip("\n"), path))
    return found


def _content(path: str) -> str | None:
    try:
        with open(path, "rb") as stream:
            return stream.read().decode("utf-8", "surrogateescape")
    except OSError:
        return None


class ProcessResource(Resource):
    """The processes with a name: that of the kernel, of the program file, or of the first argument.

    Several processes can have the name: a property lists what they have, count says how many they are. Zombies, which
    have ended, do not count.
    """

    word = "process"
    needs_running_system = True

    @matcher()
    def be_running(self) -> Verdict:
        """At least one such process runs."""
        return Verdict(bool(self._found), self._got, "/proc")

    @its(Integer(0))
    def count(self) -> int:
        """How many processes have the name."""
        return len(self._found)

    @its(ListOf(Integer()))
    def pid(self) -> list[int]:
        """The process ids."""
        return [process.pid for process in self._running()]

    @its(ListOf(Integer()))
    def ppid(self) -> list[int]:
        """The process ids of the parents."""
        return sorted({int(value) for value in self._status("PPid")})

    @its(ListOf(Text()))
    def user(self) -> list[str]:
        """The names of the effective users."""
        import pwd

        return sorted({_name(pwd.getpwuid, int(value.split()[1])) for value in self._status("Uid")})

    @its(ListOf(Text()))
    def group(self) -> list[str]:
        """The names of the effective groups."""
        import grp

        return sorted({_name(grp.getgrgid, int(value.split()[1])) for value in self._status("Gid")})

    @its(Text())
    def args(self) -> str:
        """The command lines, one in each line."""
        return "\n".join(" ".join(process.arguments) for process in self._running())

    @its(ListOf(Text()))
    def comm(self) -> list[str]:
        """The names that the kernel has, at most 15 characters."""
        return sorted({process.comm for process in self._running()})

    @its(ListOf(Text()))
    def state(self) -> list[str]:
        """The states: S sleeping, R running, D waiting for a disk, T stopped ..."""
        return sorted({value.split()[0] for value in self._status("State")})

    @its(ListOf(Integer()))
    def nice(self) -> list[int]:
        """The nice values."""
        rows = [_content(f"{process.path}/stat") for process in self._running()]
        return sorted({int(row.rpartition(")")[2].split()[16]) for row in rows if row})

    @its(Integer())
    def threads(self) -> int:
        """The threads of all of them."""
        return sum(int(value) for value in self._status("Threads"))

    @its(Integer())
    def rss(self) -> int:
        """The resident memory of all of them, in KiB."""
        return sum(int(value.split()[0]) for value in self._status("VmRSS"))

    @property
    def _found(self) -> list[Process]:
        return t.cast("list[Process]", self.world.once(("processes", self.name), self._look))

    def _look(self) -> list[Process]:
        everything = processes(self.world)
        found = [process for process in everything if self._has_name(process) and not process.has_ended]
        if not found and not any(process.pid == 1 for process in everything):
            raise CannotTell("/proc hides the processes of others from this user (hidepid)", "/proc")
        return found

    def _has_name(self, process: Process) -> bool:
        if process.comm == self.name and len(self.name) < _COMM:
            return True
        if process.arguments == [""]:  # a thread of the kernel
            return bool(process.comm == self.name)
        # Daemons that rewrite their title put it all into the first argument: "nginx: master process".
        first = os.path.basename(process.arguments[0].partition(" ")[0]).rstrip(":")
        return self.name in (first, process.program)

    def _running(self) -> list[Process]:
        if not self._found:
            raise CannotTell(f"no process {self.name} runs", "/proc")
        return self._found

    def _status(self, field: str) -> list[str]:
        return [process.status[field] for process in self._running() if field in process.status]

    def _got(self) -> str:
        if self._found:
            return f"{len(self._found)} running: pid " + cut(
                ", ".join(str(process.pid) for process in self._found), 100
            )
        import difflib

        similar = difflib.get_close_matches(self.name, {process.comm for process in processes(self.world)}, n=2)
        return "no such process" + (f"; similar: {', '.join(similar)}" if similar else "")


def _name(look_up: t.Callable[[int], t.Any], number: int) -> str:
    try:
        return str(look_up(number)[0])
    except KeyError:
        return str(number)


RESOURCES = (ProcessResource,)

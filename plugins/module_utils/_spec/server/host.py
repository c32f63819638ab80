# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

T = t.TypeVar("T")
_SAFE_ENVIRONMENT = {"LC_ALL": "C", "LANG": "C", "TERM": "dumb"}
_SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Done(t.NamedTuple):
    """A finished command; the outputs are bytes decoded with surrogateescape."""

    exit_status: int
    stdout: str
    stderr: str


class Host:
    """The machine this runs on. Every source is read when it is asked for the first time, and then remembered.

    forks counts the processes that were started, probes the sources that were read.
    """

    def __init__(
        self,
        root: str = "/",
        timeout: float = 10,
        search_paths: t.Sequence[str] = (),
        package_manager: str = "auto",
        service_manager: str = "auto",
        check_mode: bool = False,
        read_only: bool = False,
        offline: bool = False,
    ) -> None:
        self.root = root
        self.timeout = timeout
        self.search_path = ":".join([*search_paths, _SEARCH_PATH])
        self.package_manager = package_manager
        self.service_manager = service_manager
        self.check_mode = check_mode
        self.read_only = read_only
        self.offline = offline
        self.forks = 0
        self.probes = 0
        self._known: dict[t.Any, t.Any] = {}
        self._wanted: dict[str, set[t.Any]] = {}
        self._lock = threading.RLock()
        self._reading: dict[t.Any, threading.RLock] = {}

    def once(self, key: t.Any, read: t.Callable[[], T]) -> T:
        """What read() returned or raised the first time."""
        with self._lock:
            reading = self._reading.setdefault(key, threading.RLock())
        with reading:
            if key not in self._known:
                self.probes += 1
                try:
                    self._known[key] = (read(), None)
                except CannotTell as error:
                    self._known[key] = (None, error)
            value, failure = self._known[key]
        if failure:
            raise failure
        return t.cast("T", value)

    def forget(self) -> None:
        """Read everything anew when it is asked for again."""
        with self._lock:
            self._known.clear()

    def want(self, source: str, names: t.Iterable[t.Any]) -> None:
        """Note names that a batched source will be asked for."""
        self._wanted.setdefault(source, set()).update(names)

    def wanted(self, source: str) -> list[t.Any]:
        return sorted(self._wanted.get(source, ()), key=str)

    def path(self, path: str) -> str:
        """Where a file of the machine is: below root, for tests and images."""
        return path if self.root == "/" else os.path.join(self.root, path.lstrip("/"))

    def platform(self) -> str:
        """The name of the operating system, for messages."""
        try:
            found = re.search(r'^PRETTY_NAME="?([^"\n]+)', self.read("/etc/os-release"), re.MULTILINE)
        except CannotTell:
            found = None
        return found.group(1) if found else os.uname().sysname

    def read(self, path: str) -> str:
        """The content of a file; raises CannotTell when it cannot be read or does not exist."""
        return self.once(("file", path), lambda: self._read(path))

    def _read(self, path: str) -> str:
        try:
            with open(self.path(path), "rb") as stream:
                return stream.read().decode("utf-8", "surrogateescape")
        except OSError as error:
            raise explained(error, path) from None

    def names(self, path: str) -> list[str]:
        """The sorted names in a folder; raises CannotTell when it cannot be listed or does not exist."""
        return self.once(("folder", path), lambda: self._names(path))

    def _names(self, path: str) -> list[str]:
        try:
            return sorted(os.listdir(self.path(path)))
        except OSError as error:
            raise explained(error, path) from None

    def run(
        self,
        command: t.Sequence[str],
        timeout: float | None = None,
        environment: t.Mapping[str, str] | None = None,
        cwd: str | None = None,
        stdin: str = "",
    ) -> Done:
        """Run a command to its end; raises CannotTell when it is missing, forbidden or takes too long."""
        limit = timeout or self.timeout
        settings = {**os.environ, **_SAFE_ENVIRONMENT, "PATH": self.search_path, **(environment or {})}
        with self._lock:
            self.forks += 1
        try:
            return _run(command, stdin.encode(), limit, settings, cwd)
        except FileNotFoundError as error:
            raise CannotTell(f"{error.filename} was not found", command[0]) from None
        except subprocess.TimeoutExpired:
            raise CannotTell(f"{command[0]} did not end within {limit:g} s", command[0]) from None
        except OSError as error:
            raise explained(error, command[0]) from None

    def tool(self, name: str) -> str:
        """The path of a program; raises CannotTell when it is not installed."""
        found = shutil.which(name, path=self.search_path)
        if not found:
            raise CannotTell(f"{name} was not found in {self.search_path}", name)
        return found


def explained(error: OSError, what: str) -> CannotTell:
    """Why a path, a command or another source could not be read."""
    return CannotTell(f"{what}: {(error.strerror or str(error)).lower()}", what)


def _run(
    command: t.Sequence[str], stdin: bytes, limit: float, environment: t.Mapping[str, str], cwd: str | None
) -> Done:
    pipe = subprocess.PIPE
    # Commands run beside each other, in threads, and a late one is ended with all that it has started.
    with subprocess.Popen(  # pylint: disable=ansible-bad-function
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, cwd=cwd, start_new_session=True
    ) as process:
        try:
            stdout, stderr = process.communicate(stdin, limit or None)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return Done(process.returncode, _decoded(stdout), _decoded(stderr))


def _decoded(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")

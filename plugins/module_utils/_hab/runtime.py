# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import contextlib
import fcntl
import os
import typing as t

from ansible.module_utils.basic import env_fallback

from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._hab import environment, processes
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import Done, HabError, explain
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident, parse_list

#: the options of every module that runs hab, documented in the fragment _hab
OPTIONS: dict[str, dict[str, t.Any]] = {
    "executable": {"type": "path"},
    "bldr_url": {"type": "str", "fallback": (env_fallback, ["HAB_BLDR_URL"])},
    "auth_token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["HAB_AUTH_TOKEN"])},
    "accept_license": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 600},
}

Words = t.Sequence[str]


class Hab:
    """The program hab on this host, run without a shell, with a small environment and secrets only in there."""

    def __init__(self, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self.environ = environ
        self.root = environment.root_of(environ)
        self.timeout = float(options.get("timeout") or 0)
        self._environment = environment.child_environment(options, environ)
        self.executable = environment.find_executable(options.get("executable"), environ)
        self._secrets = [str(options["auth_token"])] if options.get("auth_token") else []
        self._version = ""

    @property
    def version(self) -> str:
        """Number and build of the program, for example 2.1.78/20260812081234."""
        if not self._version:
            said = self.run("--version").stdout.split()
            self._version = said[1] if len(said) > 1 else "unknown"
        return self._version

    @property
    def major(self) -> int:
        number = self.version.partition(".")[0]
        return int(number) if number.isdigit() else 2

    def keep_secret(self, *values: str) -> None:
        """Values to be hidden in what a failure tells."""
        self._secrets += [value for value in values if value]

    def run(
        self,
        *words: str,
        stdin: str = "",
        cwd: str | None = None,
        extra: t.Mapping[str, str] | None = None,
        without: t.Container[str] = (),
    ) -> Done:
        """Run hab with these words, whatever its exit code; extra and without change its environment."""
        settings = {name: value for name, value in self._environment.items() if name not in without}
        command = f"hab {' '.join(words)}"
        try:
            done = processes.run([self.executable, *words], {**settings, **(extra or {})}, self.timeout, stdin, cwd)
        except processes.TooLate:
            raise HabError(
                f"{command} did not end within {self.timeout:g} s (option timeout); it was ended.", "timeout"
            ) from None
        except OSError as error:
            raise HabError(f"{self.executable} cannot be run: {error.strerror}.", "no_hab") from None
        return Done(command, done.rc, self._scrubbed(done.stdout), self._scrubbed(done.stderr))

    def must(self, *words: str, **options: t.Any) -> Done:
        """Run hab with these words; an exit code other than 0 is an error."""
        done = self.run(*words, **options)
        if done.rc:
            raise self.failure(done)
        return done

    def failure(self, done: Done, code: str = "") -> HabError:
        """The error of a command that failed."""
        return explain(done, f"hab {self.version}" if done.rc == 2 else "hab", code)

    def installed(self) -> list[Ident]:
        """All packages on this host."""
        if not os.path.isdir(environment.below(self.root, "/hab/pkgs")):
            return []
        return parse_list(self.must("pkg", "list", "--all").stdout)

    def package_path(self, ident: Ident) -> str:
        return environment.below(self.root, f"/hab/pkgs/{ident}")

    @contextlib.contextmanager
    def lock(self) -> t.Iterator[None]:
        """Keep other tasks of these modules from changing packages at the same time."""
        folder = environment.below(self.root, "/hab")
        try:
            os.makedirs(folder, exist_ok=True)
            stream = open(f"{folder}/.containerci.lock", "a", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise HabError(f"{folder} cannot be written: {error.strerror}; use become.", "not_permitted") from None
        with stream:
            self._wait_for(stream)
            yield

    def _wait_for(self, stream: t.IO[str]) -> None:
        patience = Patience(self.timeout)
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if not patience.pause():
                    raise HabError(
                        f"Another task changed packages on this host for more than {self.timeout:g} s "
                        "(option timeout).",
                        "timeout",
                    ) from None

    def _scrubbed(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "********")
        return text


def option(name: str, value: t.Any) -> list[str]:
    """The words of an option with a value, none without one; a value that looks like an option is attached."""
    if value is None or value == "":
        return []
    text = str(value)
    return [f"--{name}={text}"] if text.startswith("-") else [f"--{name}", text]


def switch(name: str, value: t.Any) -> list[str]:
    return [f"--{name}"] if value else []

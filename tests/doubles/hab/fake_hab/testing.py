# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""A computer with the double and a depot, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
import typing as t
from pathlib import Path

from fake_hab import web
from fake_hab.fixture import DepotFixture
from fake_hab.gateway import gateway_of
from fake_hab.server import depot_of

PROGRAM = Path(__file__).resolve().parent.parent / "hab"


class HabBox:
    """`executable` is a hab with its own root, depot and log, whatever environment it is started with."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.log = folder / "hab.log"
        self.executable = folder / "bin" / "hab"
        self.depot = DepotFixture(folder / "depot")
        self._settings = {"ROOT": str(self.root), "DEPOT": str(self.depot.folder), "LOG": str(self.log), **settings}
        self.root.mkdir(parents=True, exist_ok=True)
        self.set()

    @property
    def hab(self) -> Path:
        return self.root / "hab"

    def set(self, **settings: str | None) -> None:
        """Change switches of the double, such as FAIL or VERSION; None removes one."""
        self._settings.update(settings)  # type: ignore[arg-type]
        write_wrapper(self.executable, {name: value for name, value in self._settings.items() if value is not None})

    def accept_licence(self) -> None:
        path = self.hab / "accepted-licenses" / "habitat"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def start_supervisor(self) -> None:
        path = self.hab / "sup" / "default" / "LOCK"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(os.getpid()))

    def stop_supervisor(self) -> None:
        (self.hab / "sup" / "default" / "LOCK").unlink()

    def settle(self) -> None:
        """Let the changes of services that wait for HAB_STUB_DELAY be done now."""
        path = self.root / "var" / "lib" / "fake-hab" / "services.json"
        states = json.loads(path.read_text())
        for state in states.values():
            state["due"] = state["due"] and {**state["due"], "at": 0}
        path.write_text(json.dumps(states))

    def run(self, *words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run hab with a small environment and an accepted licence."""
        base = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "HAB_LICENSE": "accept-no-persist"}
        return subprocess.run(
            [str(self.executable), *words],
            input=stdin,
            env={**base, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    def runs(self) -> list[dict[str, t.Any]]:
        """The log: every run with argv, environment (digests), stdin (digest), exit, started and ended."""
        return list(map(json.loads, self.log.read_text().splitlines())) if self.log.is_file() else []

    def commands(self) -> list[str]:
        return [" ".join(run["argv"]) for run in self.runs()]

    def installed(self) -> list[str]:
        paths = sorted((self.hab / "pkgs").glob("*/*/*/*/IDENT"))
        return [path.read_text().strip() for path in paths if ".hab-pkg-install" not in str(path)]

    def tree(self) -> dict[str, str]:
        """Every file and link of the computer with its content, to tell whether anything changed."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if path.is_symlink():
                found[name] = f"-> {os.readlink(path)}"
            elif path.is_file():
                found[name] = path.read_bytes().hex()
        return found

    def places_of(self, secret: str) -> list[str]:
        """Where a secret is in clear text: the log, the computer, the requests to the depot."""
        files = [self.log, self.depot.folder / "requests.jsonl", *self.root.rglob("*")]
        return [str(path) for path in files if path.is_file() and secret.encode() in path.read_bytes()]

    @contextlib.contextmanager
    def server(self) -> t.Iterator[str]:
        """The HTTP API of the depot; gives its URL."""
        with web.running(depot_of(self.depot.folder)) as url:
            yield url

    @contextlib.contextmanager
    def gateway(self, token: str | None = None) -> t.Iterator[str]:
        """The HTTP gateway of the supervisor, with a bearer token if one is given."""
        with web.running(gateway_of(self.root, token, self._settings.get("DELAY", "0"))) as url:
            yield url


def write_wrapper(path: Path, settings: t.Mapping[str, str]) -> None:
    """A hab that starts the double with these switches."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exports = [f"export HAB_STUB_{name}={shlex.quote(value)}" for name, value in settings.items()]
    command = f'exec {shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} "$@"'
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join(["#!/bin/sh", *exports, command, ""]))
    temporary.chmod(0o755)
    temporary.replace(path)

# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""A supervisor that is a folder: specs of services as the real one keeps them, their states beside it."""

from __future__ import annotations

import json
import time
import typing as t
from pathlib import Path

from fake_hab import toml
from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.idents import Ident

Spec = dict[str, t.Any]

_DOWN = """Unable to contact the Supervisor.

If the Supervisor you are contacting is local, this probably means it is not running. You can run a Supervisor in the \
foreground with:

hab sup run

Or try restarting the Supervisor through your operating system's init process or Windows service."""


class Supervisor:
    """Changes of state take HAB_STUB_DELAY seconds; whoever looks afterwards sees them done."""

    def __init__(self, context: Context) -> None:
        self._folder = context.hab / "sup" / "default"
        self._delay = float(context.setting("DELAY", "0"))
        self._states_path = context.state / "services.json"
        self._census_path = context.state / "census.json"

    @property
    def is_up(self) -> bool:
        return (self._folder / "LOCK").is_file()

    def demand(self, address: str, secret: str | None) -> None:
        """Fail as a client does when the supervisor is not there or does not know it."""
        host = address.rsplit(":", 1)[0]
        if not self.is_up or host not in ("127.0.0.1", "localhost", "0.0.0.0"):
            raise Failure(_DOWN)
        own = self._folder / "CTL_SECRET"
        if secret is not None and own.is_file() and own.read_text().strip() != secret:
            raise Failure("[Err: 4] secret key mismatch")
        self._settle()

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "LOCK").write_text("1\n")

    def stop(self) -> None:
        (self._folder / "LOCK").unlink()

    # specs

    def _spec_path(self, name: str) -> Path:
        return self._folder / "specs" / f"{name}.spec"

    def spec(self, ident: Ident) -> Spec | None:
        """The spec with the name of the package: its origin does not count, so two origins collide."""
        path = self._spec_path(ident.name)
        return toml.loads(path.read_text()) if path.is_file() else None

    def specs(self) -> list[Spec]:
        return [toml.loads(path.read_text()) for path in sorted((self._folder / "specs").glob("*.spec"))]

    def save(self, spec: Spec) -> None:
        path = self._spec_path(Ident.parse(spec["ident"]).name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(toml.dumps(spec))

    # states

    def _states(self) -> dict[str, t.Any]:
        return (
            t.cast("dict[str, t.Any]", json.loads(self._states_path.read_text())) if self._states_path.is_file() else {}
        )

    def _write(self, states: dict[str, t.Any]) -> None:
        self._states_path.write_text(json.dumps(states))

    def _settle(self) -> None:
        """Do what is due."""
        states = self._states()
        for name, state in list(states.items()):
            due = state["due"]
            if due is None or time.time() < due["at"]:
                continue
            if due["state"] == "unloaded":
                del states[name]
                self._spec_path(name).unlink()
            else:
                pid = 1000 + len(name) if due["state"] == "up" else None
                state.update(state=due["state"], pid=pid, since=due["at"], due=None)
        self._write(states)

    def state(self, spec: Spec) -> dict[str, t.Any]:
        name = Ident.parse(spec["ident"]).name
        nothing = {"state": "down", "pid": None, "since": time.time(), "package": spec["ident"], "due": None}
        return t.cast("dict[str, t.Any]", self._states().get(name, nothing))

    def change(self, spec: Spec, state: str, package: Ident | None = None) -> None:
        """Make a service be `up`, `down` or `unloaded` before long."""
        name = Ident.parse(spec["ident"]).name
        states = self._states()
        entry = {**self.state(spec), "due": {"state": state, "at": time.time() + self._delay}}
        if package is not None:
            entry["package"] = str(package)
        states[name] = entry
        self._write(states)
        self._settle()

    def services(self) -> list[tuple[Spec, dict[str, t.Any]]]:
        self._settle()
        return [(spec, self.state(spec)) for spec in self.specs()]

    # configuration

    def census(self) -> dict[str, t.Any]:
        return (
            t.cast("dict[str, t.Any]", json.loads(self._census_path.read_text())) if self._census_path.is_file() else {}
        )

    def apply_config(self, group: str, incarnation: int, value: toml.Table) -> None:
        """A version that is not greater than the present one is ignored, without a word."""
        known = self.census()
        if incarnation > known.get(group, {"incarnation": -1})["incarnation"]:
            known[group] = {"incarnation": incarnation, "value": value}
            self._census_path.write_text(json.dumps(known))

# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What one run of the double knows: the words, the environment, and where its state is."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import os
import sys
import typing as t
from pathlib import Path

from fake_hab import RELEASE, legacy
from fake_hab.failure import Failure
from fake_hab.ui import Ui


@dataclasses.dataclass
class Context:
    words: list[str]
    environment: dict[str, str]
    ui: Ui
    root: Path
    link_root: str
    stdin_hash: str | None = None

    @classmethod
    def create(cls, words: t.Sequence[str], environment: t.Mapping[str, str]) -> Context:
        env = dict(environment)
        own_root = env.get("HAB_STUB_ROOT", "")
        style = env.get("HAB_GLYPH_STYLE", "full")
        ui = Ui(sys.stdout, sys.stderr, style, old=env.get("HAB_STUB_VERSION") == "1.6")
        return cls(list(words), env, ui, Path(own_root or env.get("FS_ROOT") or "/"), own_root.rstrip("/"))

    def setting(self, name: str, default: str = "") -> str:
        """A switch of the double itself."""
        return self.environment.get(f"HAB_STUB_{name}", default)

    def variable(self, name: str) -> str | None:
        """A variable of hab; an empty one counts as unset."""
        return self.environment.get(name) or None

    @property
    def is_old(self) -> bool:
        return self.setting("VERSION") == "1.6"

    @property
    def release(self) -> str:
        return legacy.RELEASE if self.is_old else RELEASE

    @property
    def is_root(self) -> bool:
        return int(self.setting("UID") or os.geteuid()) == 0

    @property
    def hab(self) -> Path:
        return self.root / "hab"

    @property
    def home(self) -> Path:
        """Where the files of this user are: /hab for root, ~/.hab for others."""
        return self.hab if self.is_root else Path(self.environment.get("HOME", "/")) / ".hab"

    @property
    def target(self) -> str:
        return self.setting("TARGET", "x86_64-linux")

    @property
    def default_channel(self) -> str:
        return "stable" if self.is_old else "base"

    @property
    def tools_origin(self) -> str:
        return "core" if self.is_old else "chef"

    def read_stdin(self) -> bytes:
        data = sys.stdin.buffer.read()
        self.stdin_hash = hashlib.sha256(data).hexdigest()
        return data

    def now(self) -> str:
        """A new time stamp; with HAB_STUB_NOW as the start, each one is a second later than the last."""
        start = self.setting("NOW")
        if not start:
            return datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
        count = self._next_count()
        moment = datetime.datetime.strptime(start, "%Y%m%d%H%M%S") + datetime.timedelta(seconds=count)
        return moment.strftime("%Y%m%d%H%M%S")

    def _next_count(self) -> int:
        path = self.state / "clock"
        count = int(path.read_text()) if path.exists() else 0
        path.write_text(str(count + 1))
        return count

    @property
    def state(self) -> Path:
        """The double's own notes, such as the states of services."""
        path = self.root / "var" / "lib" / "fake-hab"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def cli_config(self, key: str) -> str | None:
        """A value of cli.toml, which has nothing but plain strings."""
        path = self.home / "etc" / "cli.toml"
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for line in lines:
            name, equals, value = (part.strip() for part in line.partition("="))
            if equals and name == key:
                return str(json.loads(value))
        return None

    def key_cache(self, given: str | None = None) -> Path:
        if given and given != "/hab/cache/keys":
            return Path(given)
        return self.home / "cache" / "keys"

    def origin(self, given: str | None) -> str:
        found = given or self.variable("HAB_ORIGIN") or self.cli_config("origin")
        if found is None:
            raise Failure("No origin specified: please set HAB_ORIGIN, pass an origin or run 'hab cli setup'")
        return found

    def token(self, given: str | None) -> str | None:
        return given or self.variable("HAB_AUTH_TOKEN") or self.cli_config("auth_token")

    def needed_token(self, given: str | None) -> str:
        found = self.token(given)
        if found is None:
            raise Failure(
                "No auth token specified: please pass `-z/--auth`, set HAB_AUTH_TOKEN, or run 'hab cli setup'"
            )
        return found

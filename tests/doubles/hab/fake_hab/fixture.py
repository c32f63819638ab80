# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Fills a depot for tests."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from fake_hab import hart, keys
from fake_hab.depot import Depot
from fake_hab.idents import Ident
from fake_hab.packages import Contents, files_of

_FIRST_REVISION = "20240101000000"


class DepotFixture(Depot):
    """A depot that is filled without asking for rights, and without leaving requests behind."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, by="fixture")
        folder.mkdir(parents=True, exist_ok=True)
        self.add_token("administrator-token", "owner", license=True)

    def add_token(self, token: str, role: str = "member", license: bool = False) -> str:  # noqa: A002
        self._merge("tokens.json", {token: {"role": role, "license": license}})
        return token

    def add_origin(self, origin: str, **settings: t.Any) -> keys.Key:
        """An origin with a key pair; settings are visibility, channels and restricted_channels."""
        folder = self.origin_folder(origin)
        folder.mkdir(parents=True, exist_ok=True)
        if settings:
            self._merge(f"origins/{origin}/origin.json", settings)
        cache = keys.KeyCache(folder / "keys")
        name = f"{origin}-{_FIRST_REVISION}"
        if not cache.has("secret", name):
            for key in keys.generate(origin, _FIRST_REVISION):
                cache.write(key)
        return cache.read("secret", name)

    def add_package(
        self,
        ident: str,
        channels: t.Sequence[str] = ("stable",),
        deps: t.Sequence[str] = (),
        **contents: t.Any,
    ) -> Path:
        """Release a package, with its origin if that is new; the path of the artifact."""
        full = Ident.parse(ident)
        key = self.add_origin(full.origin)
        direct = [Ident.parse(dep) for dep in deps]
        below = [Ident.parse(dep) for ident in direct for dep in self.meta(ident)["tdeps"]]
        all_deps = list(dict.fromkeys([*direct, *below]))
        files = files_of(Contents(full, deps=direct, tdeps=all_deps, **contents))
        self.store(full, hart.seal(hart.pack(full, files), key), channels)
        return self.package_folder(full) / "hart"

    def add_fault(self, request: str, status: int, **details: t.Any) -> None:
        """Answer a kind of request with a status; details are subject (a prefix), message and times."""
        path = self.folder / "faults.json"
        faults = json.loads(path.read_text()) if path.is_file() else []
        path.write_text(json.dumps([*faults, {"request": request, "status": status, **details}]))

    def channels(self, ident: str) -> list[str]:
        return (self.package_folder(Ident.parse(ident)) / "channels").read_text().split()

    def requests(self, by: str | None = None) -> list[dict[str, t.Any]]:
        """What was asked of the depot, by `hab` or by an HTTP client (`http`)."""
        path = self.folder / "requests.jsonl"
        lines = path.read_text().splitlines() if path.is_file() else []
        return [entry for entry in map(json.loads, lines) if by in (None, entry["by"])]

    def _merge(self, name: str, values: dict[str, t.Any]) -> None:
        path = self.folder / name
        known = json.loads(path.read_text()) if path.is_file() else {}
        path.write_text(json.dumps({**known, **values}))

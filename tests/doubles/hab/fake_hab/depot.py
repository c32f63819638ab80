# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""A Builder that is a folder: origins, their keys, channels and packages."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

from fake_hab import hart, keys
from fake_hab.failure import Failure
from fake_hab.idents import Ident, newest_key
from fake_hab.record import append, digest

ROLES = ("readonly_member", "member", "maintainer", "administrator", "owner")
TARGETS = ("x86_64-linux", "x86_64-linux-kernel2", "x86_64-windows", "aarch64-linux")
_STANDARD = ("stable", "unstable")


class Refused(Exception):
    """The answer of the depot when it does not do what it was asked."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Depot:
    """The operations of a Builder; `by` is who asks: the command line or an HTTP client."""

    def __init__(self, folder: Path, by: str = "hab") -> None:
        self.folder = folder
        self._by = by

    # what is known

    def origin_folder(self, origin: str) -> Path:
        return self.folder / "origins" / origin

    def has_origin(self, origin: str) -> bool:
        return bool(re.fullmatch(r"[a-z0-9][a-z0-9_-]*", origin)) and self.origin_folder(origin).is_dir()

    def settings(self, origin: str) -> dict[str, t.Any]:
        defaults = {"visibility": "public", "channels": [], "restricted_channels": []}
        return {**defaults, **_read_json(self.origin_folder(origin) / "origin.json", {})}

    def package_folder(self, ident: Ident) -> Path:
        return self.origin_folder(ident.origin).joinpath("pkgs", *filter(None, ident[1:]))

    def meta(self, ident: Ident) -> dict[str, t.Any]:
        return t.cast("dict[str, t.Any]", _read_json(self.package_folder(ident) / "meta.json", {}))

    def releases(self, origin: str, name: str) -> list[Ident]:
        found = (self.origin_folder(origin) / "pkgs" / name).glob("*/*/meta.json")
        return [Ident(origin, name, path.parts[-3], path.parts[-2]) for path in found]

    def packages(self) -> list[Ident]:
        found = self.folder.glob("origins/*/pkgs/*/*/*/meta.json")
        return sorted((Ident(path.parts[-6], *path.parts[-4:-1]) for path in found), key=str)

    def _channels(self, ident: Ident) -> list[str]:
        path = self.package_folder(ident) / "channels"
        return path.read_text().split() if path.is_file() else []

    def _origin_channels(self, origin: str) -> list[str]:
        used = [
            name for path in self.origin_folder(origin).glob("pkgs/*/*/*/channels") for name in path.read_text().split()
        ]
        return sorted({*_STANDARD, *self.settings(origin)["channels"], *used})

    # who may ask

    def _enter(self, request: str, subject: object, token: str | None, role: str | None = None) -> None:
        """Note the request, then fail as the fixture says or as the rights of the token demand."""
        entry = {"by": self._by, "request": request, "subject": str(subject), "token": digest(token) if token else None}
        append(self.folder / "requests.jsonl", entry)
        self._apply_faults(request, str(subject))
        origin = str(subject).replace("/", " ").split(" ")[0]
        if role is not None:
            self._demand(token, role)
        elif self.settings(origin)["visibility"] == "private":
            self._demand(token, "readonly_member")

    def _apply_faults(self, request: str, subject: str) -> None:
        path = self.folder / "faults.json"
        faults = _read_json(path, [])
        for fault in faults:
            if fault["request"] == request and subject.startswith(fault.get("subject", "")):
                if "times" in fault:
                    fault["times"] -= 1
                    path.write_text(json.dumps([other for other in faults if other.get("times", 1) > 0]))
                raise Refused(fault["status"], fault.get("message", ""))

    def _demand(self, token: str | None, role: str) -> None:
        account = self._account(token)
        if account is None:
            raise Refused(401, "")
        if ROLES.index(account["role"]) < ROLES.index(role):
            raise Refused(403, "")

    def _account(self, token: str | None) -> dict[str, t.Any] | None:
        accounts = _read_json(self.folder / "tokens.json", {})
        return t.cast("dict[str, t.Any] | None", accounts.get(token)) if token else None

    def _check_licence(self, origin: str, channel: str, token: str | None) -> None:
        if channel not in self.settings(origin)["restricted_channels"]:
            return
        account = self._account(token)
        if account is None:
            raise Refused(401, "Authentication required.")
        if not account.get("license"):
            raise Refused(403, "No valid license key found.")

    # reading

    def latest(self, wanted: Ident, channel: str, target: str, token: str | None) -> dict[str, t.Any]:
        self._enter("latest", wanted, token)
        self._check_licence(wanted.origin, channel, token)
        found = [
            ident
            for ident in self.releases(wanted.origin, wanted.name)
            if ident.satisfies(wanted) and channel in self._channels(ident) and self.meta(ident)["target"] == target
        ]
        if not found:
            raise Refused(404)
        return self._description(max(found, key=newest_key))

    def show(self, ident: Ident, token: str | None, channel: str | None = None) -> dict[str, t.Any]:
        self._enter("show", ident, token)
        if channel is not None:
            self._check_licence(ident.origin, channel, token)
        if not self.meta(ident) or (channel is not None and channel not in self._channels(ident)):
            raise Refused(404)
        return self._description(ident)

    def _description(self, ident: Ident) -> dict[str, t.Any]:
        meta = self.meta(ident)
        return {
            "ident": ident._asdict(),
            "checksum": meta["checksum"],
            "target": meta["target"],
            "deps": [Ident.parse(dep)._asdict() for dep in meta["deps"]],
            "tdeps": [Ident.parse(dep)._asdict() for dep in meta["tdeps"]],
            "channels": self._channels(ident),
        }

    def download(self, ident: Ident, token: str | None) -> bytes:
        self._enter("download", ident, token)
        if not self.meta(ident):
            raise Refused(404)
        restricted = set(self.settings(ident.origin)["restricted_channels"])
        channels = set(self._channels(ident)) - {"unstable"}
        if channels and channels <= restricted:
            self._check_licence(ident.origin, min(channels), token)
        return (self.package_folder(ident) / "hart").read_bytes()

    def channels_of(self, ident: Ident, token: str | None) -> list[str]:
        self._enter("channels", ident, token)
        if not self.meta(ident):
            raise Refused(404)
        return self._channels(ident)

    def origin_channels(self, origin: str, token: str | None) -> list[str]:
        self._enter("origin_channels", origin, token)
        if not self.has_origin(origin):
            raise Refused(404)
        return self._origin_channels(origin)

    def describe_origin(self, origin: str, token: str | None) -> dict[str, t.Any]:
        self._enter("origin", origin, token)
        if not self.has_origin(origin):
            raise Refused(404)
        return {"name": origin, "default_package_visibility": self.settings(origin)["visibility"]}

    # packages

    def upload(
        self, ident: Ident, data: bytes, checksum: str, target: str, token: str | None, forced: bool = False
    ) -> None:
        self._enter("upload", ident, token, role="member")
        if target not in TARGETS:
            raise Refused(501)
        if not self.has_origin(ident.origin):
            raise Refused(404)
        known = self.meta(ident)
        if known and not forced:
            raise Refused(409)
        if checksum != hart.checksum(data) or (known and known["checksum"] != checksum):
            raise Refused(422)
        self.store(ident, data)

    def store(self, ident: Ident, data: bytes, channels: t.Sequence[str] = ()) -> None:
        """Keep an artifact; an upload lands in `unstable` alone."""
        folder = self.package_folder(ident)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hart").write_bytes(data)
        artifact = hart.Hart(folder / "hart")
        meta = {
            "target": artifact.target,
            "checksum": hart.checksum(data),
            "deps": list(map(str, artifact.idents("DEPS"))),
            "tdeps": list(map(str, artifact.idents("TDEPS"))),
        }
        (folder / "meta.json").write_text(json.dumps(meta, indent=1))
        kept = self._channels(ident)
        self._write_channels(ident, [*kept, *(name for name in ("unstable", *channels) if name not in kept)])

    def _write_channels(self, ident: Ident, channels: t.Sequence[str]) -> None:
        (self.package_folder(ident) / "channels").write_text("".join(f"{name}\n" for name in channels))

    def promote(self, ident: Ident, channel: str, token: str | None) -> None:
        self._enter("promote", f"{ident} {channel}", token, role="maintainer")
        if not self.meta(ident) or channel not in self._origin_channels(ident.origin):
            raise Refused(404)
        channels = self._channels(ident)
        if channel not in channels:
            self._write_channels(ident, [*channels, channel])

    def demote(self, ident: Ident, channel: str, token: str | None) -> None:
        self._enter("demote", f"{ident} {channel}", token, role="maintainer")
        if channel == "unstable":
            raise Refused(403)
        if not self.meta(ident):
            raise Refused(404)
        channels = self._channels(ident)
        if channel not in channels:
            raise Refused(400)
        self._write_channels(ident, [name for name in channels if name != channel])

    def delete(self, ident: Ident, token: str | None) -> None:
        self._enter("delete", ident, token, role="maintainer")
        if not self.meta(ident):
            raise Refused(404)
        needed = any(str(ident) in self.meta(other)["deps"] for other in self.packages())
        if needed or "stable" in self._channels(ident):
            raise Refused(422)
        for path in self.package_folder(ident).iterdir():
            path.unlink()
        self.package_folder(ident).rmdir()

    # origins, channels and keys

    def create_origin(self, origin: str, token: str | None) -> None:
        self._enter("create_origin", origin, token, role="readonly_member")
        if self.has_origin(origin):
            raise Refused(409)
        self.origin_folder(origin).mkdir(parents=True)

    def create_channel(self, origin: str, channel: str, token: str | None) -> None:
        self._enter("create_channel", f"{origin} {channel}", token, role="maintainer")
        if channel in self._origin_channels(origin):
            raise Refused(409)
        self._change_settings(origin, channels=[*self.settings(origin)["channels"], channel])

    def destroy_channel(self, origin: str, channel: str, token: str | None) -> None:
        self._enter("destroy_channel", f"{origin} {channel}", token, role="maintainer")
        if channel in _STANDARD:
            raise Refused(403)
        if channel not in self._origin_channels(origin):
            raise Refused(404)
        self._change_settings(origin, channels=[name for name in self.settings(origin)["channels"] if name != channel])
        for ident in self.packages():
            if ident.origin == origin and channel in self._channels(ident):
                self._write_channels(ident, [name for name in self._channels(ident) if name != channel])

    def _change_settings(self, origin: str, **changes: t.Any) -> None:
        if not self.has_origin(origin):
            raise Refused(404)
        (self.origin_folder(origin) / "origin.json").write_text(json.dumps({**self.settings(origin), **changes}))

    def _keys(self, origin: str) -> keys.KeyCache:
        if not self.has_origin(origin):
            raise Refused(404)
        return keys.KeyCache(self.origin_folder(origin) / "keys")

    def key_revisions(self, origin: str, token: str | None, kind: str = "public") -> list[str]:
        self._enter("keys", origin, token, role=None if kind == "public" else "administrator")
        suffix = {"public": ".pub", "secret": ".sig.key"}[kind]
        names = [path.name[: -len(suffix)] for path in self._keys(origin).folder.glob(f"*{suffix}")]
        return sorted(name.rsplit("-", 1)[1] for name in names)

    def key(self, origin: str, revision: str, kind: str, token: str | None) -> keys.Key:
        self._enter(f"{kind}_key", f"{origin} {revision}", token, role=None if kind == "public" else "administrator")
        try:
            return self._keys(origin).read(kind, f"{origin}-{revision}")
        except Failure:
            raise Refused(404) from None

    def put_key(self, key: keys.Key, token: str | None) -> None:
        """A member may offer a key that is there already; new ones are for administrators."""
        self._enter(f"put_{key.kind}_key", f"{key.origin} {key.revision}", token, role="member")
        cache = self._keys(key.origin)
        if cache.has(key.kind, key.name):
            raise Refused(409)
        self._demand(token, "administrator")
        cache.write(key)


def _read_json(path: Path, default: t.Any) -> t.Any:
    return json.loads(path.read_text()) if path.is_file() else default

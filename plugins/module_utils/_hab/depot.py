# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import http.client
import json
import os
import platform
import typing as t
import urllib.error
import urllib.parse

from ansible_collections.containerci.aws.plugins.module_utils._hab.environment import configured
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident

_PUBLIC_BUILDER = "https://bldr.habitat.sh"


class Package(t.NamedTuple):
    """What Builder says about a release."""

    ident: Ident
    checksum: str


def api_address(url: str) -> str:
    """The address of the API: as hab does it, an address without a path gets one."""
    url = url.rstrip("/")
    return url if urllib.parse.urlsplit(url).path else f"{url}/v1"


def active_target() -> str:
    """What packages of this host are built for."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{machine}-linux"


class Depot:
    """Builder's depot over HTTP. It is only read: hab makes the changes."""

    def __init__(self, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self.url = options.get("bldr_url") or configured("bldr_url", environ) or _PUBLIC_BUILDER
        token = options.get("auth_token") or configured("auth_token", environ)
        self._knows_token = bool(token)
        self._headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._timeout = min(float(options.get("timeout") or 30), 30)

    def latest(self, ident: Ident, channel: str) -> Package | None:
        """The newest release in the channel, nothing when there is none."""
        if ident.is_full:
            return self.package(ident)
        words = ["channels", ident.origin, channel, "pkgs", *ident[1:], "latest"]
        return self._package(words, f"look for {ident} in the channel {channel}", active_target())

    def package(self, ident: Ident, target: str = "") -> Package | None:
        return self._package(["pkgs", *ident], f"look for {ident}", target or active_target())

    def channels(self, ident: Ident, target: str = "") -> list[str]:
        """The channels that the release is in."""
        words = ["pkgs", *ident, "channels"]
        found = self._get(words, f"read the channels of {ident}", target=target or active_target())
        return sorted(str(channel) for channel in found or [])

    def key_revisions(self, origin: str, kind: str) -> list[str]:
        """The revisions of the keys of an origin, the newest last. Of secret keys only the newest can be seen."""
        action = f"read the {kind} keys of the origin {origin}"
        if kind == "secret":
            key = self._read(["origins", origin, "secret_keys", "latest"], action)
            lines = key.decode("utf-8", "replace").splitlines()
            return [lines[1].rpartition("-")[2]] if len(lines) > 1 else []
        found = self._get(["origins", origin, "keys"], action)
        return sorted(str(key["revision"]) for key in found or [])

    def _package(self, words: t.Sequence[str], action: str, target: str) -> Package | None:
        found = self._get(words, action, target=target)
        if found is None:
            return None
        return Package(Ident(*(found["ident"][part] for part in Ident._fields)), str(found.get("checksum", "")))

    def _get(self, words: t.Sequence[str], action: str, **query: str) -> t.Any:
        """The answer, nothing when there is no such thing."""
        answer = self._read(words, action, **query)
        try:
            return json.loads(answer) if answer else None
        except ValueError:
            raise HabError(f"Builder could not {action}: {self.url} did not answer with JSON.", "depot") from None

    def _read(self, words: t.Sequence[str], action: str, **query: str) -> bytes:
        from ansible.module_utils.urls import Request  # here, because most tasks do not ask Builder

        request = Request(headers=self._headers, timeout=self._timeout, use_netrc=False, follow_redirects="safe")
        path = "/".join(urllib.parse.quote(word, safe="") for word in words if word)
        url = f"{api_address(self.url)}/depot/{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        try:
            with request.open("GET", url) as response:
                return t.cast(bytes, response.read())
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return b""
            raise self._refusal(error.code, error.read().decode("utf-8", "replace"), action) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise HabError(f"Builder could not {action}: {self.url} cannot be reached ({reason}).", "network") from None

    def _refusal(self, status: int, said: str, action: str) -> HabError:
        said = " ".join(said.split())[:200]
        because = f" ({said})" if said else ""
        if "No valid license key" in said:
            return HabError(f"Builder does not {action}: its account has no licence key{because}.", "not_licensed")
        if status in (401, 403):
            who = "the account of this token" if self._knows_token else "anonymous users; give auth_token"
            return HabError(f"Builder does not {action} for {who}: status {status}{because}.", "unauthorized")
        return HabError(f"Builder could not {action}: it answered with status {status}{because}.", "depot")

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import http.client
import json
import os
import typing as t
import urllib.error

from ansible_collections.containerci.aws.plugins.module_utils._hab import services
from ansible_collections.containerci.aws.plugins.module_utils._hab.environment import below
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident
from ansible_collections.containerci.aws.plugins.module_utils._hab.services import Service

_HERE = ("", "127.0.0.1", "localhost", "[::1]")


class Down(HabError):
    """Nobody answers for the supervisor."""


class Supervisor:
    """What a supervisor has loaded: its HTTP gateway says it, or its spec files if it is on this host."""

    def __init__(self, options: t.Mapping[str, t.Any], root: str) -> None:
        self.url = str(options["http_url"]).rstrip("/")
        self._token = options.get("gateway_auth_token")
        self._is_here = (options.get("remote_sup") or "").rpartition(":")[0] in _HERE
        self._folder = below(root, "/hab/sup/default")

    def service(self, ident: Ident) -> Service | None:
        """The service of a package; a supervisor has only one of each name, whatever its origin."""
        found = self._services(ident.name)
        if found and found.ident.origin != ident.origin:
            raise HabError(
                f"{found.ident} is loaded, and a supervisor cannot have {ident} beside it; unload it first.", "conflict"
            )
        return found

    def spec(self, name: str) -> Service | None:
        """The service of a spec file on this host."""
        path = f"{self._folder}/specs/{name}.spec"
        if not self._is_here:
            return None
        try:
            with open(path, encoding="utf-8") as stream:
                return services.of_spec(stream.read())
        except FileNotFoundError:
            return None
        except (OSError, KeyError) as error:
            raise HabError(f"{path} cannot be read ({error}).", "spec") from None

    def _services(self, name: str) -> Service | None:
        spec = self.spec(name)
        try:
            answer = self._ask()
        except Down:
            # The gateway can be switched off: then the lock tells that the supervisor is there.
            if self._is_here and os.path.exists(f"{self._folder}/LOCK"):
                return spec
            raise
        if answer is None:
            return spec
        found = next((one for one in map(services.of_gateway, answer) if one.ident.name == name), None)
        if found and spec and "shutdown_timeout" in spec.values:  # the gateway does not tell it
            found.values["shutdown_timeout"] = spec.values["shutdown_timeout"]
        return found

    def _ask(self) -> list[dict[str, t.Any]] | None:
        """What the gateway says; nothing when it wants a token that nobody gave, and there are spec files instead."""
        from ansible.module_utils.urls import Request

        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            with Request(headers=headers, timeout=10, use_netrc=False).open("GET", f"{self.url}/services") as response:
                return t.cast("list[dict[str, t.Any]]", json.loads(response.read()))
        except urllib.error.HTTPError as error:
            if error.code == 401 and self._is_here and not self._token:
                return None
            hint = "; give gateway_auth_token" if error.code == 401 else ""
            code = "unauthorized" if error.code in (401, 403) else "gateway"
            raise HabError(f"The supervisor at {self.url} answered with status {error.code}{hint}.", code) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise Down(
                f"The supervisor at {self.url} cannot be reached ({reason}); start it, or look at http_url.",
                "supervisor_unreachable",
            ) from None
        except ValueError:
            raise HabError(
                f"{self.url} is no gateway of a supervisor: it did not answer with JSON.", "gateway"
            ) from None

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP API is the same depot as the one of the command line."""

from __future__ import annotations

import json
import typing as t
import urllib.error
import urllib.request

import pytest

from fake_hab.hart import checksum

APP = "acme/app/1.2/20240101000000"
TOKEN = "administrator-token"


class Client:
    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(
        self, method: str, path: str, token: str | None = None, data: bytes | None = None
    ) -> tuple[int, t.Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{self.url}/v1/depot/{path}", data, headers, method=method)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        is_json = answer.headers["Content-Type"] == "application/json" and body
        return answer.status, json.loads(body) if is_json else body


@pytest.fixture
def ask(hab: t.Any) -> t.Iterator[Client]:
    hab.depot.add_package(APP, channels=["stable"])
    with hab.box.server() as url:
        yield Client(url)


def test_what_a_channel_has(ask: Client) -> None:
    status, found = ask("GET", "channels/acme/stable/pkgs/app/latest?target=x86_64-linux")
    assert (status, found["ident"]["release"], found["channels"]) == (200, "20240101000000", ["unstable", "stable"])
    assert ask("GET", "channels/acme/stable/pkgs/app/1.2/latest")[0] == 200
    for path in ("dev/pkgs/app/latest", "stable/pkgs/app/1.3/latest", "stable/pkgs/app/latest?target=aarch64-linux"):
        assert ask("GET", f"channels/acme/{path}")[0] == 404
    assert ask("GET", "channels/acme/stable/pkgs/app/1.2/20240101000000")[0] == 200
    assert ask("GET", "channels/acme/dev/pkgs/app/1.2/20240101000000")[0] == 404


def test_packages(ask: Client, hab: t.Any) -> None:
    assert ask("GET", f"pkgs/{APP}")[0] == 200
    assert ask("GET", f"pkgs/{APP}/channels") == (200, ["unstable", "stable"])
    data = ask("GET", f"pkgs/{APP}/download")[1]
    assert checksum(data) == ask("GET", f"pkgs/{APP}")[1]["checksum"]
    assert ask("GET", f"pkgs/{APP}1/download")[0] == 404
    new = f"pkgs/{APP}1?checksum={checksum(data)}&target="
    assert ask("POST", f"{new}x86_64-linux", None, data)[0] == 401
    assert ask("POST", f"{new}mips-linux", TOKEN, data)[0] == 501
    assert ask("POST", f"{new}x86_64-linux", TOKEN, data + b"x")[0] == 422
    assert ask("POST", f"{new}x86_64-linux", TOKEN, data)[0] == 201
    assert ask("POST", f"{new}x86_64-linux", TOKEN, data)[0] == 409
    assert ask("DELETE", f"pkgs/{APP}", TOKEN)[0] == 422
    assert ask("DELETE", f"pkgs/{APP}1", TOKEN)[0] == 204
    assert [entry["request"] for entry in hab.depot.requests("http")][-1] == "delete"


def test_channels(ask: Client) -> None:
    assert ask("POST", "channels/acme/qa", TOKEN)[0] == 201
    assert ask("POST", "channels/acme/qa", TOKEN)[0] == 409
    path = "channels/acme/{}/pkgs/app/1.2/20240101000000/{}"
    assert ask("PUT", path.format("qa", "promote"), TOKEN)[0] == 200
    assert ask("PUT", path.format("base", "promote"), TOKEN)[0] == 404
    assert ask("PUT", path.format("qa", "demote"), TOKEN)[0] == 200
    assert ask("PUT", path.format("qa", "demote"), TOKEN)[0] == 400
    assert ask("PUT", path.format("unstable", "demote"), TOKEN)[0] == 403
    assert ask("GET", "channels/acme") == (200, [{"name": name} for name in ("qa", "stable", "unstable")])
    assert ask("DELETE", "channels/acme/qa", TOKEN)[0] == 200
    assert ask("DELETE", "channels/acme/stable", TOKEN)[0] == 403


def test_origins_and_keys(ask: Client, hab: t.Any) -> None:
    assert ask("POST", "origins", TOKEN, b'{"name": "new"}')[0] == 201
    assert ask("POST", "origins", TOKEN, b'{"name": "new"}')[0] == 409
    assert (ask("GET", "origins/new")[0], ask("GET", "origins/none")[0]) == (200, 404)
    (key,) = ask("GET", "origins/acme/keys")[1]
    text = ask("GET", f"origins/acme/keys/{key['revision']}")[1]
    assert text.startswith(b"SIG-PUB-1\nacme-20240101000000\n\n")
    assert ask("POST", f"origins/acme/keys/{key['revision']}", TOKEN, text)[0] == 409
    assert ask("POST", "origins/acme/keys/20200101000000", TOKEN, text)[0] == 422
    assert ask("GET", "origins/acme/secret_keys/latest")[0] == 401
    member = hab.depot.add_token("m", "member")
    assert ask("GET", "origins/acme/secret_keys/latest", member)[0] == 403
    assert ask("GET", "origins/acme/secret_keys/latest", TOKEN)[1].startswith(b"SIG-SEC-1\n")


def test_other_addresses(ask: Client) -> None:
    data = ask("GET", f"pkgs/{APP}/download")[1]
    assert ask("POST", f"pkgs/acme/../x/y?checksum={checksum(data)}", TOKEN, data)[0] == 404
    ask.url += "/bldr"
    assert ask("GET", f"pkgs/{APP}")[0] == 200
    ask.url += "/elsewhere"
    assert ask("GET", f"pkgs/{APP}")[0] == 404

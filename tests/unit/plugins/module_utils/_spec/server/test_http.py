# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Web sites that want TLS."""

from __future__ import annotations

import http.server
import ssl
import threading
import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.server import certificates, machine
from unit.plugins.module_utils._spec.server.conftest import Site

Compiled = t.Callable[[t.Any], list[dict[str, t.Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two certificates, each with its key."""
    place = tmp_path_factory.mktemp("certificates")
    certificates.make(place, "site")
    certificates.make(place, "client")
    return place


@pytest.fixture(scope="module")
def addresses(folder: Path) -> t.Iterator[dict[str, str]]:
    """A web site with TLS, and one that also wants a certificate of its visitors."""
    servers = {}
    for name in ("open", "closed"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "site.pem", folder / "site.key")
        if name == "closed":
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(folder / "client.pem")
        servers[name] = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        servers[name].socket = context.wrap_socket(servers[name].socket, server_side=True)
        threading.Thread(target=servers[name].serve_forever, daemon=True).start()
    yield {name: f"https://127.0.0.1:{server.server_port}/" for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("site", "parameters", "status"),
    [
        ("open", {}, "error"),
        ("open", {"validate_certs": False}, "passed"),
        ("open", {"ca_path": "site.pem"}, "passed"),
        ("open", {"ca_path": "client.pem"}, "error"),
        ("closed", {"ca_path": "site.pem"}, "failed or error"),
        ("closed", {"ca_path": "site.pem", "client_cert": "client.pem", "client_key": "client.key"}, "passed"),
    ],
)
def test_certificates(
    site: str,
    parameters: dict[str, t.Any],
    status: str,
    folder: Path,
    addresses: dict[str, str],
    compiled: Compiled,
    root: Path,
) -> None:
    files = {name: str(folder / value) for name, value in parameters.items() if isinstance(value, str)}
    subject = {"url": addresses[site], **parameters, **files}
    spec = [{"expect": {"http": subject}, "to": "be_reachable"}, {"expect": {"http": subject}, "its": {"status": 200}}]
    outcomes = machine.evaluate(machine.host(root), compiled(spec))
    assert all(one["status"] in status.split(" or ") for one in outcomes), outcomes

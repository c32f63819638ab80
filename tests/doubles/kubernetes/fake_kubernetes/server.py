# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double over HTTPS: clients show a certificate of the cluster's CA, as with a real API server."""

from __future__ import annotations

import http.server
import json
import ssl
import tempfile
import threading
import time
import typing as t
import urllib.parse
from pathlib import Path

from fake_kubernetes.certificates import ADMIN_GROUPS, groups, serving_pem
from fake_kubernetes.cluster import Cluster, Refused
from fake_kubernetes.resources import Place, discovery, place

_KNOWN_QUERY = {"dryRun", "fieldManager", "fieldValidation", "labelSelector", "limit", "pretty", "timeoutSeconds"}


class FakeKubernetes:
    """A running double of a cluster's API. Used as a context, it ends with it.

    ca and ca_key are files in PEM, name is the DNS name of the API; it is healthy after ready_after seconds.
    """

    def __init__(
        self, ca: Path, ca_key: Path, name: str, cluster: Cluster | None = None, port: int = 0, ready_after: float = 0
    ) -> None:
        self.cluster = cluster or Cluster()
        self.log: list[tuple[str, str]] = []
        self._ready_at = time.monotonic() + ready_after
        self._lock = threading.RLock()
        handler = type("Handler", (_Handler,), {"double": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._server.socket = _context(ca, ca_key, name).wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> FakeKubernetes:
        self._thread.start()
        return self

    def __exit__(self, *_ignored: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        self._server.serve_forever(0.1)

    @property
    def writes(self) -> list[str]:
        """Requests that changed, or would have changed, something."""
        return [f"{method} {path}" for method, path in self.log if method != "GET" and "dryRun" not in path]

    def answer(self, method: str, path: str, content_type: str, body: bytes, client: bytes | None) -> tuple[int, t.Any]:
        """Status and body; a body that is a str is text, anything else JSON."""
        parts = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        with self._lock:
            self.log.append((method, path))
            if parts.path in ("/readyz", "/livez", "/healthz"):
                return (200, "ok") if time.monotonic() >= self._ready_at else (500, "[-]etcd failed: not ready yet")
            try:
                self._admit(client)
                _check_query(query)
                return self._served(method, parts.path, query, content_type, body)
            except Refused as refusal:
                return refusal.status, _status(refusal)

    def _admit(self, client: bytes | None) -> None:
        if time.monotonic() < self._ready_at:
            raise Refused(503, "ServiceUnavailable", "the server is currently unable to handle the request")
        if client is None:
            raise Refused(401, "Unauthorized", "Unauthorized")
        if not groups(client) & ADMIN_GROUPS:
            raise Refused(403, "Forbidden", f"groups {sorted(groups(client))} are not allowed to do this")

    def _served(self, method: str, path: str, query: dict[str, str], kind: str, body: bytes) -> tuple[int, t.Any]:
        told = discovery(path) if method == "GET" else None
        if told is not None:
            return 200, told
        found = place(path)
        if found is None:
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        if method == "GET":
            return 200, self._read(found, query.get("labelSelector", ""))
        return self._written(method, found, kind, body, dry=query.get("dryRun") == "All")

    def _read(self, found: Place, selector: str) -> t.Any:
        if found.resource.kind != "Pod":
            return self.cluster.read(found, selector)
        listed = self.cluster.read(Place(found.resource, found.namespace, ""), selector)
        return {**listed, "items": [pod for pod in self.cluster.pods() if _labelled(pod, selector)]}

    def _written(self, method: str, found: Place, kind: str, body: bytes, dry: bool) -> tuple[int, t.Any]:
        if not found.resource.written or (method == "POST") == bool(found.name):
            raise Refused(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
        if method == "DELETE":
            return 200, self.cluster.delete(found, dry)
        content = json.loads(body)
        if method == "POST":
            return 201, self.cluster.create(found, content, dry)
        if method == "PATCH":
            return 200, self.cluster.patch(found, kind, content, dry)
        raise Refused(405, "MethodNotAllowed", f"the double does not know {method}")


def _labelled(pod: dict[str, t.Any], selector: str) -> bool:
    labels = pod["metadata"]["labels"]
    return all(
        labels.get(name) == value
        for name, _equals, value in (term.partition("=") for term in selector.split(",") if term)
    )


def _check_query(query: dict[str, str]) -> None:
    unknown = sorted(set(query) - _KNOWN_QUERY)
    if unknown:
        raise Refused(400, "BadRequest", f"the double does not know the parameters {unknown}")


def _status(refusal: Refused) -> dict[str, t.Any]:
    return {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": refusal.message, "reason": refusal.reason, "code": refusal.status,
    }  # fmt: skip


def _context(ca: Path, ca_key: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as served:
        served.write(serving_pem(ca, ca_key, name))
        served.flush()
        context.load_cert_chain(served.name)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


class _Handler(http.server.BaseHTTPRequestHandler):
    double: t.ClassVar[FakeKubernetes]
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        client = t.cast("ssl.SSLSocket", self.connection).getpeercert(binary_form=True)
        kind = self.headers.get("Content-Type", "")
        status, found = self.double.answer(self.command, self.path, kind, body, client)
        text = isinstance(found, str)
        content = found.encode() if text else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if text else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Stay silent: the request log is asked for."""

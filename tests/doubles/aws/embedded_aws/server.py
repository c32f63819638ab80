# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: moto's application with our services, a gate before it, and a control API beside it."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from moto.iam.models import get_account_id_from, iam_backends
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from . import processes, services
from .cloudformation import api as cloudformation_api
from .faults import Fault, Faults
from .protocol import Call, error_response, identify
from .request_log import RequestLog
from .settings import ACCESS_KEY_ID, ACCOUNT_HEADER, VIA_HEADER, settings

CONTROL = "/_embedded-aws/"
BUFFERED = ("application/json", "application/x-amz-json", "application/x-www-form-urlencoded", "application/x-amz-cbor")
WRONG_KEY = {
    "query": ("InvalidClientTokenId", "The security token included in the request is invalid."),
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials"),
    "rest-xml": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
}
WRONG_KEY_JSON = ("UnrecognizedClientException", "The security token included in the request is invalid.")


def is_known(access_key: str) -> bool:
    """Whether the key is the embedded AWS's own or one that its IAM or STS gave out."""
    if access_key == ACCESS_KEY_ID:
        return True
    return any(
        access_key in backend.access_keys for account in list(iam_backends.values()) for backend in account.values()
    )


class Quiet(MotoRequestHandler):
    """No line on standard error for each request: the request log is the better one."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        return


class EmbeddedAws:
    """The WSGI application."""

    def __init__(self) -> None:
        services.install()
        self.log = RequestLog()
        self.faults = Faults()
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(CONTROL):
            return self._control(environ, start_response)
        body = _buffered_body(environ)
        call = identify(environ, body)
        status = [500]

        def started(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            status[0] = int(line.split(" ", 1)[0])
            return start_response(line, headers, *rest)

        account = environ.get(_environ_key(ACCOUNT_HEADER)) or get_account_id_from(call.access_key)
        via = environ.get(_environ_key(VIA_HEADER), "")
        fault = None if via else self.faults.take(call)
        if fault is None:
            answer = self._answer(environ, call, started)
        else:
            answer = self._disturbed(environ, call, account, fault, started)
        self.log.add(call, account, status[0], via)
        return answer

    def _disturbed(
        self, environ: dict[str, Any], call: Call, account: str, fault: Fault, start_response: Any
    ) -> Iterable[bytes]:
        if fault.first:
            fault.do_first(call.region, account)
            return self._answer(environ, call, start_response)
        if fault.late:
            self._answer(environ, call, lambda *_: None)
        return _send(start_response, *fault.error(call.protocol))

    def _answer(self, environ: dict[str, Any], call: Call, start_response: Any) -> Iterable[bytes]:
        if call.access_key and not is_known(call.access_key):
            code, message = WRONG_KEY.get(call.protocol, WRONG_KEY_JSON)
            return _send(start_response, *error_response(call.protocol, code, message, 403))
        name = f"{call.service}:{call.operation or environ['REQUEST_METHOD'] + ' ' + environ['PATH_INFO']}"
        try:
            application = self._moto.get_application(environ)
        except Exception:  # what moto raises for a service that it does not have depends on the service
            return _not_implemented(start_response, call, name)
        started: list[Any] = []
        try:
            body = list(application(environ, lambda *arguments: started.append(arguments)))
        except NotImplementedError:
            return _not_implemented(start_response, call, name)
        except Exception as error:
            traceback.print_exc()
            message = f"The embedded AWS failed in {name}: {type(error).__name__}: {error}"
            return _send(start_response, *error_response(call.protocol, "InternalFailure", message, 500))
        if _is_unrouted(started[-1], body, call):
            return _not_implemented(start_response, call, name)
        start_response(*started[-1])
        return body

    def _control(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"].removeprefix(CONTROL), environ["REQUEST_METHOD"]
        query = parse_qs(environ.get("QUERY_STRING", ""))
        if (method, path) == ("GET", "ready"):
            result: Any = {"ready": True, "port": settings.port}
        elif (method, path) == ("GET", "log"):
            result = self.log.entries(internal="internal" in query)
        elif (method, path) == ("POST", "forget"):
            self.log.clear()
            result = {"forgotten": True}
        elif (method, path) == ("POST", "reset"):
            result = self.reset()
        elif (method, path) == ("POST", "configure"):
            result = _configure(_json_body(environ))
        elif (method, path) == ("POST", "fault"):
            self.faults.add(_json_body(environ))
            result = {"ordered": True}
        else:
            return _send(start_response, "404 Not Found", [("Content-Type", "text/plain")], b"No such control\n")
        return _send(start_response, "200 OK", [("Content-Type", "application/json")], json.dumps(result).encode())

    def reset(self) -> dict[str, bool]:
        cloudformation_api.reset()
        processes.stop_all()
        moto_api_backend.reset()
        settings.reset()
        self.faults.clear()
        self.log.clear()
        return {"reset": True}


def _not_implemented(start_response: Any, call: Call, name: str) -> list[bytes]:
    code = "InvalidAction" if call.protocol in ("query", "ec2") else "UnknownOperationException"
    return _send(
        start_response, *error_response(call.protocol, code, f"The embedded AWS does not implement {name}.", 400)
    )


def _is_unrouted(started: Any, body: list[bytes], call: Call) -> bool:
    """Whether an answer is moto's web page, or its empty page, for a path or an operation that it has no rule for."""
    if int(started[0].split(" ", 1)[0]) not in (404, 405, 500):
        return False
    start = b"".join(body)[:15].lower()
    return start == b"<!doctype html>" or (start == b"" and not call.operation)


def _json_body(environ: dict[str, Any]) -> Any:
    return json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")


def _configure(wanted: dict[str, Any]) -> dict[str, Any]:
    for name, value in wanted.items():
        setattr(settings, name, type(getattr(settings, name))(value))
    return {name: getattr(settings, name) for name in wanted}


def _environ_key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _buffered_body(environ: dict[str, Any]) -> bytes:
    """The body of an API call, left readable; bodies of uploads are not touched."""
    kind, length = environ.get("CONTENT_TYPE", ""), environ.get("CONTENT_LENGTH")
    if not length or (kind and not kind.startswith(BUFFERED)):
        return b""
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _send(start_response: Any, line: str, headers: list[tuple[str, str]], body: bytes) -> list[bytes]:
    start_response(line, [*headers, ("Content-Length", str(len(body)))])
    return [body]


def serve(port: int) -> None:
    """Serve on the loopback interface until the process ends."""
    settings.port = port
    server = make_server("127.0.0.1", port, EmbeddedAws(), threaded=True, request_handler=Quiet)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        server.serve_forever()
    finally:
        server.server_close()  # or whoever still calls another service would wait for an answer
        processes.stop_all()
        os._exit(0)  # the interpreter would take seconds to take apart what moto holds

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request asks for, and an error in the words of the service's protocol."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
# signing name -> name of the service's model, where they differ
MODELS = {
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elb",
    "monitoring": "cloudwatch",
    "email": "ses",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
READS = re.compile(
    r"(Describe|Get|List|Head|BatchGet|Query|Scan|Search|Lookup|Validate|Estimate|Simulate|Select|Filter|Decode"
    r"|Check|Preview|Encrypt|Decrypt|ReEncrypt|GenerateDataKey|GenerateRandom|Verify|AssumeRole|TransactGet)"
)


@dataclass(frozen=True)
class Call:
    """One request: operation is empty when it cannot be told."""

    service: str
    operation: str
    region: str
    access_key: str
    protocol: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "read" if READS.match(self.operation) else "write"


@functools.cache
def _model(service: str) -> Any:
    try:
        return get_service_model(service)
    except Exception:  # an unknown service: botocore's error is not public
        return None


def identify(environ: dict[str, Any], body: bytes) -> Call:
    """Read service, operation, region and parameters from a request; unsigned requests give empty names."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    access_key, region, service = match.groups() if match else ("", "", "")
    service = MODELS.get(service, service)
    if service == "elb" and b"Version=2015-12-01" in body:
        service = "elbv2"
    model = _model(service) if service else None
    if model is None:
        return Call(service, "", region, access_key, "")
    request = Request({**environ, "wsgi.input": BytesIO(body)})
    protocol = determine_request_protocol(model, environ.get("CONTENT_TYPE", ""))
    operation, uri = _operation(service, model, protocol, request, body, environ)
    parameters = _parameters(model, protocol, operation, uri, request, body) if operation else {}
    return Call(service, operation, region, access_key, protocol, parameters)


def _operation(
    service: str, model: Any, protocol: str, request: Request, body: bytes, environ: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    if protocol in ("query", "ec2"):
        form = dict(parse_qsl(body.decode(errors="replace"))) or dict(parse_qsl(environ.get("QUERY_STRING", "")))
        return form.get("Action", ""), {}
    if environ.get("HTTP_X_AMZ_TARGET"):
        return environ["HTTP_X_AMZ_TARGET"].rsplit(".", 1)[-1], {}
    try:
        operation, uri = get_service_router(service).match(request)
    except Exception:  # werkzeug's NotFound, or a path that no rule can hold
        return "", {}
    return operation.name, uri


def _parameters(
    model: Any, protocol: str, operation: str, uri: dict[str, Any], request: Request, body: bytes
) -> dict[str, Any]:
    try:
        parser = PROTOCOL_PARSERS[protocol](model.operation_model(operation), map_type=dict)
        values = {"method": request.method, "values": request.values, "headers": request.headers, "body": body}
        return parser.parse({**values, "url_path": request.path, "url_params": uri})
    except Exception:  # the log must not refuse what the service itself accepts or refuses
        return {}


def error_response(protocol: str, code: str, message: str, status: int) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body of an error that botocore reads as code and message."""
    reason = f"{status} {'Bad Request' if status == 400 else 'Forbidden' if status == 403 else 'Error'}"
    if protocol in ("query", "ec2", "rest-xml"):
        body, kind = _xml_error(protocol, code, message), "text/xml"
    else:
        body, kind = json.dumps({"__type": code, "message": message, "Message": message}), "application/x-amz-json-1.1"
    return reason, [("Content-Type", kind), ("x-amzn-ErrorType", code)], body.encode()


def _xml_error(protocol: str, code: str, message: str) -> str:
    error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    if protocol == "ec2":
        return f"<Response><Errors>{error}</Errors><RequestID>embedded</RequestID></Response>"
    return error if protocol == "rest-xml" else f"<ErrorResponse>{error}<RequestId>embedded</RequestId></ErrorResponse>"

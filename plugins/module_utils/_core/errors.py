# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

THROTTLING_CODES = frozenset(
    {
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    }
)
_WRONG_CREDENTIALS = {
    "AuthFailure": "AWS does not accept the credentials",
    "IncompleteSignature": "AWS does not accept the signature of the request",
    "InvalidAccessKeyId": "AWS does not know the access key",
    "InvalidClientTokenId": "AWS does not know the access key (or the session token is missing)",
    "InvalidSignatureException": "The secret key does not belong to the access key",
    "SignatureDoesNotMatch": "The secret key does not belong to the access key",
    "UnrecognizedClientException": "AWS does not know the access key (or the session token is missing)",
}
_EXPIRED_CREDENTIALS = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "InvalidToken"}
)
ACCESS_DENIED_CODES = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "OptInRequired"}
)
_NO_CREDENTIALS = (
    "No usable AWS credentials were found ({error}); give access_key and secret_key, a profile, or run where a role is"
)
_SSO = "The SSO session cannot be used ({error}); sign in again"
_UNREACHABLE = "The endpoint {endpoint_url} cannot be reached for {action}; check endpoint_url, region and network"

# Named as botocore names them, because botocore may not be importable.
_CLIENT_ERRORS = {
    "NoCredentialsError": _NO_CREDENTIALS,
    "PartialCredentialsError": _NO_CREDENTIALS,
    "CredentialRetrievalError": _NO_CREDENTIALS,
    "SSOTokenLoadError": _SSO,
    "UnauthorizedSSOTokenError": _SSO,
    "TokenRetrievalError": _SSO,
    "NoRegionError": "No AWS region is known; give the option region or set AWS_REGION",
    "InvalidRegionError": "The region {region_name} is not a name of a region",
    "ProfileNotFound": "The AWS profile {profile} does not exist on this host",
    "SSLError": "The certificate of the endpoint {endpoint_url} cannot be verified",
    "ProxyConnectionError": "The proxy {proxy_url} cannot be reached",
    "EndpointConnectionError": _UNREACHABLE,
    "ConnectTimeoutError": _UNREACHABLE,
    "ConnectionClosedError": "The endpoint {endpoint_url} closed the connection during {action}",
    "ReadTimeoutError": "The endpoint {endpoint_url} did not answer {action} in time",
    "ResponseParserError": (
        "The endpoint URL does not speak the AWS API: its answer to {action} could not be understood"
    ),
    "ParamValidationError": "The request {action} is not valid: {report}",
}
_UNKNOWN = dict.fromkeys(("endpoint_url", "region_name", "profile", "proxy_url", "report"), "(unknown)")


class CollectionError(Exception):
    """A failure that is explained in one sentence, with details for the result of the module."""

    def __init__(self, message: str, **details: t.Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


def error_code(error: BaseException) -> str:
    """The code that AWS gave the error, empty when it did not come from AWS."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def error_message(error: BaseException) -> str:
    """AWS's own words, without the frame that botocore puts around them."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Message", "")) or error_code(error)
    return str(error)


def is_aws_error(error: BaseException) -> bool:
    """Whether the translator knows what to say: by name, because botocore may not be importable."""
    modules = {cls.__module__.split(".")[0] for cls in type(error).__mro__}
    return bool(modules & {"botocore", "boto3"})


def translate(error: BaseException, service: str, operation: str = "") -> CollectionError:
    """Turn an exception of botocore into one sentence a user can act on."""
    if isinstance(error, CollectionError):
        return error
    action = f"{service}:{operation}" if operation else service
    code = error_code(error)
    message = _from_response(error, code, action) if code else _from_client(error, action)
    details = {"error_code": code} if code else {}
    return CollectionError(_sentence(message), **details)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _from_response(error: BaseException, code: str, action: str) -> str:
    said = error_message(error)
    if code in _WRONG_CREDENTIALS:
        return (
            f"{_WRONG_CREDENTIALS[code]} ({code}: {said.rstrip('.')}); check access_key, secret_key and session_token"
        )
    if code in _EXPIRED_CREDENTIALS:
        return f"The credentials have expired or are no longer valid ({code}: {said.rstrip('.')}); get new ones"
    if code in ACCESS_DENIED_CODES:
        return f"The credentials do not allow {action} ({code}: {said.rstrip('.')})"
    if code in THROTTLING_CODES:
        return f"AWS throttled {action} and kept doing so; try again later ({code}: {said.rstrip('.')})"
    if code == "InsufficientCapabilitiesException":
        return f"{said.rstrip('.')}: add them to the option capabilities"
    if code == "ValidationError":
        return said
    return f"AWS refused {action}: {said.rstrip('.')} ({code})"


def _from_client(error: BaseException, action: str) -> str:
    names = [cls.__name__ for cls in type(error).__mro__]
    sentence = next((_CLIENT_ERRORS[name] for name in names if name in _CLIENT_ERRORS), "{action} failed: {error}")
    fields = getattr(error, "kwargs", {})
    return sentence.format_map({**_UNKNOWN, **fields, "action": action, "error": error})

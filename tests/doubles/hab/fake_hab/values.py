# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The types of values, as the real parser checks them while it parses."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import typing as t
from pathlib import Path

from fake_hab.grammar import Arg, Command
from fake_hab.refusal import Refusal
from fake_hab.urls import is_absolute_url

TARGETS = (
    "x86_64-linux",
    "x86_64-linux-kernel2",
    "x86_64-windows",
    "x86_64-darwin",
    "aarch64-linux",
    "aarch64-darwin",
    "aarch64-windows",
)
ROLES = ("readonly_member", "member", "maintainer", "administrator", "owner")
ORIGIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,254}")
SERVICE_GROUP = re.compile(r"([^#@]+#)?[^#@.]+\.[^#@.]+(@[^#@.]+)?")


def check_value(command: Command, arg: Arg, value: str) -> None:
    """Raise a Refusal unless the value is one of the argument's type."""
    if arg.type in ("path", "nonempty_string") and not value:
        raise Refusal("InvalidValue", f"a value is required for '{arg}' but none was supplied", command)
    if arg.type != "path" and not _is_unicode(value):
        raise Refusal("InvalidUtf8", "invalid UTF-8 was detected in one or more arguments", command)
    if arg.type == "enum":
        if value not in arg.choices:
            choices = ", ".join(arg.choices)
            raise Refusal(
                "InvalidValue", f"'{value}' isn't a valid value for '{arg}'\n  [possible values: {choices}]", command
            )
    elif not CHECKS.get(arg.type, _anything)(value):
        raise Refusal(
            "ValueValidation", f"Invalid value '{value}' for '{arg}': {REASONS.get(arg.type, 'not valid')}", command
        )


def _is_unicode(value: str) -> bool:
    return not any(0xD800 <= ord(letter) <= 0xDFFF for letter in value)


def _anything(value: str) -> bool:
    return True


def is_ident(value: str) -> bool:
    return 2 <= len(value.split("/")) <= 4


def _is_full_ident(value: str) -> bool:
    return len(value.split("/")) == 4


def _is_ident_or_artifact(value: str) -> bool:
    if os.path.isfile(value):
        return True
    return Path(value).suffix != ".hart" and is_ident(value)


def _is_origin(value: str) -> bool:
    return ORIGIN.fullmatch(value) is not None


def _unsigned(bits: int) -> t.Callable[[str], bool]:
    def check(value: str) -> bool:
        return re.fullmatch(r"\+?[0-9]+", value) is not None and _number(value) < 2**bits

    return check


def _number(value: str) -> int:
    digits = value.lstrip("+").lstrip("0")
    return int(digits[:40] or "0")  # forty digits are too many for any of the types


def _is_file_or_stdin(value: str) -> bool:
    return value == "-" or os.path.isfile(value)


def _is_ident_file(value: str) -> bool:
    """A TOML file is read by the command; any other file has to hold idents."""
    if Path(value).suffix == ".toml":
        return True
    try:
        lines = Path(value).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    words = [line.split("#")[0].strip() for line in lines]
    return all(is_ident(word) for word in words if word)


def is_service_group(value: str) -> bool:
    return SERVICE_GROUP.fullmatch(value) is not None


def _is_service_bind(value: str) -> bool:
    return value.count(":") == 1 and is_service_group(value.split(":")[1])


def _is_port(value: str) -> bool:
    return _unsigned(16)(value)


def _is_control_address(value: str) -> bool:
    """HOST[:PORT] that resolves to an IPv4 address."""
    host, port = value, "9632"
    if ":" in value:
        host, port = value.rsplit(":", 1)
    if not host or not _is_port(port):
        return False
    try:
        return bool(socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_STREAM))
    except (OSError, UnicodeError, ValueError):
        return False


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "%" not in value


def _is_socket_address(value: str) -> bool:
    host, colon, port = value.rpartition(":")
    if not colon or re.fullmatch(r"[0-9]+", port) is None or not _is_port(port):
        return False
    if host.startswith("[") and host.endswith("]"):
        return ":" in host and _is_ip(host[1:-1].partition("%")[0])
    return ":" not in host and _is_ip(host)


CHECKS: dict[str, t.Callable[[str], bool]] = {
    "ident": is_ident,
    "fq_ident": _is_full_ident,
    "ident_or_artifact": _is_ident_or_artifact,
    "origin": _is_origin,
    "url": is_absolute_url,
    "target": TARGETS.__contains__,
    "existing_file": os.path.isfile,
    "existing_file_or_stdin": _is_file_or_stdin,
    "existing_dir": os.path.isdir,
    "existing_file_or_toml": _is_ident_file,
    "u64": _unsigned(64),
    "u32": _unsigned(32),
    "usize": _unsigned(64),
    "service_bind": _is_service_bind,
    "ctl_addr": _is_control_address,
    "socket_addr": _is_socket_address,
    "ip_addr": _is_ip,
    "key_type": ("public", "secret").__contains__,
    "role": lambda value: value.lower() in ROLES,
}

REASONS = {
    "ident": "Invalid package identifier. A valid identifier is in the form origin/name (example: acme/redis)",
    "fq_ident": "Invalid fully qualified package identifier. A valid identifier is in the form "
    "origin/name/version/release (example: acme/redis/4.0.7/20180316203406)",
    "ident_or_artifact": "Invalid package identifier, or File not found at: the given path",
    "origin": "A valid origin contains a-z, 0-9, and _ or - after the first character",
    "url": "relative URL without a base",
    "existing_file": "is not a valid file",
    "existing_file_or_stdin": "is not a valid file or stdin",
    "existing_dir": "is not a valid directory",
    "service_bind": "Invalid binding, must be of the form <NAME>:<SERVICE_GROUP>",
    "ctl_addr": "failed to resolve listen-ctl",
    "u64": "invalid digit found in string",
    "u32": "invalid digit found in string",
    "usize": "invalid digit found in string",
}

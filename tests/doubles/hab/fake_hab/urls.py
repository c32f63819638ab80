# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Whether a text is an absolute URL, by the rules of browsers, which the real parser follows."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote

_SPECIAL = {"http", "https", "ws", "wss", "ftp"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_FORBIDDEN_IN_OPAQUE_HOST = re.compile(r"[\x00\t\n\r #/:<>?@\[\\\]^|]")
_FORBIDDEN_IN_DOMAIN = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")


def is_absolute_url(text: str) -> bool:
    cleaned = text.strip("".join(map(chr, range(33))))
    match = _SCHEME.fullmatch(re.sub(r"[\t\n\r]", "", cleaned))
    if match is None:
        return False
    scheme, rest = match[1].lower(), match[2]
    if scheme == "file":
        return _is_file_url(rest)
    if scheme in _SPECIAL:
        return _is_authority(re.split(r"[/\\?#]", rest.lstrip("/\\"), maxsplit=1)[0], special=True)
    if rest.startswith("//"):
        return _is_authority(re.split(r"[/?#]", rest[2:], maxsplit=1)[0], special=False)
    return True


def _is_file_url(rest: str) -> bool:
    match = re.match(r"[/\\]{2}([^/\\?#]*)", rest)
    if match is None or not match[1] or re.fullmatch(r"[A-Za-z][:|]", match[1]):
        return True
    return _is_host(match[1], special=True)


def _is_authority(authority: str, special: bool) -> bool:
    userinfo, at_sign, server = authority.rpartition("@")
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[]*(?:\[[^:]*)?)(?::(.*))?", server, re.DOTALL)
    if match is None:
        return False
    host, port = match[1], match[2] or ""
    if not special:
        port = port.split("\\")[0]
    if not re.fullmatch(r"[0-9]*", port) or int(port[-6:] or 0) > 65535 or len(port.lstrip("0")) > 5:
        return False
    if not host:
        return not special and not userinfo and not at_sign and match[2] is None
    return _is_host(host, special)


def _is_host(host: str, special: bool) -> bool:
    if host.startswith("["):
        return host.endswith("]") and _is_ip(host[1:-1], 6)
    if not special:
        return _FORBIDDEN_IN_OPAQUE_HOST.search(host) is None
    return _is_domain(unquote(host, errors="replace"))


def _is_domain(host: str) -> bool:
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return False
    if not name or _FORBIDDEN_IN_DOMAIN.search(name) or not all(map(_is_label, name.lower().split("."))):
        return False
    parts = name.rstrip(".").split(".") if name != "." else [name]
    last = parts[-1]
    if re.fullmatch(r"[0-9]+|0[xX][0-9A-Fa-f]*", last):
        return _is_ipv4_number(parts)
    return True


def _is_label(label: str) -> bool:
    """Whether an encoded label really holds letters beyond ASCII."""
    if not label.startswith("xn--"):
        return True
    try:
        decoded = label[4:].encode().decode("punycode")
        return decoded.isprintable() and not decoded.isascii()
    except UnicodeError:
        return False


def _is_ipv4_number(parts: list[str]) -> bool:
    numbers = [_ipv4_part(part) for part in parts]
    if len(parts) > 4 or any(number is None for number in numbers):
        return False
    known = [number for number in numbers if number is not None]
    return all(number < 256 for number in known[:-1]) and known[-1] < 256 ** (5 - len(known))


def _ipv4_part(text: str) -> int | None:
    try:
        if text[:2].lower() == "0x":
            return int(text[2:] or "0", 16)
        if text.startswith("0") and text != "0":
            return int(text, 8)
        return int(text) if text.isascii() and text.isdigit() else None
    except ValueError:
        return None


def _is_ip(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version and "%" not in text
    except ValueError:
        return False

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import base64
import datetime
import ipaddress
import re
import typing as t

_UTC_TIME = 0x17
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_EMAIL, _DNS, _URI, _IP = 0x81, 0x82, 0x86, 0x87
_LATIN, _UTF_16 = 0x14, 0x1E
_ALTERNATIVE_NAMES = bytes.fromhex("551d11")
_NAMES = {
    bytes.fromhex("550403"): "CN",
    bytes.fromhex("550405"): "serialNumber",
    bytes.fromhex("550406"): "C",
    bytes.fromhex("550407"): "L",
    bytes.fromhex("550408"): "ST",
    bytes.fromhex("55040a"): "O",
    bytes.fromhex("55040b"): "OU",
    bytes.fromhex("2a864886f70d010901"): "emailAddress",
    bytes.fromhex("0992268993f22c640119"): "DC",
}
_RSA = bytes.fromhex("2a864886f70d010101")
_FIXED_KEYS = {
    bytes.fromhex("2a8648ce3d030107"): 256,
    bytes.fromhex("2b81040022"): 384,
    bytes.fromhex("2b81040023"): 521,
    bytes.fromhex("2b6570"): 256,
    bytes.fromhex("2b6571"): 456,
}


class Certificate(t.NamedTuple):
    """What an X.509 certificate says (RFC 5280); bits is 0 for keys of an unknown kind."""

    der: bytes
    subject: list[tuple[str, str]]
    issuer: list[tuple[str, str]]
    not_before: datetime.datetime
    not_after: datetime.datetime
    bits: int
    alternative_names: list[str]


def read(data: bytes) -> Certificate:
    """The first certificate of a file, PEM or DER; raises ValueError when there is none."""
    pem = re.search(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----(.+?)-----END ", data, re.DOTALL)
    try:
        return _certificate(base64.b64decode(pem.group(1)) if pem else data)
    except (IndexError, ValueError):
        raise ValueError("no X.509 certificate") from None


def words(name: t.Sequence[tuple[str, str]]) -> str:
    """A name as openssl prints it: C = DE, CN = example.org."""
    return ", ".join(f"{key} = {value}" for key, value in name)


def _certificate(data: bytes) -> Certificate:
    (_tag, whole, der), *_rest = _items(data)
    fields = _items(_items(whole)[0][1])
    fields = fields[1:] if fields[0][0] == _VERSION else fields
    _serial, _algorithm, issuer, validity, subject, key, *_others = (content for _tag, content, _raw in fields)
    begin, end = (_time(tag, content) for tag, content, _raw in _items(validity))
    extensions = [content for tag, content, _raw in fields if tag == _EXTENSIONS]
    return Certificate(der, _name(subject), _name(issuer), begin, end, _bits(key), _alternatives(extensions))


def _items(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """The elements that stand one after the other: tag, content, and the element itself (DER)."""
    found, position = [], 0
    while position < len(data):
        tag, length, start = data[position], data[position + 1], position + 2
        if length & 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        end = start + length
        if end > len(data):
            raise ValueError("cut off")
        found.append((tag, data[start:end], data[position:end]))
        position = end
    return found


def _time(tag: int, content: bytes) -> datetime.datetime:
    text = content.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text >= "50" else "20") + text
    return datetime.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=datetime.timezone.utc)


def _name(content: bytes) -> list[tuple[str, str]]:
    found = []
    for _set, parts, _raw in _items(content):
        for _sequence, part, _raw_part in _items(parts):
            (_oid, kind, _1), (tag, value, _2) = _items(part)
            encoding = {_LATIN: "latin-1", _UTF_16: "utf-16-be"}.get(tag, "utf-8")
            found.append((_NAMES.get(kind, kind.hex()), value.decode(encoding, "replace")))
    return found


def _bits(content: bytes) -> int:
    (_tag, algorithm, _raw), (_string, key, _raw_key) = _items(content)
    kinds = [kind for _tag, kind, _raw in _items(algorithm)]
    if kinds[0] == _RSA:
        modulus = _items(_items(key[1:])[0][1])[0][1]
        return int.from_bytes(modulus, "big").bit_length()
    return next((_FIXED_KEYS[kind] for kind in kinds if kind in _FIXED_KEYS), 0)


def _alternatives(extensions: t.Sequence[bytes]) -> list[str]:
    for content in extensions:
        for _tag, extension, _raw in _items(_items(content)[0][1]):
            kind, *_critical, value = (part for _tag, part, _raw in _items(extension))
            if kind == _ALTERNATIVE_NAMES:
                return [told for tag, name, _raw in _items(_items(value)[0][1]) if (told := _alternative(tag, name))]
    return []


def _alternative(tag: int, name: bytes) -> str:
    if tag == _IP:
        return f"IP Address:{ipaddress.ip_address(name)}"
    kind = {_EMAIL: "email", _DNS: "DNS", _URI: "URI"}.get(tag)
    return f"{kind}:{name.decode('ascii', 'replace')}" if kind else ""

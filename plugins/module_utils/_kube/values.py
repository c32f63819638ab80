# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""Each value by itself: is it of the type that its key wants?"""

from __future__ import annotations

import difflib
import ipaddress
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.instance_types import is_instance_type
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import (
    POOL_KEYS,
    SUBNET_KEYS,
    TAINT_KEYS,
    Key,
    by_name,
)

_DNS_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LISTS = {"subnets": SUBNET_KEYS, "pools": POOL_KEYS, "taints": TAINT_KEYS}

Values = dict[str, t.Any]


class Unfit(Exception):
    """The value does not fit; the text says what is allowed."""


def read(given: t.Mapping[t.Any, t.Any], keys: t.Sequence[Key], findings: Findings, path: str = "") -> Values:
    """The values by option name; what does not fit is left out, and found."""
    known = by_name(keys)
    values: Values = {}
    written: dict[str, str] = {}
    for name, value in given.items():
        key = known.get(name)
        if key is None:
            findings.add(f"{path}{name}", value, _unknown(str(name), keys))
        elif key.option in written:
            findings.add(f"{path}{name}", value, f"{written[key.option]} is the same key")
        else:
            written[key.option] = name
            _read_one(key, value, findings, path, values)
    for key in keys:
        if key.required and key.default is None and key.option not in written:
            findings.add(f"{path}{key.name}", None, "it must be set")
    return values


def _read_one(key: Key, value: t.Any, findings: Findings, path: str, values: Values) -> None:
    name = f"{path}{key.name}"
    if value is None and not key.required:
        return
    if key.is_dead:
        findings.warn(f"{name} is ignored: {key.meaning}")
    if key.kind in _LISTS:
        values[key.option] = _items(key, value, findings, name)
        return
    try:
        values[key.option] = _READERS[key.kind](value, key)
    except Unfit as error:
        findings.add(name, value, str(error))


def _items(key: Key, value: t.Any, findings: Findings, name: str) -> tuple[Values, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, dict) for item in value):
        findings.add(name, value, "it must be a list of mappings")
        return ()
    return tuple(read(item, _LISTS[key.kind], findings, f"{name}[{index}].") for index, item in enumerate(value))


def _unknown(name: str, keys: t.Sequence[Key]) -> str:
    names = [each for key in keys for each in (key.name, key.option)]
    lower = {each.lower(): each for each in names}
    close = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.7)
    return f"there is no such key; did you mean {lower[close[0]]}?" if close else "there is no such key"


def _text(value: t.Any, key: Key) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unfit("it must be a string")
    text = str(value).strip()
    if key.required and not key.can_be_empty and not text:
        raise Unfit("it must be set")
    if key.choices and text not in key.choices:
        raise Unfit(f"it must be one of {', '.join(filter(None, key.choices))}")
    return text


def _whole(value: t.Any, key: Key) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value).strip()):
        raise Unfit("it must be a whole number")
    number = int(value)
    if (key.low is not None and number < key.low) or (key.high is not None and number > key.high):
        raise Unfit(f"it must be from {key.low} to {key.high}")
    return number


def _boolean(value: t.Any, _key: Key) -> bool:
    if isinstance(value, bool):
        return value
    found = _WORDS.get(str(value).lower())
    if found is None:
        raise Unfit("it must be true or false")
    return found


def _cidr(value: t.Any, key: Key) -> str:
    text = _text(value, key)
    try:
        if "/" not in text:
            raise ValueError
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        raise Unfit("it must be an IPv4 network in CIDR notation, such as 10.0.0.0/16") from None
    if str(network) != text:
        raise Unfit(f"it must be written as {network} if that network is meant")
    return text


def _address(value: t.Any, key: Key) -> str:
    text = _text(value, key)
    try:
        return str(ipaddress.IPv4Address(text)) if text else ""
    except ValueError:
        raise Unfit("it must be an IPv4 address, such as 10.0.0.50") from None


def _url(value: t.Any, key: Key) -> str:
    text = _text(value, key)
    if text and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", text):
        raise Unfit("it must be a URL, such as https://example.com/path")
    return text


def _dns_name(value: t.Any, key: Key) -> str:
    text = _text(value, key).rstrip(".")
    labels = text.split(".")
    if len(text) > 253 or labels[-1].isdigit() or not all(_DNS_LABEL.fullmatch(label) for label in labels):
        raise Unfit("it must be a DNS name in small letters, such as kubernetes.example.com")
    return text


def _instance_type(value: t.Any, key: Key) -> str:
    text = _text(value, key)
    if not is_instance_type(text):
        raise Unfit("it must be an EC2 instance type, such as t3.medium")
    return text


def _list_of(reader: t.Callable[[t.Any, Key], str]) -> t.Callable[[t.Any, Key], tuple[str, ...]]:
    def read_all(value: t.Any, key: Key) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)):
            raise Unfit("it must be a list")
        return tuple(reader(item, key) for item in value)

    return read_all


def _instance_types(value: t.Any, key: Key) -> tuple[str, ...]:
    found = _list_of(_instance_type)(value, key)
    if not found:
        raise Unfit("it must name at least one EC2 instance type")
    return found


def _map(value: t.Any, _key: Key) -> dict[str, str]:
    if not isinstance(value, dict) or any(isinstance(each, (dict, list)) for each in value.values()):
        raise Unfit("it must be a mapping of strings")
    return {str(name): "" if each is None else str(each) for name, each in value.items()}


_READERS: dict[str, t.Callable[[t.Any, Key], t.Any]] = {
    "str": _text,
    "int": _whole,
    "bool": _boolean,
    "cidr": _cidr,
    "ip": _address,
    "url": _url,
    "name": _dns_name,
    "instance_type": _instance_type,
    "cidrs": _list_of(_cidr),
    "ips": _list_of(_address),
    "strs": _instance_types,
    "map": _map,
}

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
import typing as t
from dataclasses import dataclass

#: Every Flatcar since 3185 reads it, and so does the ignition-validate of Debian.
VERSION = "3.3.0"

#: What a diff must not show: private keys and bootstrap tokens.
_SECRETS = (
    ("private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)),
    ("bootstrap token", re.compile(r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b")),
)
_DATA_URL = "data:;base64,"

Data = dict[str, t.Any]


@dataclass(frozen=True)
class File:
    """A file of the machine: a text, or something to be downloaded and verified."""

    path: str
    text: str = ""
    mode: int = 0o644
    url: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit of systemd: a new one, or what is to be done with one that the system has."""

    name: str
    text: str = ""
    enabled: bool | None = None
    masked: bool = False
    dropins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Machine:
    """What a machine is to be given at its first boot."""

    files: tuple[File, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    units: tuple[Unit, ...] = ()


def render(machine: Machine) -> str:
    """The configuration as text; the same machine is the same text, on every computer.

    Nothing is compressed: libraries for that differ, and one other byte would replace all workers.
    """
    return to_json(
        {
            "ignition": {"version": VERSION},
            "storage": {
                "files": [_file(file) for file in sorted(machine.files, key=lambda file: file.path)],
                "links": [
                    {"path": path, "target": target, "overwrite": True, "hard": False}
                    for path, target in sorted(machine.links)
                ],
            },
            "systemd": {"units": [_unit(unit) for unit in sorted(machine.units, key=lambda unit: unit.name)]},
        }
    )


def to_json(value: Data) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _file(file: File) -> Data:
    contents: Data = {"source": file.url or _DATA_URL + base64.b64encode(file.text.encode()).decode()}
    if file.sha256:
        contents["verification"] = {"hash": f"sha256-{file.sha256}"}
    return {"path": file.path, "mode": file.mode, "overwrite": True, "contents": contents}


def _unit(unit: Unit) -> Data:
    data: Data = {"name": unit.name}
    if unit.text:
        data["contents"] = unit.text
    if unit.enabled is not None:
        data["enabled"] = unit.enabled
    if unit.masked:
        data["mask"] = True
    if unit.dropins:
        data["dropins"] = [{"name": name, "contents": text} for name, text in unit.dropins]
    return data


def readable(text: str) -> Data:
    """A rendered configuration for people: files as text, secrets as their fingerprints."""
    data: Data = json.loads(text)
    for file in data.get("storage", {}).get("files", []):
        contents = file["contents"]
        file["mode"] = f"{file['mode']:04o}"
        if contents["source"].startswith(_DATA_URL):
            decoded = base64.b64decode(contents.pop("source")[len(_DATA_URL) :]).decode()
            contents["text"] = without_secrets(decoded)
    return data


def without_secrets(text: str) -> str:
    """The same text with the fingerprint of each secret in its place."""
    for name, pattern in _SECRETS:
        text = pattern.sub(functools.partial(_fingerprint, name), text)
    return text


def _fingerprint(name: str, secret: re.Match[str]) -> str:
    return f"<{name} sha256:{hashlib.sha256(secret[0].encode()).hexdigest()[:16]}>"

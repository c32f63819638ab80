# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import hashlib
import json
import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import Hab


class Hart(t.NamedTuple):
    """A package as a file."""

    path: str
    ident: Ident
    target: str


def read_hart(hab: Hab, path: str, option: str = "name") -> Hart:
    """What a file holds, in its own words: the name of a file proves nothing."""
    if not os.path.isfile(path):
        raise HabError(f"{option} is {path!r}, and there is no such file on the host.", "not_found")
    done = hab.must("pkg", "info", "--json", path)
    try:
        told = json.loads(done.stdout)
        return Hart(path, Ident(*(str(told[part]) for part in Ident._fields)), str(told["target"]))
    except (ValueError, KeyError, TypeError):
        raise HabError(f"{option} is {path!r}, which is no package of Habitat.", "invalid") from None


def checksum(path: str) -> str:
    """The checksum that Habitat uses: BLAKE2b with 256 bits."""
    return _digest(path, hashlib.blake2b(digest_size=32))


def sha256(path: str) -> str:
    return _digest(path, hashlib.sha256())


def _digest(path: str, digest: t.Any) -> str:
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return str(digest.hexdigest())

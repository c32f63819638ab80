# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""Checksums of what machines download."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_SECONDS = 15

Fetch = t.Callable[[str], str]


def fetch(url: str) -> str:
    """A small text by HTTP."""
    from ansible.module_utils.urls import open_url  # it is slow to load, and seldom needed

    try:
        return str(open_url(url, timeout=_SECONDS).read().decode())
    except Exception as error:  # open_url lets through whatever happens below it
        raise CollectionError(f"The checksums at {url} cannot be fetched: {error}.") from error


def checksum(url: str, get: Fetch = fetch) -> str:
    """The published sha256 of a file: of its own, or in the list of its kind."""
    folder, name = url.rsplit("/", 1)
    if name.endswith(".raw"):
        where = f"{folder}/{name.split('-', 1)[0]}/SHA256SUMS"
        return _listed(get(where), name, where)
    where = f"{url}.sha256"
    return _checked((get(where).split() or [""])[0], name, where)


def _listed(text: str, name: str, where: str) -> str:
    for line in text.splitlines():
        words = line.split()
        if len(words) == 2 and words[1].lstrip("*") == name:
            return _checked(words[0], name, where)
    raise CollectionError(f"There is no checksum of {name} at {where}; check kubernetesVersion, or give sysextSHA256.")


def _checked(text: str, name: str, where: str) -> str:
    if not _SHA256.match(text):
        raise CollectionError(f"What {where} says of {name} is no sha256: {text[:80]!r}.")
    return text

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import stat
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError

KINDS = ("public", "secret")
_ENDINGS = {"public": ".pub", "secret": ".sig.key"}
_MODES = {"public": 0o444, "secret": 0o400}
_MARKS = {"SIG-PUB-1": "public", "SIG-SEC-1": "secret"}
_REVISION = re.compile(r"\d{14}")


class KeyText(t.NamedTuple):
    """A key as hab writes it: a mark, the name with the revision, an empty line, and the key in base64."""

    kind: str
    origin: str
    revision: str
    text: str


class KeyFile(t.NamedTuple):
    """A key in the cache of this host."""

    kind: str
    revision: str
    path: str


def parse_revision(text: str | None) -> str:
    if text and not _REVISION.fullmatch(text):
        raise HabError(f"revision is {text!r}; write its 14 digits, for example 20260812081234.", "invalid")
    return text or ""


def parse(text: str, origin: str, revision: str) -> KeyText:
    """The key that the task gives; it has to be one of the origin, and of the revision if there is one."""
    lines = text.strip().splitlines()
    name = lines[1].strip() if len(lines) > 3 else ""
    found = re.fullmatch(r"(.+)-(\d{14})", name)
    if not found or lines[0].strip() not in _MARKS or lines[2].strip():
        raise HabError(
            "The key is no signing key of an origin: it does not begin with SIG-PUB-1 or SIG-SEC-1.", "invalid"
        )
    if found[1] != origin or revision not in ("", found[2]):
        wanted = f"{origin}-{revision}" if revision else origin
        raise HabError(f"The key is {name}, but the task is about {wanted}.", "invalid")
    return KeyText(_MARKS[lines[0].strip()], origin, found[2], text.strip())


def path_of(directory: str, origin: str, revision: str, kind: str) -> str:
    return os.path.join(directory, f"{origin}-{revision}{_ENDINGS[kind]}")


def find(directory: str, origin: str) -> list[KeyFile]:
    """The keys of exactly this origin, the oldest first: hab takes those of acme-ops for keys of acme."""
    pattern = re.compile(rf"{re.escape(origin)}-(\d{{14}})(\.pub|\.sig\.key)")
    kinds = {ending: kind for kind, ending in _ENDINGS.items()}
    try:
        names = sorted(os.listdir(directory))
    except FileNotFoundError:
        return []
    matches = (pattern.fullmatch(name) for name in names)
    return [KeyFile(kinds[hit[2]], hit[1], os.path.join(directory, hit[0])) for hit in matches if hit]


def pairs(files: t.Iterable[KeyFile]) -> list[str]:
    """The revisions that have both keys, the oldest first."""
    files = list(files)
    public, secret = ({one.revision for one in files if one.kind == kind} for kind in KINDS)
    return sorted(public & secret)


def chosen(files: t.Iterable[KeyFile], revision: str, kinds: t.Container[str]) -> list[KeyFile]:
    return [one for one in files if one.kind in kinds and revision in ("", one.revision)]


def read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read().strip()
    except OSError as error:
        raise HabError(f"{path} cannot be read: {error.strerror}.", "not_permitted") from None


def has_own_mode(file: KeyFile) -> bool:
    """Whether a key has the mode that hab gives it, and belongs to who runs this."""
    found = os.stat(file.path)
    return stat.S_IMODE(found.st_mode) == _MODES[file.kind] and found.st_uid == os.geteuid()


def set_own_mode(file: KeyFile) -> None:
    try:
        os.chown(file.path, os.geteuid(), -1)
        os.chmod(file.path, _MODES[file.kind])
    except OSError as error:
        raise HabError(f"The mode of {file.path} cannot be set: {error.strerror}.", "not_permitted") from None


def described(files: t.Iterable[KeyFile]) -> list[str]:
    """Files as a diff shows them, with their modes."""
    return [f"{one.path} {stat.S_IMODE(os.stat(one.path).st_mode):04o}" for one in files]


def forecast(paths: t.Iterable[str]) -> list[str]:
    """The same for files that are not there yet."""
    return [f"{path} {_MODES['public' if path.endswith('.pub') else 'secret']:04o}" for path in paths]

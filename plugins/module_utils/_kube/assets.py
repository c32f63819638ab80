# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
"""The directory of a cluster on the host that runs the module.

cluster.yaml, kubeconfig and stack-template.json are in it, keys and certificates below credentials, and the
configurations of machines below userdata. The plan needs no disk; reading and writing are at the end.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import stat
import tempfile
import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import readable
from ansible_collections.containerci.aws.plugins.module_utils._kube.kubeconfig import public_view

CLUSTER, KUBECONFIG, TEMPLATE, IGNORED = "cluster.yaml", "kubeconfig", "stack-template.json", ".gitignore"
LOCK = "cluster.lock.json"
CREDENTIALS, USERDATA = "credentials", "userdata"
FOLDERS = (CREDENTIALS, USERDATA)
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_SECRETS_OF_THE_DIRECTORY = f"/{CREDENTIALS}/\n/{USERDATA}/\n/{KUBECONFIG}\n"


@dataclass(frozen=True)
class Present:
    """A file that is there."""

    text: str = field(repr=False)
    mode: int = PRIVATE_FILE


@dataclass(frozen=True)
class Directory:
    """What is there: files by their paths below the directory, and the modes of its folders."""

    files: t.Mapping[str, Present] = field(default_factory=dict)
    folders: t.Mapping[str, int] = field(default_factory=dict)

    def credentials(self) -> dict[str, str]:
        """The texts that the plan for keys and certificates is computed from, by file name."""
        prefix = f"{CREDENTIALS}/"
        return {path[len(prefix) :]: file.text for path, file in self.files.items() if path.startswith(prefix)}


@dataclass(frozen=True)
class Wanted:
    """A file that has to be there; one that the user may change is only made when it is missing."""

    path: str
    text: str = field(repr=False)
    only_if_missing: bool = False


@dataclass(frozen=True)
class Change:
    """What happens to one file: create, replace, protect (only its mode changes), remove, or keep."""

    path: str
    action: str
    before: str = field(repr=False, default="")
    after: str = field(repr=False, default="")

    @property
    def is_one(self) -> bool:
        return self.action != "keep"

    def result(self) -> dict[str, t.Any]:
        return {
            "path": self.path,
            "mode": f"{PRIVATE_FILE:04o}",
            "sha256": hashlib.sha256(self.after.encode()).hexdigest() if self.action != "remove" else None,
            "changed": self.is_one,
        }

    def diff(self) -> dict[str, str]:
        """Before and after for people: no key is in it, but a fingerprint of each."""
        return {
            "before_header": self.path,
            "after_header": self.path,
            "before": _shown(self.path, self.before),
            "after": _shown(self.path, self.after),
        }


@dataclass(frozen=True)
class Plan:
    """All files in the order of writing, and the folders that are to be made or protected."""

    files: tuple[Change, ...] = ()
    new_folders: tuple[str, ...] = ()
    open_folders: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for change in self.files if change.is_one)

    def __bool__(self) -> bool:
        return bool(self.changes or self.new_folders or self.open_folders)


def credentials(texts: t.Mapping[str, str]) -> list[Wanted]:
    return [Wanted(f"{CREDENTIALS}/{name}", text) for name, text in texts.items() if name != IGNORED]


def plan(directory: Directory, wanted: t.Iterable[Wanted]) -> Plan:
    """What has to be written. Below userdata only what is wanted stays, because it can be rendered again."""
    given = list(wanted)
    by_path = {each.path: each for each in [*_ignored(given), *given]}
    used = dict.fromkeys(folder for path in by_path if (folder := os.path.dirname(path)))
    changes = [_change(each, directory.files.get(each.path)) for each in by_path.values()]
    if USERDATA in used:
        stale = sorted(set(directory.files) - set(by_path))
        changes += [_removal(path, directory) for path in stale if path.startswith(f"{USERDATA}/")]
    return Plan(
        files=tuple(changes),
        new_folders=tuple(folder for folder in used if folder not in directory.folders),
        open_folders=tuple(f for f in used if directory.folders.get(f, PRIVATE_FOLDER) != PRIVATE_FOLDER),
    )


def _ignored(wanted: t.Sequence[Wanted]) -> list[Wanted]:
    """Git is told to look away before there is anything to see."""
    folders = {os.path.dirname(each.path) for each in wanted}
    inner = [Wanted(f"{folder}/{IGNORED}", "*\n", only_if_missing=True) for folder in FOLDERS if folder in folders]
    return [Wanted(IGNORED, _SECRETS_OF_THE_DIRECTORY, only_if_missing=True), *inner]


def _change(wanted: Wanted, present: Present | None) -> Change:
    if present is None:
        return Change(wanted.path, "create", after=wanted.text)
    if wanted.only_if_missing:
        return Change(wanted.path, "keep", present.text, present.text)
    if present.text != wanted.text:
        return Change(wanted.path, "replace", present.text, wanted.text)
    return Change(wanted.path, "keep" if present.mode == PRIVATE_FILE else "protect", present.text, wanted.text)


def _removal(path: str, directory: Directory) -> Change:
    return Change(path, "remove", directory.files[path].text)


def _shown(path: str, text: str) -> str:
    if path.endswith(".ign") and text:
        try:
            return to_text(readable(text))
        except (ValueError, KeyError, TypeError):  # somebody else has written it
            return public_view(text)
    return public_view(text)


# Reading and writing


def read(root: str) -> Directory:
    """Everything below the directory that a plan can be about."""
    try:
        known = (IGNORED, CLUSTER, LOCK, KUBECONFIG, TEMPLATE)
        files = {name: _present(root, name) for name in known if _is_file(root, name)}
        folders = {folder: os.stat(os.path.join(root, folder)) for folder in FOLDERS if _is_there(root, folder)}
        for folder in folders:
            names = sorted(f"{folder}/{name}" for name in os.listdir(os.path.join(root, folder)))
            files |= {name: _present(root, name) for name in names if _is_file(root, name) and not name.endswith("~")}
    except OSError as error:
        raise CollectionError(f"{error.filename} cannot be read: {error.strerror}.") from error
    return Directory(files, {folder: stat.S_IMODE(status.st_mode) for folder, status in folders.items()})


def _is_there(root: str, name: str) -> bool:
    return os.path.lexists(os.path.join(root, name))


def _is_file(root: str, name: str) -> bool:
    return os.path.isfile(os.path.join(root, name))


def _present(root: str, name: str) -> Present:
    path = os.path.join(root, name)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return Present(file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode))
    except UnicodeDecodeError:
        raise CollectionError(f"{path} is not a text in UTF-8.") from None


def write(root: str, planned: Plan, now: datetime.datetime | None = None) -> list[str]:
    """Carry out the plan and name the backups, which are made when it is said what time it is.

    A new folder appears all at once with everything in it, and a file is either the old or the new one.
    """
    backups: list[str] = []
    try:
        os.makedirs(root, mode=PRIVATE_FOLDER, exist_ok=True)
        for folder in planned.open_folders:
            os.chmod(os.path.join(root, folder), PRIVATE_FOLDER)
        _write_files(root, [change for change in planned.changes if change.path == IGNORED])
        for folder in planned.new_folders:
            _make_folder(root, folder, [c for c in planned.changes if os.path.dirname(c.path) == folder])
        rest = [c for c in planned.changes if c.path != IGNORED and os.path.dirname(c.path) not in planned.new_folders]
        backups = [_backup(root, change.path, now) for change in rest if now and _is_worth_it(change)]
        _write_files(root, rest)
    except OSError as error:
        raise CollectionError(
            f"{error.filename2 or error.filename} cannot be written: {error.strerror}.", backups=backups
        ) from error
    return backups


def _is_worth_it(change: Change) -> bool:
    """Whether what is lost could not be rendered again."""
    return change.action == "replace" and (change.path == CLUSTER or change.path.startswith(f"{CREDENTIALS}/"))


def _backup(root: str, name: str, now: datetime.datetime) -> str:
    path = os.path.join(root, name)
    backup = f"{path}.{now.strftime('%Y-%m-%dT%H%M%SZ')}~"
    shutil.copy2(path, backup)
    os.chmod(backup, PRIVATE_FILE)
    return backup


def _make_folder(root: str, folder: str, changes: t.Sequence[Change]) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{folder}-", dir=root) as parent:
        new = os.path.join(parent, folder)
        os.mkdir(new, PRIVATE_FOLDER)
        _write_files(parent, changes)
        os.rename(new, os.path.join(root, folder))


def _write_files(root: str, changes: t.Iterable[Change]) -> None:
    for change in changes:
        path = os.path.join(root, change.path)
        if change.action == "remove":
            os.unlink(path)
        elif change.action == "protect":
            os.chmod(path, PRIVATE_FILE)
        else:
            _replace(path, change.after)


def _replace(path: str, text: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=os.path.dirname(path))  # nobody else can read it
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

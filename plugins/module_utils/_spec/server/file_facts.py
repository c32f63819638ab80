# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import errno
import fnmatch
import os
import stat
import struct
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host, explained
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

_ABSENT = (errno.ENOENT, errno.ENOTDIR)
_TYPES = (
    ("symlink", stat.S_ISLNK),
    ("directory", stat.S_ISDIR),
    ("file", stat.S_ISREG),
    ("socket", stat.S_ISSOCK),
    ("pipe", stat.S_ISFIFO),
    ("block_device", stat.S_ISBLK),
    ("character_device", stat.S_ISCHR),
)
_GET_FLAGS = 0x80086601
_IMMUTABLE = 0x10
_ACL = "system.posix_acl_access"
_USER_OBJECT, _USER, _GROUP_OBJECT, _GROUP, _MASK, _OTHER = 1, 2, 4, 8, 16, 32


def status(host: Host, path: str, follow: bool = True) -> os.stat_result | None:
    """What stat says, None when there is nothing; raises CannotTell when it may not be looked at."""
    return host.once(("stat", path, follow), lambda: _status(host.path(path), path, follow))


def _status(real: str, path: str, follow: bool) -> os.stat_result | None:
    try:
        return os.stat(real) if follow else os.lstat(real)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise explained(error, path) from None


def kind(found: os.stat_result) -> str:
    return next(name for name, test in _TYPES if test(found.st_mode))


def link_target(host: Host, path: str) -> str:
    try:
        return os.readlink(host.path(path))
    except OSError as error:
        raise explained(error, path) from None


def user_name(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def group_name(number: int) -> str:
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def matching(host: Host, pattern: str) -> list[str]:
    """The paths that a pattern matches; a folder that cannot be listed is no empty folder."""
    found = [""]
    for part in pattern.strip("/").split("/"):
        found = [path for parent in found for path in _children(host, parent, part)]
    return sorted(found)


def _children(host: Host, parent: str, part: str) -> list[str]:
    if not any(character in part for character in "*?["):
        path = f"{parent}/{part}"
        return [path] if status(host, path, follow=False) else []
    folder = status(host, parent or "/")
    if folder is None or not stat.S_ISDIR(folder.st_mode):
        return []
    hidden = part.startswith(".")
    names = fnmatch.filter(host.names(parent or "/"), part)
    return [f"{parent}/{name}" for name in names if hidden or not name.startswith(".")]


def is_immutable(host: Host, path: str) -> bool:
    """The attribute i of chattr."""
    import fcntl

    try:
        handle = os.open(host.path(path), os.O_RDONLY | os.O_NONBLOCK)
        try:
            (flags,) = struct.unpack("=L", fcntl.ioctl(handle, _GET_FLAGS, bytes(8))[:4])
        finally:
            os.close(handle)
    except OSError as error:
        raise explained(error, path) from None
    return bool(flags & _IMMUTABLE)


def may(host: Host, path: str, user: str, right: int) -> bool:
    """Whether a user may read (4), write (2) or execute (1): by owner, groups, ACL and the folders on the way."""
    uid, groups = host.once(("identity", user), lambda: _identity(user))
    folders = path.strip("/").split("/")[:-1]
    for length in range(len(folders) + 1):
        if not _allowed(host, "/" + "/".join(folders[:length]), uid, groups, 1):
            return False
    return _allowed(host, path, uid, groups, right)


def _identity(user: str) -> tuple[int, set[int]]:
    import grp
    import pwd

    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise CannotTell(f"there is no user {user}") from None
    return entry.pw_uid, {entry.pw_gid, *(group.gr_gid for group in grp.getgrall() if user in group.gr_mem)}


def _allowed(host: Host, path: str, uid: int, groups: set[int], right: int) -> bool:
    found = status(host, path)
    if found is None:
        raise CannotTell(f"{path} does not exist", path)
    if uid == 0:
        return right != 1 or stat.S_ISDIR(found.st_mode) or bool(found.st_mode & 0o111)
    entries = _acl(host.path(path))
    if entries:
        return _allowed_by_acl(entries, found, uid, groups, right)
    if found.st_uid == uid:
        return bool(found.st_mode >> 6 & right)
    return bool(found.st_mode >> (3 if found.st_gid in groups else 0) & right)


def _acl(real: str) -> list[tuple[int, int, int]]:
    """The entries (tag, rights, id) of the access control list (acl(5)); empty when there is none."""
    try:
        data = os.getxattr(real, _ACL)
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return []
        raise explained(error, real) from None
    return list(struct.iter_unpack("<HHI", data[4:]))  # type: ignore[arg-type]


def _allowed_by_acl(
    entries: t.Sequence[tuple[int, int, int]], found: os.stat_result, uid: int, groups: set[int], right: int
) -> bool:
    mask = next((rights for tag, rights, _id in entries if tag == _MASK), 7)
    by_tag = {tag: rights for tag, rights, _id in entries}
    if found.st_uid == uid:
        return bool(by_tag[_USER_OBJECT] & right)
    for tag, rights, number in entries:
        if tag == _USER and number == uid:
            return bool(rights & mask & right)
    of_groups = [rights for tag, rights, number in entries if tag == _GROUP and number in groups]
    if found.st_gid in groups:
        of_groups.append(by_tag[_GROUP_OBJECT])
    if of_groups:
        return any(rights & mask & right for rights in of_groups)
    return bool(by_tag[_OTHER] & right)

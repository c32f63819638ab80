# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.environment import below
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident

_PACKAGES = "/hab/pkgs/"


class Link(t.NamedTuple):
    """A link to a program of a package, and what is to be done about it: none, create, replace or conflict."""

    path: str
    target: str
    found: str
    action: str


def programs(root: str, ident: Ident) -> list[str]:
    """The programs of an installed package, as their paths below /hab: the executable files in its own PATH."""
    home = f"{_PACKAGES}{ident}"
    try:
        with open(f"{below(root, home)}/PATH", encoding="utf-8") as stream:
            folders = stream.read().strip().split(":")
    except FileNotFoundError:
        return []
    found = []
    for folder in folders:
        start = folder.find(home)
        if start >= 0:
            found += _executables(root, folder[start:])
    return found


def _executables(root: str, folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(below(root, folder)))
    except FileNotFoundError:
        return []
    paths = [f"{folder}/{name}" for name in names]
    return [path for path in paths if os.path.isfile(below(root, path)) and os.access(below(root, path), os.X_OK)]


def plan(root: str, ident: Ident, folder: str, force: bool) -> list[Link]:
    """The links of a package in a folder. Links to its other releases follow it, foreign ones only if forced."""
    links = []
    for target in programs(root, ident):
        path = os.path.join(folder, os.path.basename(target))
        found = _found(root, path)
        links.append(Link(path, target, found, _action(ident, target, found, force)))
    return links


def _found(root: str, path: str) -> str:
    """Where the link at a path points to; "a file" for what is no link, nothing for nothing."""
    real = below(root, path)
    if os.path.islink(real):
        text = os.readlink(real)
        start = text.find(_PACKAGES)
        return text[start:] if start >= 0 else text
    return "a file" if os.path.lexists(real) else ""


def _action(ident: Ident, target: str, found: str, force: bool) -> str:
    if found == target:
        return "none"
    if not found:
        return "create"
    own = found.startswith(f"{_PACKAGES}{ident.package}/")
    return "replace" if own or (force and found != "a file") else "conflict"


def refuse_conflicts(links: t.Iterable[Link]) -> None:
    """A link of somebody else is not taken away: hab would leave it, too, but say that all is well."""
    clashes = [link for link in links if link.action == "conflict"]
    if not clashes:
        return
    told = "; ".join(f"{link.path} is {_described(link)}" for link in clashes)
    remedy = "remove it" if clashes[0].found == "a file" else "set binlink_force"
    raise HabError(f"Programs cannot be linked: {told}; {remedy}, or use another binlink_dir.", "binlink_conflict")


def _described(link: Link) -> str:
    return "a file" if link.found == "a file" else f"a link to {link.found}"


def words(ident: Ident, folder: str, links: t.Iterable[Link]) -> list[str]:
    """The command that makes the links."""
    force = any(link.action == "replace" for link in links)
    return ["pkg", "binlink", str(ident), "--dest", folder, *(["--force"] if force else [])]


def dangling(root: str, folder: str, removed: t.Iterable[Ident]) -> list[Link]:
    """The links in a folder that point into packages that are removed."""
    homes = tuple(f"{_PACKAGES}{ident}/" for ident in removed)
    try:
        names = sorted(os.listdir(below(root, folder)))
    except FileNotFoundError:
        return []
    paths = [os.path.join(folder, name) for name in names]
    found = [(path, _found(root, path)) for path in paths]
    return [Link(path, target, target, "remove") for path, target in found if target.startswith(homes)]


def remove(root: str, links: t.Iterable[Link]) -> None:
    for link in links:
        os.unlink(below(root, link.path))


def told(links: t.Iterable[Link]) -> list[dict[str, str]]:
    """What the module returns about links."""
    return [{"path": link.path, "target": link.target, "action": link.action} for link in links]

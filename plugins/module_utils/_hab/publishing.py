# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.depot import Depot
from ansible_collections.containerci.aws.plugins.module_utils._hab.environment import key_directory
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import Done, HabError, details_of
from ansible_collections.containerci.aws.plugins.module_utils._hab.harts import Hart, checksum
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import Hab

_ROLES = {"upload": "member", "promote": "maintainer", "demote": "maintainer", "delete": "maintainer"}


class Release(t.NamedTuple):
    """A release that the task names, and the file if it gives one."""

    ident: Ident
    target: str
    path: str = ""


class Known(t.NamedTuple):
    """What Builder knows about a release."""

    exists: bool
    checksum: str = ""
    channels: tuple[str, ...] = ()


class Actions(t.NamedTuple):
    """What is to be done about a release, in this order."""

    upload: bool = False
    promote: tuple[str, ...] = ()
    demote: tuple[str, ...] = ()
    delete: bool = False

    @property
    def any(self) -> bool:
        return any(self)


def release_of(hart: Hart) -> Release:
    return Release(hart.ident, hart.target, hart.path)


def plan(state: str, release: Release, known: Known, channels: t.Sequence[str]) -> Actions:
    """What is to be done, decided from what Builder said."""
    if state == "absent":
        return Actions(delete=known.exists)
    if state == "demoted":
        if "unstable" in channels:
            raise HabError("channel has 'unstable', and nothing can be demoted from it; use state absent.", "invalid")
        return Actions(demote=tuple(one for one in channels if one in known.channels))
    if not known.exists and (state == "promoted" or not release.path):
        raise HabError(
            f"Builder has no {release.ident} to promote; upload it with state present and hart.", "not_found"
        )
    present = known.channels if known.exists else ("unstable",)
    return Actions(upload=not known.exists, promote=tuple(one for one in channels if one not in present))


def foretold(known: Known, actions: Actions) -> Known:
    """What Builder knows after the actions."""
    if actions.delete:
        return Known(False)
    before = known.channels if known.exists or not actions.upload else ("unstable",)
    after = {*before, *actions.promote} - set(actions.demote)
    return Known(known.exists or actions.upload, known.checksum, tuple(sorted(after)))


class Publisher:
    """Releases at Builder: asked over its API, changed with hab, and asked again."""

    def __init__(self, options: t.Mapping[str, t.Any], hab: Hab) -> None:
        self.hab = hab
        self.depot = Depot(options, hab.environ)
        self._keys = options.get("cache_key_path") or key_directory(hab.environ)

    def known(self, release: Release) -> Known:
        found = self.depot.package(release.ident, release.target)
        if found is None:
            return Known(False)
        channels = tuple(self.depot.channels(release.ident, release.target))
        known = Known(True, found.checksum, channels)
        self._compare(release, known)
        return known

    def _compare(self, release: Release, known: Known) -> None:
        """A release never changes: if Builder has another file under this name, nothing can be put right by it."""
        if release.path and known.checksum != checksum(release.path):
            raise HabError(
                f"Builder at {self.depot.url} has another file of {release.ident} than {release.path}; build a new "
                "release.",
                "conflict",
            )

    def apply(self, release: Release, actions: Actions) -> Known:
        """Do it, one command for each action, and look whether Builder agrees."""
        ident, target = str(release.ident), release.target
        commands: list[tuple[str, ...]] = (
            [("upload", release.path, "--cache-key-path", self._keys)] if actions.upload else []
        )
        commands += [("promote", ident, channel, target) for channel in actions.promote]
        commands += [("demote", ident, channel, target) for channel in actions.demote]
        commands += [("delete", ident, target)] if actions.delete else []
        known = Known(False)
        for verb, *words in commands:
            known = self._run(verb, release, *words)
        return known

    def _run(self, verb: str, release: Release, *words: str) -> Known:
        done = self.hab.run("pkg", verb, *words)
        if done.rc:
            raise self._explained(verb, release, done)
        known = self.known(release)
        arrived = {
            "upload": known.exists,
            "promote": words[1] in known.channels,
            "demote": words[1] not in known.channels,
            "delete": not known.exists,
        }
        if not arrived[verb]:
            raise HabError(
                f"{done.command} said that all is well, but Builder at {self.depot.url} does not show it; "
                f"{' '.join(done.stdout.split()[-30:])}",
                "not_verified",
                **details_of(done),
            )
        return known

    def _explained(self, verb: str, release: Release, done: Done) -> HabError:
        """The error of a refused command, with what is needed for it."""
        error = self.hab.failure(done)
        reason = error.message.rstrip(".")
        if error.code == "unauthorized":
            reason += f"; the account has to be at least {_ROLES[verb]} of the origin {release.ident.origin}"
        elif verb == "promote" and error.code == "not_found":
            reason += (
                "; the channels base and unstable are not made by a promotion, make them with hab bldr channel create"
            )
        elif verb == "delete" and "422" in done.stderr:
            reason += "; what is in the channel stable, or is needed by another package, is not deleted"
        elif verb == "upload" and ".pub" in done.stderr:
            reason += "; the public key of the signer has to be in cache_key_path"
        return HabError(f"{reason}.", error.code, **details_of(done))

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab import binlinks, packages
from ansible_collections.containerci.aws.plugins.module_utils._hab.depot import Depot
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import Done, HabError, details_of
from ansible_collections.containerci.aws.plugins.module_utils._hab.harts import read_hart
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident
from ansible_collections.containerci.aws.plugins.module_utils._hab.packages import Settings, Step, Wanted
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import Hab


class PackageTask:
    """The packages of one task on this host."""

    def __init__(self, params: t.Mapping[str, t.Any], check_mode: bool, warn: t.Callable[[str], None]) -> None:
        self.params = params
        self.check_mode = check_mode
        self.warn = warn
        _refuse_contradictions(params)
        fields = {name: params[name] for name in Settings._fields}
        self.settings = Settings(**{**fields, "exclude": tuple(params["exclude"] or ())})
        named = [(name, packages.combined(name, params["version"], params["release"])) for name in _idents(params)]
        self.hab = Hab(params)
        self.depot = Depot(params)
        idents = dict(named)
        self.wanted = [
            Wanted(name, idents[name]) if name in idents else Wanted(name, read_hart(self.hab, name).ident, name)
            for name in params["name"]
        ]

    @property
    def keeps(self) -> bool:
        return self.settings.state != "absent"

    def steps(self, installed: t.Sequence[Ident], ask: bool) -> list[Step]:
        """What is to be done; Builder is asked only where its answer counts."""
        found = []
        for wanted in self.wanted:
            offered = self._offered(wanted, installed) if ask else None
            pending = [one for one in packages.releases(wanted.ident, installed) if self._hook_is_pending(one)]
            found.append(packages.plan(wanted, installed, self.settings, offered, pending))
        return found

    def _offered(self, wanted: Wanted, installed: t.Sequence[Ident]) -> Ident | None:
        fitting = packages.releases(wanted.ident, installed)
        settles = fitting and (self.settings.state == "present" or wanted.ident.is_full)
        if not self.keeps or wanted.hart or settles:
            return None
        package = self.depot.latest(wanted.ident, self.settings.channel)
        if package:
            return package.ident
        missing = f"The channel {self.settings.channel} of {self.depot.url} has no release of {wanted.ident}"
        if not fitting or self.settings.ignore_local:
            raise HabError(f"{missing}; look at name and channel.", "not_found")
        self.warn(f"{missing}; {fitting[0]}, which is installed, stays.")
        return None

    def _hook_is_pending(self, ident: Ident) -> bool:
        """Whether the install hook of a package has not succeeded yet."""
        path = self.hab.package_path(ident)
        if not os.path.exists(f"{path}/hooks/install"):
            return False
        try:
            with open(f"{path}/INSTALL_HOOK_STATUS", encoding="utf-8") as stream:
                return stream.read().strip() != "0"
        except FileNotFoundError:
            return True

    def carry_out(self, step: Step) -> None:
        for words in step.commands:
            done = self.hab.run(*words)
            if self.keeps:
                self._check_installed(done, step, self.hab.installed())
            elif done.rc:
                self._check_refusal(done, Ident(*words[2].split("/")), self.hab.installed())
        if not self.keeps:
            self._check_removed(step, self.hab.installed())

    def _check_installed(self, done: Done, step: Step, installed: list[Ident]) -> None:
        fitting = packages.releases(step.wanted.ident, installed)
        if fitting and not self.settings.ignore_install_hook and self._hook_is_pending(fitting[0]):
            raise HabError(
                f"{fitting[0]} is on the host, but its install hook failed with exit code {done.rc}; the next task "
                "runs it again.",
                "hook_failed",
                **details_of(done),
            )
        if done.rc:
            raise self.hab.failure(done)
        missing = packages.unfinished(step, installed, self.settings)
        if missing:
            raise HabError(
                f"{done.command} said that all is well, but {missing[0]} is not installed; is it in the channel "
                f"{self.settings.channel}?",
                "not_found",
                stdout=done.stdout,
                stderr=done.stderr,
            )

    def _check_refusal(self, done: Done, ident: Ident, installed: list[Ident]) -> None:
        """A failed removal; it does not matter when somebody else was faster or when what is used may stay."""
        failure = self.hab.failure(done, "hook_failed" if done.rc not in (1, 2, 101) else "")
        gone = not packages.releases(ident, installed)
        skipped = failure.code == "in_use" and self.params["when_in_use"] == "skip"
        if not (skipped or (gone and failure.code == "not_found")):
            raise failure

    def _check_removed(self, step: Step, installed: list[Ident]) -> None:
        left = packages.unfinished(step, installed, self.settings)
        if not left:
            return
        told = f"{', '.join(map(str, left))} of {step.wanted.ident} cannot be removed"
        if self.params["when_in_use"] == "fail":
            raise HabError(
                f"{told}: a supervisor has it loaded, or hab protects it; unload the service first, or set "
                "when_in_use to skip.",
                "loaded",
            )
        self.warn(f"{told} and stays: it is in use.")

    def rehearse(self, step: Step) -> Step:
        """The step as far as hab would go with removals."""
        staying = set()
        for words in step.commands if not self.keeps else ():
            done = self.hab.run(*words, "--dryrun")
            ident = Ident(*words[2].split("/"))
            concerned = {one for one in step.leaving if ident.accepts(one)}
            if done.rc:
                self._check_refusal(done, ident, list(step.before))
                staying |= concerned
            skipped = [line for line in done.stdout.splitlines() if "Skipping" in line and "currently loaded" in line]
            staying |= {one for one in concerned if any(str(one) in line for line in skipped)}
        step = step._replace(leaving=tuple(one for one in step.leaving if one not in staying))
        if staying:
            self._check_removed(step, list(staying))
        return step

    def links(self, installed: t.Sequence[Ident]) -> dict[Ident, list[binlinks.Link]]:
        """The links of the newest releases that the task wants."""
        if not (self.params["binlink"] and self.keeps):
            return {}
        folder, force = self.params["binlink_dir"], self.params["binlink_force"]
        newest = [packages.releases(wanted.ident, installed)[:1] for wanted in self.wanted]
        found = {one: binlinks.plan(self.hab.root, one, folder, force) for ones in newest for one in ones}
        for links in found.values():
            binlinks.refuse_conflicts(links)
        return found

    def link(self, planned: t.Mapping[Ident, list[binlinks.Link]]) -> None:
        for ident, links in planned.items():
            if all(link.action == "none" for link in links):
                continue
            self.hab.must(*binlinks.words(ident, self.params["binlink_dir"], links))
            wrong = [one for one in self.links([ident])[ident] if one.action != "none"]
            if wrong:
                raise HabError(f"hab did not link {wrong[0].path} to {wrong[0].target}.", "binlink_conflict")

    def dangling(self, removed: t.Iterable[Ident]) -> list[binlinks.Link]:
        removes = self.params["binlink"] and not self.keeps
        return binlinks.dangling(self.hab.root, self.params["binlink_dir"], removed) if removes else []


def _refuse_contradictions(params: t.Mapping[str, t.Any]) -> None:
    """Options that would have no effect are mistakes."""
    state, keep = params["state"], params["keep_latest"]
    idle = [name for name in ("keep_latest", "exclude", "no_deps") if params[name] not in (None, False)]
    if idle and state != "absent":
        raise HabError(f"{idle[0]} is given, but state is {state!r}; it goes only with absent.", "invalid")
    if keep is not None and keep < 0:
        raise HabError(f"keep_latest is {keep}; write 0 or more.", "invalid")
    files = [name for name in params["name"] if name.endswith(".hart")]
    given = params["version"] or params["release"]
    if files and given:
        raise HabError(f"name is {files[0]!r}, a file, which has its own version; leave {given!r} out.", "invalid")


def _idents(params: t.Mapping[str, t.Any]) -> list[str]:
    """The names that are no files."""
    return [name for name in params["name"] if not name.endswith(".hart")]

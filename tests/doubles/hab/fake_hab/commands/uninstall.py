# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg uninstall."""

from __future__ import annotations

import dataclasses
import typing as t

from fake_hab.commands.query import ident_or_panic
from fake_hab.commands.services import loaded_idents
from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.hooks import run_uninstall_hook
from fake_hab.idents import Ident, listing_key
from fake_hab.parser import Parsed
from fake_hab.store import Package, Store, dependants, transitive


@dataclasses.dataclass
class Uninstaller:
    context: Context
    dry_run: bool
    with_deps: bool
    with_hooks: bool
    excluded: t.Sequence[Ident]

    def __post_init__(self) -> None:
        self._ui = self.context.ui
        self._store = Store(self.context)
        self._graph: dict[Ident, list[Ident]] = {}
        self._loaded: t.Sequence[Ident] = ()

    def keep_latest(self, wanted: Ident, count: int) -> None:
        found = sorted(self._store.installed(wanted), key=listing_key, reverse=True)
        if count >= len(found):
            self._ui.begin(f"Uninstalling {wanted}")
            self._ui.status("Skipping", f"Only {len(found)} packages installed")
            self._ui.end(f"Uninstall of {wanted} complete")
            return
        self.uninstall(found[count:])

    def uninstall(self, idents: t.Sequence[Ident]) -> None:
        self._graph = self._store.graph()
        self._find_loaded()
        ordered = sorted(idents, key=listing_key) if len(idents) > 1 else idents
        for ident in ordered:
            self._one(self._store.load(ident))

    def _find_loaded(self) -> None:
        self._loaded = loaded_idents(self.context)
        if self._loaded:
            self._ui.status("Determining", "list of loaded services in supervisor")
        for ident in self._loaded:
            self._ui.status("Found", f"loaded service {ident}")

    def _one(self, package: Package) -> None:
        self._ui.begin(f"Uninstalling {package.ident}")
        deps = transitive(self._graph, package.ident)
        needed_by = dependants(self._graph, package.ident)
        if needed_by:
            text = f"Can't remove package: {package.ident}. It is a dependency of {len(needed_by)} packages"
            raise Failure(text)
        if not self._remove(package):
            return
        count = 0
        if self.with_deps:
            count = sum(self._dependency(dep, {package.ident, *deps}) for dep in deps)
        else:
            self._ui.status("Skipping", "dependencies (--no-deps specified)")
        if self.dry_run:
            self._ui.end(f"Would uninstall {package.ident} and {count} dependencies (Dry run)")
        else:
            self._ui.end(f"Uninstall of {package.ident} and {count} dependencies complete")

    def _dependency(self, dep: Ident, going: set[Ident]) -> bool:
        others = [other for other in self._graph if dep in transitive(self._graph, other) and other not in going]
        if others:
            self._ui.status("Skipping", f"{dep}. It is a dependency of {len(others)} external packages")
            return False
        return self._remove(Package(dep, self._store.path(dep)))

    def _reason_to_skip(self, ident: Ident) -> str | None:
        if ident.satisfies(Ident(self.context.tools_origin, "hab")):
            return f"You can't uninstall {self.context.tools_origin}/hab"
        if ident in self._loaded:
            return "It is currently loaded by the supervisor"
        if any(ident.satisfies(other) for other in self.excluded):
            return "It is on the exclusion list"
        return None

    def _remove(self, package: Package) -> bool:
        reason = self._reason_to_skip(package.ident)
        if reason:
            self._ui.status("Skipping", f"{package.ident}. {reason}")
            return False
        if self.dry_run:
            self._ui.status("Would be deleted (Dry run)", package.ident)
        else:
            self._ui.status("Deleting", package.ident)
            self._run_hook(package)
            self._store.remove(package.ident)
        del self._graph[package.ident]
        return True

    def _run_hook(self, package: Package) -> None:
        if not self.with_hooks:
            return
        name = Ident(package.ident.origin, package.ident.name)
        count = len(self._store.installed(name))
        if count > 1:
            text = f"execution of uninstall hook for {package.ident}. {count} packages are installed for {name}"
            self._ui.status("Skipping", text)
        else:
            run_uninstall_hook(self.context, package)


def uninstall(context: Context, parsed: Parsed) -> None:
    wanted = Ident.parse(parsed.text("PKG_IDENT"))
    keep = parsed.one("KEEP_LATEST")
    uninstaller = Uninstaller(
        context,
        dry_run=parsed.flag("DRYRUN"),
        with_deps=not parsed.flag("NO_DEPS"),
        with_hooks=not parsed.flag("IGNORE_UNINSTALL_HOOK"),
        excluded=[ident_or_panic(text) for text in parsed.all("EXCLUDE")],
    )
    if keep is None:
        uninstaller.uninstall([wanted])
    else:
        uninstaller.keep_latest(wanted, int(keep))

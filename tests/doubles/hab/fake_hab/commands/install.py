# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg install."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from fake_hab import remote
from fake_hab.commands.binlink import link_all
from fake_hab.context import Context
from fake_hab.depot import Depot, Refused
from fake_hab.failure import Failure
from fake_hab.hart import Hart
from fake_hab.hooks import run_install_hook
from fake_hab.idents import Ident, compare
from fake_hab.keys import KeyCache
from fake_hab.parser import Parsed
from fake_hab.store import Store

_NOT_FOUND = "Package not found. "


@dataclasses.dataclass
class Installer:
    """One run of install; the depot is only opened when it is needed."""

    context: Context
    parsed: Parsed
    channel: str
    token: str | None
    ignore_local: bool = False
    run_hooks: bool = True

    def __post_init__(self) -> None:
        self.store = Store(self.context)
        self.keys = KeyCache(self.context.hab / "cache" / "keys")  # options and variables do not count here
        self._ui = self.context.ui
        self._depot: Depot | None = None

    @property
    def depot(self) -> Depot:
        if self._depot is None:
            self._depot = remote.depot_of(self.context, self.parsed, self._url_option)
        return self._depot

    @property
    def _url_option(self) -> str:
        return "bldr_url" if self.parsed.command.by_id("bldr_url") else "BLDR_URL"

    def install(self, source: str) -> Ident:
        self._ui.begin(f"Installing {source}")
        ident = self._from_file(Path(source)) if Path(source).is_file() else self._choose(Ident.parse(source))
        new = self._fetch_all(ident)
        for artifact in new:
            self.store.unpack(artifact, float(self.context.variable("HAB_PKG_INSTALL_RENAME_TIMEOUT_SECS") or 5))
            self._ui.status("Installed", artifact.ident)
        if self.run_hooks:
            package = self.store.load(ident)
            for dep in reversed(package.idents("TDEPS")):
                run_install_hook(self.context, self.store.load(dep))
            run_install_hook(self.context, package)
        self._ui.end(f"Install of {ident} complete with {len(new)} new packages installed.")
        return ident

    def _from_file(self, path: Path) -> Ident:
        artifact = Hart.read(path)
        if self.store.find(artifact.ident) is None and path.resolve() != self.store.cached(artifact.ident).resolve():
            self.store.keep(artifact.ident, artifact.data)
        return artifact.ident

    def _choose(self, wanted: Ident) -> Ident:
        """The release to install: the one of the channel, unless a newer one is here."""
        if wanted.is_full:
            return wanted
        package = self.store.find(wanted)
        local = package.ident if package else None
        self._ui.status("Determining", f"latest version of {wanted} in the '{self.channel}' channel")
        found = self._latest(wanted, self.channel)
        if local is None or (found is not None and (self.ignore_local or compare(local, found) <= 0)):
            return found or self._not_found(wanted, local)
        if found is not None:
            self._ui.status("Found", f"newer installed version ({local}) than remote version ({found})")
            return local
        if self.ignore_local:
            return self._not_found(wanted, local)
        text = (
            f"remote version of '{wanted}' in the '{self.channel}' channel, but an installed version was found locally"
        )
        self._ui.status("Missing", f"{text} ({local})")
        return local

    def _latest(self, wanted: Ident, channel: str) -> Ident | None:
        try:
            found = self.depot.latest(wanted, channel, self.context.target, self.token)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise Failure(remote.text_of(refused)) from refused
        return Ident(**found["ident"])

    def _not_found(self, wanted: Ident, local: Ident | None) -> Ident:
        """Name the channels that have releases, then give up."""
        try:
            channels = self.depot.origin_channels(wanted.origin, self.token)
            found = [(channel, self._latest(wanted, channel)) for channel in channels]
        except (Refused, Failure):
            found = []
        lines = [f"  {ident} in the '{channel}' channel" for channel, ident in found if ident is not None]
        if lines:
            self._ui.warn(f"No releases of {wanted} exist in the '{self.channel}' channel")
            self._ui.warn("The following releases were found:")
        for line in lines:
            self._ui.warn(line)
        if local is not None:
            text = f"Locally-installed package '{local}' would satisfy '{wanted}'"
            self._ui.warn(f"{text}, but we are ignoring that as directed")
        raise Failure(_NOT_FOUND)

    def _fetch_all(self, ident: Ident) -> list[Hart]:
        """The artifacts that are not installed yet, dependencies first; all are verified before any is unpacked."""
        package = self.store.find(ident)
        if package is not None:
            self._ui.status("Using", ident)
            new, deps = [], package.idents("TDEPS")
        else:
            artifact = self._artifact(ident)
            new, deps = [artifact], artifact.idents("TDEPS")
        for dep in deps:
            if self.store.find(dep) is not None:
                self._ui.status("Using", dep)
            else:
                new.insert(0, self._artifact(dep))
        return new

    def _artifact(self, ident: Ident) -> Hart:
        path = self.store.cached(ident)
        if not path.is_file():
            self._ui.status("Downloading", f"{ident} for {self.context.target}")
            with remote.answers():
                self.store.keep(ident, self.depot.download(ident, self.token))
        artifact = Hart.read(path)
        self._ui.status("Verifying", artifact.ident)
        self._verify(artifact, ident)
        return artifact

    def _verify(self, artifact: Hart, ident: Ident) -> None:
        if artifact.ident != ident:
            raise Failure(
                f"Artifact ident {artifact.ident} for `{artifact.path.name}' does not match expected ident {ident}"
            )
        if artifact.target != self.context.target:
            text = f"Package target '{artifact.target}' is not supported as it does not match the active target"
            raise Failure(f"{text} '{self.context.target}'")
        name = artifact.header.key_name
        if not self.keys.has("public", name):
            origin, revision = name.rsplit("-", 1)
            self._ui.status("Downloading", f"{name} public origin key")
            with remote.answers():
                self.keys.write(self.depot.key(origin, revision, "public", self.token))
            self._ui.status("Cached", f"{name} public origin key")
        artifact.verify(self.keys)


def install(context: Context, parsed: Parsed) -> None:
    channel = parsed.one("channel")
    installer = Installer(
        context,
        parsed,
        channel if channel is not None else context.default_channel,
        context.token(parsed.one("AUTH_TOKEN")),
        ignore_local=parsed.flag("ignore_local"),
        run_hooks=not parsed.flag("ignore_install_hook"),
    )
    for source in parsed.all("pkg_ident_or_artifact"):
        ident = installer.install(source)
        if parsed.flag("binlink") or parsed.given("binlink_dir"):
            link_all(context, installer.store, ident, parsed.text("binlink_dir"), parsed.flag("force"))

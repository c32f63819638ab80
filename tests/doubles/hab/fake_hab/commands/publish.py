# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg upload, promote, demote, channels, delete and search."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from fake_hab import remote
from fake_hab.context import Context
from fake_hab.depot import Depot, Refused
from fake_hab.failure import Failure
from fake_hab.hart import Hart
from fake_hab.idents import Ident
from fake_hab.keys import KeyCache
from fake_hab.parser import Parsed


@dataclasses.dataclass
class Uploader:
    context: Context
    depot: Depot
    keys: KeyCache
    token: str
    channel: str | None
    force: bool

    def upload(self, path: Path) -> None:
        """The key of the signer, then the dependencies that the depot does not know, then the artifact."""
        ui = self.context.ui
        artifact = Hart.read(path)
        self._upload_key(artifact)
        if self._is_known(artifact.ident) and not self.force:
            ui.status("Using", f"existing {artifact.ident} already on target")
            self._promote(artifact.ident)
            return
        for dep in artifact.idents("TDEPS"):
            self._upload_dependency(dep, artifact)
        self._send(artifact, self.force)
        ui.end(f"Upload of {artifact.ident} complete.")

    def _is_known(self, ident: Ident) -> bool:
        try:
            self.depot.show(ident, self.token)
        except Refused as refused:
            if refused.status == 404:
                return False
            raise Failure(remote.text_of(refused)) from refused
        return True

    def _upload_key(self, artifact: Hart) -> None:
        key = self.keys.read("public", artifact.header.key_name)
        try:
            self.depot.put_key(key, self.token)
        except Refused as refused:
            if refused.status != 409:
                raise Failure(remote.text_of(refused)) from refused
            self.context.ui.status("Using", f"existing public origin key {key.file_name} already on target")
            return
        self.context.ui.begin(f"Uploading public origin key {key.file_name}")
        self.context.ui.status("Uploaded", f"public origin key {key.file_name}")

    def _upload_dependency(self, dep: Ident, artifact: Hart) -> None:
        if self._is_known(dep):
            self.context.ui.status("Using", f"existing {dep} already on target")
            return
        path = artifact.path.parent / dep.artifact_name(artifact.target)
        if not path.is_file():
            text = f"artifact {path.name}. It was not found in {path.parent}. Please make sure that all the dependent"
            rest = "artifacts are present in the same directory as the original artifact that you are attempting to"
            self.context.ui.status("Missing", f"{text} {rest} upload.")
            raise Failure(f"We tried 5 times but could not upload {dep}. Giving up.")
        found = Hart.read(path)
        self._upload_key(found)
        self._send(found, force=False)

    def _send(self, artifact: Hart, force: bool) -> None:
        """The text "Uploaded" comes even when the depot did not take the artifact."""
        ui = self.context.ui
        ui.status("Uploading", artifact.path)
        is_there = True
        try:
            self.depot.upload(artifact.ident, artifact.data, artifact.checksum, artifact.target, self.token, force)
        except Refused as refused:
            is_there = self._not_taken(refused, artifact)
        ui.status("Uploaded", artifact.ident)
        if is_there:
            self._promote(artifact.ident)

    def _not_taken(self, refused: Refused, artifact: Hart) -> bool:
        """Whether the depot has the artifact all the same."""
        if refused.status == 409:
            self.context.ui.line("Package already exists on remote; skipping.")
            return True
        if refused.status == 501:
            self.context.ui.line("Package platform or architecture not supported by the targeted depot; skipping.")
            return False
        if refused.status == 424:
            text = "Package upload introduces a circular dependency - please check pkg_deps; skipping."
            self.context.ui.fatal(text)
            return False
        raise Failure(f"We tried 5 times but could not upload {artifact.ident}. Giving up.") from refused

    def _promote(self, ident: Ident) -> None:
        if self.channel is None:
            return
        self.context.ui.begin(f"Promoting {ident} to channel '{self.channel}'")
        promote_in(self.context, self.depot, ident, self.channel, self.token)
        self.context.ui.status("Promoted", ident)


def promote_in(context: Context, depot: Depot, ident: Ident, channel: str, token: str) -> None:
    """Promote; a channel that is not there is made, but never the default one and `unstable`."""
    with remote.answers():
        if channel not in (context.default_channel, "unstable"):
            try:
                depot.create_channel(ident.origin, channel, token)
            except Refused as refused:
                if refused.status != 409:
                    raise
        depot.promote(ident, channel, token)


def upload(context: Context, parsed: Parsed) -> None:
    uploader = Uploader(
        context,
        remote.depot_of(context, parsed),
        KeyCache(context.key_cache(parsed.one("cache_key_path"))),
        context.needed_token(parsed.one("AUTH_TOKEN")),
        parsed.one("CHANNEL"),
        parsed.flag("FORCE"),
    )
    for name in parsed.all("HART_FILE"):
        uploader.upload(Path(name))


def _subject(context: Context, parsed: Parsed, depot: Depot) -> tuple[Ident, str]:
    """The ident and the target; a release that exists for another target only is not found."""
    ident = Ident.parse(parsed.text("PKG_IDENT"))
    target = parsed.one("PKG_TARGET") or context.target
    if depot.meta(ident).get("target", target) != target:
        raise Failure("[404 Not Found]")
    return ident, target


def promote(context: Context, parsed: Parsed) -> None:
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    depot = remote.depot_of(context, parsed)
    ident, target = _subject(context, parsed, depot)
    channel = parsed.text("CHANNEL")
    context.ui.begin(f"Promoting {ident} ({target}) to channel '{channel}'")
    try:
        promote_in(context, depot, ident, channel, token)
    except Failure as failure:
        context.ui.line(f"Failed to promote '{ident}': {failure}")
        if str(failure).startswith("[404"):
            context.ui.line("You may need to specify a platform target argument")
        raise
    context.ui.status("Promoted", f"{ident} ({target})")


def demote(context: Context, parsed: Parsed) -> None:
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    depot = remote.depot_of(context, parsed)
    ident, target = _subject(context, parsed, depot)
    channel = parsed.text("CHANNEL")
    context.ui.begin(f"Demoting {ident} ({target}) from {channel}")
    if channel == "unstable":
        raise Failure(f"{ident} cannot be removed from the {channel} channel")
    with remote.answers():
        depot.demote(ident, channel, token)
    context.ui.status("Demoted", f"{ident} ({target})")


def channels(context: Context, parsed: Parsed) -> None:
    depot = remote.depot_of(context, parsed)
    ident, target = _subject(context, parsed, depot)
    context.ui.begin(f"Retrieving channels for {ident} ({target})")
    with remote.answers():
        found = depot.channels_of(ident, context.token(parsed.one("AUTH_TOKEN")))
    for name in found:
        context.ui.line(name)


def delete(context: Context, parsed: Parsed) -> None:
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    depot = remote.depot_of(context, parsed)
    ident, target = _subject(context, parsed, depot)
    context.ui.begin(f"Deleting {ident} ({target}) from Builder")
    with remote.answers():
        depot.delete(ident, token)
    context.ui.status("Deleted", f"{ident} ({target})")


def search(context: Context, parsed: Parsed) -> None:
    depot = remote.depot_of(context, parsed)
    term = parsed.text("SEARCH_TERM")
    found = sorted({f"{ident.origin}/{ident.name}" for ident in depot.packages() if term in str(ident)})
    if not found:
        context.ui.error_line(f"No packages found that match '{term}'")
    for name in found[: int(parsed.text("LIMIT"))]:
        context.ui.line(name)


def download(context: Context, parsed: Parsed) -> None:
    """Download artifacts and keys of packages and their dependencies into a folder."""
    depot = remote.depot_of(context, parsed)
    token = context.token(parsed.one("AUTH_TOKEN"))
    target = parsed.one("PKG_TARGET") or context.target
    folder = Path(parsed.one("DOWNLOAD_DIRECTORY") or context.hab / "cache")
    wanted = [Ident.parse(text) for text in [*parsed.all("PKG_IDENT"), *_listed(parsed.all("PKG_IDENT_FILE"))]]
    with remote.answers():
        found = [_chosen(context, depot, ident, parsed, target, token) for ident in wanted]
        needed = dict.fromkeys(dep for ident in found for dep in (str(ident), *depot.meta(ident)["tdeps"]))
        for text in needed:
            _fetch(context, depot, Ident.parse(text), folder, target, token)


def _listed(names: list[str]) -> list[str]:
    lines = [line.split("#")[0].strip() for name in names for line in Path(name).read_text().splitlines()]
    return [line for line in lines if line]


def _chosen(context: Context, depot: Depot, ident: Ident, parsed: Parsed, target: str, token: str | None) -> Ident:
    if ident.is_full:
        return ident
    channel = parsed.one("CHANNEL") or ("base" if ident.origin == "core" else "stable")
    context.ui.status("Determining", f"latest version of {ident}")
    return Ident(**depot.latest(ident, channel, target, token)["ident"])


def _fetch(context: Context, depot: Depot, ident: Ident, folder: Path, target: str, token: str | None) -> None:
    path = folder / "artifacts" / ident.artifact_name(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    context.ui.status("Downloading", f"{ident} for {target}")
    path.write_bytes(depot.download(ident, token))
    origin, revision = Hart.read(path).header.key_name.rsplit("-", 1)
    KeyCache(folder / "keys").write(depot.key(origin, revision, "public", token))

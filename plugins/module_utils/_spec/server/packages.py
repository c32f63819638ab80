# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec import versions
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Boolean,
    Kind,
    OneOf,
    Path,
    Text,
    VersionRange,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import package_databases as databases
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

PROVIDERS = ("apt", "dpkg", "rpm", "yum", "dnf", "apk", "pacman", "pip", "pip2", "pip3", "npm", "gem")


class Package(Resource):
    """A package of the system (dpkg, rpm, apk, pacman), or of a language (provider pip, npm, gem)."""

    word = "package"
    parameters: t.ClassVar[t.Mapping[str, Kind]] = {"provider": OneOf(*PROVIDERS), "executable": Path()}

    @matcher(
        aliases={"by": "provider", "with_version": "version"},
        joint="in version",
        version=VersionRange(),
        provider=OneOf(*PROVIDERS),
    )
    def be_installed(self, version: t.Any = "", provider: str = "") -> Verdict:
        """The package is installed, in this version (with or without its revision) or within these limits."""
        known, source = self._known(provider)
        package = known.get(self._key(provider))
        if package is None or not package.installed:
            return Verdict(False, lambda: self._absent(known), source)
        passed = not version or any(versions.satisfies(one, version) for one in package.versions)
        return Verdict(passed, f"installed in version {' and '.join(package.versions)}", source)

    @its(Text())
    def version(self) -> str:
        """The installed version, as the package manager writes it."""
        return self._need().version

    @its(Text())
    def architecture(self) -> str:
        """The architecture of the package."""
        return self._need().architecture

    @its(Boolean())
    def installed(self) -> bool:
        """Whether it is installed."""
        package = self._known("")[0].get(self._key(""))
        return package is not None and package.installed

    def _known(self, provider: str) -> tuple[databases.Packages, str]:
        return databases.packages(
            self.world, provider or self.parameter("provider", ""), self.parameter("executable", "")
        )

    def _key(self, provider: str) -> str:
        of_python = (provider or self.parameter("provider", "")).startswith("pip")
        return databases.pip_name(self.name) if of_python else str(self.name)

    def _need(self) -> databases.Package:
        known, source = self._known("")
        package = known.get(self._key(""))
        if package is None or not package.installed:
            raise CannotTell(self._absent(known), source)
        return package

    def _absent(self, known: databases.Packages) -> str:
        if self.name in known and known[self.name].state == "config-files":
            return "removed, only its configuration is left"
        if self.name in known:
            return f"not completely installed, dpkg calls it {known[self.name].state}"
        import difflib

        names = [name for name, package in known.items() if package.installed and ":" not in name]
        similar = difflib.get_close_matches(self.name, names, n=2, cutoff=0.7)
        similar = similar or sorted(name for name in names if name.startswith(self.name))[:2]
        told = ", ".join(f"{name} {known[name].version}" for name in similar)
        return "not installed" + (f"; installed: {told}" if told else "")


RESOURCES = (Package,)

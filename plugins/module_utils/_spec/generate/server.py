# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import difflib
import functools
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate import (
    filesystems,
    kernel,
    network,
    packages,
    people,
    units,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Choice, Fact, Facts, Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.confidential import publishable
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import matching
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.package_databases import Package
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.process import Process
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.sockets import Listener
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing


class Origin(t.NamedTuple):
    """The packages and services that belong to the names of the option from."""

    packages: set[str]
    services: set[str]


def gather(host: Host, choice: Choice) -> tuple[Facts, list[str]]:
    """The facts about what the options choose, and notes about what is left out."""
    notes = Notes()
    return publishable(Server(host, choice, notes).facts(), notes), notes


class Server:
    """Looks at a server. One thing leads to the next: units to packages, their processes to sockets, these to users.
    What several resources need is looked at once, and only if it is needed."""

    def __init__(self, host: Host, choice: Choice, notes: Notes) -> None:
        self.host, self.choice, self.notes = host, choice, notes
        self.origin = self._origin() if choice.origins else Origin(set(), set())

    def facts(self) -> Facts:
        everything: dict[str, t.Callable[[], list[Fact]]] = {
            "package": self._packages,
            "service": lambda: [unit._asdict() for unit in self.services],
            "port": lambda: network.ports(self.host, self.listeners),
            "user": lambda: people.user_facts(self.host, self.users),
            "mount": lambda: filesystems.mount_facts(self.host, self.mount_points),
            "fstab": lambda: filesystems.fstab_facts(self.host, self.mount_points),
            "cron": self._jobs,
            "file": self._files,
            "kernel_parameter": self._parameters,
            "kernel_module": lambda: [] if self.choice.origins else kernel.loaded_modules(self.host),
            "selinux": lambda: [] if self.choice.origins else kernel.selinux(self.host),
        }
        wanted = {*self.choice.resources, *(["fstab"] if "mount" in self.choice.resources else [])}
        return {
            word: self.notes.attempt(word.replace("_", " "), read) or []
            for word, read in everything.items()
            if word in wanted
        }

    @functools.cached_property
    def listed(self) -> dict[str, bool]:
        return self.notes.attempt("services", lambda: units.listed(self.host)) or {}

    @functools.cached_property
    def installed(self) -> dict[str, Package]:
        return self.notes.attempt("packages", lambda: packages.installed(self.host)) or {}

    def _origin(self) -> Origin:
        """What has the names of from, the packages of such services, and all services of those packages."""
        names = set(self.choice.origins)
        for name in sorted(names - set(self.installed) - set(self.listed)):
            similar = difflib.get_close_matches(name, sorted({*self.installed, *self.listed}), n=2, cutoff=0.7)
            told = f"; similar: {listing(similar)}" if similar else ""
            raise CollectionError(f"The option from has '{name}', which is no installed package and no service{told}.")
        services = names.intersection(self.listed)
        found = names.intersection(self.installed) | self._owners(services)
        files = [path for name in sorted(found) for path in packages.files_of(self.host, name)]
        return Origin(found, services | units.names_in(files, self.listed))

    @functools.cached_property
    def services(self) -> list[units.Unit]:
        names = self.choice.pick("service", self.listed, self._common_services, self.origin.services, self.notes)
        if not names:
            return []
        found = self.notes.attempt("services", lambda: units.described(self.host, names)) or []
        if any(unit.running is None for unit in found):
            self.notes.add("services: no service manager runs here, so it is not known which of them run")
        return found

    def _common_services(self) -> list[str]:
        return [name for name, wanted in self.listed.items() if wanted]

    @functools.cached_property
    def processes(self) -> list[Process]:
        """Those of the services that belong to from."""
        if not self.origin.services:
            return []
        return self.notes.attempt("processes", lambda: network.of_services(self.host, self.origin.services)) or []

    @functools.cached_property
    def listeners(self) -> list[Listener]:
        found = self.notes.attempt(
            "ports", lambda: network.chosen_listeners(self.host, self.choice, self.processes, self.notes)
        )
        return found or []

    @functools.cached_property
    def users(self) -> list[str]:
        known = people.all_users()
        serving = self._serving(known)
        return self.choice.pick(
            "user", known, lambda: serving.union(people.shell_users()), serving - {"root"}, self.notes
        )

    def _serving(self, known: t.Mapping[str, int]) -> set[str]:
        """The users that services, and the processes behind ports, run as."""
        numbers: set[int | None]
        named = {unit.user for unit in self.services if not self.choice.origins or unit.name in self.origin.services}
        if self.choice.origins:
            numbers = {network.user_number(self.host, process) for process in self.processes}
        else:
            numbers = network.users_behind(self.host, self.listeners)
        return {name for name, number in known.items() if name in named or (number and number in numbers)}

    @functools.cached_property
    def mount_points(self) -> list[str]:
        known = filesystems.mounted(self.host)
        return self.choice.pick(
            "mount", known, lambda: filesystems.lasting_mounts(self.host, self.notes), (), self.notes
        )

    def _packages(self) -> list[Fact]:
        names = self.choice.pick("package", self.installed, self._common_packages, self.origin.packages, self.notes)
        return [{"name": name, "version": self.installed[name].version} for name in names]

    def _common_packages(self) -> set[str]:
        """What somebody asked for, and what the services come from."""
        asked_for = self.notes.attempt("packages", lambda: packages.asked_for(self.host)) or set()
        names = {unit.name for unit in self.services}
        return asked_for | self._owners(names) | names.intersection(self.installed)

    def _owners(self, services: t.Iterable[str]) -> set[str]:
        """The packages that services come from."""
        paths = [path for name in services for path in units.possible_files(name)]
        return set((self.notes.attempt("packages", lambda: packages.owners(self.host, paths)) or {}).values())

    def _jobs(self) -> list[Fact]:
        return people.cron_jobs(self.host, set(self.users) - {"root"} if self.choice.origins else None, self.notes)

    def _files(self) -> list[Fact]:
        known = [path for pattern in self.choice.patterns["file"] or () for path in matching(self.host, pattern)]
        related = self._own_units | set(packages.conffiles(self.host, self.origin.packages))
        paths = self.choice.pick("file", known, self._changed_files, related, self.notes)
        return filesystems.file_facts(self.host, paths, self.choice.checksums, self.notes)

    def _changed_files(self) -> set[str]:
        changed = self.notes.attempt("configuration files", lambda: packages.changed_conffiles(self.host, self.notes))
        return self._own_units | (changed or set())

    @property
    def _own_units(self) -> set[str]:
        """The units that no package has brought."""
        return {unit.file for unit in self.services if unit.file.startswith(f"{units.OWN_UNITS}/")}

    def _parameters(self) -> list[Fact]:
        configured = kernel.configured_parameters(self.host, self.notes)
        known = kernel.known_parameters(self.host, self.choice.patterns["kernel_parameter"] or ())
        names = self.choice.pick("kernel_parameter", known, lambda: configured, (), self.notes)
        return kernel.parameter_facts(self.host, names, configured, self.notes)

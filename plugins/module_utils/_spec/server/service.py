# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Boolean, Integer, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.service_managers import Services, services
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Skip,
    Verdict,
    its,
    matcher,
)


class ServiceName(Text):
    """systemctl takes more than names: patterns, which would answer for other services."""

    name = "the name of a service (of a template, an instance: name@instance)"

    def check(self, value: t.Any) -> str:
        name = super().check(value)
        if not re.fullmatch(r"[\w:.\\@-]+", name, re.ASCII) or re.search(r"@(\.[a-z]+)?$", name):
            raise self.unfit(value)
        return name


class Service(Resource):
    """A service, as the service manager sees it (systemd, OpenRC, SysV; links to units where none runs)."""

    word = "service"
    name_kind = ServiceName()

    @classmethod
    def prepare(cls, subjects: t.Sequence[tuple[t.Any, t.Mapping[str, t.Any]]], world: t.Any) -> None:
        world.want("units", (name for name, _parameters in subjects))

    @property
    def _services(self) -> Services:
        return services(self.world)

    @property
    def _running_services(self) -> Services:
        if self.world.offline:
            raise Skip("offline")
        return self._services

    def _verdict(self, passed: bool) -> Verdict:
        return Verdict(passed, lambda: self._services.state(self.name), self._services.source)

    @matcher()
    def be_running(self) -> Verdict:
        """The service runs (systemd: active)."""
        return self._verdict(self._running_services.running(self.name))

    @matcher(aliases={"with_level": "level"}, level=Integer(0, 6))
    def be_enabled(self, level: int | None = None) -> Verdict:  # noqa: ARG002
        """The service is started at boot. The run level is accepted for old specs and means nothing to systemd."""
        return self._verdict(self._services.enabled(self.name))

    @matcher()
    def be_installed(self) -> Verdict:
        """The service manager knows the service."""
        return self._verdict(self._services.installed(self.name))

    @matcher()
    def be_masked(self) -> Verdict:
        """The unit is masked, so that nothing can start it."""
        return self._verdict(self._services.masked(self.name))

    @its(Boolean())
    def running(self) -> bool:
        """Whether it runs."""
        return self._running_services.running(self.name)

    @its(Boolean())
    def enabled(self) -> bool:
        """Whether it is started at boot."""
        return self._services.enabled(self.name)

    @its()
    def property_(self) -> dict[str, str]:
        """All properties of the systemd unit, such as property.Restart."""
        return self._unit

    @its(Text())
    def load_state(self) -> str:
        """LoadState of the unit."""
        return self._running_services.properties(self.name)["LoadState"]

    @its(Text())
    def active_state(self) -> str:
        """ActiveState of the unit."""
        return self._running_services.properties(self.name)["ActiveState"]

    @its(Text())
    def sub_state(self) -> str:
        """SubState of the unit."""
        return self._running_services.properties(self.name)["SubState"]

    @its(Text())
    def unit_file_state(self) -> str:
        """UnitFileState of the unit."""
        return self._unit.get("UnitFileState", "")

    @its(Integer())
    def main_pid(self) -> int:
        """The process id of the main process; 0 when there is none."""
        return int(self._unit.get("MainPID") or 0)

    @its(Text())
    def user(self) -> str:
        """The user that the unit names; root when it names none."""
        return self._unit.get("User") or "root"

    @property
    def _unit(self) -> dict[str, str]:
        unit = self._running_services.properties(self.name)
        if unit["LoadState"] == "not-found":
            raise CannotTell(self._services.state(self.name), "systemctl show")
        return unit


RESOURCES = (Service,)

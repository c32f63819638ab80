# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Boolean, Integer, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.service_managers import Services, services
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)


class Service(Resource):
    """A service, as the service manager sees it (systemd, OpenRC, SysV; links to units where none runs)."""

    word = "service"

    @classmethod
    def prepare(cls, subjects: t.Sequence[tuple[t.Any, t.Mapping[str, t.Any]]], world: t.Any) -> None:
        world.want("units", (name for name, _parameters in subjects))

    @property
    def _services(self) -> Services:
        return services(self.world)

    def _verdict(self, passed: bool) -> Verdict:
        return Verdict(passed, lambda: self._services.state(self.name), self._services.source)

    @matcher()
    def be_running(self) -> Verdict:
        """The service runs (systemd: active)."""
        return self._verdict(self._services.running(self.name))

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
        return self._services.running(self.name)

    @its(Boolean())
    def enabled(self) -> bool:
        """Whether it is started at boot."""
        return self._services.enabled(self.name)

    @its()
    def property(self) -> dict[str, str]:
        """All properties of the systemd unit, such as property.Restart."""
        return self._services.properties(self.name)

    @its(Text())
    def load_state(self) -> str:
        """LoadState of the unit."""
        return self._of_unit("LoadState")

    @its(Text())
    def active_state(self) -> str:
        """ActiveState of the unit."""
        return self._of_unit("ActiveState")

    @its(Text())
    def sub_state(self) -> str:
        """SubState of the unit."""
        return self._of_unit("SubState")

    @its(Text())
    def unit_file_state(self) -> str:
        """UnitFileState of the unit."""
        return self._of_unit("UnitFileState")

    @its(Integer())
    def main_pid(self) -> int:
        """The process id of the main process; 0 when there is none."""
        return int(self._of_unit("MainPID") or 0)

    @its(Text())
    def user(self) -> str:
        """The user that the unit names; root when it names none."""
        return self._of_unit("User") or "root"

    def _of_unit(self, name: str) -> str:
        known = self._services.properties(self.name)
        if name not in known:
            raise CannotTell(f"the unit has no property {name}, only {listing(known)}", "systemctl show")
        return known[name]


RESOURCES = (Service,)

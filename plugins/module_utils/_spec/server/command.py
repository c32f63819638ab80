# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Boolean,
    Integer,
    Kind,
    ListOf,
    Map,
    Number,
    Path,
    Text,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Done
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import shown
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Resource, Skip, its


class Command(Resource):
    """A command for the shell, or a list of words under argv. It runs once, however often it is looked at."""

    word = "command"
    slow = True
    name_can_be_secret = True
    instead_of_name = ("argv",)
    parameters: t.ClassVar[t.Mapping[str, Kind]] = {
        "argv": ListOf(Text()),
        "timeout": Number(),
        "environment": Map(Text()),
        "cwd": Path(),
        "stdin": Text(),
        "check_mode_safe": Boolean(),
    }

    @classmethod
    def label(cls, name: t.Any, parameters: t.Mapping[str, t.Any]) -> str:
        return f"command {shown(name or ' '.join(parameters.get('argv', ())))}"

    @its(Integer())
    def exit_status(self) -> int:
        """The exit status."""
        return self._done.exit_status

    @its(Text())
    def stdout(self) -> str:
        """The output, without the end of its last line."""
        return _without_last_newline(self._done.stdout)

    @its(Text())
    def stderr(self) -> str:
        """The error output, without the end of its last line."""
        return _without_last_newline(self._done.stderr)

    @its(ListOf(Text()))
    def stdout_lines(self) -> list[str]:
        """The output as lines."""
        return self._done.stdout.splitlines()

    @its()
    def stdout_as_json(self) -> t.Any:
        """The output read as JSON."""
        try:
            return json.loads(self._done.stdout)
        except ValueError as error:
            raise CannotTell(f"the output is not JSON: {error}") from None

    @property
    def _done(self) -> Done:
        if self.world.read_only:
            raise CannotTell("read_only forbids commands")
        if self.world.check_mode and not self.parameter("check_mode_safe", False):
            raise Skip("check mode")
        command = self.parameter("argv") or ["/bin/sh", "-c", self.name]
        settings = {
            key: value for key, value in self.parameters_given.items() if key not in ("argv", "check_mode_safe")
        }
        key = ("command", tuple(command), json.dumps(settings, sort_keys=True))
        return t.cast(Done, self.world.once(key, lambda: self.world.run(command, **settings)))


def _without_last_newline(text: str) -> str:
    return text[:-1] if text.endswith("\n") else text


RESOURCES = (Command,)

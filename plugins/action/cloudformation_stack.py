# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError, AnsibleFileNotFound

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.plugin_utils._progress import ProgressAction

MODULE = "containerci.aws.cloudformation_stack"


class ActionModule(ProgressAction):
    """Reads the template on the controller and shows the events of the stack."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        if arguments.get("template") and not arguments.get("template_body"):
            try:
                arguments["template_body"] = self._read(str(arguments.pop("template")))
            except CollectionError as error:
                return {**result, "failed": True, "msg": error.message}
        result.update(self.run_with_progress(MODULE, arguments, task_vars or {}))
        return result

    def _read(self, name: str) -> str:
        try:
            path = self._loader.get_real_file(self._find_needle("files", name))
            with open(path, encoding="utf-8") as stream:
                return stream.read()
        except AnsibleFileNotFound as error:
            raise CollectionError(f"The template {name} was not found in {_places(error)}.") from None
        except (AnsibleError, OSError, UnicodeDecodeError) as error:
            raise CollectionError(f"The template {name} cannot be read: {error}") from None


def _places(error: Exception) -> str:
    """Where Ansible looked: it lists one place per indented line, some of them twice."""
    lines = [line.split(" on the Ansible Controller")[0] for line in str(error).splitlines() if line.startswith("\t")]
    return ", ".join(dict.fromkeys(line.strip() for line in lines)) or "the usual places"

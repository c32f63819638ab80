# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.plugin_utils._progress import ProgressAction


class ActionModule(ProgressAction):
    """Shows what happens in the execution that the task releases."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        result.update(self.run_with_progress("containerci.aws.codepipeline_stage", arguments, task_vars or {}))
        return result

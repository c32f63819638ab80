# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import tempfile
import threading
import typing as t

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.containerci.aws.plugins.module_utils._core import progress

_PAUSE = 0.2
_COLOURS = {
    "ok": "COLOR_OK",
    "failed": "COLOR_ERROR",
    "note": "COLOR_VERBOSE",
    "detail": "COLOR_VERBOSE",
    "running": None,
}


class Tail:
    """Shows the lines of the progress file while the module writes them."""

    def __init__(self, path: str, show: t.Callable[[str, str], None]) -> None:
        self._path = path
        self._show = show
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Tail:
        self._thread.start()
        return self

    def __exit__(self, *_ignored: object) -> None:
        self._done.set()
        self._thread.join(timeout=5)

    def _follow(self) -> None:
        rest = ""
        with open(self._path, encoding="utf-8") as stream:
            while True:
                last_round = self._done.is_set()
                rest = self._show_lines(rest + stream.read())
                if last_round:
                    return
                self._done.wait(_PAUSE)

    def _show_lines(self, text: str) -> str:
        """Show the complete lines; the rest is still being written."""
        *lines, rest = text.split("\n")
        for line in lines:
            entry = progress.parse(line)
            if entry:
                self._show(*entry)
        return rest


def show(text: str, outcome: str) -> None:
    if outcome == "detail" and not Display().verbosity:
        return
    setting = _COLOURS.get(outcome)
    Display().display(f"  {text}", color=getattr(constants, setting) if setting else None)


class ProgressAction(ActionBase):
    """Runs a module of the collection and shows its progress, if the module runs on the controller."""

    # Ansible 2.18 does not know that the plugin supports these without being told.
    _supports_check_mode = True
    _supports_async = True

    def run_with_progress(
        self, name: str, arguments: dict[str, t.Any], task_vars: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        asynchronous = bool(self._task.async_val)
        if asynchronous or self._connection.transport != "local":
            return self._module(name, arguments, task_vars, asynchronous)
        handle, path = tempfile.mkstemp(prefix="containerci-aws-", suffix=".progress")
        os.close(handle)
        environment = self._task.environment
        self._task.environment = [*(environment or []), {progress.VARIABLE: path}]
        try:
            with Tail(path, show):
                return self._module(name, arguments, task_vars, False)
        finally:
            self._task.environment = environment
            os.unlink(path)

    def _module(
        self, name: str, arguments: dict[str, t.Any], task_vars: dict[str, t.Any], asynchronous: bool
    ) -> dict[str, t.Any]:
        result: dict[str, t.Any] = self._execute_module(
            module_name=name, module_args=arguments, task_vars=task_vars, wrap_async=asynchronous
        )
        return result


class ModuleWithProgress(ProgressAction):
    """For a module that needs nothing of the controller but that its progress is shown."""

    TRANSFERS_FILES = False
    MODULE = ""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        result.update(self.run_with_progress(self.MODULE, dict(self._task.args), task_vars or {}))
        return result

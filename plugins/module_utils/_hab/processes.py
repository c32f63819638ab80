# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import Done

_GRACE = 3.0


class TooLate(Exception):
    """The command was ended, with everything that it had started."""


def run(
    command: t.Sequence[str],
    environment: t.Mapping[str, str],
    timeout: float,
    stdin: str = "",
    cwd: str | None = None,
) -> Done:
    """Run a command to its end in a process group of its own; its input ends after stdin, so that it cannot ask."""
    pipe = subprocess.PIPE
    with subprocess.Popen(  # pylint: disable=ansible-bad-function
        list(command), stdin=pipe, stdout=pipe, stderr=pipe, env=dict(environment), cwd=cwd, start_new_session=True
    ) as process:
        try:
            stdout, stderr = process.communicate(stdin.encode(), timeout or None)
        except subprocess.TimeoutExpired:
            _end(process)
            raise TooLate from None
        except BaseException:
            _signal(process, signal.SIGKILL)
            raise
    return Done("", process.returncode, _decoded(stdout), _decoded(stderr))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to end, and make it end: a build may have mounts to undo."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _decoded(output: bytes) -> str:
    return output.decode("utf-8", "replace")

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a script runs: in bash on this machine, or in the container that stands for the instance.

As the agent of AWS does, a script becomes a file that is executed, so that its first line counts.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ...processes import Process

MARK = "EMBEDDED_AWS_COMMAND"
#: writes the script from the standard input to the file $1 and becomes it, in the folder $2
RUN = (
    'mkdir -p "${1%/*}" && cat >"$1" && chmod 700 "$1" || exit;'
    ' [[ ! $2 ]] || cd "$2" || exit; exec bash -c "$1" </dev/null'
)
#: ends every process whose environment has the mark $1
END = 'for file in $(grep -lzxF "$1" /proc/[0-9]*/environ 2>/dev/null); do kill -KILL "${file//[!0-9]/}"; done'


@dataclass
class Script:
    """A script on its way: folder is where it runs, or empty for the home of the instance."""

    text: str
    path: str
    folder: str
    environment: dict[str, str]
    mark: str


class Local:
    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, script: Script) -> Process:
        own = {"HOME": str(self.home), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
        command = ["bash", "-c", RUN, "bash", f"{self.home}{script.path}", script.folder]
        environment = {**own, **script.environment, MARK: script.mark}
        return Process(command, environment, self.home, given=script.text.encode())


class InBox(Process):
    """Ending the client of Docker does not end what runs in the container."""

    container = mark = ""

    def stop(self) -> None:
        command = ["docker", "exec", self.container, "bash", "-c", END, "bash", self.mark]
        subprocess.run(command, check=False, capture_output=True, timeout=30)
        super().stop()


class Box:
    """A Docker container. It must have bash and GNU grep, and be able to reach the port of the embedded AWS."""

    def __init__(self, container: str) -> None:
        self.container = container

    def start(self, script: Script) -> Process:
        environment = {**script.environment, MARK: script.mark}
        # -e with a name alone takes the value from the client's environment: nothing shows in a process list
        options = [part for name in environment for part in ("-e", name)]
        command = ["docker", "exec", "-i", *options, self.container, "bash", "-c", RUN, "bash"]
        client = {**os.environ, **environment}
        process = InBox([*command, script.path, script.folder], client, Path("/"), given=script.text.encode())
        process.container, process.mark = self.container, f"{MARK}={script.mark}"
        return process

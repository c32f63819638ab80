# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import shutil
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab import processes
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import Done, HabError

#: variables with which an engine and its clients find each other
VARIABLES = (
    "CONTAINERS_STORAGE_CONF",
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "XDG_RUNTIME_DIR",
)
_INSPECT = {
    "docker": ["image", "inspect", "--format", "{{.Id}}"],
    "buildah": ["inspect", "--type", "image", "--format", "{{.FromImageID}}"],
}
_NOT_THERE = re.compile(r"no such (image|object)|not known|image not found|unable to find", re.IGNORECASE)


class Engine:
    """The program that keeps container images: docker or buildah."""

    def __init__(self, name: str, environ: t.Mapping[str, str], timeout: float) -> None:
        self.name = name
        self.variables = {name: environ[name] for name in VARIABLES if environ.get(name)}
        self._environment = {name: environ[name] for name in ("PATH", "HOME", *VARIABLES) if environ.get(name)}
        self._timeout = timeout
        self._program = shutil.which(name, path=environ.get("PATH", os.defpath))

    def image(self, reference: str) -> str:
        """The ID of an image, empty when there is none of this name."""
        done = self._run(*_INSPECT[self.name], reference)
        if done.rc == 0:
            return done.stdout.strip()
        if _NOT_THERE.search(done.stderr):
            return ""
        raise HabError(f"{self.name} cannot tell about {reference}: {' '.join(done.stderr.split())}", "engine")

    def tag(self, image: str, reference: str) -> None:
        done = self._run("tag", image, reference)
        if done.rc:
            raise HabError(f"{self.name} cannot tag {reference}: {' '.join(done.stderr.split())}", "engine")

    def _run(self, *words: str) -> Done:
        if not self._program:
            raise HabError(
                f"The program {self.name} was not found in PATH; install it, or use another engine.", "engine"
            )
        try:
            return processes.run([self._program, *words], self._environment, self._timeout)
        except processes.TooLate:
            raise HabError(
                f"{self.name} did not answer within {self._timeout:g} s (option timeout).", "timeout"
            ) from None

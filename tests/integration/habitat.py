# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with the double of hab and a Builder, on which the modules hab_* run."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from integration.modules import ModuleFailed, result_of

from fake_hab.testing import HabBox


class HabHost:
    """The double, its depot and its Builder over HTTP; run() runs a module there."""

    def __init__(self, box: HabBox, url: str) -> None:
        self.box = box
        self.url = url
        self.depot = box.depot
        self.environment = {"FS_ROOT": str(box.root), "HOME": str(box.folder), "PATH": os.environ["PATH"]}

    def run(self, name: str, /, check: bool = False, diff: bool = True, **params: t.Any) -> dict[str, t.Any]:
        base = {"executable": str(self.box.executable), "bldr_url": self.url, "accept_license": True, "timeout": 30}
        return result_of(name, check, diff, {**base, **params}, self.environment)

    def fails(self, name: str, /, **params: t.Any) -> dict[str, t.Any]:
        """The result of a module that has to fail."""
        with pytest.raises(ModuleFailed) as caught:
            self.run(name, **params)
        return t.cast("dict[str, t.Any]", caught.value.result)

    @property
    def keys(self) -> Path:
        return self.box.hab / "cache" / "keys"

    def writes(self) -> list[str]:
        """The commands that were run, without those that only read, and without what follows their first options."""
        reading = ("pkg list", "pkg info", "--version")
        return [command for command in self.box.commands() if not command.startswith(reading)]


@pytest.fixture
def host(tmp_path: Path) -> t.Iterator[HabHost]:
    box = HabBox(tmp_path)
    with box.server() as url:
        yield HabHost(box, url)

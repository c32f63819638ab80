# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The double of the container engines knows what was exported, and refuses what it does not do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parent.parent / "container_engine"
INSPECT = {
    "docker": ["image", "inspect", "--format", "{{.Id}}"],
    "buildah": ["inspect", "--type", "image", "--format", "{{.FromImageID}}"],
}


@pytest.mark.parametrize("name", ["docker", "buildah"])
def test_images_and_tags(tmp_path: Path, name: str) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    shutil.copy(PROGRAM, tools / name)
    (tmp_path / "last_container_export.env").write_text("id=sha256:a\nname_tags=acme/web:1,acme/web:latest\n")

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run([str(tools / name), *words], capture_output=True, text=True)
        return done.returncode, done.stdout.strip()

    assert run(*INSPECT[name], "acme/web:1") == (0, "sha256:a")
    assert run(*INSPECT[name], "acme/web:2") == (1, "")
    assert run("tag", "acme/web:9", "acme/web:2") == (1, "")
    assert run("tag", "acme/web:1", "acme/web:2") == (0, "")
    assert run(*INSPECT[name], "acme/web:2") == (0, "sha256:a")
    assert run("push", "acme/web:1") == (70, "")
    (tmp_path / "engine-is-down").touch()
    assert run(*INSPECT[name], "acme/web:1") == (1, "")

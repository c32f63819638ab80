# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer with the double and a depot."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_hab.testing import HabBox

TOKEN = "administrator-token"


class Host:
    """Runs hab and looks at what it says."""

    def __init__(self, box: HabBox) -> None:
        self.box = box
        self.depot = box.depot

    def __call__(
        self, *words: object, code: int = 0, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command and demand its exit status."""
        result = self.box.run(*map(str, words), stdin=stdin, **environment)
        assert result.returncode == code, result.stdout + result.stderr
        return result

    def out(self, *words: object, **rest: t.Any) -> str:
        return self(*words, **rest).stdout

    def err(self, *words: object, **rest: t.Any) -> str:
        return self(*words, **rest).stderr

    def install(self, *words: object, channel: str = "stable", **rest: t.Any) -> str:
        return self.out("pkg", "install", *words, "--channel", channel, **rest)


@pytest.fixture
def box(tmp_path: Path) -> HabBox:
    return HabBox(tmp_path, NOW="20250101000000")


@pytest.fixture
def hab(box: HabBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.chdir(tmp_path)
    return Host(box)

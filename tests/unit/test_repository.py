# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Promises of the repository as a whole that a reader or packager would miss."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]

# Data, texts and generated files, which cannot or need not carry a licence line.
UNMARKED = {".json", ".md", ".png", ".svg"}
UNMARKED_NAMES = {"LICENSE", ".gitignore", "changelog.yaml"}

MACHINE_PATH = re.compile(rf"{re.escape(str(ROOT))}\b|{re.escape(str(Path.home()))}/\.(?!ssh/authorized_keys)")
REGISTRY_HOST = re.compile(r"https?://[^/\s]*\b(?:debian|npmjs|pypi|pythonhosted)\.|--(?:extra-)?index-url")


def project_files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        return []
    return [ROOT / name for name in sorted(set(filter(None, names))) if (ROOT / name).is_file()]


FILES = project_files()
pytestmark = pytest.mark.skipif(not FILES, reason="this is not a git checkout")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in FILES:
        data = path.read_bytes()
        if data and b"\0" not in data[:8000] and path != Path(__file__).resolve():
            found.append((str(path.relative_to(ROOT)), data.decode("utf-8", errors="replace")))
    return found


def test_every_source_file_names_its_licence() -> None:
    def needs_mark(name: str) -> bool:
        path = Path(name)
        ignores = path.parent.name == "sanity" and path.suffix == ".txt"
        return not ignores and path.suffix not in UNMARKED and path.name not in UNMARKED_NAMES

    assert not [name for name, text in texts() if needs_mark(name) and "SPDX-License-Identifier: " not in text[:2000]]


@pytest.mark.parametrize(
    "pattern", [pytest.param(MACHINE_PATH, id="path of one machine"), pytest.param(REGISTRY_HOST, id="registry host")]
)
def test_nothing_points_to_one_machine_or_registry(pattern: re.Pattern[str]) -> None:
    hits = [(name, match[0]) for name, text in texts() if name != "LICENSE" for match in pattern.finditer(text)]
    assert not hits


def test_molecule_finds_the_scenarios_through_a_relative_link() -> None:
    assert os.readlink(ROOT / "extensions" / "molecule") == "../molecule"


@pytest.mark.parametrize("group", ["aws", "hab", "jenkins"])
def test_every_module_with_the_options_of_a_group_is_in_it(group: str) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    members = {entry for entry in runtime["action_groups"][group] if isinstance(entry, str)}
    modules = (ROOT / "plugins" / "modules").glob("*.py")
    assert members == {path.stem for path in modules if f"  - containerci.aws._{group}\n" in path.read_text()}


def hosts_of(playbook: Path) -> set[str]:
    plays = yaml.safe_load(playbook.read_text())
    return {play["hosts"] for play in plays if isinstance(play, dict) and "hosts" in play}


def test_every_play_of_a_scenario_has_hosts_in_the_inventory() -> None:
    """A play whose hosts are not in the inventory would be skipped, and its scenario would pass."""

    def names(group: str, content: dict[str, Any]) -> set[str]:
        below = [names(child, part or {}) for child, part in content.get("children", {}).items()]
        return {group, *content.get("hosts", {})}.union(*below)

    inventory = yaml.safe_load((ROOT / "molecule" / "inventory.yml").read_text())
    known = names("all", inventory["all"])
    plays = {path: hosts_of(path) for path in ROOT.glob("molecule/*/*.yml") if path.name != "molecule.yml"}
    assert plays
    assert not {str(path): hosts - known for path, hosts in plays.items() if hosts - known}

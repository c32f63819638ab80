#!/usr/bin/env python3
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of jenkins-plugin-cli: takes exact versions only, knows a few plugins, writes files with their version."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from fake_jenkins.plugins import newer
from fake_jenkins.settings import Settings

PIN = re.compile(r"([A-Za-z0-9._-]+):([A-Za-z0-9._-]+)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="jenkins-plugin-cli")
    parser.add_argument("--plugin-file", "-f", type=Path, required=True)
    parser.add_argument("--plugin-download-directory", "-d", type=Path, default=Path("/usr/share/jenkins/ref/plugins"))
    parser.add_argument("--clean-download-directory", action="store_true")
    parser.add_argument("--latest", choices=["true", "false"], default="true")
    given = parser.parse_args()
    if given.plugin_file.suffix not in (".txt", ".yaml", ".yml") or not given.plugin_file.is_file():
        sys.exit(f"Unknown file type for plugins file {given.plugin_file}")
    site, wanted = Settings().site, {}
    for line in given.plugin_file.read_text().split():
        pin = PIN.fullmatch(line)
        if not pin or pin.group(1) not in site or newer(pin.group(2), site[pin.group(1)]["version"]):
            sys.exit(f"Unable to retrieve plugin {line}")
        wanted[pin.group(1)] = pin.group(2)
    if given.clean_download_directory:
        for old in given.plugin_download_directory.iterdir():
            old.unlink()
    for name in list(wanted):
        for dependency, minimum in site[name].get("dependencies", {}).items():
            wanted.setdefault(dependency, site[dependency]["version"] if given.latest == "true" else minimum)
    for name, version in wanted.items():
        (given.plugin_download_directory / f"{name}.jpi").write_text(version)
    print(f"Done: {len(wanted)} plugins")


if __name__ == "__main__":
    main()

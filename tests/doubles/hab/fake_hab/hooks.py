# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Hooks of packages, which are really run."""

from __future__ import annotations

import subprocess

from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.store import Package

STATUS = "INSTALL_HOOK_STATUS"


def run_install_hook(context: Context, package: Package) -> None:
    """Run it unless it has succeeded before."""
    if package.text(STATUS) == "0" or not (package.path / "hooks" / "install").is_file():
        return
    code = _run(context, package, "install")
    (package.path / STATUS).write_text(f"{code}\n")
    if code:
        raise Failure(f"install hook exited with exit code {code}", code)


def run_uninstall_hook(context: Context, package: Package) -> None:
    if not (package.path / "hooks" / "uninstall").is_file():
        return
    code = _run(context, package, "uninstall")
    if code:
        raise Failure(f"uninstall hook exited with exit code {code}", code)


def _run(context: Context, package: Package, name: str) -> int:
    hook = package.path / "hooks" / name
    result = subprocess.run(
        [str(hook)], cwd=package.path, env=context.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    for line in (result.stdout + result.stderr).splitlines():
        context.ui.line(f"{package.ident.name} hook[{name}]:(HK): {line}")
    return result.returncode

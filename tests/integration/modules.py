# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in a Python process of its own, as Ansible does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LAUNCHER = """
import importlib, json, sys
request = json.loads(sys.argv[1])
sys.path.insert(0, request["tree"])
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": request["arguments"]}).encode()
basic._ANSIBLE_PROFILE = "legacy"
importlib.import_module("ansible_collections.containerci.aws.plugins.modules." + request["module"]).main()
"""


class ModuleFailed(Exception):
    """The module said that it failed; result is what it said."""

    def __init__(self, result: dict[str, t.Any]) -> None:
        super().__init__(result.get("msg"))
        self.result = result


def result_of(
    name: str, check: bool, diff: bool, params: dict[str, t.Any], environment: dict[str, str]
) -> dict[str, t.Any]:
    arguments = {**params, "_ansible_check_mode": check, "_ansible_diff": diff, "_ansible_remote_tmp": "/tmp"}
    request = {"module": name, "tree": str(ROOT / ".ansible" / "tree"), "arguments": arguments}
    command = [sys.executable, "-c", LAUNCHER, json.dumps(request)]
    done = subprocess.run(command, env={**clean_environment(), **environment}, capture_output=True, text=True)
    try:
        result = t.cast("dict[str, t.Any]", json.loads(done.stdout))
    except ValueError:
        raise AssertionError(f"{name} printed no result: {done.stdout}{done.stderr}") from None
    if result.get("failed"):
        raise ModuleFailed(result)
    return result


def clean_environment() -> dict[str, str]:
    """The environment without anything that could point at a real account."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "BOTO", "ANSIBLE_"))}

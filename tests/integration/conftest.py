# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What integration tests share: an embedded AWS, and modules and playbooks run against it as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "doubles" / "aws"))

from embedded_aws.fixtures import aws, server  # noqa: E402, F401
from embedded_aws.testing import EmbeddedAws  # noqa: E402

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


@pytest.fixture
def run_module(aws: EmbeddedAws) -> t.Callable[..., dict[str, t.Any]]:
    """Runs a module of the collection in a Python process of its own; raises ModuleFailed when it fails."""

    def run(name: str, check: bool = False, diff: bool = False, **params: t.Any) -> dict[str, t.Any]:
        arguments = {**params, "_ansible_check_mode": check, "_ansible_diff": diff, "_ansible_remote_tmp": "/tmp"}
        request = {"module": name, "tree": str(ROOT / ".ansible" / "tree"), "arguments": arguments}
        environment = {**_clean_environment(), **aws.environment}
        done = subprocess.run(
            [sys.executable, "-c", LAUNCHER, json.dumps(request)], env=environment, capture_output=True, text=True
        )
        try:
            result = json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"{name} printed no result: {done.stdout}{done.stderr}") from None
        if result.get("failed"):
            raise ModuleFailed(result)
        return result

    return run


@pytest.fixture
def start_playbook(aws: EmbeddedAws) -> t.Callable[..., subprocess.Popen[str]]:
    """Starts ansible-playbook against the embedded AWS; keyword arguments are extra variables."""

    def start(
        playbook: str, *options: str, environment: dict[str, str] | None = None, **variables: t.Any
    ) -> subprocess.Popen[str]:
        command = [
            str(Path(sys.executable).parent / "ansible-playbook"),
            playbook,
            *options,
            "-e",
            json.dumps(variables),
        ]
        settings = {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".ansible" / "tree"),
            "ANSIBLE_NOCOLOR": "1",
        }
        everything = {**_clean_environment(), **settings, **aws.environment, **(environment or {})}
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=everything,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return start


@pytest.fixture
def run_playbook(start_playbook: t.Callable[..., subprocess.Popen[str]]) -> t.Callable[..., tuple[int, str]]:
    """Runs ansible-playbook to its end; returns exit status and output."""

    def run(playbook: str, *options: str, **variables: t.Any) -> tuple[int, str]:
        process = start_playbook(playbook, *options, **variables)
        output = process.communicate(timeout=300)[0]
        return process.returncode, output

    return run


def _clean_environment() -> dict[str, str]:
    """The environment without anything that could point at a real account."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "BOTO", "ANSIBLE_"))}

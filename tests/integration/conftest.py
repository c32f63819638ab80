# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What integration tests share: an embedded AWS, and modules and playbooks run against it as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "doubles" / name) for name in ("aws", "hab", "jenkins")]

from integration.habitat import host  # noqa: E402, F401
from integration.modules import clean_environment, result_of  # noqa: E402

from embedded_aws.fixtures import aws, server  # noqa: E402, F401
from embedded_aws.testing import EmbeddedAws  # noqa: E402
from fake_jenkins.server import FakeJenkins  # noqa: E402


@pytest.fixture
def run_module(aws: EmbeddedAws) -> t.Callable[..., dict[str, t.Any]]:
    """Runs a module of the collection in a Python process of its own; raises ModuleFailed when it fails."""

    def run(name: str, /, check: bool = False, diff: bool = False, **params: t.Any) -> dict[str, t.Any]:
        return result_of(name, check, diff, params, aws.environment)

    return run


@pytest.fixture
def jenkins() -> t.Iterator[FakeJenkins]:
    """The double of a controller, ready."""
    with FakeJenkins() as double:
        double.until_ready()
        yield double


@pytest.fixture
def run_jenkins(jenkins: FakeJenkins) -> t.Callable[..., dict[str, t.Any]]:
    """Runs a module against the double, as its administrator unless other credentials are given."""

    def run(name: str, /, check: bool = False, diff: bool = False, **params: t.Any) -> dict[str, t.Any]:
        login = {} if "user" in params else {"user": "admin", "token": "admin-token"}
        return result_of(name, check, diff, {"url": jenkins.url, **login, **params}, {})

    return run


@pytest.fixture
def start_playbook(aws: EmbeddedAws) -> t.Callable[..., subprocess.Popen[str]]:
    """Starts ansible-playbook against the embedded AWS; keyword arguments are extra variables."""

    def start(
        playbook: str,
        *options: str,
        environment: dict[str, str] | None = None,
        stdout: t.Any = subprocess.PIPE,
        **variables: t.Any,
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
        everything = {**clean_environment(), **settings, **aws.environment, **(environment or {})}
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=everything,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
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

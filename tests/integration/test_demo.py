# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo as a newcomer runs it."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(script: str, *arguments: str, **variables: str) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    done = subprocess.run(
        [str(ROOT / "scripts" / script), *arguments],
        env={**clean, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_demo_builds_everything_and_the_second_run_changes_nothing():
    port = free_port()
    try:
        # Real-looking credentials must not be used: the embedded AWS knows only its own.
        status, output = run("demo", AWS_PORT=port, AWS_ACCESS_KEY_ID="AKIAREALREALREALREAL", AWS_PROFILE="production")
    finally:
        run("embedded_aws", "stop", "--port", port)
    assert status == 0, output
    assert "PublicJenkinsURL" in output
    first, second = [line for line in output.splitlines() if line.startswith("localhost ") and "changed=" in line]
    assert "changed=0" not in first
    assert "changed=0" in second


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ENDPOINT_URL_CLOUDFORMATION", "https://cloudformation.us-east-1.amazonaws.com"),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ("EC2_URL", "https://ec2.us-east-1.amazonaws.com"),
    ],
)
def test_the_demo_refuses_what_could_lead_it_to_a_real_account(name, value):
    status, output = run("demo", AWS_PORT=free_port(), **{name: value})
    assert status == 1
    assert f"these variables could lead it elsewhere: {name}" in output
    assert "PLAY" not in output

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens and passwords of Jenkins are seen nowhere: not in the most talkative output, not among the processes."""

from __future__ import annotations

import json
import subprocess
import typing as t
from pathlib import Path

import pytest

from fake_jenkins.server import FakeJenkins
from fake_jenkins.settings import User

CANARY = "canary-6f1e9c0b"
CLOUD = {
    "name": "ecs-cloud",
    "cluster": "builds",
    "region": "eu-west-1",
    "templates": [{"template_name": "t", "memory": 1, "environments": [{"name": "API_TOKEN", "value": CANARY}]}],
}
TASKS: list[dict[str, t.Any]] = [
    {"containerci.aws.jenkins_plugins": {"plugins": [{"name": "git"}]}},
    {"containerci.aws.ecs_jenkins_cloud": CLOUD},
    {"containerci.aws.jenkins_configuration": {"state": "checked", "documents": [{}]}},
    {"containerci.aws.jenkins_freestyle_job": {"name": "sample"}},
    {"containerci.aws.jenkins_build_run": {"job": "sample", "wait_timeout": 60}},
    {"containerci.aws.jenkins_build_run": {"job": "no-such-job"}, "ignore_errors": True},
]


def seen_among_processes(process: subprocess.Popen[str]) -> list[str]:
    """The command lines that held the canary while the process ran."""
    found = set()
    while process.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes()
            except OSError:
                continue
            if CANARY.encode() in line:
                found.add(line.decode(errors="replace"))
    return sorted(found)


@pytest.mark.parametrize("kind", ["token", "password"])
def test_secrets_are_seen_nowhere(
    kind: str, jenkins: FakeJenkins, tmp_path: Path, start_playbook: t.Callable[..., subprocess.Popen[str]]
) -> None:
    jenkins.settings.users["admin"] = User(**{kind: CANARY})
    login = {"url": jenkins.url, "user": "admin", kind: CANARY}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/containerci.aws.jenkins": login},
        "tasks": TASKS,
    }
    playbook = tmp_path / "play.yml"
    playbook.write_text(json.dumps([play]))
    output = tmp_path / "output"
    with output.open("w") as stream:
        process = start_playbook(str(playbook), "-vvv", "--diff", stdout=stream)
        assert seen_among_processes(process) == []
    text = output.read_text()
    assert process.returncode == 0, text.replace(CANARY, "CANARY")
    assert CANARY not in text

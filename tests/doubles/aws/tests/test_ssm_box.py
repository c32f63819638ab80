# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container that stands for an instance: with a stand-in for the client of Docker, and with Docker itself."""

from __future__ import annotations

import json
import os
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from embedded_aws.pipelines import eventually
from embedded_aws.services.ssm.shells import Box, Script

IMAGE = "containerci/debian-systemd:bookworm"
# What docker exec does, but on this machine: it notes its arguments, drops its options and the container's name.
CLIENT = """#!/bin/bash
printf '%s\\n' "$@" >>"$0.log"
[[ $1 == exec ]] || exit 125
shift
while [[ $1 == -* ]]; do
    if [[ $1 == -e ]]; then shift; fi
    shift
done
shift
exec "$@"
"""


def has_image() -> bool:
    try:
        return subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def client(tmp_path, monkeypatch) -> Path:
    program = tmp_path / "docker"
    program.write_text(CLIENT)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program


def script(folder: Path, text: str, **environment: str) -> Script:
    (folder / "here").mkdir()
    return Script(text, f"{folder}/work/_script.sh", str(folder / "here"), environment, str(uuid.uuid4()))


def test_a_script_reaches_the_box_as_a_file_and_no_secret_shows(client, tmp_path):
    wanted = script(tmp_path, "#!/bin/bash\nset -eu\npwd; echo $TOKEN; cat\n", TOKEN="canary")
    result = Box("build-box").start(wanted).wait(10)
    assert (result.code, result.output.decode()) == (0, f"{tmp_path}/here\ncanary\n")
    arguments = Path(f"{client}.log").read_text()
    assert "build-box" in arguments
    assert "canary" not in arguments
    assert "set -eu" not in arguments


def test_a_script_in_the_box_is_ended_with_all_that_left_its_session(client, tmp_path):
    late = tmp_path / "late"
    wanted = script(tmp_path, f"setsid bash -c 'sleep 1; touch {late}' & echo begun; sleep 60\n")
    process = Box("build-box").start(wanted)
    started = time.monotonic()
    result = process.wait(0.5)
    assert (result.timed_out, result.output) == (True, b"begun\n")
    assert time.monotonic() - started < 5
    time.sleep(1)
    assert not late.exists()


@pytest.fixture
def container() -> Any:
    name = f"embedded-aws-box-{uuid.uuid4().hex[:8]}"
    subprocess.run(
        ["docker", "run", "--detach", "--rm", "--network", "none", "--name", name, IMAGE, "sleep", "600"],
        check=True,
        capture_output=True,
    )
    yield name
    subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)


def processes(container: str) -> str:
    return subprocess.run(["docker", "top", container], capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(not has_image(), reason=f"no Docker engine with the image {IMAGE}")
def test_a_command_runs_in_the_container_that_a_tag_names(aws, launch, container):
    ssm = aws.client("ssm")
    box = launch(containerci__box=container)[0]

    def invocation(command: str) -> dict[str, Any]:
        found = ssm.list_command_invocations(CommandId=command, Details=True)["CommandInvocations"]
        return found[0]

    def send(*lines: str) -> str:
        given = {"commands": list(lines), "workingDirectory": ["/srv"]}
        sent = ssm.send_command(DocumentName="AWS-RunShellScript", InstanceIds=[box], Parameters=given)
        return sent["Command"]["CommandId"]

    def ended(command: str) -> dict[str, Any]:
        living = ("Pending", "InProgress", "Cancelling")
        eventually(lambda: invocation(command)["Status"] not in living, "the command has ended")
        return invocation(command)

    inspected = json.loads(subprocess.run(["docker", "inspect", container], capture_output=True, check=True).stdout)
    found = ended(send("hostname", "pwd", 'echo "$AWS_SSM_INSTANCE_ID"'))
    output = f"{inspected[0]['Config']['Hostname']}\n/srv\n{box}\n"
    assert (found["Status"], found["CommandPlugins"][0]["Output"]) == ("Success", output)
    command = send("sleep 300")
    eventually(lambda: "sleep 300" in processes(container), "the script sleeps")
    ssm.cancel_command(CommandId=command)
    assert ended(command)["Status"] == "Cancelled"
    assert "sleep 300" not in processes(container)

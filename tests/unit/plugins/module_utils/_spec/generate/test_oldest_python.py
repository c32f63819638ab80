# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on servers runs with the oldest Python there; of Ansible they have only what modules import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import ansible
import pytest

TESTS = Path(__file__).parents[5]
PROGRAM = """
import json, pathlib, sys
from unit.plugins.module_utils._spec.generate.small_server import choice, host
from unit.plugins.module_utils._spec.server.machine import name_service
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.server import gather
root = pathlib.Path(sys.argv[1])
with name_service(root):
    print(json.dumps(gather(host(root), choice())))
"""


def output(*command: str, **environment: str) -> str:
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_3_9_finds_the_same(server: Path, gathered: t.Callable[..., t.Any], tmp_path: Path) -> None:
    pythons = dict(line.split(" ", 1) for line in output(str(TESTS.parent / "scripts" / "pythons")).splitlines())
    if "3.9" not in pythons:
        pytest.skip("this machine has no Python 3.9")
    (tmp_path / "ansible").symlink_to(Path(ansible.__file__).parent)
    tree = next(folder for folder in sys.path if Path(folder, "ansible_collections", "containerci").exists())
    answer = output(pythons["3.9"], "-c", PROGRAM, str(server), PYTHONPATH=f"{tree}:{TESTS}:{tmp_path}")
    found = gathered()
    assert json.loads(answer) == json.loads(json.dumps([found.facts, found.notes]))

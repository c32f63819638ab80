# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a task takes that finds its stack unchanged: ours beside amazon.aws.cloudformation, in one run.

scripts/run python benchmarks/unchanged_stack.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "doubles" / "aws"))

from embedded_aws.testing import EmbeddedAws  # noqa: E402

PARAMETERS = {
    "AvailabilityZone1": "us-east-1a",
    "AvailabilityZone2": "us-east-1b",
    "PublicAccessCIDR": "203.0.113.0/24",
}
TEMPLATE = ROOT / "roles" / "jenkins_ecs" / "files" / "jenkins_ecs.yaml"
PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
{tasks}
"""
TASK = """
    - {module}:
        stack_name: benchmark
        template_body: "{{{{ lookup('file', '{template}') }}}}"
        {parameters_name}: {parameters}
        {more}
"""
MODULES = {
    "containerci.aws.cloudformation_stack": ("parameters", ""),
    "amazon.aws.cloudformation": ("template_parameters", "capabilities: [CAPABILITY_IAM]"),
}


def seconds(server: EmbeddedAws, module: str, tasks: int) -> float:
    """The time of a playbook with so many tasks, all of which find the stack as it should be."""
    parameters_name, more = MODULES[module]
    given = {"template": TEMPLATE, "parameters_name": parameters_name, "parameters": PARAMETERS}
    task = TASK.format(module=module, more=more, **given)
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as play:
        play.write(PLAY.format(tasks=task * tasks))
        play.flush()
        start = time.perf_counter()
        environment = {**os.environ, **server.environment}
        subprocess.run(["ansible-playbook", play.name], env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def one_task(server: EmbeddedAws, module: str) -> float:
    """Six tasks less one: the start of ansible-playbook does not count."""
    return (seconds(server, module, 6) - seconds(server, module, 1)) / 5


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedAws(Path(folder) / "server.log")
        try:
            seconds(server, "containerci.aws.cloudformation_stack", 1)
            times: dict[str, list[float]] = {module: [] for module in MODULES}
            for _ in range(rounds):
                for module in MODULES:
                    times[module].append(one_task(server, module))
        finally:
            server.stop()
    ours, theirs = (statistics.median(times[module]) for module in MODULES)
    print(
        f"containerci.aws.cloudformation_stack : amazon.aws.cloudformation = {ours / theirs:.2f} (median of {rounds})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)

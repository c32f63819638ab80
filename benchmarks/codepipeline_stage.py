# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a task takes that finds its stage unchanged: ours beside two others, in one run.

The others are the smallest module that makes one call to AWS, and community.aws.codepipeline, which manages whole
pipelines and writes each time.

scripts/run python benchmarks/codepipeline_stage.py [ROUNDS]
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

from embedded_aws.pipelines import Pipelines, approval, stage  # noqa: E402
from embedded_aws.testing import EmbeddedAws  # noqa: E402

SMALLEST = """
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

module = AnsibleAWSModule(argument_spec={})
module.exit_json(version=module.client("codepipeline").get_pipeline(name="demo")["pipeline"]["version"])
"""
PLAY = "- {hosts: localhost, gather_facts: false, tasks: [%s]}\n"
OURS = (
    "{containerci.aws.codepipeline_stage: {pipeline: demo, name: Release, position: last, approval: {name: Approve}}}"
)
THEIRS = """{community.aws.codepipeline: {name: demo, role_arn: "arn:aws:iam::123456789012:role/pipeline",
  artifact_store: {type: S3, location: artifacts}, stages: %s}}"""


class Bench:
    """An embedded AWS with a pipeline, and playbooks that find it as it should be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "library").mkdir()
        (folder / "library" / "smallest.py").write_text(SMALLEST)
        self._server = EmbeddedAws(folder / "server.log")
        pipelines = Pipelines(self._server)
        pipelines.prepare()
        wanted = pipelines.declaration(stage("Release", approval()))
        pipelines.client.create_pipeline(pipeline=wanted)
        self.tasks = {
            "containerci.aws.codepipeline_stage": OURS,
            "the smallest module with one call": "{smallest: {}}",
            "community.aws.codepipeline": THEIRS % wanted["stages"],
        }

    def stop(self) -> None:
        self._server.stop()

    def one_task(self, name: str) -> float:
        """Six tasks less one: the start of ansible-playbook does not count."""
        return (self._seconds(name, 6) - self._seconds(name, 1)) / 5

    def _seconds(self, name: str, tasks: int) -> float:
        play = self._folder / "play.yml"
        play.write_text(PLAY % ", ".join([self.tasks[name]] * tasks))
        environment = {**os.environ, **self._server.environment}
        start = time.perf_counter()
        subprocess.run(["ansible-playbook", str(play)], env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            times: dict[str, list[float]] = {name: [] for name in bench.tasks}
            for _ in range(rounds):
                for name in bench.tasks:
                    times[name].append(bench.one_task(name))
        finally:
            bench.stop()
    ours, *others = bench.tasks
    for other in others:
        ratio = statistics.median(times[ours]) / statistics.median(times[other])
        print(f"{ours} : {other} = {ratio:.2f} (median of {rounds})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

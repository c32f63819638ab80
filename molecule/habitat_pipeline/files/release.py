# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads the demo application as a new revision and prints the execution that it starts: release.py BUCKET [CHANGE]

CHANGE is syntax, test or slow: what is wrong with this revision.
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3

PIPELINE = "habitat-pipeline"
APP = Path(__file__).resolve().parents[3] / "roles" / "habitat_pipeline" / "files" / "mytutorialapp"
CHANGES = {
    "": ("www/index.html", "Hello, world", "Hello, world"),
    "syntax": ("habitat/plan.sh", "do_build() {", "do_build( {"),
    "test": ("www/index.html", "Hello, world", "Good bye, world"),
    "slow": ("habitat/plan.sh", "return 0", "echo 'It takes its time'; sleep 313"),
}


def archive(change: str) -> bytes:
    changed, old, new = CHANGES[change]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for path in sorted(APP.rglob("*")):
            name = str(path.relative_to(APP))
            if path.is_file():
                text = path.read_text()
                packed.writestr(name, text.replace(old, new) if name == changed else text)
    return target.getvalue()


def execution_of(revision: str) -> str:
    codepipeline: Any = boto3.client("codepipeline")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = codepipeline.list_pipeline_executions(pipelineName=PIPELINE)["pipelineExecutionSummaries"]
        for execution in found:
            if revision in [source.get("revisionId") for source in execution.get("sourceRevisions", [])]:
                return str(execution["pipelineExecutionId"])
        time.sleep(0.2)
    sys.exit(f"No execution of {PIPELINE} started for the revision {revision}")


def main(bucket: str, change: str = "") -> None:
    answer = boto3.client("s3").put_object(Bucket=bucket, Key="source.zip", Body=archive(change))
    print(execution_of(answer["VersionId"]))


if __name__ == "__main__":
    main(*sys.argv[1:])

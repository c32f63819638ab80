# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action gets to do its work: its configuration, its artifacts, clients for the other services."""

from __future__ import annotations

import io
import secrets
import string
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ....settings import internal_client
from ..executions import ActionFailed, ActionRun, Artifact, Execution
from ..pipelines import Pipeline

if TYPE_CHECKING:
    from ..engine import Engine


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    return target.getvalue()


@dataclass(frozen=True)
class Work:
    engine: Engine
    pipeline: Pipeline
    execution: Execution
    run: ActionRun

    @property
    def configuration(self) -> dict[str, str]:
        return self.run.configuration

    @property
    def region(self) -> str:
        return str(self.run.declaration.get("region", self.pipeline.region))

    def client(self, service: str) -> Any:
        return internal_client(service, self.region, self.pipeline.account, "codepipeline")

    @property
    def store(self) -> dict[str, Any]:
        """The artifact store of the action's region."""
        declaration = self.execution.declaration
        store: dict[str, Any] = declaration.get("artifactStore") or declaration["artifactStores"][self.region]
        return store

    def new_artifact(self, name: str, suffix: str = "") -> Artifact:
        """A place for an output artifact, with a key as CodePipeline makes them; nothing is written."""
        unique = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(7))
        key = f"{self.pipeline.name[:20]}/{name[:10]}/{unique}{suffix}"
        return Artifact(name, self.store["location"], key)

    def declare_outputs(self) -> list[Artifact]:
        """Places for all output artifacts, which somebody else writes."""
        self.run.outputs = [self.new_artifact(item["name"]) for item in self.run.declaration["outputArtifacts"]]
        return self.run.outputs

    def write_source(self, body: bytes, revision: dict[str, Any]) -> None:
        """Store the output artifact of a source action."""
        for item in self.run.declaration["outputArtifacts"]:
            place = self.new_artifact(item["name"], ".zip")
            self.put(place, body)
            self.run.outputs = [Artifact(place.name, place.bucket, place.key, revision)]

    def put(self, artifact: Artifact, body: bytes) -> None:
        self.client("s3").put_object(Bucket=artifact.bucket, Key=artifact.key, Body=body)

    def read(self, artifact: Artifact) -> bytes:
        content: bytes = self.client("s3").get_object(Bucket=artifact.bucket, Key=artifact.key)["Body"].read()
        return content

    def input(self, name: str | None = None) -> Artifact:
        """An input artifact by name, or the first one."""
        for artifact in self.run.inputs:
            if name in (None, artifact.name):
                return artifact
        raise ActionFailed(f"The action has no input artifact {name or ''}".rstrip(), "ConfigurationError")

    def file(self, path: str, artifact: str | None = None) -> bytes:
        """A file in an input artifact."""
        place = self.input(artifact)
        try:
            with zipfile.ZipFile(io.BytesIO(self.read(place))) as archive:
                return archive.read(path)
        except zipfile.BadZipFile as error:
            raise ActionFailed(f"The artifact {place.name} is not a ZIP archive", "ConfigurationError") from error
        except KeyError as error:
            raise ActionFailed(
                f"Did not find the file {path} in the input artifact {place.name}", "ConfigurationError"
            ) from error

    @property
    def override(self) -> dict[str, str] | None:
        """The source revision that the one who started the execution asked for."""
        return self.execution.source_revisions.get(self.run.name)

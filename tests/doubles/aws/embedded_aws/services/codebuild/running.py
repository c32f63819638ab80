# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The course of a build: its phases, its log, its artifacts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends

from ...processes import pause
from ...settings import internal_client, settings
from .backend import Build
from .buildspec import PHASES, Failure, Runner
from .workspace import BuildspecError, MissingSource, fetch, pack, unpack


class Log:
    def __init__(self, build: Build) -> None:
        self._backend, self._names = logs_backends[build.account][build.region], (build.log_group, build.uuid)
        self._backend.ensure_log_group(build.log_group)
        self._backend.create_log_stream(*self._names)

    def write(self, text: str) -> None:
        events = [{"timestamp": unix_time_millis(), "message": line} for line in text.splitlines()]
        if events:
            self._backend.put_log_events(*self._names, events)


def run(build: Build) -> None:
    log = Log(build)
    build.leave()
    for phase in ("QUEUED", "PROVISIONING"):
        build.enter(phase)
        build.leave()
    try:
        status = _really(build, log) if settings.codebuild_runs else _pretend(build, log)
    except (BuildspecError, MissingSource, ClientError) as error:
        log.write(f"Phase complete: {build.phases[-1]['phaseType']} State: FAILED {error}")
        build.leave("FAILED", str(error))
        status = "FAILED"
    log.write(f"Phase complete: COMPLETED State: {status}")
    build.end(status)


def _pretend(build: Build, log: Log) -> str:
    """The documented outcome: success unless a variable says otherwise, and the source as the artifact."""
    variables = {item["name"]: item["value"] for item in build.variables()}
    build.enter("DOWNLOAD_SOURCE")
    wanted = _locations(build)
    content = fetch(build, build.project["source"], build.source_version) if wanted else b""
    build.leave()
    build.enter("BUILD")
    log.write("The embedded AWS runs no build commands; see codebuild_runs")
    pause(settings.codebuild_delay)
    if build.ended is not None:
        return build.status
    if variables.get("EMBEDDED_AWS_RESULT") == "FAILED":
        build.leave("FAILED", "EMBEDDED_AWS_RESULT is FAILED")
        return "FAILED"
    build.leave()
    build.enter("UPLOAD_ARTIFACTS")
    for location in wanted.values():
        _store(build, location, content)
    build.leave()
    return "SUCCEEDED"


def _store(build: Build, location: str, content: bytes) -> None:
    bucket, key = location.removeprefix("arn:aws:s3:::").split("/", 1)
    internal_client("s3", build.region, build.account, "codebuild").put_object(Bucket=bucket, Key=key, Body=content)


def _really(build: Build, log: Log) -> str:
    with tempfile.TemporaryDirectory(prefix="embedded-aws-build-") as name:
        folder = Path(name)
        build.enter("DOWNLOAD_SOURCE")
        runner = Runner(build, folder, _download(build, folder))
        build.leave()
        status = _phases(build, log, runner)
        build.exported = runner.exported()
        if build.ended is None and build.phases[-1]["phaseType"] == "POST_BUILD":
            build.enter("UPLOAD_ARTIFACTS")
            for identifier, location in _locations(build).items():
                _store(build, location, pack(runner.source, _described(runner, identifier)))
            build.leave()
    return status


def _download(build: Build, folder: Path) -> dict[str, Path]:
    """Identifier of a source to its folder; the primary one has none."""
    sources = {"": (build.project["source"], build.source_version)}
    for item in build.project.get("secondarySources", []):
        sources[item["sourceIdentifier"]] = (item, item.get("location", ""))
    folders = {}
    for identifier, (source, version) in sources.items():
        folders[identifier] = folder / f"src{identifier}"
        folders[identifier].mkdir()
        if source["type"] != "NO_SOURCE":
            unpack(fetch(build, source, version), folders[identifier])
    return folders


def _phases(build: Build, log: Log, runner: Runner) -> str:
    """As on AWS: a failed INSTALL or PRE_BUILD ends the build, after a failed BUILD comes POST_BUILD."""
    status = "SUCCEEDED"
    for phase in PHASES:
        if build.ended is not None:
            return build.status
        build.enter(phase)
        log.write(f"Entering phase {phase}")
        failure: Failure | None = runner.run(phase, log.write)
        if failure is None:
            build.leave()
            continue
        log.write(f"Phase complete: {phase} State: {failure.status} {failure.reason}")
        build.leave(failure.status, failure.reason)
        status = failure.status
        if phase != "BUILD" or status == "TIMED_OUT":
            return status
    return status


def _locations(build: Build) -> dict[str, str]:
    """Where each artifact goes, by identifier; the primary one has none."""
    primary, found = build.project["artifacts"], {}
    if primary["type"] == "CODEPIPELINE" and primary.get("location"):
        found[""] = primary["location"]
    elif primary["type"] == "S3":
        parts = (primary["location"], primary.get("path", ""), primary.get("name") or build.project["name"])
        found[""] = "/".join(part.strip("/") for part in parts if part.strip("/"))
    secondary = build.project.get("secondaryArtifacts", [])
    return {**found, **{item["artifactIdentifier"]: item["location"] for item in secondary}}


def _described(runner: Runner, identifier: str) -> dict[str, Any]:
    artifacts = runner.spec.get("artifacts", {})
    return artifacts.get("secondary-artifacts", {}).get(identifier, {}) if identifier else artifacts

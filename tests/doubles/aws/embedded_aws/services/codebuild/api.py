# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CodeBuild API."""

from __future__ import annotations

import copy
import re
from typing import Any

from moto.codebuild.models import codebuild_backends
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import get_service_model

from ...processes import background
from ...settings import VIA_HEADER
from .. import roles
from .backend import Build, CodeBuildBackend, CodeBuildError, now
from .running import run

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_]{1,149}")
WITHOUT_LOCATION = {"CODEPIPELINE", "NO_SOURCE"}
DEFAULTS: dict[str, Any] = {"timeoutInMinutes": 60, "queuedTimeoutInMinutes": 480}


def refuse(message: str) -> CodeBuildError:
    return CodeBuildError("InvalidInputException", message)


class CodeBuildApi(BaseResponse):
    def __init__(self) -> None:
        super().__init__(service_name="codebuild")
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> CodeBuildBackend:
        found: CodeBuildBackend = codebuild_backends[self.current_account][self.region]
        return found

    def create_project(self) -> ActionResult:
        name, backend = self.params["name"], self.backend
        if not NAME.fullmatch(name):
            raise refuse("Only alphanumeric characters, dash, and underscore are supported")
        if name in backend.projects:
            raise CodeBuildError("ResourceAlreadyExistsException", f"Project already exists: {backend.arn(name)}")
        created = now()
        key = f"arn:aws:kms:{self.region}:{self.current_account}:alias/aws/s3"
        fixed = {"arn": backend.arn(name), "created": created, "lastModified": created}
        project = {
            **DEFAULTS,
            "encryptionKey": key,
            "cache": {"type": "NO_CACHE"},
            "badge": {"badgeEnabled": False},
            "tags": [],
            **self._given(),
            **fixed,
        }
        self._check(project)
        backend.projects[name] = project
        return ActionResult({"project": project})

    def _given(self) -> dict[str, Any]:
        return copy.deepcopy({key: value for key, value in self.params.items() if value is not None})

    def _check(self, project: dict[str, Any]) -> None:
        source, artifacts, environment = project["source"], project["artifacts"], project["environment"]
        for shape, value, label in (
            ("SourceType", source["type"], "Project source type"),
            ("ArtifactsType", artifacts["type"], "Artifact type"),
            ("EnvironmentType", environment["type"], environment["type"]),
            ("ComputeType", environment["computeType"], f"compute type {environment['computeType']}"),
        ):
            if value not in get_service_model("codebuild").shape_for(shape).enum:
                raise refuse(f"Invalid type provided: {label}")
        if source["type"] not in WITHOUT_LOCATION and not source.get("location"):
            raise refuse("Project source location is required")
        if source["type"] == "NO_SOURCE" and not source.get("buildspec"):
            raise refuse("Project source buildspec is required when source type is NO_SOURCE")
        if (source["type"] == "CODEPIPELINE") != (artifacts["type"] == "CODEPIPELINE"):
            raise refuse("Source and artifacts must both be of type CODEPIPELINE, or neither")
        if artifacts["type"] == "S3" and not artifacts.get("location"):
            raise refuse("Project artifacts location is required")
        if artifacts["type"] == "NO_ARTIFACTS" and artifacts.get("location"):
            raise refuse("Invalid artifacts: artifact type NO_ARTIFACTS should have null location")
        role = project["serviceRole"]
        if not role.startswith(f"arn:aws:iam::{self.current_account}:role/"):
            raise refuse("Invalid service role: Service role account ID does not match caller's account")
        if not roles.is_assumable(self.current_account, role, "codebuild.amazonaws.com"):
            raise refuse(f"CodeBuild is not authorized to perform: sts:AssumeRole on {role}")

    def update_project(self) -> ActionResult:
        project = self.backend.project(self.params["name"])
        changed = {**project, **self._given(), "lastModified": now()}
        self._check(changed)
        self.backend.projects[project["name"]] = changed
        return ActionResult({"project": changed})

    def delete_project(self) -> ActionResult:
        self.backend.projects.pop(self.params["name"], None)
        return EmptyResult()

    def list_projects(self) -> ActionResult:
        return ActionResult({"projects": sorted(self.backend.projects)})

    def batch_get_projects(self) -> ActionResult:
        known = self.backend.projects
        wanted = [name.rsplit("project/", 1)[-1] for name in self.params["names"]]
        missing = [name for name in wanted if name not in known]
        return ActionResult(
            {"projects": [known[name] for name in wanted if name in known], "projectsNotFound": missing}
        )

    def start_build(self) -> ActionResult:
        backend, name = self.backend, self.params["projectName"].rsplit("project/", 1)[-1]
        project = self._overridden(copy.deepcopy(backend.project(name)))
        self._check(project)
        version = self.params.get("sourceVersion", project.get("sourceVersion", ""))
        initiator = self.headers.get(VIA_HEADER) or "embedded-aws"
        number = len(backend.builds_of(name)) + 1
        build = Build(self.current_account, self.region, number, project, version, initiator)
        build.enter("SUBMITTED")
        backend.builds[build.id] = build
        background(run, build)
        return ActionResult({"build": build.describe()})

    def _overridden(self, project: dict[str, Any]) -> dict[str, Any]:
        """The project with the overrides of StartBuild; variables are replaced by name."""
        given = {key.removesuffix("Override"): value for key, value in self._given().items()}
        for name, part, key in (
            ("sourceType", "source", "type"),
            ("sourceLocation", "source", "location"),
            ("buildspec", "source", "buildspec"),
            ("image", "environment", "image"),
            ("computeType", "environment", "computeType"),
            ("environmentType", "environment", "type"),
        ):
            if name in given:
                project[part][key] = given[name]
        kept = ("artifacts", "secondarySources", "secondaryArtifacts", "serviceRole", "timeoutInMinutes", "logsConfig")
        project.update({key: given[key] for key in kept if key in given})
        variables = [*project["environment"].get("environmentVariables", []), *given.get("environmentVariables", [])]
        project["environment"]["environmentVariables"] = list({item["name"]: item for item in variables}.values())
        return project

    def batch_get_builds(self) -> ActionResult:
        ids = [name.rsplit("build/", 1)[-1] for name in self.params["ids"]]
        if any(":" not in name for name in ids):
            raise refuse("Invalid build ID provided")
        known = self.backend.builds
        return ActionResult(
            {
                "builds": [known[name].describe() for name in ids if name in known],
                "buildsNotFound": [name for name in ids if name not in known],
            }
        )

    def list_builds(self) -> ActionResult:
        return ActionResult({"ids": self._sorted(list(self.backend.builds.values()))})

    def list_builds_for_project(self) -> ActionResult:
        self.backend.project(self.params["projectName"])
        return ActionResult({"ids": self._sorted(self.backend.builds_of(self.params["projectName"]))})

    def _sorted(self, builds: list[Build]) -> list[str]:
        ids = [build.id for build in builds]
        return ids if self.params.get("sortOrder") == "ASCENDING" else ids[::-1]

    def stop_build(self) -> ActionResult:
        name = self.params["id"].rsplit("build/", 1)[-1]
        if ":" not in name:
            raise refuse("Invalid build ID provided")
        if name not in self.backend.builds:
            raise CodeBuildError("ResourceNotFoundException", f"Build {name} does not exist")
        build = self.backend.builds[name]
        build.end("STOPPED")
        if build.process is not None:
            build.process.stop()
        return ActionResult({"build": build.describe()})

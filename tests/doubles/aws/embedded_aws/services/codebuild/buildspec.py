# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buildspecs of version 0.2, and the run of their commands in bash."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ...processes import Process
from ...settings import internal_client
from .. import roles
from .backend import Build
from .workspace import BuildspecError

PHASES = ("INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD")


@dataclass(frozen=True)
class Failure:
    status: str
    reason: str


def load(build: Build, source: Path) -> dict[str, Any]:
    """The buildspec: text in the project, a file that it names, or buildspec.yml of the source."""
    given = build.project["source"].get("buildspec") or "buildspec.yml"
    text = given
    if "\n" not in given and ":" not in given:
        path = source / given
        if not path.is_file():
            raise BuildspecError(f"YAML_FILE_ERROR: stat {given}: no such file or directory")
        text = path.read_text()
    try:
        spec = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BuildspecError(f"YAML_FILE_ERROR: {error}") from error
    if not isinstance(spec, dict) or str(spec.get("version")) != "0.2":
        raise BuildspecError("YAML_FILE_ERROR: The embedded AWS reads buildspecs of version 0.2")
    return spec


class Runner:
    """Runs phase after phase; what one exports and where it stands, the next finds again."""

    def __init__(self, build: Build, folder: Path, sources: dict[str, Path]) -> None:
        self.build, self.source = build, sources[""]
        self.spec = load(build, self.source)
        self._state = folder / "state"
        self._ends = time.monotonic() + build.project["timeoutInMinutes"] * 60
        self._environment = self._variables(folder, sources)

    def _variables(self, folder: Path, sources: dict[str, Path]) -> dict[str, str]:
        build, given = self.build, self.spec.get("env", {})
        variables = {
            "CODEBUILD_BUILD_ARN": build.arn,
            "CODEBUILD_BUILD_ID": build.id,
            "CODEBUILD_BUILD_NUMBER": str(build.number),
            "CODEBUILD_INITIATOR": build.initiator,
            "CODEBUILD_SOURCE_VERSION": build.source_version,
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
        }
        for identifier, path in sources.items():
            variables[f"CODEBUILD_SRC_DIR{'_' if identifier else ''}{identifier}"] = str(path)
        variables |= {name: str(value) for name, value in given.get("variables", {}).items()}
        kinds = {"parameter-store": "PARAMETER_STORE", "secrets-manager": "SECRETS_MANAGER"}
        for key, kind in kinds.items():
            variables |= {name: self._resolve(kind, value) for name, value in given.get(key, {}).items()}
        for item in build.variables():
            variables[item["name"]] = self._resolve(item.get("type", "PLAINTEXT"), item["value"])
        role = roles.environment(build.account, build.region, build.project["serviceRole"], "AWSCodeBuild")
        return {**variables, **role}

    def _resolve(self, kind: str, value: str) -> str:
        def client(service: str) -> Any:
            return internal_client(service, self.build.region, self.build.account, "codebuild")

        if kind == "PARAMETER_STORE":
            found: str = client("ssm").get_parameter(Name=value, WithDecryption=True)["Parameter"]["Value"]
            return found
        if kind == "SECRETS_MANAGER":
            name, _, key = value.partition(":")
            text: str = client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
            return str(yaml.safe_load(text)[key]) if key else text
        return value

    def run(self, phase: str, log: Callable[[str], None]) -> Failure | None:
        """Run the commands of a phase and then its finally block; returns the first failure."""
        wanted = self.spec.get("phases", {}).get(phase.lower()) or {}
        failure = self._commands(phase, wanted.get("commands") or [], log)
        last = self._commands(phase, wanted.get("finally") or [], log)
        return failure or last

    def _commands(self, phase: str, commands: list[str], log: Callable[[str], None]) -> Failure | None:
        if not commands:
            return None
        keep = f'code=$?; export -p >{self._state}; pwd >{self._state}.folder; exit "$code"'
        lines = [f"trap {shlex.quote(keep)} EXIT", f"[[ ! -e {self._state} ]] || source {self._state}"]
        lines += [f'[[ ! -e {self._state}.folder ]] || cd "$(<{self._state}.folder)"']
        for command in commands:
            lines += [f"printf %s {shlex.quote(command)} >{self._state}.command"]
            lines += [f"echo {shlex.quote(f'Running command {command}')}", f"eval {shlex.quote(command)} || exit"]
        process = Process(["bash", "-c", "\n".join(lines)], self._environment, self.source, merged=True)
        self.build.process = process
        if self.build.ended is not None:
            process.stop()
        result = process.wait(max(0.0, self._ends - time.monotonic()))
        process.stop()
        log(result.output.decode(errors="replace"))
        if result.timed_out:
            return Failure("TIMED_OUT", "Build has timed out.")
        if self.build.ended is not None:
            return Failure("STOPPED", "The build was stopped")
        if result.code == 0:
            return None
        command = Path(f"{self._state}.command").read_text()
        return Failure("FAILED", f"Error while executing command: {command}. Reason: exit status {result.code}")

    def exported(self) -> dict[str, str]:
        """The exported-variables of the buildspec, with the values that the commands left."""
        names = self.spec.get("env", {}).get("exported-variables", [])
        if not names:
            return {}
        script = f"[[ ! -e {self._state} ]] || source {self._state}; " + "; ".join(
            f'printf "%s\\0" "${{{name}-}}"' for name in names
        )
        values = Process(["bash", "-c", script], self._environment, self.source).wait().output.split(b"\0")
        return {name: value.decode(errors="replace") for name, value in zip(names, values, strict=False)}

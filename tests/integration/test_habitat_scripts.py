# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the build box with the double of hab: what goes wrong there, and what people are told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import typing as t
from pathlib import Path

import pytest

from fake_hab import keys
from fake_hab.testing import HabBox

FILES = Path(__file__).resolve().parents[2] / "roles" / "habitat_pipeline" / "files"
EXECUTION = "11111111-2222-3333-4444-555555555555"
CANARY = "canary-token"
#: stands for the AWS CLI: parameters are files, objects are files
AWS = """#!/usr/bin/env bash
case "$1 $2" in
    'ssm get-parameter') [[ -e $STORE/$4 ]] && cat "$STORE/$4" || { echo "(ParameterNotFound)" >&2; exit 254; } ;;
    's3api get-object') cp "$STORE/$4/$6" "$7" || { echo "(NoSuchKey)" >&2; exit 254; } ;;
    's3api put-object') mkdir -p "$STORE/$4" && cp "$8" "$STORE/$4/$6" ;;
    *) echo "aws $* is not known here" >&2; exit 252 ;;
esac
"""


class Bench:
    """A computer with hab and aws as doubles, and the source of the demo application staged on it."""

    def __init__(self, folder: Path) -> None:
        self.hab = HabBox(folder / "box")
        self.hab.depot.add_package("core/nginx/1.0/20260101000000")
        self.public, self.secret = keys.generate("mytutorial", "20260102030405")
        keys.KeyCache(self.hab.depot.origin_folder("mytutorial") / "keys").write(self.public)
        self.store, self.home = folder / "store", folder / "home"
        self.store.mkdir()
        aws = self.hab.executable.with_name("aws")
        aws.write_text(AWS)
        aws.chmod(0o755)
        self.work = self.home / "executions" / EXECUTION
        shutil.copytree(FILES / "mytutorialapp", self.work / "source")

    def parameter(self, name: str, value: str) -> None:
        path = self.store / "secrets" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(value)

    def with_keys(self) -> Bench:
        self.parameter("origin-secret-key", self.secret.text)
        self.parameter("origin-public-key", self.public.text)
        assert self.run("Initialize-Habitat").returncode == 0
        return self

    def run(self, action: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.hab.executable.parent}:{os.environ['PATH']}",
            "HABITAT_PIPELINE_HOME": str(self.home),
            "FS_ROOT": str(self.hab.root),
            "STORE": str(self.store),
            "ACTION": action,
            "EXECUTION": EXECUTION,
            "KEY": f"{action}.{len(list(self.work.glob(f'{action}.*')))}",
            "ORIGIN": "mytutorial",
            "ACCEPT_LICENSE": "true",
            "SECRETS_PATH": "secrets",
            "CREATE_ORIGIN": "false",
            "GENERATE_KEY": "false",
            "REFRESH_CHANNEL": "stable",
            "CHANNEL": "stable",
            "SOURCE": "bucket/source",
            "PACKAGE": "bucket/package",
            **variables,
        }
        command = ["bash", str(FILES / "scripts" / "run.sh")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    def report(self, action: str) -> str:
        return sorted(self.work.glob(f"{action}.*/report"))[-1].read_text()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_signing_key_comes_once_and_never_through_arguments(bench: Bench) -> None:
    bench.with_keys()
    assert bench.run("Initialize-Habitat").returncode == 0
    assert "signs with mytutorial-20260102030405" in bench.report("Initialize-Habitat")
    assert bench.hab.commands().count("origin key import") == 2
    everything = json.dumps(bench.hab.runs()) + "".join(
        path.read_text() for path in bench.home.rglob("*") if path.is_file()
    )
    assert bench.secret.content not in everything


# parameters, variables -> exit code, what people are told
INITIAL = [
    ({}, {}, 78, "there is no signing key of the origin mytutorial: put it into secrets/origin-secret-key"),
    ({}, {"ACCEPT_LICENSE": "false"}, 78, "the licence of Habitat is not accepted"),
    (
        {"origin-secret-key": "SIG-SEC-1\nother-20260102030405\n\nx"},
        {},
        78,
        "origin-public-key is no key of the origin",
    ),
    ({}, {"CREATE_ORIGIN": "true"}, 78, "secrets/builder-token is needed to create the origin mytutorial"),
    ({}, {"GENERATE_KEY": "true"}, 0, "Habitat is ready and signs with mytutorial-"),
]


@pytest.mark.parametrize(("parameters", "variables", "code", "words"), INITIAL)
def test_habitat_is_made_ready_or_says_what_is_missing(
    bench: Bench, parameters: dict[str, str], variables: dict[str, str], code: int, words: str
) -> None:
    for name, value in parameters.items():
        bench.parameter(name, value)
    assert bench.run("Initialize-Habitat", **variables).returncode == code
    assert words in bench.report("Initialize-Habitat")


def test_a_key_of_another_origin_does_not_pass_for_ours(bench: Bench) -> None:
    """hab itself takes the newest key of mytutorial-ops for one of mytutorial."""
    cache = keys.KeyCache(bench.hab.hab / "cache" / "keys")
    for key in keys.generate("mytutorial-ops", "20990101000000"):
        cache.write(key)
    assert bench.run("Initialize-Habitat").returncode == 78
    bench.with_keys()
    assert bench.run("Build-HabitatPackage").returncode == 1
    assert "is not signed with a key of mytutorial" in bench.report("Build-HabitatPackage")


def test_a_build_gets_no_token_and_hands_on_what_proves_it(bench: Bench) -> None:
    bench.with_keys().parameter("builder-token", CANARY)
    assert bench.run("Build-HabitatPackage", HAB_AUTH_TOKEN=CANARY).returncode == 0
    build = next(run for run in bench.hab.runs() if run["argv"][:2] == ["pkg", "build"])
    assert "HAB_AUTH_TOKEN" not in build["environment"]
    assert "variable.pkg_ident=mytutorial/mytutorialapp/1.0.0/" in bench.report("Build-HabitatPackage")


BUILDS = [
    (31, 1, "dependencies of the package cannot be resolved"),
    (35, 78, "no signing key"),
    (42, 78, "the plan is"),
]


@pytest.mark.parametrize(("status", "code", "words"), BUILDS)
def test_a_build_that_fails_is_explained(bench: Bench, status: int, code: int, words: str) -> None:
    bench.with_keys().hab.set(FAIL=f"pkg build:{status}:it failed")
    assert bench.run("Build-HabitatPackage").returncode == code
    assert words in bench.report("Build-HabitatPackage")


def test_a_build_that_only_says_that_it_succeeded_is_a_failure(bench: Bench) -> None:
    bench.with_keys().hab.set(FAIL="pkg build:0:")
    assert bench.run("Build-HabitatPackage").returncode == 1
    assert "says that it succeeded, but left no results/last_build.env" in bench.report("Build-HabitatPackage")


def test_a_package_that_was_changed_on_its_way_is_refused(bench: Bench) -> None:
    bench.with_keys()
    assert bench.run("Build-HabitatPackage").returncode == 0
    package = bench.work / "package"
    subprocess.run(["python3", "-m", "zipfile", "-e", str(bench.store / "bucket/package"), str(package)], check=True)
    hart = next(package.glob("*.hart"))
    hart.write_bytes(hart.read_bytes() + b"x")
    subprocess.run(["python3", "-m", "zipfile", "-c", "../new.zip", *os.listdir(package)], cwd=package, check=True)
    shutil.move(bench.work / "new.zip", bench.store / "bucket/package")
    shutil.rmtree(package)
    assert bench.run("Publish-HabitatPackage").returncode == 1
    assert "the package is not what was built: its checksums differ" in bench.report("Publish-HabitatPackage")


# fault of the depot -> exit code, what people are told
PUBLICATIONS: list[tuple[tuple[t.Any, ...], int, str]] = [
    ((), 0, "is published in the channel stable"),
    (("upload", 501), 1, "is not there, although hab said so"),
    (("upload", 422), 1, "the upload of mytutorial/mytutorialapp/1.0.0/"),
    (("promote", 403), 1, "the promotion of mytutorial/mytutorialapp/1.0.0/"),
]


@pytest.mark.parametrize(("fault", "code", "words"), PUBLICATIONS, ids=lambda value: str(value)[:20])
def test_publishing_is_proven_by_the_depot(bench: Bench, fault: tuple[t.Any, ...], code: int, words: str) -> None:
    bench.hab.depot.add_token(CANARY, "maintainer")
    bench.with_keys().parameter("builder-token", CANARY)
    assert bench.run("Build-HabitatPackage").returncode == 0
    if fault:
        bench.hab.depot.add_fault(*fault)
    with bench.hab.server() as url:
        done = bench.run("Publish-HabitatPackage", BUILDER_URL=url)
    assert done.returncode == code
    assert words in bench.report("Publish-HabitatPackage")
    assert CANARY not in done.stdout + done.stderr + json.dumps(bench.hab.runs())

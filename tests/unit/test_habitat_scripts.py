# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the build box: what they leave for the runner, what they refuse, what they never show."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import typing as t
import zipfile
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "roles" / "habitat_pipeline" / "files" / "scripts"
ACTIONS = sorted(path for path in SCRIPTS.glob("*-*.sh"))
EXECUTION = "11111111-2222-3333-4444-555555555555"


class Box:
    """A folder in place of the box's, with scripts of a test beside the launcher."""

    def __init__(self, folder: Path) -> None:
        self.home, self.here = folder / "home", folder / "scripts"
        self.here.mkdir()
        for name in ("run.sh", "lib.sh", "unpack.py"):
            (self.here / name).symlink_to(SCRIPTS / name)

    def run(self, script: str, key: str = "job.1", **variables: str) -> subprocess.CompletedProcess[str]:
        (self.here / "Do.sh").write_text(f'source "$HERE/lib.sh"\n{script}\n')
        environment = {
            "PATH": os.environ["PATH"],
            "HABITAT_PIPELINE_HOME": str(self.home),
            "EXECUTION": EXECUTION,
            "KEY": key,
            "ACTION": "Do",
            **variables,
        }
        command = ["bash", str(self.here / "run.sh")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    def report(self, key: str = "job.1") -> str:
        return (self.home / "executions" / EXECUTION / key / "report").read_text()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_there_is_a_script_for_each_action_of_the_runner() -> None:
    sys.path.insert(0, str(SCRIPTS.parent))
    from habitat_runner.job import ACTIONS as KNOWN

    assert {path.stem for path in ACTIONS} == set(KNOWN)


@pytest.mark.parametrize("path", [*ACTIONS, SCRIPTS / "run.sh", SCRIPTS / "lib.sh"], ids=lambda path: path.name)
def test_every_script_is_strict_and_shows_no_commands(path: Path) -> None:
    text = path.read_text()
    assert "set -euo pipefail" in text or "set -Eeuo pipefail" in text or 'source "$HERE/lib.sh"' in text
    assert "set -x" not in text
    assert "xtrace" not in text
    assert "eval " not in text


def test_a_success_is_reported_with_summary_and_variables(box: Box) -> None:
    done = box.run('summary "All is well"; variable pkg_ident a/b/1/20260101000000')
    assert done.returncode == 0
    assert box.report() == "outcome=succeeded\nsummary=All is well\nvariable.pkg_ident=a/b/1/20260101000000\n\n"


def test_a_failure_is_reported_with_its_cause_and_the_end_of_its_errors(box: Box) -> None:
    done = box.run('for i in {1..50}; do echo "line $i" >&2; done; fail "$BAD_CONFIGURATION" "it is wrong"')
    assert done.returncode == 78
    head, _, tail = box.report().partition("\n\n")
    assert head == "outcome=failed\ncause=it is wrong"
    assert tail.splitlines() == [f"line {number}" for number in range(32, 51)] + ["error: it is wrong"]
    assert "line 1\n" in done.stderr


def test_a_command_that_fails_unforeseen_is_named(box: Box) -> None:
    assert box.run("true\nls /nowhere/at/all\necho never").returncode == 2
    assert "cause=ls ended with exit code 2 (Do.sh, line 3)" in box.report()


def test_oversized_output_leaves_a_report_that_fits(box: Box) -> None:
    done = box.run(
        'for i in {1..2000}; do printf "%0200d\\n" "$i" | tee /dev/stderr; done; fail 1 "$(printf "%03000d" 1)"'
    )
    assert len(done.stdout) > 400_000
    assert len(box.report()) < 2_500


def test_the_same_command_twice_is_done_once(box: Box) -> None:
    first = box.run('echo x >>"$HOME_DIR/times"; exit 3')
    again = box.run('echo x >>"$HOME_DIR/times"; exit 0')
    other = box.run('echo x >>"$HOME_DIR/times"', key="job.2")
    assert (first.returncode, again.returncode, other.returncode) == (3, 3, 0)
    assert "This was done already" in again.stdout
    assert (box.home / "times").read_text() == "x\nx\n"


def test_nobody_else_can_read_what_an_action_leaves(box: Box) -> None:
    box.run('echo secret >"$RUN/file"')
    assert stat.S_IMODE(box.home.stat().st_mode) == 0o700
    assert not list(box.home.glob("executions/*/*/tmp"))


def test_a_variable_of_hab_that_was_inherited_is_gone(box: Box) -> None:
    done = box.run(
        "compgen -e | grep -E '^(HAB_|DEBUG|RUST)' || true", HAB_AUTH_TOKEN="x", DEBUG="1", HAB_BLDR_CHANNEL=""
    )
    assert sorted(done.stdout.split()) == ["HAB_GLYPH_STYLE", "HAB_NOCOLORING", "HAB_NONINTERACTIVE"]


def test_a_secret_is_blotted_out_of_what_a_command_says(box: Box) -> None:
    done = box.run("printf 'a canary b\\ncanary*' | without canary", ACCEPT_LICENSE="true")
    assert done.stdout == "a **** b\n*****\n"


# what aws says -> exit code, what people are told
REFUSALS = [
    ("An error occurred (NoSuchKey) when calling the GetObject operation", 66, "s3://b/k does not exist"),
    ("An error occurred (404) when calling the HeadObject operation", 66, "s3://b/k does not exist"),
    ("An error occurred (AccessDenied) when calling GetObject", 77, "the build box may not read or write s3://b/k"),
    ("Could not connect to the endpoint URL", 75, "AWS did not give or take s3://b/k"),
]


@pytest.mark.parametrize(("says", "code", "cause"), REFUSALS)
def test_what_aws_refuses_has_its_own_exit_code(box: Box, says: str, code: int, cause: str) -> None:
    done = box.run(f'aws() {{ echo "{says}" >&2; return 254; }}; fetch b/k "$TMPDIR/file"')
    assert done.returncode == code
    assert f"cause={cause}\n" in box.report()


BUILDS = [
    (
        "pkg_ident=a/b/1.0/20260101000000\npkg_artifact='a-b.hart'\npkg_sha256sum=ff",
        0,
        "a/b/1.0/20260101000000 a-b.hart",
    ),
    ("pkg_ident=$(touch pwned)\npkg_artifact=a.hart", 1, ""),
    ("pkg_ident=a/b/1/20260101000000\npkg_artifact=../a.hart", 1, ""),
    ("pkg_ident=a/b/1\npkg_artifact=a.hart", 1, ""),
]


@pytest.mark.parametrize(("text", "code", "words"), BUILDS)
def test_the_words_of_a_build_are_read_and_never_run(box: Box, text: str, code: int, words: str) -> None:
    file = box.here / "last_build.env"
    file.write_text(text + "\n")
    done = box.run(f'cd "$TMPDIR"; read_build {file}; echo "$PKG_IDENT $PKG_ARTIFACT"')
    assert (done.returncode, done.stdout.strip()) == (code, words)
    assert not list(box.home.rglob("pwned"))


def entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


BAD_ARCHIVES = [
    (entry("../outside"), "'../outside' would leave the folder"),
    (entry("a/../../outside"), "would leave the folder"),
    (entry("/etc/passwd"), "'/etc/passwd' would leave the folder"),
    (entry("a\\..\\b"), "would leave the folder"),
    (entry("link", stat.S_IFLNK | 0o777), "'link' is a link or a device"),
    (entry("pipe", stat.S_IFIFO | 0o644), "'pipe' is a link or a device"),
]


def unpack(archive: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / "unpack.py"), str(archive), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("bad", "words"), BAD_ARCHIVES, ids=lambda value: getattr(value, "filename", None))
def test_an_archive_that_reaches_out_is_refused_whole(tmp_path: Path, bad: zipfile.ZipInfo, words: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry("good"), "x")
        archive.writestr(bad, "x")
    done = unpack(tmp_path / "a.zip", tmp_path / "out")
    assert done.returncode == 1
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_no_archive_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("no archive")
    done = unpack(tmp_path / "a.zip", tmp_path / "out")
    assert done.stderr == "the archive cannot be read: File is not a zip file\n"


def test_a_good_archive_keeps_its_programs(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry("bin/program", stat.S_IFREG | 0o755), "x")
        archive.writestr(entry("text"), "x")
    assert unpack(tmp_path / "a.zip", tmp_path / "out").returncode == 0
    modes: t.Any = {path.name: os.access(path, os.X_OK) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert modes == {"program": True, "text": False}

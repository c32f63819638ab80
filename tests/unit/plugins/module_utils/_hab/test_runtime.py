# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab as a program: time, secrets, and what its failures mean. The programs here stand for no real hab."""

from __future__ import annotations

import os
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import runtime
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import Done, HabError, error_code_of, explain
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import Hab

Make = t.Callable[..., Hab]


@pytest.fixture
def program(tmp_path: Path) -> Make:
    """A hab whose program is a script."""

    def make(script: str, **options: t.Any) -> Hab:
        path = tmp_path / "hab"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        settings = {"executable": str(path), "accept_license": True, "timeout": 20, **options}
        return Hab(settings, {"PATH": os.environ["PATH"], "FS_ROOT": str(tmp_path / "root"), "HOME": str(tmp_path)})

    return make


def is_alive(process: int) -> bool:
    """A process that was killed is there for a moment more, and as a zombie until somebody asks for it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_a_late_command_is_ended_with_all_that_it_started(program: Make, tmp_path: Path) -> None:
    hab = program(f"sleep 600 & echo $! > {tmp_path}/child; wait", timeout=1)
    started = time.monotonic()
    with pytest.raises(HabError, match=r"hab pkg build \. did not end within 1 s \(option timeout\)") as caught:
        hab.run("pkg", "build", ".")
    assert caught.value.code == "timeout"
    assert time.monotonic() - started < 10
    child = int((tmp_path / "child").read_text())
    while is_alive(child):
        assert time.monotonic() - started < 10
        time.sleep(0.01)


def test_its_input_is_empty_or_what_it_is_given(program: Make) -> None:
    hab = program("cat")
    assert (hab.run("x").stdout, hab.run("x", stdin="key text").stdout) == ("", "key text")


def test_a_secret_is_in_the_environment_only_and_never_told(program: Make) -> None:
    hab = program('echo "$HAB_AUTH_TOKEN $*"; echo "$HAB_AUTH_TOKEN" >&2; exit 1', auth_token="s3cret-token")
    done = hab.run("pkg", "upload")
    assert (done.stdout, done.stderr) == ("******** pkg upload\n", "********\n")
    assert "s3cret" not in str(hab.failure(done).details)
    assert hab.run("x", without=["HAB_AUTH_TOKEN"]).stdout == " x\n"


def test_only_one_task_changes_packages_at_a_time(program: Make) -> None:
    first, second = program("true"), program("true", timeout=1)
    with first.lock(), pytest.raises(HabError, match="Another task changed packages") as caught, second.lock():
        pass
    assert caught.value.code == "timeout"
    with second.lock():
        pass


def test_the_version_is_asked_once(program: Make, tmp_path: Path) -> None:
    hab = program(f"echo x >> {tmp_path}/asked; echo hab 2.1.78/20260812081234")
    assert [hab.version, hab.version, hab.major] == ["2.1.78/20260812081234"] * 2 + [2]
    assert (tmp_path / "asked").read_text() == "x\n"


@pytest.mark.parametrize(
    ("rc", "text", "code"),
    [
        (101, "thread 'main' panicked at src/x.rs", "panic"),
        (2, "error: unexpected argument '--ignore-local' found", "usage"),
        (1, "✗✗✗ Cannot find a release of package: core/x", "not_found"),
        (1, "XXX Package not found.", "not_found"),
        (1, "✗✗✗ [401 Unauthorized]", "unauthorized"),
        (1, "✗✗✗ [403 Forbidden] No valid license key found.", "not_licensed"),
        (1, "✗✗✗ Can't remove package: core/x. It is a dependency of 2 packages", "in_use"),
        (1, "✗✗✗ Unable to contact the Supervisor.", "supervisor_unreachable"),
        (1, "✗✗✗ error sending request for url", "network"),
        (1, "✗✗✗ something else", "failed"),
    ],
)
def test_known_failures_have_codes(rc: int, text: str, code: str) -> None:
    assert error_code_of(Done("hab x", rc, "", f"{text}\n")) == code


@pytest.mark.parametrize("glyphs", ["✗✗✗", "XXX"])
def test_messages_have_no_ornaments(glyphs: str) -> None:
    stderr = f"{glyphs}\n{glyphs} Package not found.\n{glyphs} Sorry.\n{glyphs}\n"
    error = explain(Done("hab pkg install core/x", 1, "", stderr), "hab")
    assert error.message == "hab pkg install core/x failed with exit code 1: Package not found. Sorry."


def test_a_refused_command_line_names_the_version() -> None:
    error = explain(Done("hab pkg x", 2, "", "error: unexpected argument\n\nUsage: hab\n"), "hab 0.90.6")
    assert error.message.startswith("hab pkg x is not understood by hab 0.90.6 (error: unexpected argument)")


@pytest.mark.parametrize(
    ("value", "words"), [("a", ["--x", "a"]), ("-a", ["--x=-a"]), ("", []), (None, []), (0, ["--x", "0"])]
)
def test_values_become_words(value: t.Any, words: list[str]) -> None:
    assert runtime.option("x", value) == words

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What surrounds every command: licence, record, strict extras, faults, versions."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import time
import typing as t
from pathlib import Path

import pytest

ASKED = "Do you accept the 1 product license?"


def unaccepted(box: t.Any, *words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    base = {"PATH": os.environ["PATH"], "HOME": str(box.folder), **environment}
    command = [str(box.executable), *words]
    return subprocess.run(command, input=stdin, env=base, capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize(
    ("stdin", "environment", "code", "asked"),
    [
        ("", {}, 1, 2),
        ("", {"HAB_LICENSE": "deny"}, 1, 0),
        ("", {"HAB_LICENSE": "yes please"}, 1, 2),
        ("no\nno\n", {}, 1, 2),
        ("maybe\nq\n", {}, 0, 1),
        ("yes\n", {}, 1, 1),  # accepted, and then the command fails
        ("", {"HAB_LICENSE": "accept-no-persist"}, 1, 0),
    ],
)
def test_the_licence_is_asked_for_first(
    box: t.Any, stdin: str, environment: dict[str, str], code: int, asked: int
) -> None:
    result = unaccepted(box, "pkg", "path", "a/b", stdin=stdin, **environment)
    assert (result.returncode, result.stdout.count(ASKED)) == (code, asked)
    refused = "License agreement not accepted" in result.stderr
    assert refused == (code == 1 and stdin != "yes\n" and environment.get("HAB_LICENSE") != "accept-no-persist")


@pytest.mark.parametrize("uid", ["0", "1000"])
def test_accepting_the_licence_writes_the_file_of_the_user(box: t.Any, uid: str) -> None:
    box.set(UID=uid)
    path = (box.hab if uid == "0" else box.folder / ".hab") / "accepted-licenses" / "habitat"
    assert "1 product license accepted." in unaccepted(box, "license", "accept").stdout
    assert "accepting_product: hab\n" in path.read_text()
    assert "You have already accepted the license." in unaccepted(box, "license", "accept").stdout
    assert unaccepted(box, "pkg", "list", "a/b").returncode == 0


def test_the_variable_rewrites_the_file_on_every_command(box: t.Any) -> None:
    box.accept_licence()
    path = box.hab / "accepted-licenses" / "habitat"
    unaccepted(box, "pkg", "list", "a/b", HAB_LICENSE="accept")
    first = path.read_text()
    unaccepted(box, "pkg", "list", "a/b", HAB_LICENSE="accept")
    assert path.read_text() != first


@pytest.mark.parametrize("words", [["--version"], ["pkg", "list", "-h"], ["pkg", "exec", "a/b", "c", "-V"]])
def test_help_and_version_need_no_licence(box: t.Any, words: list[str]) -> None:
    assert unaccepted(box, *words).returncode == 0


def test_an_open_standard_input_is_waited_for(box: t.Any) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(box.folder)}
    with subprocess.Popen(
        [str(box.executable), "pkg", "list", "a/b"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        shown = b""
        while ASKED.encode() not in shown:
            shown += os.read(process.stdout.fileno(), 4096)
        time.sleep(0.2)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
    assert box.runs()[-1]["exit"] == 143


def test_every_run_is_recorded_without_values(hab: t.Any, tmp_path: Path) -> None:
    hab("config", "apply", "a.b", "1", code=1, stdin="x = 1\n", HAB_AUTH_TOKEN="s3cret")
    run = hab.box.runs()[-1]
    assert (run["argv"], run["exit"], run["cwd"]) == (["config", "apply", "a.b", "1"], 1, str(tmp_path))
    assert run["environment"]["HAB_AUTH_TOKEN"] == hashlib.sha256(b"s3cret").hexdigest()
    assert run["stdin"] == hashlib.sha256(b"x = 1\n").hexdigest()
    assert run["started"] <= run["ended"]
    assert hab.box.places_of("s3cret") == []


@pytest.mark.parametrize(
    ("words", "environment", "reason"),
    [
        ("pkg install core/x --channel stable --auth t", {}, "a secret is on the command line (--auth)"),
        ("pkg upload {hart} -zt", {}, "a secret is on the command line (--auth)"),
        ("sup run --ring-key k", {}, "a secret is on the command line (--ring-key)"),
        ("pkg export container a/b --password p -U u", {}, "a secret is on the command line (--password)"),
        ("pkg install core/x", {}, "'hab pkg install' without --channel"),
        ("pkg install core/x", {"HAB_BLDR_CHANNEL": "stable"}, "'hab pkg install' without --channel"),
        ("svc load core/x", {}, "'hab svc load' without --channel"),
        ("svc update core/x", {}, "'hab svc update' without --channel"),
        ("pkg list core/x", {"HAB_AUTH_TOKEN": ""}, "the variable HAB_AUTH_TOKEN is set and empty"),
    ],
)
def test_what_the_project_does_not_do_is_refused(
    hab: t.Any, words: str, environment: dict[str, str], reason: str, tmp_path: Path
) -> None:
    (tmp_path / "x.hart").touch()
    command = words.format(hart=tmp_path / "x.hart").split()
    assert reason in hab.err(*command, code=2, **environment)
    hab.box.set(STRICT="0")
    assert "strict double" not in hab.box.run(*command, **environment).stderr


def test_builds_are_for_root(hab: t.Any) -> None:
    hab.box.set(UID="1000")
    assert "has to be run as root" in hab.err("pkg", "build", ".", code=2)


def test_faults_on_demand(hab: t.Any) -> None:
    hab.box.set(FAIL="pkg path:9:out of luck\npkg env:1:other", PANIC="pkg config")
    assert "✗✗✗ out of luck" in hab.err("pkg", "path", "a/b", code=9)
    assert "other" in hab.err("pkg", "env", "a/b", code=1)
    assert "thread 'main' panicked" in hab.err("pkg", "config", "a/b", code=101)
    hab("pkg", "list", "a/b")


def test_a_slow_command(hab: t.Any) -> None:
    hab.box.set(SLEEP="pkg list:0.5")
    hab("pkg", "list", "a/b")
    hab("pkg", "path", "a/b", code=1)
    slow, fast = (run["ended"] - run["started"] for run in hab.box.runs())
    assert slow > max(0.5, fast)


def test_faults_of_the_depot_end_when_they_are_used_up(hab: t.Any) -> None:
    hab.depot.add_package("core/x/1/20240101000000")
    hab.depot.add_fault("latest", 503, subject="core/x", times=1)
    assert "[503 Service Unavailable]" in hab.err("pkg", "install", "core/x", "--channel", "stable", code=1)
    hab.install("core/x")


@pytest.mark.parametrize(
    ("style", "error", "begin"), [("full", "✗✗✗", "»"), ("limited", "XXX", "»"), ("ascii", "XXX", " >>")]
)
def test_glyphs(hab: t.Any, style: str, error: str, begin: str) -> None:
    result = hab("pkg", "uninstall", "a/b", "--keep-latest=0", HAB_GLYPH_STYLE=style)
    assert result.stdout.startswith(f"{begin} Uninstalling a/b\n")
    failed = hab.err("pkg", "path", "a/b", code=1, HAB_GLYPH_STYLE=style)
    assert failed == f"{error}\n{error} Cannot find a release of package: a/b\n{error}\n"


def test_version(hab: t.Any) -> None:
    assert hab.out("--version") == "hab 2.1.78/20260821214512\n"
    hab.box.set(VERSION="1.6")
    assert hab.out("--version").startswith("hab 1.6.")


def test_the_older_version(hab: t.Any, tmp_path: Path) -> None:
    hab.depot.add_package("acme/app/1/20240101000000")
    hab.box.set(VERSION="1.6", STRICT="0")
    result = hab("install", "acme/app")
    assert "in the 'stable' channel" in result.stdout
    assert "∅ 'hab install' is deprecated" in result.stderr
    hab("sup", "status", code=1)
    hab("pkg", "uninstall", "acme/app", "--exclude", "a/b", "c/d", "--dryrun")
    hart = next((hab.box.hab / "cache" / "artifacts").glob("*.hart"))
    hab("pkg", "export", "docker", hart)
    hab("origin", "key", "generate", "acme")
    hab("origin", "key", "generate", "other")
    (tmp_path / "plan.sh").write_text("pkg_name=x\npkg_origin=acme\npkg_version=1\n")
    hab("pkg", "build", ".", "-k", "acme,other")


def test_the_default_channel_of_the_present_version_is_base(hab: t.Any) -> None:
    hab.box.set(STRICT="0")
    assert "in the 'base' channel" in hab.box.run("pkg", "install", "acme/app").stdout


def test_commands_that_the_double_does_not_do_say_so(hab: t.Any) -> None:
    assert "the double does not do 'hab supportbundle'" in hab.err("supportbundle", code=70)


def test_the_folder_runs_where_it_is_copied_to(tmp_path: Path) -> None:
    import shutil

    from fake_hab.testing import PROGRAM

    copied = shutil.copytree(PROGRAM.parent, tmp_path / "copy")
    assert os.stat(copied / "hab").st_mode & stat.S_IXUSR
    environment = {"PATH": os.environ["PATH"], "FS_ROOT": str(tmp_path / "r"), "HAB_LICENSE": "accept-no-persist"}
    result = subprocess.run([copied / "hab", "pkg", "list", "a/b"], env=environment, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_state_is_only_in_the_given_root(hab: t.Any, tmp_path: Path) -> None:
    hab.depot.add_package("core/x/1/20240101000000")
    hab.install("core/x")
    assert {path.name for path in tmp_path.iterdir()} == {"root", "depot", "bin", "hab.log"}
    assert json.loads((hab.box.log).read_text())["exit"] == 0

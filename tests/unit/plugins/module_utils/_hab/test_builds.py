# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of builds are read strictly, and the digest of a source sees what matters."""

from __future__ import annotations

import hashlib
import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import builds
from ansible_collections.containerci.aws.plugins.module_utils._hab.builds import Build
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("pkg_name=web", "web"),
        ('pkg_name="web app"', "web app"),
        ("pkg_name='web $x'", "web $x"),
        ("  pkg_name=  ", ""),
        ("pkg_name=a,b:c/d@1.0", "a,b:c/d@1.0"),
    ],
)
def test_assignments_are_read(line: str, value: str) -> None:
    assert builds.parse_env(f"\n{line}\n") == {"pkg_name": value}


@pytest.mark.parametrize(
    "line",
    [
        "pkg_name=$(id)",
        "pkg_name=`id`",
        'pkg_name="$HOME"',
        "pkg_name=a b",
        'pkg_name="a',
        "export a=b",
        "a;b",
        "# x=y",
    ],
)
def test_nothing_else_is(line: str) -> None:
    with pytest.raises(HabError, match="Line 2 of the results of the build is no plain assignment"):
        builds.parse_env(f"pkg_ident=x\n{line}\n")


def test_a_variable_cannot_be_set_twice() -> None:
    with pytest.raises(HabError, match="Line 2"):
        builds.parse_env("a=1\na=2\n")


@pytest.fixture
def results(tmp_path: Path) -> t.Callable[..., str]:
    """A directory of results; arguments replace variables, None removes them."""
    data = b"package"
    (tmp_path / "web.hart").write_bytes(data)
    values: dict[str, str | None] = {
        "pkg_ident": "acme/web/1/20260101000000",
        "pkg_artifact": "web.hart",
        "pkg_sha256sum": hashlib.sha256(data).hexdigest(),
        "pkg_blake2bsum": hashlib.blake2b(data, digest_size=32).hexdigest(),
    }

    def make(**changes: str | None) -> str:
        lines = [f"{name}={value}\n" for name, value in {**values, **changes}.items() if value is not None]
        (tmp_path / "last_build.env").write_text("".join(lines))
        return str(tmp_path)

    return make


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pkg_ident": None}, "has no pkg_ident"),
        ({"pkg_artifact": "other.hart"}, "which is not beside it"),
        ({"pkg_artifact": "../web.hart"}, "which is not beside it"),
        ({"pkg_sha256sum": "0"}, "its checksums are others"),
        ({"pkg_blake2bsum": "0"}, "its checksums are others"),
    ],
)
def test_results_have_to_be_those_of_the_build(
    results: t.Callable[..., str], changes: dict[str, str | None], message: str
) -> None:
    assert builds.read_build(results()).ident == "acme/web/1/20260101000000"
    with pytest.raises(HabError, match=message):
        builds.read_build(results(**changes))
    assert builds.last_build(results(**changes)) is None


def test_the_digest_sees_every_change_of_the_source(tmp_path: Path) -> None:
    def digest(**settings: str) -> str:
        return builds.source_digest(str(tmp_path), settings)

    (tmp_path / "plan.sh").write_text("a")
    seen = [digest(), digest(channel="dev")]
    (tmp_path / "plan.sh").write_text("b")
    seen.append(digest())
    (tmp_path / "plan.sh").chmod(0o755)
    seen.append(digest())
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "link").symlink_to("../plan.sh")
    seen.append(digest())
    os.rename(tmp_path / "plan.sh", tmp_path / "plan.ps1")
    seen.append(digest())
    assert len(set(seen)) == len(seen)
    for name in ("results", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").touch()
    assert digest() == seen[-1]


LAST = Build("acme/web/1/20260101000000", "/x.hart", "", "")


@pytest.mark.parametrize(
    ("rebuild", "last", "recorded", "builds_it"),
    [
        ("never", None, ("", ""), True),
        ("never", LAST, ("", ""), False),
        ("always", LAST, ("digest", LAST.ident), True),
        ("if_source_changed", LAST, ("digest", LAST.ident), False),
        ("if_source_changed", LAST, ("other", LAST.ident), True),
        ("if_source_changed", LAST, ("digest", "acme/web/1/20250101000000"), True),
    ],
)
def test_when_to_build(rebuild: str, last: Build | None, recorded: tuple[str, str], builds_it: bool) -> None:
    assert bool(builds.reason_to_build(rebuild, last, "digest", recorded)) is builds_it


def test_each_key_has_its_own_option() -> None:
    params = dict.fromkeys(("root", "refresh_channel"))
    words = builds.words({**params, "keys": ["a", "b"], "reuse": True, "docker": False}, ".", "/src", "/keys")
    assert " ".join(words) == "pkg build . --keys a --keys b --src /src --cache-key-path /keys --reuse"

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Artifacts on disk, and hab pkg upload, promote, demote, channels, delete, search, download."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from fake_hab.idents import Ident

TOKEN = {"HAB_AUTH_TOKEN": "administrator-token"}
APP = "acme/app/1/20240101000000"
DEP = "acme/dep/1/20240101000000"


@pytest.fixture
def hart(hab: t.Any, tmp_path: Path) -> Path:
    """The artifact of an app, its dependency beside it, the key of the signer; the depot knows the origin only."""
    name = "acme-app-1-20240101000000-x86_64-linux.hart"
    for ident, file in ((DEP, "acme-dep-1-20240101000000-x86_64-linux.hart"), (APP, name)):
        path = hab.depot.add_package(ident, deps=[DEP] if ident == APP else [], bins={"app": "#!/bin/sh\n"})
        (tmp_path / file).write_bytes(path.read_bytes())
    hab("origin", "key", "download", "acme")
    hab("origin", "key", "download", "acme", "--secret", **TOKEN)
    for ident in (APP, DEP):
        for path in hab.depot.package_folder(Ident.parse(ident)).iterdir():
            path.unlink()
    return tmp_path / name


def known(hab: t.Any) -> list[str]:
    return list(map(str, hab.depot.packages()))


def test_what_an_artifact_tells(hab: t.Any, hart: Path) -> None:
    assert f"Package Path   : {hart}\nOrigin         : acme\nName           : app" in hab.out("pkg", "info", hart)
    told = json.loads(hab.out("pkg", "info", "--json", hart))
    assert (told["ident"], told["deps"], told["key_name"]) == (APP, [DEP], "acme-20240101000000")
    digest = hab.out("pkg", "hash", hart)
    assert (len(digest.split()[0]), digest.split()[1]) == (64, str(hart))
    assert hab.out("pkg", "hash", stdin=f"{hart}\n") == digest
    assert "Key Name       : acme-20240101000000" in hab.out("pkg", "header", hart)
    assert "✓ Verified checksum" in hab.out("pkg", "verify", hart)


def test_an_unreadable_header_is_a_warning_and_a_success(hab: t.Any, tmp_path: Path) -> None:
    (tmp_path / "x.hart").write_text("nothing")
    assert "Ø Failed to read package header." in hab.err("pkg", "header", "x.hart")
    assert "Can't read x.hart" in hab.err("pkg", "verify", "x.hart", code=1)


def test_verify_needs_the_key_and_the_right_bytes(hab: t.Any, hart: Path) -> None:
    assert "No public signing key" in hab.err("pkg", "verify", hart, "--cache-key-path", "/nowhere", code=1)
    other = (hart.parent / "acme-dep-1-20240101000000-x86_64-linux.hart").read_bytes()
    hart.write_bytes(hart.read_bytes().split(b"\n\n", 1)[0] + b"\n\n" + other.split(b"\n\n", 1)[1])
    assert "hashes don't match" in hab.err("pkg", "verify", hart, code=1)


def test_sign(hab: t.Any, hart: Path, tmp_path: Path) -> None:
    (tmp_path / "payload").write_bytes(hart.read_bytes().split(b"\n\n", 1)[1])
    assert "★ Signed artifact new.hart." in hab.out("pkg", "sign", "--origin", "acme", "payload", "new.hart")
    assert (tmp_path / "new.hart").read_bytes() == hart.read_bytes()


def test_upload_takes_key_dependencies_and_artifact(hab: t.Any, hart: Path) -> None:
    assert "No auth token specified" in hab.err("pkg", "upload", hart, code=1)
    lines = hab.out("pkg", "upload", hart, "--channel", "qa", **TOKEN).splitlines()
    assert lines[0] == "→ Using existing public origin key acme-20240101000000.pub already on target"
    assert lines[-1] == f"★ Upload of {APP} complete."
    assert known(hab) == [APP, DEP]
    assert hab.depot.channels(APP) == hab.depot.channels(DEP) == ["unstable", "qa"]
    again = hab.out("pkg", "upload", hart, "--channel", "other", **TOKEN)
    assert f"→ Using existing {APP} already on target" in again
    assert hab.depot.channels(APP) == ["unstable", "qa", "other"]


def test_a_missing_dependency_stops_an_upload(hab: t.Any, hart: Path) -> None:
    (hart.parent / "acme-dep-1-20240101000000-x86_64-linux.hart").unlink()
    result = hab("pkg", "upload", hart, code=1, **TOKEN)
    assert "∵ Missing artifact acme-dep-1-20240101000000-x86_64-linux.hart" in result.stdout
    assert known(hab) == []


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (409, "Package already exists on remote; skipping."),
        (501, "Package platform or architecture not supported by the targeted depot; skipping."),
        (424, "Package upload introduces a circular dependency"),
    ],
)
def test_an_upload_that_was_skipped_says_that_it_is_complete(hab: t.Any, hart: Path, status: int, text: str) -> None:
    hab.depot.add_fault("upload", status, subject=APP)
    result = hab("pkg", "upload", hart, **TOKEN)
    assert text in result.stdout + result.stderr
    assert f"✓ Uploaded {APP}\n★ Upload of {APP} complete." in result.stdout
    assert known(hab) == [DEP]


def test_another_artifact_for_a_release_is_refused_even_with_force(hab: t.Any, hart: Path, tmp_path: Path) -> None:
    hab("pkg", "upload", hart, **TOKEN)
    before = hab.depot.meta(Ident.parse(APP))
    hab("origin", "key", "generate", "acme")
    hab("origin", "key", "upload", "acme", **TOKEN)
    (tmp_path / "payload").write_bytes(hart.read_bytes().split(b"\n\n", 1)[1])
    hab("pkg", "sign", "--origin", "acme", "payload", "other.hart")
    assert "could not upload" in hab.err("pkg", "upload", "other.hart", "--force", code=1, **TOKEN)
    hab("pkg", "upload", hart, "--force", **TOKEN)
    assert hab.depot.meta(Ident.parse(APP)) == before


def test_rights(hab: t.Any, hart: Path) -> None:
    guest, member = (hab.depot.add_token(role, role) for role in ("readonly_member", "member"))
    assert "[403 Forbidden]" in hab.err("pkg", "upload", hart, code=1, HAB_AUTH_TOKEN=guest)
    hab("pkg", "upload", hart, HAB_AUTH_TOKEN=member)
    assert "[403 Forbidden]" in hab.err("pkg", "promote", APP, "stable", code=1, HAB_AUTH_TOKEN=member)
    assert "[401 Unauthorized]" in hab.err("pkg", "promote", APP, "stable", code=1, HAB_AUTH_TOKEN="unknown")


def test_channels(hab: t.Any, hart: Path) -> None:
    hab("pkg", "upload", hart, **TOKEN)
    for _twice in range(2):
        out = hab.out("pkg", "promote", APP, "qa", **TOKEN)
        assert out == f"» Promoting {APP} (x86_64-linux) to channel 'qa'\n✓ Promoted {APP} (x86_64-linux)\n"
    assert hab.out("pkg", "channels", APP) == f"» Retrieving channels for {APP} (x86_64-linux)\nunstable\nqa\n"
    hab("pkg", "demote", APP, "qa", **TOKEN)
    assert "[400 Bad Request]" in hab.err("pkg", "demote", APP, "qa", code=1, **TOKEN)
    assert "unstable" in hab.err("pkg", "demote", APP, "unstable", code=1, **TOKEN)
    assert hab.depot.channels(APP) == ["unstable"]
    hab("pkg", "promote", APP, "qa", "aarch64-linux", code=1, **TOKEN)


def test_promote_makes_no_base_channel(hab: t.Any, hart: Path) -> None:
    hab("pkg", "upload", hart, **TOKEN)
    assert "[404 Not Found]" in hab.err("pkg", "promote", APP, "base", code=1, **TOKEN)
    hab("bldr", "channel", "create", "base", "--origin", "acme", **TOKEN)
    hab("pkg", "promote", APP, "base", **TOKEN)
    assert hab.depot.channels(APP) == ["unstable", "base"]


def test_delete(hab: t.Any, hart: Path) -> None:
    hab("pkg", "upload", hart, "--channel", "stable", **TOKEN)
    assert "[422 Unprocessable" in hab.err("pkg", "delete", APP, code=1, **TOKEN)
    hab("pkg", "demote", APP, "stable", **TOKEN)
    assert "✓ Deleted" in hab.out("pkg", "delete", APP, **TOKEN)
    assert known(hab) == [DEP]
    hab("pkg", "delete", APP, code=1, **TOKEN)


def test_channels_of_an_origin(hab: t.Any, hart: Path) -> None:
    hab("bldr", "channel", "create", "qa", "-o", "acme", **TOKEN)
    assert "[409 Conflict]" in hab.err("bldr", "channel", "create", "qa", "-o", "acme", code=1, **TOKEN)
    hab("pkg", "upload", hart, **TOKEN)
    hab("bldr", "channel", "promote", "unstable", "qa", "-o", "acme", **TOKEN)
    assert hab.out("bldr", "channel", "list", "acme").splitlines()[1:] == ["qa", "stable", "unstable"]
    assert hab.depot.channels(DEP) == ["unstable", "qa"]
    hab("bldr", "channel", "demote", "unstable", "qa", "-o", "acme", **TOKEN)
    hab("bldr", "channel", "destroy", "qa", "-o", "acme", **TOKEN)
    assert "[403 Forbidden]" in hab.err("bldr", "channel", "destroy", "stable", "-o", "acme", code=1, **TOKEN)
    assert hab.out("bldr", "channel", "list", "acme").splitlines()[1:] == ["stable", "unstable"]


def test_search_and_download(hab: t.Any, hart: Path, tmp_path: Path) -> None:
    hab("pkg", "upload", hart, "--channel", "stable", **TOKEN)
    assert hab.out("pkg", "search", "app") == "acme/app\n"
    hab("pkg", "download", "acme/app", "--channel", "stable", "--download-directory", "d")
    assert len(list((tmp_path / "d" / "artifacts").iterdir())) == 2
    assert [path.name for path in (tmp_path / "d" / "keys").iterdir()] == ["acme-20240101000000.pub"]

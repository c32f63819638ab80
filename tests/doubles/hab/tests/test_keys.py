# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab origin create and key *."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

TOKEN = {"HAB_AUTH_TOKEN": "administrator-token"}


@pytest.fixture
def cache(box: t.Any) -> Path:
    return t.cast(Path, box.hab / "cache" / "keys")


def test_a_new_pair_every_time(hab: t.Any, cache: Path) -> None:
    assert hab.out("origin", "key", "generate", "acme").endswith("★ Generated origin key pair acme-20250101000000.\n")
    hab("origin", "key", "generate", HAB_ORIGIN="acme")
    modes = {path.name: path.stat().st_mode & 0o777 for path in cache.iterdir()}
    assert modes == {
        f"acme-2025010100000{second}.{suffix}": mode
        for second in (0, 1)
        for suffix, mode in (("pub", 0o444), ("sig.key", 0o400))
    }
    lines = (cache / "acme-20250101000000.sig.key").read_text().split("\n")
    assert (lines[:3], len(lines)) == (["SIG-SEC-1", "acme-20250101000000", ""], 4)


def test_a_name_is_needed(hab: t.Any) -> None:
    assert "No origin specified" in hab.err("origin", "key", "generate", code=1)


def test_the_latest_key_of_acme_may_be_one_of_acme_ops(hab: t.Any) -> None:
    """The flaw of the real tool."""
    hab("origin", "key", "generate", "acme")
    hab("origin", "key", "generate", "acme-ops")
    assert "\nacme-ops-20250101000001\n" in hab.out("origin", "key", "export", "acme")


def test_export_and_import(hab: t.Any, cache: Path) -> None:
    hab("origin", "key", "generate", "acme")
    for kind in ("public", "secret"):
        text = hab.out("origin", "key", "export", "acme", "--type", kind)
        assert not text.endswith("\n")
        out = hab.out("origin", "key", "import", "--cache-key-path", "elsewhere", stdin=text)
        assert out.endswith(f"★ Imported {kind} origin key acme-20250101000000\n")
        hab("origin", "key", "import", "--cache-key-path", "elsewhere", stdin=text)
        other = text.rsplit("\n", 1)[0] + "\nQUJD"
        hab("origin", "key", "import", "--cache-key-path", "elsewhere", stdin=other, code=1)
    assert {path.name for path in Path("elsewhere").iterdir()} == {path.name for path in cache.iterdir()}
    assert "No secret signing key found" in hab.err("origin", "key", "export", "nobody", "-t", "secret", code=1)
    hab("origin", "key", "import", stdin="nonsense", code=1)


def test_keys_of_users_are_at_home(hab: t.Any, tmp_path: Path) -> None:
    hab.box.set(UID="1000")
    hab("origin", "key", "generate", "acme")
    assert list((tmp_path / ".hab" / "cache" / "keys").glob("acme-*"))


def test_upload(hab: t.Any) -> None:
    hab("origin", "key", "generate", "acme")
    assert "No auth token specified" in hab.err("origin", "key", "upload", "acme", code=1)
    assert "[404 Not Found]" in hab.err("origin", "key", "upload", "acme", code=1, **TOKEN)
    assert "✓ Created origin acme." in hab.out("origin", "create", "acme", **TOKEN)
    assert "Origin already exists!" in hab.out("origin", "create", "acme", **TOKEN)
    member = {"HAB_AUTH_TOKEN": hab.depot.add_token("member", "member")}
    assert "[403 Forbidden]" in hab.err("origin", "key", "upload", "acme", code=1, **member)
    assert "✓ Uploaded acme-20250101000000" in hab.out("origin", "key", "upload", "acme", **TOKEN)
    assert "which already exists in the depot" in hab.out("origin", "key", "upload", "acme", "--secret", **TOKEN)
    hab("origin", "key", "upload", "acme", "--secret", code=1, **TOKEN)
    assert hab.depot.key_revisions("acme", "administrator-token", "secret") == ["20250101000000"]


def test_the_secret_file_goes_up_under_a_wrong_revision(hab: t.Any, cache: Path) -> None:
    hab.depot.origin_folder("acme").mkdir(parents=True)
    hab("origin", "key", "generate", "acme")
    files = [str(cache / f"acme-20250101000000.{suffix}") for suffix in ("pub", "sig.key")]
    hab("origin", "key", "upload", "--pubfile", files[0], "--secfile", files[1], **TOKEN)
    assert (hab.depot.origin_folder("acme") / "keys" / "acme-acme.sig.key").is_file()


def test_download(hab: t.Any, cache: Path) -> None:
    hab.depot.add_origin("acme")
    assert hab.out("origin", "key", "download", "acme").endswith("★ Download of acme public origin keys completed.\n")
    assert [path.name for path in cache.iterdir()] == ["acme-20240101000000.pub"]
    hab("origin", "key", "download", "acme", "20240101000000")
    hab("origin", "key", "download", "acme", "20200101000000", code=1)
    hab("origin", "key", "download", "acme", "--secret", **TOKEN)
    assert (cache / "acme-20240101000000.sig.key").is_file()


def test_a_secret_key_without_a_token_is_a_success_without_a_key(hab: t.Any, cache: Path) -> None:
    hab.depot.add_origin("acme")
    assert "No auth token found" in hab.out("origin", "key", "download", "acme", "--secret")
    assert not cache.exists()


def test_no_keys_is_a_success_too(hab: t.Any) -> None:
    hab.depot.origin_folder("acme").mkdir(parents=True)
    assert hab.out("origin", "key", "download", "acme").endswith("★ No public keys for acme.\n")

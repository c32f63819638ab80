# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab_origin_key against the double of hab: the states, keys of similar names, secrets."""

from __future__ import annotations

import stat
import typing as t
from pathlib import Path

import pytest
from integration.habitat import HabHost

from fake_hab import keys

REV, LATER = "20260101000000", "20260202000000"
PUBLIC, SECRET = (key.text for key in keys.generate("acme", REV))
MEMBER = "m3mber-token"


def key(host: HabHost, state: str = "present", **params: t.Any) -> dict[str, t.Any]:
    return host.run("hab_origin_key", origin="acme", state=state, **params)


def place(host: HabHost, *revisions: str, origin: str = "acme") -> None:
    for revision in revisions:
        for one in keys.generate(origin, revision):
            keys.KeyCache(host.keys).write(one)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("text", "name", "expected"), [(PUBLIC, "pub", 0o444), (SECRET, "sig.key", 0o400)], ids=["public", "secret"]
)
def test_a_key_is_imported_once_and_removed(host: HabHost, text: str, name: str, expected: int) -> None:
    file = host.keys / f"acme-{REV}.{name}"
    forecast = key(host, content=text, check=True)
    assert (forecast["changed"], forecast["files"], host.writes(), file.exists()) == (True, [str(file)], [], False)
    result = key(host, content=text)
    assert (result["files"], result["latest"], result["revisions"]) == ([str(file)], REV, [REV])
    assert result["diff"] == {"before": "", "after": f"- {file} {expected:04o}\n"} == forecast["diff"]
    assert (file.read_text(), mode(file)) == (text, expected)
    assert not key(host, content=text + "\n")["changed"]
    file.chmod(0o644)
    for check in (True, False):
        assert key(host, content=text, check=check)["changed"]
    assert (mode(file), len(host.writes())) == (expected, 1)
    assert key(host, "absent", check=True)["files"] == []
    assert file.exists()
    assert key(host, "absent")["changed"]
    assert not file.exists()
    assert not key(host, "absent")["changed"]


def test_a_secret_key_is_in_no_result_and_no_log(host: HabHost) -> None:
    source = host.box.folder / "key"
    source.write_text(SECRET)
    result = key(host, src=str(source), revision=REV)
    secret = SECRET.splitlines()[3]
    assert secret not in str(result)
    host.box.set(FAIL=f"origin key import:1:{secret}")
    key(host, "absent")
    assert secret not in str(host.fails("hab_origin_key", origin="acme", content=SECRET))
    assert host.box.places_of(secret) == []


def test_keys_of_similar_names_are_never_taken(host: HabHost) -> None:
    place(host, LATER, origin="acme-ops")
    host.depot.add_origin("acme")
    forecast = key(host, "generated", check=True)
    made = key(host, "generated")
    assert (forecast["changed"], made["changed"], len(made["files"])) == (True, True, 2)
    assert all("acme-ops" not in name for name in made["files"])
    assert not key(host, "generated")["changed"]
    token = "administrator-token"
    for kind in ("public", "secret"):
        assert key(host, "uploaded", type=kind, auth_token=token)["changed"]
        assert not key(host, "uploaded", type=kind, auth_token=token)["changed"]
    exported = key(host, "exported", return_content=True)["content"]
    assert exported.splitlines()[1] == f"acme-{made['latest']}"
    key(host, "absent")
    assert len(list(host.keys.iterdir())) == 2


def test_a_new_pair_on_demand(host: HabHost) -> None:
    host.box.set(NOW="20260301000000")
    assert key(host, "generated")["latest"] == "20260301000000"
    result = key(host, "generated", force_new=True)
    assert (result["changed"], result["latest"], len(result["files"])) == (True, "20260301000001", 4)
    assert key(host, "absent", revision="20260301000000", type="secret")["changed"]
    assert not key(host, "generated")["changed"]


def test_keys_are_downloaded(host: HabHost) -> None:
    host.depot.add_origin("acme")
    forecast = key(host, "downloaded", check=True)
    assert (forecast["changed"], host.keys.exists()) == (True, False)
    assert key(host, "downloaded")["revisions"] == ["20240101000000"]
    assert not key(host, "downloaded")["changed"]
    asked = len(host.depot.requests())
    assert not key(host, "downloaded", revision="20240101000000")["changed"]
    assert len(host.depot.requests()) == asked
    failed = host.fails("hab_origin_key", origin="acme", state="downloaded", type="secret")
    assert (failed["error_code"], "give auth_token" in failed["msg"]) == ("unauthorized", True)
    for changed in (True, False):
        result = key(host, "downloaded", type="secret", auth_token="administrator-token")
        assert result["changed"] is changed
    assert mode(host.keys / "acme-20240101000000.sig.key") == 0o400


def test_an_older_secret_key_is_not_uploaded_over_a_newer(host: HabHost) -> None:
    host.depot.add_origin("acme")
    place(host, "20200101000000")
    params = {"origin": "acme", "state": "uploaded", "type": "both", "auth_token": "administrator-token"}
    failed = host.fails("hab_origin_key", **params)
    assert (failed["error_code"], host.writes()) == ("conflict", [])


def test_a_key_is_exported_with_a_safe_mode(host: HabHost) -> None:
    place(host, REV, LATER)
    dest = host.box.folder / "out"
    for kind, expected in (("secret", 0o600), ("public", 0o644)):
        for check, changed in ((True, True), (False, True), (False, False)):
            assert key(host, "exported", type=kind, dest=str(dest), check=check)["changed"] is changed
        assert mode(dest) == expected
        assert dest.read_text() == (host.keys / f"acme-{LATER}.{'sig.key' if kind == 'secret' else 'pub'}").read_text()
    key(host, "exported", dest=str(dest), revision=REV)
    assert f"acme-{REV}" in dest.read_text()


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        (
            {"content": SECRET, "revision": LATER},
            "invalid",
            f"The key is acme-{REV}, but the task is about acme-{LATER}",
        ),
        ({"content": SECRET, "origin": "other"}, "invalid", f"The key is acme-{REV}, but the task is about other."),
        ({"content": "secret"}, "invalid", "The key is no signing key of an origin"),
        ({"content": PUBLIC, "revision": "1"}, "invalid", "write its 14 digits"),
        ({"content": PUBLIC, "origin": "Acme"}, "invalid", "which is no name of an origin"),
        ({"state": "exported", "type": "both", "dest": "/x"}, "invalid", "one file holds one key"),
        ({"state": "exported", "dest": "/x"}, "not_found", "has no key of the origin acme"),
        ({"state": "uploaded"}, "not_found", "has no key of the origin acme"),
        ({"state": "downloaded", "revision": LATER}, "not_found", f"has no revision {LATER} of the origin acme"),
    ],
)
def test_what_cannot_be_done(host: HabHost, params: dict[str, t.Any], code: str, message: str) -> None:
    failed = host.fails("hab_origin_key", **{"origin": "acme", **params})
    assert failed["error_code"] == code
    assert message in failed["msg"]
    assert host.writes() == []


def test_another_key_under_the_same_name_is_kept(host: HabHost) -> None:
    place(host, REV)
    before = (host.keys / f"acme-{REV}.pub").read_text()
    for check in (True, False):
        failed = host.fails("hab_origin_key", origin="acme", content=PUBLIC, check=check)
        assert failed["error_code"] == "conflict"
    assert (host.keys / f"acme-{REV}.pub").read_text() == before


def test_rights_at_builder(host: HabHost) -> None:
    host.depot.add_origin("acme")
    host.depot.add_token(MEMBER)
    place(host, REV)
    failed = host.fails("hab_origin_key", origin="acme", state="uploaded", auth_token=MEMBER)
    assert failed["error_code"] == "unauthorized"
    assert MEMBER not in str(failed)

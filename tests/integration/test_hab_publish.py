# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab_publish against the double of hab and its depot: uploads that are believed only when Builder shows them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from integration.habitat import HabHost

from fake_hab import hart, keys
from fake_hab.idents import Ident
from fake_hab.packages import Contents, files_of

WEB = "acme/web/1.0/20260101000000"
OWNER, MEMBER, MAINTAINER = "administrator-token", "m3mber-token", "m4intainer-token"


class Publish:
    def __init__(self, host: HabHost, file: Path) -> None:
        self.host = host
        self.file = file

    def params(self, state: str, given: dict[str, t.Any]) -> dict[str, t.Any]:
        what = {} if "ident" in given else {"hart": [str(self.file)]}
        return {"state": state, "auth_token": OWNER, "target": "x86_64-linux", **what, **given}

    def run(self, state: str = "present", **params: t.Any) -> dict[str, t.Any]:
        return self.host.run("hab_publish", **self.params(state, params))

    def fails(self, state: str = "present", **params: t.Any) -> dict[str, t.Any]:
        return self.host.fails("hab_publish", **self.params(state, params))

    def channels(self) -> list[str]:
        return self.host.depot.channels(WEB)


def write_hart(path: Path, secret: keys.Key, readme: str = "") -> Path:
    ident = Ident.parse(WEB)
    files = files_of(Contents(ident, default_toml=readme))
    path.write_bytes(hart.seal(hart.pack(ident, files), secret))
    return path


@pytest.fixture
def publish(host: HabHost) -> Publish:
    """A package as a file, signed with the key of its origin, whose public half is in the cache."""
    secret = host.depot.add_origin("acme")
    host.depot.add_token(MEMBER, "member")
    host.depot.add_token(MAINTAINER, "maintainer")
    public = keys.KeyCache(host.depot.origin_folder("acme") / "keys").read("public", secret.name)
    keys.KeyCache(host.keys).write(public)
    return Publish(host, write_hart(host.box.folder / "web.hart", secret))


def test_the_cycle(publish: Publish) -> None:
    steps: list[tuple[str, list[str], bool, list[str]]] = [
        ("present", [], True, ["unstable"]),
        ("present", [], False, ["unstable"]),
        ("present", ["dev", "stable"], True, ["dev", "stable", "unstable"]),
        ("promoted", ["dev"], False, ["dev", "stable", "unstable"]),
        ("promoted", ["blue"], True, ["blue", "dev", "stable", "unstable"]),
        ("demoted", ["stable", "dev"], True, ["blue", "unstable"]),
        ("demoted", ["stable"], False, ["blue", "unstable"]),
        ("absent", [], True, []),
        ("absent", [], False, []),
    ]
    before: list[str] = []
    for state, channel, changed, after in steps:
        done = publish.host.writes()
        forecast = publish.run(state, channel=channel or None, check=True)
        assert publish.host.writes() == done
        result = publish.run(state, channel=channel or None)
        row = result["packages"][0]
        assert (result["changed"], row["channels_before"], row["channels_after"]) == (changed, before, after)
        assert forecast == result
        before = after
    assert publish.host.writes() == [
        f"pkg upload {publish.file} --cache-key-path {publish.host.keys}",
        *(f"pkg promote {WEB} {channel} x86_64-linux" for channel in ("dev", "stable", "blue")),
        *(f"pkg demote {WEB} {channel} x86_64-linux" for channel in ("stable", "dev")),
        f"pkg delete {WEB} x86_64-linux",
    ]


def test_the_diff_names_releases_and_channels(publish: Publish) -> None:
    publish.run()
    diff = publish.run(channel=["stable"])["diff"]
    assert diff == {"before": f"{WEB}:\n- unstable\n", "after": f"{WEB}:\n- stable\n- unstable\n"}


def test_a_release_is_promoted_by_its_name(publish: Publish) -> None:
    failed = publish.fails("promoted", ident=[WEB], channel=["stable"])
    assert (failed["error_code"], f"Builder has no {WEB} to promote" in failed["msg"]) == ("not_found", True)
    publish.run()
    assert publish.run("promoted", ident=[WEB], channel=["stable"], auth_token=MAINTAINER)["changed"]
    assert publish.channels() == ["unstable", "stable"]


@pytest.mark.parametrize("status", [501, 424])
def test_an_upload_that_was_skipped_is_a_failure(publish: Publish, status: int) -> None:
    publish.host.depot.add_fault("upload", status)
    failed = publish.fails()
    assert (failed["error_code"], failed["rc"]) == ("not_verified", 0)
    assert "said that all is well, but Builder" in failed["msg"]


def test_a_promotion_that_did_nothing_is_a_failure(publish: Publish) -> None:
    publish.run()
    script = publish.host.box.executable
    script.write_text(script.read_text().replace("exec ", 'test "$2" != promote || exit 0\nexec '))
    assert publish.fails(channel=["stable"])["error_code"] == "not_verified"


def test_another_file_under_the_same_name_is_never_forced(publish: Publish) -> None:
    publish.run()
    write_hart(publish.file, publish.host.depot.add_origin("acme"), readme="another = 1")
    for check in (True, False):
        failed = publish.fails(check=check)
        assert (failed["error_code"], "build a new release" in failed["msg"]) == ("conflict", True)


@pytest.mark.parametrize(
    ("state", "params", "code", "message"),
    [
        ("demoted", {"channel": ["unstable"]}, "invalid", "nothing can be demoted from it; use state absent"),
        (
            "promoted",
            {"channel": ["dev"], "auth_token": MEMBER},
            "unauthorized",
            "at least maintainer of the origin acme",
        ),
        ("present", {"channel": ["base"]}, "not_found", "base and unstable are not made by a promotion"),
        ("absent", {"auth_token": MEMBER}, "unauthorized", "at least maintainer of the origin acme"),
        ("present", {"ident": ["acme/web/1.0"]}, "invalid", "ident is 'acme/web/1.0', which is not complete"),
        ("present", {"hart": ["/nowhere.hart"]}, "not_found", "hart is '/nowhere.hart', and there is no such file"),
    ],
)
def test_what_builder_would_refuse(
    publish: Publish, state: str, params: dict[str, t.Any], code: str, message: str
) -> None:
    publish.run()
    failed = publish.fails(state, **params)
    assert failed["error_code"] == code
    assert message in failed["msg"]
    assert publish.channels() == ["unstable"]


def test_what_is_stable_is_not_deleted(publish: Publish) -> None:
    publish.run(channel=["stable"])
    assert "what is in the channel stable, or is needed" in publish.fails("absent")["msg"]


def test_the_key_of_the_signer_has_to_be_there(publish: Publish) -> None:
    for path in publish.host.keys.iterdir():
        path.unlink()
    assert "No public signing key found" in publish.fails()["msg"]


def test_tokens_are_in_no_log_and_no_result(publish: Publish) -> None:
    results = [publish.run(), publish.fails(channel=["stable"], auth_token=MEMBER)]
    assert [token for token in (OWNER, MEMBER) if token in str(results)] == []
    assert [publish.host.box.places_of(token) for token in (OWNER, MEMBER)] == [[], []]

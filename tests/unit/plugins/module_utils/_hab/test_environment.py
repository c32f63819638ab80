# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hab gets to see, and where it is looked for."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import environment
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError

ACCEPTED = {"accept_license": True}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose tree and home are empty."""
    return {"FS_ROOT": str(tmp_path / "root"), "HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}


def accept(folder: str) -> None:
    path = Path(folder) / "accepted-licenses" / "habitat"
    path.parent.mkdir(parents=True)
    path.touch()


def test_hab_sees_a_small_environment(home: dict[str, str]) -> None:
    noise = {"DEBUG": "1", "RUST_LOG": "debug", "HAB_BLDR_CHANNEL": "dev", "HAB_ORIGIN": "x", "AWS_PROFILE": "y"}
    given = {**ACCEPTED, "auth_token": "t0ken", "bldr_url": "https://bldr.example.com"}
    seen = environment.child_environment(given, {**home, **noise, "https_proxy": "http://proxy:3128"})
    assert {name: value for name, value in seen.items() if name not in home and name not in ("LANG", "LC_ALL")} == {
        "https_proxy": "http://proxy:3128",
        "HAB_NONINTERACTIVE": "true",
        "HAB_NOCOLORING": "true",
        "HAB_GLYPH_STYLE": "limited",
        "HAB_LICENSE": "accept-no-persist",
        "HAB_AUTH_TOKEN": "t0ken",
        "HAB_BLDR_URL": "https://bldr.example.com",
    }


def test_no_variable_is_empty(home: dict[str, str]) -> None:
    options = {**ACCEPTED, "auth_token": "", "bldr_url": None}
    seen = environment.child_environment(options, {**home, "SSL_CERT_FILE": "", "HAB_BINLINK_DIR": ""})
    assert all(seen.values())
    assert not {"HAB_AUTH_TOKEN", "HAB_BLDR_URL", "SSL_CERT_FILE", "HAB_BINLINK_DIR"} & set(seen)


@pytest.mark.parametrize(
    ("accepts", "inherited", "file", "word"),
    [
        (True, "", "", "accept-no-persist"),
        (True, "deny", "", "accept-no-persist"),
        (False, "accept", "", "accept-no-persist"),
        (False, "accept-no-persist", "", "accept-no-persist"),
        (False, "", "root/hab", ""),
        (False, "", "home/.hab", ""),
        (False, "", "", None),
        (False, "deny", "root/hab", None),
    ],
)
def test_the_licence_has_to_be_accepted_by_somebody(
    home: dict[str, str], tmp_path: Path, accepts: bool, inherited: str, file: str, word: str | None
) -> None:
    if file:
        accept(str(tmp_path / file))

    def answer() -> str:
        return environment.license_word(accepts, {**home, "HAB_LICENSE": inherited})

    if word is not None:
        assert answer() == word
        return
    with pytest.raises(HabError, match="set accept_license") as caught:
        answer()
    assert caught.value.code == "license_not_accepted"


def test_hab_is_looked_for_in_path_then_in_its_usual_places(home: dict[str, str], tmp_path: Path) -> None:
    home = {**home, "PATH": str(tmp_path / "nothing")}
    with pytest.raises(HabError, match=r"hab was not found \(PATH, /bin/hab or /hab/bin/hab\)"):
        environment.find_executable(None, home)
    usual, first = tmp_path / "root" / "hab" / "bin" / "hab", tmp_path / "nothing" / "hab"
    for path in (usual, first):
        path.parent.mkdir(parents=True)
        path.touch(mode=0o755)
    assert environment.find_executable(None, home) == str(first)
    first.unlink()
    assert environment.find_executable(None, home) == str(usual)
    with pytest.raises(HabError, match=r"/opt/hab"):
        environment.find_executable("/opt/hab", home)


@pytest.mark.parametrize(
    ("text", "found"),
    [('bldr_url = "https://x.example.com"\n', "https://x.example.com"), ('# bldr_url = "no"\n', ""), (None, "")],
)
def test_the_configuration_of_hab_is_read(
    home: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, found: str
) -> None:
    monkeypatch.setattr(environment, "is_root", lambda: True)
    file = tmp_path / "root" / "hab" / "etc" / "cli.toml"
    file.parent.mkdir(parents=True)
    if text:
        file.write_text(text)
    assert environment.configured("bldr_url", home) == found


def test_keys_are_in_the_cache_of_the_user(home: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[t.Any] = []
    for root in (True, False):
        monkeypatch.setattr(environment, "is_root", lambda answer=root: answer)
        places.append(environment.key_directory(home))
    assert places == [f"{home['FS_ROOT']}/hab/cache/keys", f"{home['HOME']}/.hab/cache/keys"]

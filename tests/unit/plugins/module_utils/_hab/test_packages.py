# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about packages, decided without hab."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import packages
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident, parse
from ansible_collections.containerci.aws.plugins.module_utils._hab.packages import Settings, Step, Wanted

V19, V110, VRC, OTHER = (
    parse(text)
    for text in (
        "core/redis/1.9.0/20260101000000",
        "core/redis/1.10.0/20250101000000",
        "core/redis/v2-rc/20240101000000",
        "core/redis-tools/9/20260101000000",
    )
)


def step(name: str, installed: list[Ident], offered: Ident | None = None, **settings: object) -> Step:
    return packages.plan(Wanted(name, parse(name)), installed, Settings(**settings), offered)


def commands(planned: Step) -> list[str]:
    return [" ".join(words) for words in planned.commands]


@pytest.mark.parametrize(
    ("name", "state", "offered", "words"),
    [
        ("core/redis", "present", None, None),
        ("core/redis/1.9.0", "present", None, None),
        ("core/redis/1.9.1", "present", None, "core/redis/1.9.1"),
        ("core/curl", "present", None, "core/curl"),
        (str(V19), "present", None, None),
        (str(V19), "latest", None, None),
        ("core/redis", "latest", V110, None),
        ("core/redis", "latest", V19, None),
        ("core/redis", "latest", parse("core/redis/1.10.1/20240101000000"), "core/redis"),
        ("core/redis/1.9.0", "latest", parse("core/redis/1.9.0/20260101000001"), "core/redis/1.9.0"),
    ],
)
def test_what_is_installed(name: str, state: str, offered: Ident | None, words: str | None) -> None:
    expected = [f"pkg install {words} --channel stable"] if words else []
    assert commands(step(name, [V19, V110], offered, state=state)) == expected


def test_switches_of_an_installation() -> None:
    planned = step("core/curl", [], channel="-odd", ignore_install_hook=True, ignore_local=True)
    assert commands(planned) == ["pkg install core/curl --channel=-odd --ignore-install-hook --ignore-local"]


def test_a_failed_hook_is_run_again() -> None:
    wanted = Wanted("core/redis", V19.package)
    again = packages.plan(wanted, [V19], Settings(), pending=[V19])
    assert commands(again) == [f"pkg install {V19} --channel stable"]
    assert not packages.plan(wanted, [V19], Settings(ignore_install_hook=True), pending=[V19]).commands


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("core/redis", {}, ["core/redis --keep-latest 0"]),
        ("core/curl", {}, []),
        ("core/redis/1.9.0", {}, [str(V19)]),
        (str(V110), {"no_deps": True, "ignore_uninstall_hook": True}, [f"{V110} --no-deps --ignore-uninstall-hook"]),
        ("core/redis", {"keep_latest": 2}, [str(V19)]),
        ("core/redis", {"keep_latest": 1}, [str(V19), str(V110)]),
        ("core/redis", {"keep_latest": 3}, []),
        ("core/redis", {"exclude": ("core/redis/1.9.0",)}, [f"{V} --exclude core/redis/1.9.0" for V in (V110, VRC)]),
        ("core/redis", {"exclude": ("core/redis",)}, []),
    ],
)
def test_what_is_removed(name: str, settings: dict[str, object], words: list[str]) -> None:
    planned = step(name, [V110, VRC, V19, OTHER], state="absent", **settings)
    assert commands(planned) == [f"pkg uninstall {each}" for each in words]


def test_what_a_step_leads_to() -> None:
    newer = parse("core/redis/1.11.0/20240101000000")
    assert step("core/redis", [V19], newer, state="latest").after == [newer, V19]
    assert step("core/redis", [V19, V110, OTHER], state="absent").after == []


def test_words_of_success_are_not_believed() -> None:
    newer = parse("core/redis/1.11.0/20240101000000")
    update = step("core/redis", [V19], newer, state="latest")
    assert packages.unfinished(update, [V19], Settings(state="latest")) == [newer]
    assert packages.unfinished(update, [V19, newer], Settings(state="latest")) == []
    removal = step("core/redis", [V19, V110], state="absent")
    assert packages.unfinished(removal, [V110, OTHER], Settings(state="absent")) == [V110]


@pytest.mark.parametrize(
    ("name", "version", "release", "message"),
    [
        ("core/redis", None, "20260101000000", "release is '20260101000000', but there is no version"),
        ("core/redis/1", "2", None, "name is 'core/redis/1', which has a version, and version is '2'; give one"),
        ("core/redis", "1/2/3", None, "which is no name of a package"),
    ],
)
def test_contradictions_are_refused(name: str, version: str | None, release: str | None, message: str) -> None:
    with pytest.raises(HabError, match=message):
        packages.combined(name, version, release)
    assert str(packages.combined("core/redis", "1.9.0", "20260101000000")) == str(V19)

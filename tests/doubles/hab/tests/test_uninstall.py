# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab pkg uninstall, with its successes that removed nothing."""

from __future__ import annotations

import typing as t

import pytest

DEP = "core/dep/1/20240101000000"
ONE, TWO, TEN = (f"acme/app/{version}/20240101000000" for version in ("1.9", "1.9.1", "1.10"))


@pytest.fixture
def three(hab: t.Any) -> t.Any:
    hab.depot.add_package(DEP)
    for ident in (ONE, TWO, TEN):
        hab.depot.add_package(ident, deps=[DEP], hooks={"uninstall": "#!/bin/sh\necho bye; exit 5\n"})
    hab.install(ONE, TWO, TEN)
    return hab


def test_only_the_newest_release_goes(three: t.Any) -> None:
    text = three.out("pkg", "uninstall", "acme/app")
    assert f"☒ Deleting {TEN}" in text
    assert f"… Skipping {DEP}. It is a dependency of 2 external packages" in text
    assert text.endswith(f"★ Uninstall of {TEN} and 0 dependencies complete\n")
    assert three.box.installed() == [ONE, TWO, DEP]


@pytest.mark.parametrize(
    ("keep", "left"), [("0", []), ("1", [TEN]), ("2", [TWO, TEN]), ("3", [ONE, TWO, TEN]), ("9", [ONE, TWO, TEN])]
)
def test_the_newest_releases_are_kept(three: t.Any, keep: str, left: list[str]) -> None:
    text = three.out("pkg", "uninstall", "acme/app", "--keep-latest", keep, "--ignore-uninstall-hook")
    assert ("… Skipping Only 3 packages installed" in text) == (len(left) == 3)
    assert sorted(three.out("pkg", "list", "acme/app").split()) == sorted(left)


def test_a_dry_run_removes_nothing(three: t.Any) -> None:
    before = three.box.tree()
    text = three.out("pkg", "uninstall", ONE, "--dryrun")
    assert f"☒ Would be deleted (Dry run) {ONE}" in text
    assert text.endswith("and 0 dependencies (Dry run)\n")
    assert three.box.tree() == before


def test_what_others_need_is_an_error(three: t.Any) -> None:
    text = three.err("pkg", "uninstall", "core/dep", code=1)
    assert f"Can't remove package: {DEP}. It is a dependency of 3 packages" in text


def test_what_is_not_there(three: t.Any) -> None:
    assert "Cannot find a release of package: acme/no" in three.err("pkg", "uninstall", "acme/no", code=1)
    assert "Only 0 packages installed" in three.out("pkg", "uninstall", "acme/no", "--keep-latest=0")


@pytest.mark.parametrize("words", [["--exclude", "acme/app"], ["--exclude", "x/y", "--exclude", TEN]])
def test_the_exclusion_list_is_a_success_without_removal(three: t.Any, words: list[str]) -> None:
    assert f"… Skipping {TEN}. It is on the exclusion list" in three.out("pkg", "uninstall", "acme/app", *words)
    assert TEN in three.box.installed()


def test_a_loaded_service_is_a_success_without_removal(three: t.Any) -> None:
    three.box.start_supervisor()
    three("svc", "load", "acme/app", "--channel", "stable")
    assert f"… Skipping {TEN}. It is currently loaded by the supervisor" in three.out("pkg", "uninstall", "acme/app")
    assert TEN in three.box.installed()
    three.box.stop_supervisor()
    three("pkg", "uninstall", "acme/app", "--no-deps")
    assert TEN not in three.box.installed()


def test_the_tool_itself_stays(hab: t.Any) -> None:
    hab.depot.add_package("chef/hab/2.1/20240101000000")
    hab.install("chef/hab")
    assert "You can't uninstall chef/hab" in hab.out("pkg", "uninstall", "chef/hab")


def test_the_hook_runs_for_the_last_release_only(three: t.Any) -> None:
    assert f"… Skipping execution of uninstall hook for {TEN}. 3 packages are installed" in three.out(
        "pkg", "uninstall", TEN
    )
    three("pkg", "uninstall", TWO)
    three("pkg", "uninstall", ONE, code=5)
    assert ONE in three.box.installed()


def test_empty_folders_go_too(hab: t.Any) -> None:
    hab.depot.add_package(DEP)
    hab.install(DEP)
    hab("pkg", "uninstall", DEP)
    assert list((hab.box.hab / "pkgs").iterdir()) == []


def test_a_bad_ident_on_the_exclusion_list_crashes(three: t.Any) -> None:
    three("pkg", "uninstall", "acme/app", "--exclude", "x", code=101)

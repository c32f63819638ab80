# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab pkg install, list, path, env, exec and binlink on a real tree."""

from __future__ import annotations

import os
import subprocess
import typing as t
from pathlib import Path

import pytest

GLIBC = "core/glibc/2.36/20240101000000"
OLD = "core/redis/1.9.0/20240101000001"
NEW = "core/redis/1.10.0/20240101000002"
SCRIPT = '#!/bin/sh\necho "redis $*"\n'


@pytest.fixture
def redis(hab: t.Any) -> t.Any:
    """redis 1.9.0 in stable, 1.10.0 in dev; both need glibc."""
    hab.depot.add_package(GLIBC)
    hab.depot.add_package(OLD, deps=[GLIBC], bins={"redis-cli": SCRIPT})
    hab.depot.add_package(NEW, channels=["dev"], deps=[GLIBC], bins={"redis-cli": SCRIPT})
    return hab


def test_dependencies_come_along(redis: t.Any) -> None:
    text = redis.install("core/redis")
    assert text.startswith(
        "» Installing core/redis\n☁ Determining latest version of core/redis in the 'stable' channel\n"
    )
    assert text.endswith(f"★ Install of {OLD} complete with 2 new packages installed.\n")
    assert redis.box.installed() == [GLIBC, OLD]
    assert (redis.box.hab / "cache" / "artifacts" / "core-redis-1.9.0-20240101000001-x86_64-linux.hart").is_file()
    assert (redis.box.hab / "cache" / "keys" / "core-20240101000000.pub").stat().st_mode & 0o777 == 0o444


def test_what_is_there_already_is_used(redis: t.Any) -> None:
    redis.install("core/redis")
    before = redis.box.tree()
    lines = redis.install("core/redis").splitlines()
    assert lines[2:] == [
        f"→ Using {OLD}",
        f"→ Using {GLIBC}",
        f"★ Install of {OLD} complete with 0 new packages installed.",
    ]
    assert redis.box.tree() == before


def test_a_full_ident_ignores_the_channel_and_needs_no_network_when_installed(redis: t.Any) -> None:
    redis.install(NEW, channel="stable")
    count = len(redis.depot.requests())
    redis.install(NEW, channel="nonsense")
    assert len(redis.depot.requests()) == count


def test_an_older_channel_changes_nothing_and_is_a_success(redis: t.Any) -> None:
    redis.install("core/redis", channel="dev")
    text = redis.install("core/redis", channel="stable")
    assert f"→ Found newer installed version ({NEW}) than remote version ({OLD})" in text
    assert "with 0 new packages" in text
    assert redis.box.installed() == [GLIBC, NEW]
    redis.install("core/redis", "--ignore-local", channel="stable")
    assert redis.box.installed() == [GLIBC, NEW, OLD]


def test_a_package_that_left_the_channel_stays(redis: t.Any) -> None:
    redis.install("core/redis")
    assert f"but an installed version was found locally ({OLD})" in redis.install("core/redis", channel="qa")
    assert "Package not found." in redis.err(
        "pkg", "install", "core/redis", "--channel", "qa", "--ignore-local", code=1
    )


def test_an_unknown_package_names_the_channels_that_have_it(redis: t.Any) -> None:
    text = redis.err("pkg", "install", "core/redis/1.10.0", "--channel", "stable", code=1)
    assert "Ø No releases of core/redis/1.10.0 exist in the 'stable' channel" in text
    assert f"Ø   {NEW} in the 'dev' channel" in text
    assert "✗✗✗ Package not found." in text


def test_several_idents_stop_at_the_first_failure(redis: t.Any) -> None:
    redis.err("pkg", "install", "core/glibc", "core/nothing", "core/redis", "--channel", "stable", code=1)
    assert redis.box.installed() == [GLIBC]


def test_an_artifact_is_installed_from_disk(redis: t.Any, tmp_path: Path) -> None:
    artifact = tmp_path / "redis.hart"
    artifact.write_bytes((redis.depot.package_folder(redis_ident(NEW)) / "hart").read_bytes())
    assert f"» Installing {artifact}" in redis.install(artifact)
    assert redis.box.installed() == [GLIBC, NEW]
    assert "File not found at" in redis.err("pkg", "install", tmp_path / "no.hart", "--channel", "x", code=2)


def redis_ident(text: str) -> t.Any:
    from fake_hab.idents import Ident

    return Ident.parse(text)


def test_a_hook_that_fails_gives_its_status_and_runs_again(hab: t.Any) -> None:
    hab.depot.add_package("acme/app/1/20240101000000", hooks={"install": "#!/bin/sh\ntest -e ../../ok || exit 7\n"})
    hab("pkg", "install", "acme/app", "--channel", "stable", code=7)
    assert hab.box.installed() == ["acme/app/1/20240101000000"]
    status = hab.box.hab / "pkgs" / "acme" / "app" / "1" / "20240101000000" / "INSTALL_HOOK_STATUS"
    assert status.read_text() == "7\n"
    hab.install("acme/app", "--ignore-install-hook")
    (hab.box.hab / "pkgs" / "acme" / "app" / "ok").touch()
    hab.install("acme/app")
    assert status.read_text() == "0\n"
    (hab.box.hab / "pkgs" / "acme" / "app" / "ok").unlink()
    hab.install("acme/app")


def test_private_and_restricted_packages_need_rights(hab: t.Any) -> None:
    hab.depot.add_package("secret/app/1/20240101000000")
    hab.depot.add_origin("secret", visibility="private")
    hab.depot.add_package("paid/app/1/20240101000000", channels=["lts"])
    hab.depot.add_origin("paid", restricted_channels=["lts"])
    hab.depot.add_token("member", "member")

    def refusal(ident: str, channel: str, **environment: str) -> str:
        return hab.err("pkg", "install", ident, "--channel", channel, code=1, **environment)

    assert "[401 Unauthorized]" in refusal("secret/app", "stable")
    assert "[401 Unauthorized] Authentication required." in refusal("paid/app", "lts")
    assert "[403 Forbidden] No valid license key found." in refusal("paid/app", "lts", HAB_AUTH_TOKEN="member")
    hab.install("secret/app", HAB_AUTH_TOKEN="member")
    hab.install("paid/app", channel="lts", HAB_AUTH_TOKEN="administrator-token")


def test_an_artifact_with_a_wrong_signature_is_refused(redis: t.Any) -> None:
    path = redis.depot.package_folder(redis_ident(GLIBC)) / "hart"
    lines = path.read_bytes().split(b"\n", 5)
    lines[3] = (redis.depot.package_folder(redis_ident(OLD)) / "hart").read_bytes().split(b"\n", 5)[3]
    path.write_bytes(b"\n".join(lines))
    assert "hashes don't match" in redis.err("pkg", "install", "core/glibc", "--channel", "stable", code=1)
    assert redis.box.installed() == []


def test_a_depot_that_is_away_is_an_error(hab: t.Any) -> None:
    hab.box.set(DEPOT=None)
    assert "Connection refused" in hab.err("pkg", "install", "core/redis", "--channel", "stable", code=1)


def test_two_installs_at_once_leave_one_package(redis: t.Any) -> None:
    words = [str(redis.box.executable), "pkg", "install", "core/redis", "--channel", "stable"]
    environment = {"PATH": os.environ["PATH"], "HAB_LICENSE": "accept-no-persist"}
    both = [subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) for _one in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert redis.box.installed() == [GLIBC, OLD]


def test_listing(redis: t.Any) -> None:
    assert "No such file or directory (os error 2)" in redis.err("pkg", "list", "-a", code=1)
    assert redis.out("pkg", "list", "core/redis") == ""
    redis.install("core/redis", "core/redis/1.10.0", channel="dev")
    redis.install(OLD)
    assert redis.out("pkg", "list", "core/redis").split() == [OLD, NEW]
    assert redis.out("pkg", "list", "core/redis/1.9.0").split() == [OLD]
    assert redis.out("pkg", "list", "-o", "acme") == ""
    target = redis.box.hab / "pkgs" / OLD / "TARGET"
    target.write_text("aarch64-linux\n")
    assert redis.out("pkg", "list", "-a").split() == [GLIBC, NEW]
    assert "panicked" in redis.err("pkg", "list", "core", code=101)


def test_path_env_and_exec_use_the_newest_release(redis: t.Any) -> None:
    redis.install(OLD, NEW)
    assert redis.out("pkg", "path", "core/redis") == f"{redis.box.hab}/pkgs/{NEW}\n"
    assert redis.out("pkg", "env", "core/redis").startswith(f'export PATH="/hab/pkgs/{NEW}/bin:/hab/pkgs/{GLIBC}/bin"')
    assert redis.out("pkg", "exec", "core/redis", "redis-cli", "a", "-h") == "redis a -h\n"
    redis("pkg", "exec", "core/redis", "sh", "--", "-c", "exit 9", code=9)
    missing = redis("pkg", "path", "core/nothing", code=1)
    assert (missing.stdout, "Cannot find a release of package: core/nothing" in missing.stderr) == ("", True)
    assert f"Cannot find package: {OLD}1" in redis.err("pkg", "path", f"{OLD}1", code=1)
    assert redis.out("pkg", "dependencies", "core/redis").split() == [GLIBC]
    assert redis.out("pkg", "dependencies", "--reverse", "core/glibc").split() == [OLD, NEW]


def test_links(redis: t.Any) -> None:
    link = redis.box.root / "bin" / "redis-cli"
    redis.install(OLD, "--binlink")
    assert os.readlink(link) == f"{redis.box.hab}/pkgs/{OLD}/bin/redis-cli"
    assert subprocess.run([link, "x"], capture_output=True, text=True, check=True).stdout == "redis x\n"
    skipped = redis("pkg", "install", NEW, "--channel", "x", "-b")
    assert f"Skipping binlink because redis-cli already exists at {link}. Use --force to overwrite" in skipped.stderr
    assert OLD in os.readlink(link)
    redis("pkg", "binlink", "core/redis", "redis-cli", "--force")
    assert NEW in os.readlink(link)
    assert redis.out("pkg", "binlink", "core/redis", "--dest", "/opt/bin").startswith(
        "» Binlinking redis-cli from core/redis into"
    )
    assert "not found under any 'PATH'" in redis.err("pkg", "binlink", "core/redis", "nothing", code=1)
    redis("pkg", "binlink", "core/redis", "redis-cli", "--dest", "relative", code=1)


def test_a_file_in_the_way_of_a_link_fails_even_with_force(redis: t.Any) -> None:
    file = redis.box.root / "bin" / "redis-cli"
    file.parent.mkdir()
    file.write_text("mine")
    redis.install(OLD)
    assert "File exists (os error 17)" in redis.err("pkg", "binlink", "core/redis", "redis-cli", "--force", code=1)
    assert file.read_text() == "mine"


def test_the_variable_for_the_folder_of_links_does_not_ask_for_links(redis: t.Any) -> None:
    redis.install(OLD, HAB_BINLINK_DIR="/opt/a")
    assert not (redis.box.root / "opt").exists()
    redis.install(OLD, "--binlink-dir", "/opt/b")
    assert (redis.box.root / "opt" / "b" / "redis-cli").is_symlink()

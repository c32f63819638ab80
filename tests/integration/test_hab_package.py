# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab_package against the double of hab: the cycle, what hab calls success, and everything that goes wrong."""

from __future__ import annotations

import os
import threading
import time
import typing as t

import pytest
from integration.habitat import HabHost

OLD, NEW = "acme/web/1.9.0/20260101000000", "acme/web/1.10.0/20250101000000"
LIB = "acme/lib/1.0/20240101000000"
TOKEN = "s3cret-t0ken"


@pytest.fixture
def acme(host: HabHost) -> HabHost:
    """A Builder with two releases of a package that needs another one."""
    host.depot.add_package(LIB)
    host.depot.add_package(OLD, deps=[LIB], bins={"web": "#!/bin/sh\necho old\n"})
    host.depot.add_package(NEW, deps=[LIB], bins={"web": "#!/bin/sh\necho new\n"}, channels=["dev"])
    return host


def package(host: HabHost, name: str = "acme/web", **params: t.Any) -> dict[str, t.Any]:
    return host.run("hab_package", name=name, **params)


def test_the_cycle(acme: HabHost) -> None:
    forecast = package(acme, check=True)
    assert (forecast["changed"], forecast["packages"][0]["installed"]) == (True, [OLD])
    assert (acme.box.installed(), acme.writes()) == ([], [])
    result = package(acme)
    assert result["installed"] == [OLD, LIB]
    row = {"name": "acme/web", "ident_requested": "acme/web", "before": [], "after": [OLD], "channel": "stable"}
    row.update(installed=[OLD], removed=[], path=str(acme.box.hab / "pkgs" / OLD))
    assert result["packages"] == [row]
    assert result["hab_version"].startswith("2.")
    assert OLD in result["diff"]["after"]
    assert result["diff"]["before"] == ""
    asked = len(acme.depot.requests())
    again = package(acme)
    assert (again["changed"], len(acme.depot.requests())) == (False, asked)
    assert acme.writes() == ["pkg install acme/web --channel stable"]
    gone = package(acme, state="absent", check=True)
    assert (gone["removed"], gone["packages"][0]["after"], sorted(acme.box.installed())) == ([OLD], [], [LIB, OLD])
    assert package(acme, state="absent")["removed"] == [OLD, LIB]
    assert acme.box.installed() == []
    assert not package(acme, state="absent")["changed"]


def test_latest_goes_by_the_order_of_habitat_and_never_back(acme: HabHost) -> None:
    assert package(acme, state="latest")["packages"][0]["after"] == [OLD]
    forecast = package(acme, state="latest", channel="dev", check=True)
    assert (forecast["changed"], forecast["packages"][0]["after"]) == (True, [NEW, OLD])
    result = package(acme, state="latest", channel="dev")
    assert (result["changed"], result["packages"][0]["after"]) == (True, [NEW, OLD])
    for channel in ("dev", "stable"):
        assert not package(acme, state="latest", channel=channel)["changed"]


def test_latest_without_the_api_compares_before_and_after(acme: HabHost) -> None:
    for changed, channel in ((True, "stable"), (False, "stable"), (True, "dev"), (False, "stable")):
        assert package(acme, state="latest", use_api=False, channel=channel)["changed"] is changed
    assert not acme.depot.requests(by="http")
    warned = package(acme, state="latest", use_api=False, check=True)
    assert "cannot be foretold" in str(warned["warnings"])


def test_versions_and_releases(acme: HabHost) -> None:
    package(acme)
    result = package(acme, version="1.10.0", release="20250101000000")
    assert result["packages"][0]["after"] == [NEW, OLD]
    assert not package(acme, version="1.10.0")["changed"]
    assert not package(acme, version="1.9.0")["changed"]


def test_absent_removes_all_releases_or_all_but_the_newest(acme: HabHost) -> None:
    odd = "acme/web/master/20200101000000"
    acme.depot.add_package(odd)
    for ident in (OLD, NEW, odd):
        package(acme, name=ident)
    kept = package(acme, state="absent", keep_latest=2, check=True)["packages"][0]["after"]
    result = package(acme, state="absent", keep_latest=2)
    assert (result["removed"], result["packages"][0]["after"], kept) == ([OLD], [odd, NEW], [odd, NEW])
    assert package(acme, state="absent", version="1.10.0")["removed"] == [NEW, LIB]
    package(acme, name=OLD)
    assert package(acme, state="absent", exclude=["acme/lib"])["packages"][0]["after"] == []
    assert acme.box.installed() == [LIB]


def test_what_others_need_stays(acme: HabHost) -> None:
    package(acme)
    for check in (True, False):
        failed = acme.fails("hab_package", name="acme/lib", state="absent", check=check)
        assert failed["error_code"] == "in_use"
        assert "It is a dependency of 1 packages; remove first what needs it" in failed["msg"]
    result = package(acme, name="acme/lib", state="absent", when_in_use="skip")
    assert (result["changed"], acme.box.installed()) == (False, [LIB, OLD])
    assert "stays" in str(result["warnings"])


def test_what_a_supervisor_has_loaded_is_reported(acme: HabHost) -> None:
    package(acme)
    acme.box.start_supervisor()
    acme.box.run("svc", "load", "acme/web", "--channel", "stable")
    for check in (True, False):
        failed = acme.fails("hab_package", name="acme/web", state="absent", check=check)
        assert failed["error_code"] == "loaded"
        assert "a supervisor has it loaded" in failed["msg"]
    for check in (True, False):
        result = package(acme, state="absent", when_in_use="skip", check=check)
        assert (result["changed"], "stays" in str(result["warnings"])) == (False, True)


def test_check_mode_leaves_everything_as_it_is(acme: HabHost) -> None:
    package(acme, binlink=True)
    tree, done = acme.box.tree(), acme.writes()
    for params in ({"state": "latest", "channel": "dev"}, {"state": "absent", "binlink": True}, {"version": "1.10.0"}):
        channel = {"channel": "dev"} if "version" in params else {}
        assert package(acme, check=True, **params, **channel)["changed"]
    assert acme.box.tree() == tree
    rehearsed = [one for one in acme.writes() if one not in done]
    assert rehearsed == ["pkg uninstall acme/web --keep-latest 0 --dryrun"]


def test_files_need_no_builder(acme: HabHost) -> None:
    lib, web = (str(acme.depot.folder / "origins" / one.replace("/", "/pkgs/", 1) / "hart") for one in (LIB, OLD))
    harts = [str(acme.box.folder / name) for name in ("lib.hart", "web.hart")]
    for source, hart in zip((lib, web), harts, strict=True):
        os.link(source, hart)
    forecast = acme.run("hab_package", name=harts, check=True)
    assert [row["installed"] for row in forecast["packages"]] == [[LIB], [OLD]]
    result = acme.run("hab_package", name=harts)
    assert result["installed"] == [OLD, LIB]
    assert not acme.run("hab_package", name=harts)["changed"]
    assert acme.run("hab_package", name=harts[1:], state="absent", no_deps=True)["removed"] == [OLD]
    assert [one for one in acme.depot.requests() if "key" not in one["request"]] == []


def links(host: HabHost) -> dict[str, str]:
    return {path.name: os.readlink(path) for path in (host.box.root / "bin").glob("*") if path.is_symlink()}


def test_links_are_made_repaired_moved_and_removed(acme: HabHost) -> None:
    made = package(acme, binlink=True)["binlinks"]
    assert made == [{"path": "/bin/web", "target": f"/hab/pkgs/{OLD}/bin/web", "action": "create"}]
    assert links(acme)["web"].endswith(f"/hab/pkgs/{OLD}/bin/web")
    asked = len(acme.depot.requests())
    assert not package(acme, binlink=True)["changed"]
    (acme.box.root / "bin" / "web").unlink()
    for check in (True, False):
        assert package(acme, binlink=True, check=check)["binlinks"][0]["action"] == "create"
    assert (len(links(acme)), len(acme.depot.requests())) == (1, asked)
    moved = package(acme, state="latest", channel="dev", binlink=True)
    assert moved["binlinks"][0]["action"] == "replace"
    assert links(acme)["web"].endswith(f"/hab/pkgs/{NEW}/bin/web")
    assert package(acme, state="absent", binlink=True)["binlinks"][0]["action"] == "remove"
    assert links(acme) == {}


def test_links_of_others_are_not_taken_over_without_a_word(acme: HabHost) -> None:
    package(acme)
    place = acme.box.root / "bin" / "web"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to("/opt/other")
    failed = acme.fails("hab_package", name="acme/web", binlink=True)
    assert failed["error_code"] == "binlink_conflict"
    assert failed["msg"] == (
        "Programs cannot be linked: /bin/web is a link to /opt/other; set binlink_force, or use another binlink_dir."
    )
    assert package(acme, binlink=True, binlink_force=True)["binlinks"][0]["action"] == "replace"
    place.unlink()
    place.write_text("mine")
    for check in (True, False):
        failed = acme.fails("hab_package", name="acme/web", binlink=True, binlink_force=True, check=check)
        assert "/bin/web is a file; remove it" in failed["msg"]
    assert place.read_text() == "mine"


def test_a_failed_hook_is_told_with_its_code_and_run_again(host: HabHost) -> None:
    done = host.box.folder / "ready"
    hook = f"#!/bin/sh\ntest -e {done} || exit 3\n"
    host.depot.add_package(OLD, hooks={"install": hook})
    for _attempt in range(2):
        failed = host.fails("hab_package", name="acme/web")
        assert (failed["error_code"], failed["rc"]) == ("hook_failed", 3)
        assert failed["msg"].startswith(f"{OLD} is on the host, but its install hook failed with exit code 3")
    assert not host.run("hab_package", name="acme/web", ignore_install_hook=True)["changed"]
    done.touch()
    for check in (True, False):
        assert host.run("hab_package", name="acme/web", check=check)["changed"]
    assert (host.box.hab / "pkgs" / OLD / "INSTALL_HOOK_STATUS").read_text().strip() == "0"
    assert host.writes()[-1] == f"pkg install {OLD} --channel stable"
    count = len(host.writes())
    assert not host.run("hab_package", name="acme/web")["changed"]
    assert len(host.writes()) == count


def test_a_failed_uninstall_hook_is_told(host: HabHost) -> None:
    host.depot.add_package(OLD, hooks={"uninstall": "#!/bin/sh\nexit 4\n"})
    host.run("hab_package", name="acme/web")
    failed = host.fails("hab_package", name="acme/web", state="absent")
    assert (failed["error_code"], failed["rc"]) == ("hook_failed", 4)
    assert host.run("hab_package", name="acme/web", state="absent", ignore_uninstall_hook=True)["removed"] == [OLD]


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({"name": "acme/nothing"}, "not_found", "Package not found"),
        ({"name": "acme/nothing", "state": "latest"}, "not_found", "has no release of acme/nothing; look at name and"),
        ({"name": "acme/web", "channel": "none", "check": True}, "not_found", "The channel none of"),
        ({"name": "web"}, "invalid", "name is 'web', which is no name of a package"),
        ({"name": "/nowhere/x.hart"}, "not_found", "there is no such file"),
        ({"name": "/x.hart", "version": "1"}, "invalid", "a file, which has its own version; leave '1' out"),
        ({"name": "acme/web", "keep_latest": 1}, "invalid", "keep_latest is given, but state is 'present'"),
        ({"name": "acme/web", "state": "absent", "keep_latest": -1}, "invalid", "write 0 or more"),
        ({"name": "acme/web", "executable": "/nowhere/hab"}, "no_hab", "/nowhere/hab"),
        ({"name": "acme/web", "state": "latest", "bldr_url": "http://127.0.0.1:9"}, "network", "cannot be reached"),
        ({"name": "acme/web", "accept_license": False}, "license_not_accepted", "set accept_license"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    acme: HabHost, params: dict[str, t.Any], code: str, message: str
) -> None:
    started = time.monotonic()
    failed = acme.fails("hab_package", **params)
    assert failed["error_code"] == code
    assert message in failed["msg"]
    assert acme.box.installed() == []
    if code == "license_not_accepted":
        assert (acme.box.runs(), time.monotonic() - started < 5) == ([], True)


def test_a_channel_without_the_package_is_a_warning_if_it_is_installed(acme: HabHost) -> None:
    package(acme)
    result = package(acme, state="latest", channel="empty")
    assert (result["changed"], f"{OLD}, which is installed, stays" in str(result["warnings"])) == (False, True)
    failed = acme.fails("hab_package", name="acme/web", state="latest", channel="empty", ignore_local=True)
    assert failed["error_code"] == "not_found"


def test_rights_and_licences_of_builder(acme: HabHost) -> None:
    acme.depot.add_origin("acme", visibility="private", restricted_channels=["dev"])
    acme.depot.add_token(TOKEN)
    for state in ("present", "latest"):
        assert acme.fails("hab_package", name="acme/web", state=state)["error_code"] == "unauthorized"
        failed = acme.fails("hab_package", name="acme/web", state=state, channel="dev", auth_token=TOKEN)
        assert failed["error_code"] == "not_licensed"
    acme.environment["HAB_AUTH_TOKEN"] = TOKEN
    result = package(acme, state="latest")
    assert result["installed"] == [OLD, LIB]
    assert acme.box.places_of(TOKEN) == []
    assert TOKEN not in str(result)


def test_a_token_is_in_no_failure(acme: HabHost) -> None:
    acme.box.set(FAIL=f"pkg install:1:the token {TOKEN} is wrong")
    failed = acme.fails("hab_package", name="acme/web", auth_token=TOKEN)
    assert TOKEN not in str(failed)
    assert "the token ******** is wrong" in failed["msg"]


@pytest.mark.parametrize("name", ["HAB_BINLINK_DIR", "HAB_BLDR_CHANNEL", "HAB_CACHE_KEY_PATH", "HAB_PACKAGE_TARGET"])
def test_empty_variables_of_the_task_do_no_harm(acme: HabHost, name: str) -> None:
    acme.environment[name] = ""
    assert package(acme)["changed"]


def test_faults_of_hab(acme: HabHost) -> None:
    acme.box.set(PANIC="pkg install")
    failed = acme.fails("hab_package", name="acme/web")
    assert (failed["error_code"], failed["rc"]) == ("panic", 101)
    acme.box.set(PANIC=None, SLEEP="pkg install:60")
    started = time.monotonic()
    failed = acme.fails("hab_package", name="acme/web", timeout=2)
    assert (failed["error_code"], time.monotonic() - started < 20) == ("timeout", True)


def test_parallel_tasks_wait_for_each_other(acme: HabHost) -> None:
    acme.box.set(SLEEP="pkg install:1")
    results: list[dict[str, t.Any]] = []
    threads = [threading.Thread(target=lambda: results.append(package(acme))) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result["changed"] for result in results) == [False, True]
    assert acme.writes() == ["pkg install acme/web --channel stable"]


def test_the_cycle_with_an_old_hab(acme: HabHost) -> None:
    acme.box.set(VERSION="1.6")
    assert package(acme)["installed"] == [OLD, LIB]
    assert not package(acme)["changed"]
    assert package(acme, state="absent")["removed"] == [OLD, LIB]


def test_a_command_line_that_hab_does_not_know_names_its_version(acme: HabHost) -> None:
    acme.box.set(FAIL="pkg install:2:error: unexpected argument '--channel' found")
    failed = acme.fails("hab_package", name="acme/web")
    assert failed["error_code"] == "usage"
    assert "is not understood by hab 2." in failed["msg"]

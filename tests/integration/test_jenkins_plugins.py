# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""jenkins_plugins against the double of a controller: installing, restarting, waiting, refusing."""

from __future__ import annotations

import threading
import time
import typing as t

import pytest
from integration.modules import ModuleFailed

from fake_jenkins.jobs import Build
from fake_jenkins.server import FakeJenkins
from fake_jenkins.settings import Fault

Run = t.Callable[..., dict[str, t.Any]]
INSTALL, RESTART = "/pluginManager/installNecessaryPlugins", "/updateCenter/safeRestart"


@pytest.fixture
def plugins(run_jenkins: Run) -> Run:
    """Runs the module for plugins written as name or name:version."""

    def run(*wanted: str, **options: t.Any) -> dict[str, t.Any]:
        split = [one.partition(":") for one in wanted]
        given = [{"name": name, **({"version": version} if version else {})} for name, _colon, version in split]
        return run_jenkins("jenkins_plugins", plugins=given, **{"wait_timeout": 30, **options})

    return run


def failure(run: t.Callable[[], t.Any]) -> str:
    with pytest.raises(ModuleFailed) as caught:
        run()
    return str(caught.value.result["msg"])


def test_what_is_there_is_left_alone(plugins: Run, jenkins: FakeJenkins) -> None:
    result = plugins("git", "amazon-ecs:1.40", restart="always")
    assert (result["changed"], result["restarted"]) == (False, False)
    assert result["plugins"][1] == {"name": "amazon-ecs", "before": "1.49", "after": "1.49", "active": True}
    assert jenkins.writes == []


def test_a_missing_plugin_comes_with_what_it_needs(plugins: Run, jenkins: FakeJenkins) -> None:
    for name in ("git", "git-client"):
        del jenkins.settings.plugins[name]
    forecast = plugins("git", check=True)
    assert (forecast["changed"], forecast["installed"], jenkins.writes) == (True, ["git"], [])
    result = plugins("git")
    assert (result["installed"], result["restarted"]) == (["git", "git-client"], False)
    assert result["plugins"] == [{"name": "git", "before": None, "after": "5.10.1", "active": True}]
    assert jenkins.writes == [INSTALL]
    assert not plugins("git")["changed"]


@pytest.mark.parametrize(
    ("restart", "active", "writes"),
    [("when_required", True, [INSTALL, RESTART]), ("always", True, [INSTALL, RESTART]), ("never", False, [INSTALL])],
)
def test_restart_when_a_plugin_needs_it(
    plugins: Run, jenkins: FakeJenkins, restart: str, active: bool, writes: list[str]
) -> None:
    before = jenkins.controller.session
    result = plugins("matrix-auth", restart=restart)
    assert jenkins.writes == writes
    assert result["plugins"][0]["active"] is active
    assert (result["restarted"], result["restart_required"]) == (active, not active)
    assert (jenkins.controller.session != before) is active


def test_an_old_plugin_is_updated_and_used_after_a_restart(plugins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.plugins["git"] = "5.7.0"
    result = plugins("git:5.10")
    row = {"name": "git", "before": "5.7.0", "after": "5.10.1", "active": True}
    assert (result["plugins"], result["restarted"]) == ([row], True)


def test_a_plugin_that_waits_for_a_restart(plugins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.inactive = ("git",)
    assert plugins("git", restart="never")["restart_required"]
    assert plugins("git", check=True)["restarted"]
    assert plugins("git")["restarted"]
    assert jenkins.writes == [RESTART]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("no-such-plugin", "The update site of Jenkins does not have no-such-plugin."),
        ("git:99", "does not have git in version 99 or later (installed is 5.10.1)."),
        ("matrix-auth:99", "does not have matrix-auth in version 99 or later."),
        ("broken", "Jenkins could not install broken (Failed to download)"),
    ],
)
def test_what_cannot_be_had_is_named(plugins: Run, wanted: str, message: str) -> None:
    assert message in failure(lambda: plugins(wanted))


def test_running_builds_are_waited_for(plugins: Run, jenkins: FakeJenkins, job: None) -> None:
    running = Build(1, 1, time.monotonic(), 600.0, "SUCCESS", "", [])
    jenkins.controller.jobs.jobs["build"].builds.append(running)
    told = failure(lambda: plugins("matrix-auth", wait_timeout=3))
    assert "did not restart within 3 s (option wait_timeout): it waits for running builds" in told


def test_a_container_without_restart_policy_is_explained(plugins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.exits = True
    told = failure(lambda: plugins("matrix-auth", wait_timeout=3))
    assert "it has stopped; a container needs a restart policy" in told


def test_a_container_that_comes_back_is_waited_for(plugins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.exits = True

    def supervise() -> None:
        while jenkins.controller.state != "down":
            time.sleep(0.05)
        time.sleep(0.5)
        jenkins.controller.start()

    threading.Thread(target=supervise, daemon=True).start()
    assert plugins("matrix-auth")["restarted"]


def test_a_password_outlives_the_restart(plugins: Run) -> None:
    result = plugins("matrix-auth", user="admin", password="admin-password")
    assert result["plugins"][0]["active"]


def test_installation_that_does_not_end(plugins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.plugin_time = 60.0
    assert "did not install matrix-auth within 2 s" in failure(lambda: plugins("matrix-auth", wait_timeout=2))


def test_a_proxy_that_stumbles_while_jenkins_restarts(plugins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.faults = [Fault("/api/json", "status", 502, times=0)]
    jenkins.settings.restarting_time = 0.5
    assert plugins("matrix-auth")["restarted"]


@pytest.fixture
def job(jenkins: FakeJenkins) -> None:
    """A job that anything can build."""
    from xml.etree import ElementTree

    from fake_jenkins.jobs import Job

    jenkins.controller.jobs.jobs["build"] = Job("build", ElementTree.fromstring("<project/>"))

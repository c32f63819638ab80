# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin manager, jobs, the queue and builds."""

from __future__ import annotations

import time
import typing as t

import pytest

from fake_jenkins.server import FakeJenkins

Ask = t.Callable[..., t.Any]
INSTALL, SITE = "/pluginManager/installNecessaryPlugins", "/pluginManager/checkUpdatesServer"
XML = "application/xml"
LISTED = "/pluginManager/api/json?tree=plugins[shortName,version]"
PROJECT = (
    "<project><scm class='hudson.plugins.git.GitSCM'/><builders><hudson.tasks.Shell><command>a\r\nb</command>"
    "</hudson.tasks.Shell></builders><unknown/></project>"
)


def order(*plugins: str) -> str:
    return "<jenkins>" + "".join(f'<install plugin="{plugin}"/>' for plugin in plugins) + "</jenkins>"


def until(check: t.Callable[[], t.Any]) -> t.Any:
    deadline = time.monotonic() + 5
    while not (found := check()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def versions(ask: Ask) -> dict[str, str]:
    return {one["shortName"]: one["version"] for one in ask("GET", LISTED).json["plugins"]}


def jobs(ask: Ask) -> dict[str, str]:
    found = ask("GET", "/updateCenter/api/json").json["jobs"]
    return {job["name"]: job["status"]["type"] for job in found if job["type"] == "InstallationJob"}


def test_without_a_tree_plugins_are_empty(ask: Ask) -> None:
    assert not any(ask("GET", "/pluginManager/api/json").json["plugins"])


def test_a_site_that_was_never_asked_knows_nothing(ask: Ask) -> None:
    assert ask("POST", INSTALL, order("matrix-auth@0"), content_type=XML).status == 302
    assert jobs(ask) == {}
    ask("POST", SITE)
    ask("POST", INSTALL, order("matrix-auth@0"), content_type=XML)
    assert "matrix-auth" in jobs(ask)


@pytest.mark.parametrize("plugin", ["unknown@0", "git@99", "git@1.0"])
def test_what_cannot_or_need_not_be_installed_is_passed_over(ask: Ask, plugin: str) -> None:
    ask("POST", SITE)
    assert ask("POST", INSTALL, order(plugin), content_type=XML).status == 302
    assert jobs(ask) == {}


@pytest.mark.parametrize("body", [order("git"), "no xml"])
def test_orders_that_break_it(ask: Ask, body: str) -> None:
    assert ask("POST", INSTALL, body, content_type=XML).status == 500


def test_an_installation_goes_through_its_states_with_what_it_needs(ask: Ask, double: FakeJenkins) -> None:
    del double.settings.plugins["git"], double.settings.plugins["git-client"]
    ask("POST", SITE)
    ask("POST", INSTALL, order("git@5"), content_type=XML)
    assert jobs(ask) == {"git-client": "Installing", "git": "Pending"}
    until(lambda: jobs(ask) == {"git-client": "Success", "git": "Success"})
    assert versions(ask)["git"] == "5.10.1"


def test_an_update_is_used_after_a_restart(ask: Ask, double: FakeJenkins) -> None:
    double.settings.plugins["git"] = "5.0"
    ask("POST", SITE)
    ask("POST", INSTALL, order("git@5.1"), content_type=XML)
    until(lambda: jobs(ask) == {"git": "SuccessButRequiresRestart"})
    assert ask("GET", "/updateCenter/api/json").json["restartRequiredForCompletion"] is True
    assert versions(ask)["git"] == "5.0"
    double.controller.start()
    double.until_ready()
    assert versions(ask)["git"] == "5.10.1"
    assert jobs(ask) == {}


def test_prevalidation_changes_nothing(ask: Ask) -> None:
    answer = ask("POST", "/pluginManager/prevalidateConfig", order("git@99", "x@0", "structs@1"), content_type=XML)
    assert [(one["name"], one["mode"]) for one in answer.json] == [("git", "old"), ("x", "missing")]
    assert jobs(ask) == {}


def create(ask: Ask, name: str = "a", body: str = PROJECT, content_type: str = XML) -> t.Any:
    return ask("POST", f"/createItem?name={name}", body, content_type=content_type)


def test_jobs_are_rewritten(ask: Ask) -> None:
    assert create(ask).status == 200
    text = ask("GET", "/job/a/config.xml").text
    assert text.startswith("<?xml version='1.1'")
    assert 'plugin="git@5.10.1"' in text
    assert "<unknown" not in text
    assert "a\nb" in text
    assert "<canRoam>false</canRoam>" in text


@pytest.mark.parametrize(
    ("name", "body", "content_type", "status", "reason"),
    [
        ("a", PROJECT, XML, 400, "A job already exists with the name 'a'"),
        ("b%3Fc", PROJECT, XML, 400, "'b?c' is an unsafe name"),
        ("b.", PROJECT, XML, 400, "'b.' is an unsafe name"),
        ("", PROJECT, XML, 400, "Query parameter 'name' is required"),
        ("b", PROJECT, "application/yaml", 400, "No mode given"),
        ("b", "<project", XML, 500, None),
        ("b", "<unknown/>", XML, 500, None),
    ],
)
def test_jobs_that_are_refused(
    ask: Ask, name: str, body: str, content_type: str, status: int, reason: str | None
) -> None:
    create(ask)
    answer = create(ask, name, body, content_type)
    assert (answer.status, answer.headers["X-Error"]) == (status, reason)


def build(ask: Ask) -> str:
    answer = ask("POST", "/job/a/build?delay=0sec")
    assert answer.status == 201
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def test_a_build_from_the_queue_to_its_end(ask: Ask) -> None:
    create(ask)
    item = build(ask)
    first = ask("GET", f"/queue/item/{item}/api/json").json
    assert (first["_class"], first["executable"]) == ("hudson.model.Queue$LeftItem", None)
    number = until(lambda: (ask("GET", f"/queue/item/{item}/api/json").json["executable"] or {}).get("number"))
    told = until(lambda: (found := ask("GET", f"/job/a/{number}/api/json").json)["result"] and found)
    assert told["building"] is True
    done = until(lambda: not (found := ask("GET", f"/job/a/{number}/api/json").json)["building"] and found)
    assert (done["result"], done["queueId"]) == ("SUCCESS", int(item))
    console = ask("GET", f"/job/a/{number}/logText/progressiveText?start=0")
    assert console.text.endswith("Finished: SUCCESS\n")
    assert console.headers["X-Text-Size"] == str(len(console.text.encode()))
    assert ask("GET", f"/job/a/{number}/logText/progressiveText?start=99999").text == console.text


def test_builds_that_wait_are_folded_and_can_be_cancelled(ask: Ask) -> None:
    create(ask, body="<project><canRoam>false</canRoam><assignedNode>none</assignedNode></project>")
    item = build(ask)
    assert build(ask) == item
    assert "no nodes with the label \u2018none\u2019" in ask("GET", f"/queue/item/{item}/api/json").json["why"]
    assert ask("POST", f"/queue/cancelItem?id={item}").status == 204
    assert ask("GET", f"/queue/item/{item}/api/json").json["cancelled"] is True
    assert ask("POST", "/queue/cancelItem?id=99").status == 404


def test_a_cloud_without_url_starts_no_agent(ask: Ask, double: FakeJenkins) -> None:
    template = {"label": "x y"}
    double.controller.configuration.clouds = [("ecs", {"name": "c", "templates": [template]})]
    assert double.controller._agent_for("x") is None
    double.controller.configuration.clouds = [("ecs", {"name": "c", "jenkinsUrl": "u", "templates": [template]})]
    assert double.controller._agent_for("x") == "c-x-x7k2p"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/job/a/build", 409), ("/job/a/buildWithParameters", 400), ("/job/none/build", 404)],
)
def test_builds_that_are_refused(ask: Ask, path: str, status: int) -> None:
    create(ask, body="<project><disabled>true</disabled></project>")
    assert ask("POST", path).status == status


def test_the_queue_forgets(ask: Ask, double: FakeJenkins) -> None:
    double.settings.queue_memory = 0.0
    create(ask)
    item = build(ask)
    until(lambda: ask("GET", f"/queue/item/{item}/api/json").status == 404)
    assert ask("GET", "/job/a/api/json").json["builds"][0]["queueId"] == int(item)

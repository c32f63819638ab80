# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration as code, and core's pages for clouds."""

from __future__ import annotations

import json
import typing as t
import urllib.parse

import pytest
import yaml

from fake_jenkins.server import FakeJenkins

Ask = t.Callable[..., t.Any]
BASE = "/configuration-as-code"
FORM = "application/x-www-form-urlencoded"


def document(*clouds: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"jenkins": {"clouds": [{"ecs": {"credentialsId": "", **cloud}} for cloud in clouds]}}


def exported(ask: Ask) -> t.Any:
    return yaml.safe_load(ask("POST", f"{BASE}/export").text).get("jenkins", {}).get("clouds")


def form(values: dict[str, t.Any]) -> str:
    return urllib.parse.urlencode({"json": json.dumps(values)})


def names(double: FakeJenkins) -> list[str]:
    return [values["name"] for _kind, values in double.controller.configuration.clouds]


def test_the_export_of_the_plain_cloud(ask: Ask) -> None:
    template = {"templateName": "t", "label": "l", "image": "i", "memory": 512, "cpu": 512, "remoteFSRoot": "/home"}
    cloud = {"name": "c", "cluster": "a", "regionName": "r", "jenkinsUrl": "http://x", "templates": [template]}
    assert ask("POST", f"{BASE}/apply", document(cloud)).status == 200
    text = ask("POST", f"{BASE}/export").text
    ((kind, values),) = exported(ask)[0].items()
    assert (kind, sorted(values)) == ("ecs", ["cluster", "jenkinsUrl", "name", "regionName", "templates"])
    assert sorted(values["templates"][0], key=str.lower) == [
        "assignPublicIp", "cpu", "cpuArchitecture", "defaultCapacityProvider", "enableExecuteCommand", "image", "label",
        "launchType", "memory", "memoryReservation", "operatingSystemFamily", "privileged", "remoteFSRoot",
        "sharedMemorySize", "templateName", "uniqueRemoteFSRoot",
    ]  # fmt: skip
    assert 'cluster: "a"' in text
    assert "memory: 512" in text


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (document({"name": "c", "retainAgent": True}), "amazonecs.ECSCloud : retainAgent."),
        (document({"name": "c", "Cluster": "a"}), "ECSCloud : Cluster."),
        (document({"name": "c", "templates": [{"templateName": "t", "memroy": 1}]}), "ECSTaskTemplate : memroy."),
        (document({}), "Failed to construct instance of class com.cloudbees.jenkins.plugins.amazonecs.ECSCloud"),
        (document({"name": "c", "templates": [{"label": "l"}]}), "Failed to construct instance of class"),
        ({"jenkins": {"clouds": [{"ecs": {"name": "c"}}]}}, "credentialsId is required to configure class"),
        ({"jenkins": {"clouds": [{"esc": {}}]}}, "cloud: No hudson.slaves.Cloud implementation found for esc"),
        ({"jenkins": {"clouds": [{"ecs": {}, "x": {}}]}}, "Failed to set attribute 'clouds'"),
        ({"jenkins": {"clouds": {}}}, "Failed to set attribute 'clouds'"),
        ({"jenkins": {"cluods": []}}, "type: class jenkins.model.Jenkins : cluods."),
        ({"jenkin": {}}, "No configurator found for the following root element: jenkin."),
        ("a: [", "while parsing"),
    ],
)  # fmt: skip
def test_what_check_refuses(ask: Ask, double: FakeJenkins, posted: t.Any, message: str) -> None:
    answer = ask("POST", f"{BASE}/check", posted)
    assert answer.status == 400
    assert message in answer.json[0]["message"]
    assert ask("POST", f"{BASE}/configure", posted).status == 400
    assert ask("POST", f"{BASE}/apply", posted).status == 500
    assert double.controller.configuration.clouds == []


def test_wrong_types_become_nothing_without_a_word(ask: Ask, double: FakeJenkins) -> None:
    posted = document({"name": "c", "maxCpu": "many", "maxMemory": True, "retainAgents": "maybe", "maxAgents": " 7"})
    assert ask("POST", f"{BASE}/apply", posted).status == 200
    ((_kind, values),) = double.controller.configuration.clouds
    assert [values[key] for key in ("maxCpu", "maxMemory", "retainAgents", "maxAgents")] == [0, 0, False, 7]


def test_variables_are_resolved_and_escapes_undone(ask: Ask, double: FakeJenkins) -> None:
    double.settings.environment = {"URL": "http://x"}
    posted = document({"name": "c", "jenkinsUrl": "${URL}", "tunnel": "^${URL}", "cluster": "${NO:-default}"})
    ask("POST", f"{BASE}/apply", posted)
    ((_kind, values),) = double.controller.configuration.clouds
    assert (values["jenkinsUrl"], values["tunnel"], values["cluster"]) == ("http://x", "${URL}", "default")
    assert "^${URL}" in ask("POST", f"{BASE}/export").text


def test_what_constructors_make_of_values(ask: Ask, double: FakeJenkins) -> None:
    templates = [
        {"templateName": "", "memory": 1},
        {"templateName": "x", "taskDefinitionOverride": " a:1 ", "agentContainerName": "c"},
        {"templateName": "y", "agentContainerName": "dropped", "entrypoint": "  "},
    ]
    ask(
        "POST",
        f"{BASE}/apply",
        document({"name": "c", "jenkinsUrl": "", "retentionTimeout": 0, "templates": templates}),
    )
    ((_kind, values),) = double.controller.configuration.clouds
    assert (values["jenkinsUrl"], values["retentionTimeout"]) == (double.settings.url, 5)
    first, second, third = values["templates"]
    assert first["templateName"].startswith("jenkinsTask-")
    assert (second["templateName"], second["taskDefinitionOverride"], second["agentContainerName"]) == ("", "a:1", "c")
    assert "agentContainerName" not in third
    assert "entrypoint" not in third


@pytest.mark.parametrize(
    ("own", "posted", "result"),
    [
        ("", document({"name": "a"}, {"name": "b"}), ["a", "b"]),
        ("", {"jenkins": {"clouds": []}}, []),
        ("", {"jenkins": {}}, ["live"]),
        ("", {"jenkins": {"clouds": None}}, ["live"]),
        ("a", document({"name": "a"}), ["a", "a"]),
        ("a", {"jenkins": {"clouds": []}}, ["a"]),
        ("a", {"jenkins": {"clouds": None}}, None),
    ],
)
def test_apply_merges_with_the_file_and_replaces_the_list(
    ask: Ask, double: FakeJenkins, own: str, posted: t.Any, result: list[str] | None
) -> None:
    double.controller.configuration.clouds = [("ecs", {"name": "live"})]
    if own:
        double.settings.casc_file = json.dumps(document({"name": own}))
    answer = ask("POST", f"{BASE}/apply", posted)
    assert answer.status == (500 if result is None else 200)
    assert names(double) == (["live"] if result is None else result)


@pytest.mark.parametrize(("override", "status"), [(False, 500), (True, 200)])
def test_equal_scalars_in_both_places_are_a_conflict(
    ask: Ask, double: FakeJenkins, override: bool, status: int
) -> None:
    double.settings.casc_file = "jenkins: {systemMessage: hello}"
    double.settings.casc_override = override
    assert ask("POST", f"{BASE}/apply", {"jenkins": {"systemMessage": "hello"}}).status == status


def test_apply_applies_the_file_of_the_controller_again(ask: Ask, double: FakeJenkins) -> None:
    before = double.controller.configuration.applied
    ask("POST", f"{BASE}/apply", "")
    assert double.controller.configuration.applied == before + 1


@pytest.mark.parametrize(
    ("version", "status", "configure"), [("1946.v1", 500, 404), ("1947.v7", 400, 404), ("2065.v7", 400, 400)]
)
def test_versions_of_the_plugin(ask: Ask, double: FakeJenkins, version: str, status: int, configure: int) -> None:
    double.settings.plugins["configuration-as-code"] = version
    assert ask("POST", f"{BASE}/check", {"x": 1}).status == status
    assert ask("POST", f"{BASE}/configure", {"x": 1}).status == configure


def test_configure_wants_a_body(ask: Ask) -> None:
    assert ask("POST", f"{BASE}/configure").json[0]["message"] == "Request body cannot be empty."


def test_the_body_of_a_form_is_eaten(ask: Ask, double: FakeJenkins) -> None:
    assert ask("POST", f"{BASE}/apply", document({"name": "a"}), content_type=FORM).status == 200
    assert double.controller.configuration.clouds == []


@pytest.mark.parametrize("how", ["missing", "inactive"])
def test_without_the_plugin_there_is_nothing(ask: Ask, double: FakeJenkins, how: str) -> None:
    if how == "missing":
        del double.settings.plugins["configuration-as-code"]
    else:
        double.settings.inactive = ("configuration-as-code",)
    assert ask("POST", f"{BASE}/export").status == 404


def test_foreign_clouds_are_exported_as_they_are(ask: Ask, double: FakeJenkins) -> None:
    foreign = {"name": "k", "odd": "FAILED TO EXPORT x", "secret": "****"}
    double.controller.configuration.clouds = [("kubernetes", foreign)]
    assert exported(ask) == [{"kubernetes": foreign}]


CREATE = "/cloud/doCreate?cloudDescriptorName=com.cloudbees.jenkins.plugins.amazonecs.ECSCloud"


def test_the_pages_of_a_cloud(ask: Ask, double: FakeJenkins) -> None:
    double.controller.configuration.clouds = [("ecs", {"name": "a"}), ("kubernetes", {"name": "k"})]
    assert ask("POST", CREATE, form({"name": "b", "unknown": 1, "maxCpu": 3}), content_type=FORM).status == 302
    assert ask("POST", CREATE, form({"name": "b"}), content_type=FORM).status == 302
    assert names(double) == ["a", "k", "b", "b"]
    assert ask("POST", "/cloud/a/configSubmit", form({"name": "a2"}), content_type=FORM).headers["Location"] == "../a2/"
    assert names(double) == ["a2", "k", "b", "b"]
    assert ask("POST", "/cloud/b/doDelete").status == 302
    assert names(double) == ["a2", "k", "b"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/cloud/doCreate?cloudDescriptorName=x", form({"name": "b"}), 400),
        (CREATE, "x=1", 400),
        (CREATE, form({"cluster": "no name"}), 500),
        (CREATE, form({"name": "b", "maxCpu": "many"}), 500),
        ("/cloud/a/configSubmit", form({"name": "k"}), 400),
        ("/cloud/nowhere/configSubmit", form({"name": "k"}), 404),
        ("/cloud/nowhere/doDelete", "", 404),
    ],
)
def test_what_the_pages_refuse(ask: Ask, double: FakeJenkins, path: str, body: str, status: int) -> None:
    double.controller.configuration.clouds = [("ecs", {"name": "a"}), ("kubernetes", {"name": "k"})]
    assert ask("POST", path, body, content_type=FORM).status == status
    assert names(double) == ["a", "k"]


def test_old_cores_have_no_such_pages(ask: Ask, double: FakeJenkins) -> None:
    double.settings.version = "2.401.3"
    assert ask("POST", CREATE, form({"name": "b"}), content_type=FORM).status == 404

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecs_jenkins_cloud against the double of a controller: the cycle, other clouds, refusals, errors."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from integration.modules import ModuleFailed

from fake_jenkins.server import FakeJenkins
from fake_jenkins.settings import Fault, User

Run = t.Callable[..., dict[str, t.Any]]

CLOUD: dict[str, t.Any] = {
    "name": "ecs-cloud",
    "cluster": "builds",
    "region": "eu-west-1",
    "jenkins_url": "http://ci:8080",
    "templates": [
        {
            "template_name": "maven",
            "label": ["maven", "java"],
            "image": "jenkins/inbound-agent",
            "memory": 512,
            "cpu": 256,
            "entrypoint": "run ${AGENT}",
            "environments": [{"name": "TOKEN", "value": "canary-value"}, {"name": "LANG", "value": "C"}],
        }
    ],
}
KUBERNETES = {"kubernetes": {"name": "k8s", "serverUrl": "https://k8s", "templates": [{"name": "pod", "label": "k"}]}}
OTHER = {"ecs": {"name": "other", "credentialsId": "aws", "cluster": "c", "regionName": "r", "jenkinsUrl": "http://x"}}


@pytest.fixture
def cloud(run_jenkins: Run) -> Run:
    """Runs the module for the cloud of the tests, with changes."""

    def run(check: bool = False, **changes: t.Any) -> dict[str, t.Any]:
        return run_jenkins("ecs_jenkins_cloud", check=check, diff=True, **{**CLOUD, **changes})

    return run


def failure(run: t.Callable[[], t.Any]) -> dict[str, t.Any]:
    with pytest.raises(ModuleFailed) as caught:
        run()
    return caught.value.result


def test_the_cycle(cloud: Run, jenkins: FakeJenkins) -> None:
    more = {"templates": [{**CLOUD["templates"][0], "memory": 1024}], "max_agents": 3}
    steps: list[tuple[dict[str, t.Any], list[str], list[str]]] = [
        ({}, ["cluster", "jenkinsUrl", "name", "regionName", "templates"], ["/cloud/doCreate"]),
        ({}, [], []),
        (more, ["maxAgents", "templates[0].memory"], ["/cloud/ecs-cloud/configSubmit"]),
        (more, [], []),
        ({"templates": None}, [], []),
        ({"state": "absent"}, ["cluster", "jenkinsUrl", "maxAgents", "name", "regionName", "templates"],
         ["/cloud/ecs-cloud/doDelete"]),
        ({"state": "absent"}, [], []),
    ]  # fmt: skip
    for changes, keys, writes in steps:
        forecast = cloud(check=True, **changes)
        assert jenkins.writes == []
        result = cloud(**changes)
        assert jenkins.writes == writes
        assert (result["changed"], result["changed_keys"]) == (bool(keys), keys)
        assert {**forecast, "invocation": None} == {**result, "invocation": None}
        jenkins.log.clear()


def test_other_clouds_are_not_touched(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.controller.configuration.clouds = [("kubernetes", KUBERNETES["kubernetes"]), ("ecs", OTHER["ecs"])]
    before = copy.deepcopy(jenkins.controller.configuration.clouds)
    result = cloud()
    assert result["other_clouds"] == [{"name": "k8s", "type": "kubernetes"}, {"name": "other", "type": "ecs"}]
    cloud(max_agents=3)
    cloud(state="absent")
    assert jenkins.controller.configuration.clouds == before


def test_what_jenkins_keeps_is_what_was_sent(cloud: Run, jenkins: FakeJenkins) -> None:
    cloud()
    ((_kind, values),) = jenkins.controller.configuration.clouds
    assert values["credentialsId"] == ""
    assert values["templates"][0]["entrypoint"] == "run ${AGENT}"


def test_secrets_of_variables_are_not_shown(cloud: Run) -> None:
    told = json.dumps([{**cloud(), "invocation": None}, {**cloud(state="absent"), "invocation": None}])
    assert "canary-value" not in told
    assert "********" in told


def test_without_jenkins_url_the_cloud_gets_that_of_jenkins(cloud: Run, jenkins: FakeJenkins) -> None:
    assert cloud(jenkins_url=None)["cloud"]["jenkinsUrl"] == jenkins.settings.url
    assert not cloud(jenkins_url=None)["changed"]


def test_jenkins_without_url(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.url = None
    assert "give jenkins_url" in failure(lambda: cloud(jenkins_url=None))["msg"]


@pytest.mark.parametrize("casc_version", ["2117.vc05a_0b_e6b_f4e", "1947.v7d33fe23569c"])
def test_an_old_jenkins_takes_all_clouds_at_once(cloud: Run, jenkins: FakeJenkins, casc_version: str) -> None:
    jenkins.settings.version = "2.401.3"
    jenkins.settings.plugins["configuration-as-code"] = casc_version
    result = cloud()
    assert (result["method"], result["changed"]) == ("configuration", True)
    assert not cloud()["changed"]
    assert cloud(state="absent")["changed"]
    assert jenkins.controller.configuration.clouds == []


def test_other_clouds_are_only_written_again_with_consent(cloud: Run, jenkins: FakeJenkins) -> None:
    clouds = [("kubernetes", KUBERNETES["kubernetes"]), ("ecs", {**OTHER["ecs"], "credentialsId": ""})]
    jenkins.controller.configuration.clouds = copy.deepcopy(clouds)
    told = failure(lambda: cloud(method="configuration"))["msg"]
    assert "has others: k8s (kubernetes), other (ecs)" in told
    assert cloud(method="configuration", allow_replace_others=True)["changed"]
    assert [values["name"] for _kind, values in jenkins.controller.configuration.clouds] == [
        "k8s",
        "other",
        "ecs-cloud",
    ]


@pytest.mark.parametrize("lost", ["****", "FAILED TO EXPORT io.fabric8.Secret"])
def test_what_jenkins_does_not_tell_is_never_written_again(cloud: Run, jenkins: FakeJenkins, lost: str) -> None:
    jenkins.controller.configuration.clouds = [("kubernetes", {"name": "k8s", "token": lost})]
    told = failure(lambda: cloud(method="configuration", allow_replace_others=True))["msg"]
    assert "The clouds k8s hold values that Jenkins does not tell" in told
    assert jenkins.writes == []


def test_a_file_that_declares_the_cloud_is_found_out(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.casc_file = "jenkins: {clouds: [{ecs: {name: ecs-cloud, credentialsId: '', cluster: c}}]}"
    told = failure(lambda: cloud(method="configuration"))["msg"]
    assert "2 clouds called ecs-cloud" in told
    assert "configuration as code declares one of them" in told


def test_files_that_could_undo_the_change_are_named(cloud: Run, jenkins: FakeJenkins) -> None:
    assert not cloud().get("warnings")
    jenkins.settings.casc_file = "jenkins: {systemMessage: hello}"
    (warning,) = cloud(max_agents=3)["warnings"]
    assert "Jenkins reads /usr/share/jenkins/ref/casc when it starts" in str(warning)


def test_names_that_are_taken_otherwise(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.controller.configuration.clouds = [("kubernetes", {"name": "ecs-cloud"})]
    assert "is of the type kubernetes, not an Amazon ECS cloud" in failure(cloud)["msg"]
    assert jenkins.writes == []


def test_unknown_attributes_are_told_with_those_there_are(cloud: Run, jenkins: FakeJenkins) -> None:
    result = failure(lambda: cloud(extra_attributes={"retainAgent": True}))
    assert "Jenkins does not know retainAgent of ECSCloud; it knows allowedOverrides, " in result["msg"]
    assert result["unknown_attributes"] == ["retainAgent"]
    assert "retainAgents" in result["available_attributes"]
    assert jenkins.writes == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"templates": [{"template_name": "m", "label": ["m"]}]}, "template m: memory or memory_reservation is needed"),
        ({"cluster": None}, "cluster is needed"),
        ({"num_executors": 0}, "num_executors is 0, but has to be at least 1"),
        ({"token": "token-one", "password": "password-two", "user": "u"}, "mutually exclusive: token|password"),
        ({"user": None, "token": "token-one"}, "missing parameter(s) required by 'token': user"),
    ],
)
def test_bad_options_write_nothing(cloud: Run, jenkins: FakeJenkins, changes: dict[str, t.Any], message: str) -> None:
    assert message in failure(lambda: cloud(**changes))["msg"]
    assert jenkins.writes == []


def test_passwords_need_a_crumb_and_its_session(cloud: Run, jenkins: FakeJenkins) -> None:
    assert cloud(user="admin", password="admin-password")["changed"]
    jenkins.settings.csrf = False
    assert cloud(user="admin", password="admin-password", state="absent")["changed"]


def test_a_crumb_that_is_not_accepted_is_replaced_once(cloud: Run, jenkins: FakeJenkins) -> None:
    login = {"user": "admin", "password": "admin-password"}
    jenkins.settings.faults = [Fault("/doCreate", "crumb", times=1)]
    assert cloud(**login)["changed"]
    jenkins.settings.faults = [Fault("/doDelete", "crumb", times=2)]
    assert "use a token instead of a password" in failure(lambda: cloud(state="absent", **login))["msg"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"user": "admin", "token": "wrong"}, "does not accept the user admin with this token or password"),
        ({"user": None}, "does not tell its version for anonymous users; give user and token"),
        ({"user": "reader", "token": "token-reader"}, "the permission Overall/SystemRead is needed"),
    ],
)
def test_logins_that_do_not_do(cloud: Run, jenkins: FakeJenkins, changes: dict[str, t.Any], message: str) -> None:
    jenkins.settings.users["reader"] = User(token="token-reader", permissions=("Overall/Read",))
    assert message in failure(lambda: cloud(**changes))["msg"]


def test_a_user_who_may_not_administer(cloud: Run, jenkins: FakeJenkins) -> None:
    permissions = ("Overall/Read", "Overall/SystemRead")
    jenkins.settings.users["system"] = User(token="token-system", permissions=permissions)
    forecast = cloud(check=True, user="system", token="token-system")
    assert any("was not asked to check the cloud" in str(warning) for warning in forecast["warnings"])
    result = failure(lambda: cloud(user="system", token="token-system"))
    assert "does not create the cloud ecs-cloud for the user system: the permission Overall/Administer" in result["msg"]
    assert result["missing_permission"] == "Overall/Administer"


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("amazon-ecs", "Jenkins lacks the plugin amazon-ecs"),
        ("configuration-as-code", "Jenkins lacks the plugin configuration-as-code"),
    ],
)
def test_missing_plugins_are_named(cloud: Run, jenkins: FakeJenkins, missing: str, message: str) -> None:
    del jenkins.settings.plugins[missing]
    assert message in failure(cloud)["msg"]


def test_a_plugin_that_is_not_active(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.inactive = ("amazon-ecs",)
    assert "amazon-ecs is installed but not active" in failure(cloud)["msg"]


def test_jenkins_that_is_still_loading_is_waited_for(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.loading_time = 1.0
    jenkins.controller.start()
    assert cloud()["changed"]
    jenkins.settings.loading_time = 30.0
    jenkins.controller.start()
    told = failure(lambda: cloud(ready_timeout=1))["msg"]
    assert "still loading or restarting after 1 s (option ready_timeout)" in told


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault("/api/json", "login", times=9), "answered with a web page"),
        (Fault("/export", "login", times=9), "a web page instead of YAML"),
        (Fault("/doCreate", "status", 405), "Usually a proxy redirects it"),
        (Fault("/doCreate", "status", 500), "failed to create the cloud ecs-cloud with an internal error"),
        (Fault("/doCreate", "status", 404), "could not create the cloud ecs-cloud: there is nothing at"),
        (Fault("/doCreate", "status", 418), "it answered with status 418"),
        (Fault("/api/json", "drop_before", times=9), "cannot be reached"),
        (Fault("/api/json", "redirect", times=9), "redirects to https://jenkins.example.com/; give the final address"),
        (Fault("/doCreate", "redirect"), "redirects to https://jenkins.example.com/; give the final address as url"),
        (Fault("/doCreate", "crumb"), "it wants a crumb, and did not accept the one that it gave"),
    ],
)
def test_what_goes_wrong_is_told_with_its_cause(cloud: Run, jenkins: FakeJenkins, fault: Fault, message: str) -> None:
    jenkins.settings.faults = [fault]
    assert message in failure(cloud)["msg"]


def test_an_answer_that_gets_lost_is_no_reason_to_write_twice(cloud: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.faults = [Fault("/doCreate", "drop_after")]
    assert cloud()["changed"]
    assert jenkins.writes == ["/cloud/doCreate"]
    assert len(jenkins.controller.configuration.clouds) == 1

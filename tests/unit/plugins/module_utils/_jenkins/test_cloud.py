# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two clouds are the same, what is planned, and what is refused."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.attributes import (
    CLOUD,
    ENTRIES,
    FLAG,
    NUMBER,
    WORDS,
    Attribute,
)
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.attributes import TEMPLATE as TEMPLATES
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.cloud import (
    MASKED,
    OWN_URL,
    check,
    masked,
    normalised,
    plan,
    removal,
    warnings,
)

BASE = {"name": "ecs", "cluster": "builds", "regionName": "eu-west-1", "jenkinsUrl": "http://ci"}
OPTIONS = {"name": "ecs", "cluster": "builds", "region": "eu-west-1", "jenkins_url": "http://ci"}
TEMPLATE = {"templateName": "maven", "label": "maven", "image": "agent", "memory": 512, "cpu": 256}
TEMPLATE_OPTIONS = {"template_name": "maven", "label": ["maven"], "image": "agent", "memory": 512, "cpu": 256}

OTHER = {**TEMPLATE, "templateName": "other"}
A, B = {"name": "a", "value": "1"}, {"name": "b"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"tunnel": ""}, {}),
        ({"tunnel": None}, {}),
        ({"tunnel": " x "}, {"tunnel": "x"}),
        ({"credentialsId": ""}, {}),
        ({"templates": []}, {}),
        ({"retentionTimeout": 0}, {}),
        ({"retentionTimeout": 5}, {}),
        ({"slaveTimeoutInSeconds": 900}, {"slaveTimeoutInSeconds": 0}),
        ({"taskPollingIntervalInSeconds": 1}, {}),
        ({"numExecutors": 1}, {}),
        ({"retainAgents": False}, {}),
        ({"maxCpu": 0}, {}),
        ({"allowedOverrides": "cpu, label"}, {"allowedOverrides": "label,cpu"}),
    ],
)
def test_clouds_that_are_the_same(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    assert normalised({**BASE, **one}) == normalised({**BASE, **other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"launchType": "EC2", "operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"}, {}),
        ({"label": "b a"}, {"label": "a  b"}),
        ({"privileged": False, "assignPublicIp": False, "memoryReservation": 0}, {}),
        ({"capacityProviderStrategies": []}, {}),
        ({"environments": [A, B]}, {"environments": [B, A]}),
        ({"tags": [A, B]}, {"tags": [B, A]}),
        ({"mountPoints": [{"name": "m", "readOnly": False}]}, {"mountPoints": [{"name": "m"}]}),
        ({"agentContainerName": "agent"}, {}),
        ({"taskDefinitionOverride": "a:1", "templateName": "x"}, {"taskDefinitionOverride": "a:1", "templateName": ""}),
    ],
)
def test_templates_that_are_the_same(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    clouds = [{**BASE, "templates": [{**TEMPLATE, **more}]} for more in (one, other)]
    assert normalised(clouds[0]) == normalised(clouds[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"numExecutors": 0}, {}),
        ({"templates": [TEMPLATE, OTHER]}, {"templates": [OTHER, TEMPLATE]}),
        ({"templates": [{**TEMPLATE, "mountPoints": [A, B]}]}, {"templates": [{**TEMPLATE, "mountPoints": [B, A]}]}),
        ({"somethingNew": True}, {}),
    ],
)
def test_clouds_that_differ(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    assert normalised({**BASE, **one}) != normalised({**BASE, **other})


def test_a_new_cloud_is_sent_with_what_the_plugin_cannot_do_without() -> None:
    planned = plan(None, {**OPTIONS, "jenkins_url": None, "templates": [TEMPLATE_OPTIONS]})
    assert planned.changed
    assert planned.wanted == {
        "name": "ecs",
        "cluster": "builds",
        "regionName": "eu-west-1",
        "credentialsId": "",
        "jenkinsUrl": "",
        "templates": [TEMPLATE],
    }
    assert planned.after["jenkinsUrl"] == OWN_URL


def test_what_is_not_given_stays() -> None:
    live = {**BASE, "tunnel": "t:50000", "somethingNew": 7, "templates": [TEMPLATE]}
    planned = plan(live, {"name": "ecs", "max_agents": 3})
    assert planned.changed_keys == ["maxAgents"]
    assert planned.wanted == {**live, "maxAgents": 3, "credentialsId": ""}


def test_a_live_cloud_without_url_gets_one() -> None:
    live = {key: value for key, value in BASE.items() if key != "jenkinsUrl"}
    assert plan(live, {"name": "ecs"}).changed_keys == ["jenkinsUrl"]


def test_templates_are_exact_unless_they_are_not_purged() -> None:
    live = {**BASE, "templates": [{**TEMPLATE, "templateName": "old"}, TEMPLATE]}
    given_templates = {**OPTIONS, "templates": [{**TEMPLATE_OPTIONS, "cpu": 512}]}
    names = [
        [
            template["templateName"]
            for template in plan(live, given_templates, purge_templates=purge).wanted["templates"]
        ]
        for purge in (True, False)
    ]
    assert names == [["maven"], ["maven", "old"]]


def test_extra_attributes_are_sent_as_they_are() -> None:
    assert plan(BASE, OPTIONS, {"somethingNew": {"a": 1}}).wanted["somethingNew"] == {"a": 1}


def test_removal() -> None:
    assert removal(BASE).changed
    assert not removal(None).changed


def _values(attributes: t.Iterable[Attribute]) -> st.SearchStrategy[dict[str, t.Any]]:
    kinds: dict[str, st.SearchStrategy[t.Any]] = {
        NUMBER: st.integers(0, 5000),
        FLAG: st.booleans(),
        WORDS: st.lists(st.sampled_from(["a", "b", "cpu"]), max_size=3),
    }
    text = st.sampled_from(["", "x", " y ", "a b"])
    return st.fixed_dictionaries(
        {},
        optional={
            attribute.name: st.none()
            | (
                st.lists(_values(attribute.fields), max_size=2)
                if attribute.kind == ENTRIES
                else kinds.get(attribute.kind, text)
            )
            for attribute in attributes
        },
    )


@given(_values(CLOUD))
def test_what_was_written_is_wanted_no_more(options: dict[str, t.Any]) -> None:
    first = plan(None, {**options, "name": "ecs", "jenkins_url": "http://ci"})
    assert not plan(first.wanted, {**options, "name": "ecs", "jenkins_url": "http://ci"}).changed


@given(_values(CLOUD), _values(CLOUD))
def test_the_plan_is_what_comes_of_it(before: dict[str, t.Any], options: dict[str, t.Any]) -> None:
    live = plan(None, {**before, "name": "ecs", "jenkins_url": "http://ci"}).wanted
    planned = plan(live, {**options, "name": "ecs"})
    assert planned.after == normalised(planned.wanted)
    assert planned.changed == bool(planned.changed_keys)


PROBLEMS = [
    ({"name": "a b"}, "name 'a b' has to be 1 to 127 letters, digits, underscores and dashes"),
    ({"cluster": " "}, "cluster is needed"),
    ({"regionName": None}, "region is needed"),
    ({"numExecutors": 0}, "num_executors is 0, but has to be at least 1"),
    ({"maxAgents": -1}, "max_agents is -1, but has to be at least 0"),
]
TEMPLATE_PROBLEMS = [
    ({"templateName": ""}, "template_name has to be 1 to 127 letters"),
    ({"memory": 0}, "memory or memory_reservation is needed"),
    ({"memoryReservation": 512}, "memory (512) has to be above memory_reservation (512)"),
    ({"launchType": "FARGATE"}, "subnets are needed for launch_type FARGATE"),
    ({"networkMode": "awsvpc"}, "subnets are needed for network_mode awsvpc"),
    ({"placementStrategies": [{"type": "spread"}]}, "placement_strategies: the type spread needs a field"),
    ({"ephemeralStorageSizeInGiB": 0}, "ephemeral_storage_size_in_gib is 0, but has to be at least 1"),
]


@pytest.mark.parametrize(
    ("cloud", "message"),
    [({**BASE, **more}, message) for more, message in PROBLEMS]
    + [({**BASE, "templates": [{**TEMPLATE, **more}]}, message) for more, message in TEMPLATE_PROBLEMS]
    + [({**BASE, "templates": [TEMPLATE, TEMPLATE]}, "template_name maven is used twice")],
)
def test_what_is_refused_before_anything_is_sent(cloud: dict[str, t.Any], message: str) -> None:
    with pytest.raises(CollectionError) as caught:
        check(cloud)
    assert message in caught.value.message


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(CollectionError) as caught:
        check({"name": "ecs", "templates": [{}]})
    assert len(caught.value.details["problems"]) == 4


def test_a_template_with_a_task_definition_needs_nothing_else() -> None:
    check({**BASE, "templates": [{"taskDefinitionOverride": "agent:7"}]})
    with pytest.raises(CollectionError):
        check({**BASE, "templates": [{"image": "agent:7"}]})


@pytest.mark.parametrize(
    ("template", "warning"),
    [
        ({"kernelCapabilities": "SYS_PTRACE", "sharedMemorySize": 64}, "drops kernel_capabilities"),
        ({"efsMountPoints": [{"name": "m", "iam": True}]}, "iam of an EFS mount point has no effect"),
        ({"networkMode": "awsvpc"}, "without security_groups"),
    ],
)
def test_traps_of_the_plugin_are_told(template: dict[str, t.Any], warning: str) -> None:
    (told,) = warnings({**BASE, "templates": [{**TEMPLATE, **template}]})
    assert warning in told


def test_values_that_sound_secret_are_not_shown() -> None:
    environments = [{"name": "DB_PASSWORD", "value": "canary"}, {"name": "LANG", "value": "C"}]
    shown = masked({**BASE, "templates": [{**TEMPLATE, "environments": environments}]})
    assert [entry["value"] for entry in shown["templates"][0]["environments"]] == [MASKED, "C"]


def test_all_attributes_of_the_plugin_are_there() -> None:
    path = Path(__file__).parents[4] / "doubles" / "jenkins" / "fake_jenkins" / "ecs_attributes.json"
    known = json.loads(path.read_text())
    internal = {"dynamicTaskDefinition", "dynamicTaskDefinitionOverride"}
    assert {attribute.key for attribute in CLOUD} == set(known["ECSCloud"])
    assert {attribute.key for attribute in TEMPLATES} == set(known["ECSTaskTemplate"]) - internal
    for attribute in TEMPLATES:
        if attribute.kind == ENTRIES:
            entry = known["ECSTaskTemplate"][attribute.key]["type"][len("List<") : -1]
            assert {field.key for field in attribute.fields} == set(known[entry]), attribute.key

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""jenkins_freestyle_job and jenkins_build_run against the double of a controller."""

from __future__ import annotations

import typing as t
from xml.etree import ElementTree

import pytest
from integration.modules import ModuleFailed

from fake_jenkins.jobs import Job
from fake_jenkins.server import FakeJenkins

Run = t.Callable[..., dict[str, t.Any]]
JOB: dict[str, t.Any] = {
    "name": "sample",
    "label": "maven",
    "git": {"url": "https://git.example.com/sample.git"},
    "steps": ["mvn --batch-mode package\n", "echo done"],
}
CLOUD = {"ecs": {"name": "c", "jenkinsUrl": "http://ci", "templates": [{"templateName": "m", "label": "maven"}]}}
FOREIGN = """<project>
  <description>old</description>
  <properties><other.plugin.Property><kept>yes</kept></other.plugin.Property></properties>
  <scm class="hudson.scm.NullSCM"/>
  <canRoam>true</canRoam>
  <builders>
    <other.plugin.Step><kept>yes</kept></other.plugin.Step>
    <hudson.tasks.Shell><command>one</command></hudson.tasks.Shell>
    <other.plugin.Last/>
  </builders>
</project>"""


@pytest.fixture
def job(run_jenkins: Run) -> Run:
    """Runs jenkins_freestyle_job for the job of the tests, with changes."""
    return lambda **changes: run_jenkins("jenkins_freestyle_job", **{**JOB, **changes})


@pytest.fixture
def build(run_jenkins: Run) -> Run:
    """Runs jenkins_build_run for the job of the tests."""
    return lambda **options: run_jenkins("jenkins_build_run", **{"job": "sample", "wait_timeout": 20, **options})


def failure(run: t.Callable[[], t.Any]) -> dict[str, t.Any]:
    with pytest.raises(ModuleFailed) as caught:
        run()
    return caught.value.result


def put(jenkins: FakeJenkins, name: str, xml: str) -> None:
    jenkins.controller.jobs.jobs[name] = Job(name, ElementTree.fromstring(xml))


def test_the_cycle(job: Run, jenkins: FakeJenkins) -> None:
    changed = {"steps": ["mvn verify"], "disabled": True}
    for changes, writes in (
        ({}, ["/createItem"]),
        ({}, []),
        (changed, ["/job/sample/config.xml"]),
        (changed, []),
        ({"label": ""}, ["/job/sample/config.xml"]),
        ({"state": "absent"}, ["/job/sample/doDelete"]),
        ({"state": "absent"}, []),
    ):
        forecast = job(check=True, **changes)
        assert jenkins.writes == []
        result = job(**changes)
        assert jenkins.writes == writes
        assert {**forecast, "invocation": 0} == {**result, "invocation": 0}
        assert result["changed"] is bool(writes)
        jenkins.log.clear()


def test_what_is_not_given_stays(job: Run, jenkins: FakeJenkins) -> None:
    put(jenkins, "sample", FOREIGN)
    job(description=None, label="maven", git=None, steps=["two", "three"])
    root = jenkins.controller.jobs.jobs["sample"].root
    assert root.findtext("description") == "old"
    assert root.findtext("properties/other.plugin.Property/kept") == "yes"
    kinds = [(step.tag.rpartition(".")[2], step.findtext("command")) for step in root.find("builders") or ()]
    assert kinds == [("Step", None), ("Shell", "two"), ("Shell", "three"), ("Last", None)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "a?b"}, "'a?b' is an unsafe name"),
        ({"name": "folder/sample"}, "could not create the job folder/sample"),
    ],
)
def test_names_that_jenkins_refuses(job: Run, changes: dict[str, t.Any], message: str) -> None:
    assert message in failure(lambda: job(**changes))["msg"]


def test_a_job_of_another_type_is_left_alone(job: Run, jenkins: FakeJenkins) -> None:
    put(jenkins, "sample", "<flow-definition/>")
    assert "is no freestyle job (its configuration is of the type flow-definition)" in failure(job)["msg"]
    assert jenkins.writes == []


def test_sources_of_another_kind_are_not_replaced(job: Run, jenkins: FakeJenkins) -> None:
    put(jenkins, "sample", '<project><scm class="hudson.scm.SubversionSCM"/></project>')
    assert "has sources of the type hudson.scm.SubversionSCM" in failure(job)["msg"]
    assert jenkins.writes == []


def test_jenkins_that_drops_the_repository_is_found_out(job: Run, jenkins: FakeJenkins) -> None:
    del jenkins.settings.plugins["git"]
    assert "took the job sample, but not its git; is the plugin git installed?" in failure(job)["msg"]


def test_a_build_on_an_agent(job: Run, build: Run, jenkins: FakeJenkins) -> None:
    jenkins.controller.configuration.clouds = [("ecs", CLOUD["ecs"])]
    job()
    jenkins.settings.seen_as = "http://wrong.example.com"
    result = build()
    assert (result["number"], result["result"], result["built_on"]) == (1, "SUCCESS", "c-maven-x7k2p")
    assert result["console"][-1] == "Finished: SUCCESS"
    assert "+ mvn --batch-mode package" in result["console"]
    assert build()["number"] == 2


def test_a_build_that_fails_shows_its_console(job: Run, build: Run) -> None:
    job(label="", steps=["echo before", "exit 1"])
    result = failure(build)
    assert result["msg"].startswith("Build 1 of sample ended with FAILURE; see http")
    assert "  + exit 1\n  Finished: FAILURE" in result["msg"]
    assert (result["number"], result["result"]) == (1, "FAILURE")
    assert build(expected_results=["SUCCESS", "FAILURE"])["result"] == "FAILURE"


def test_check_mode_starts_nothing_but_looks(job: Run, build: Run, jenkins: FakeJenkins) -> None:
    assert "could not find the job sample" in failure(lambda: build(check=True))["msg"]
    job()
    jenkins.log.clear()
    build(check=True)
    assert jenkins.writes == []


def test_a_disabled_job_is_told_before(job: Run, build: Run) -> None:
    job(disabled=True)
    assert "The job sample cannot be built: it is disabled" in failure(build)["msg"]


def test_a_label_without_agents_is_told_with_what_jenkins_says(job: Run, build: Run) -> None:
    job()
    told = failure(lambda: build(wait_timeout=2))["msg"]
    assert "did not start within 2 s (option wait_timeout); Jenkins says: There are no nodes with the label" in told


def test_a_build_that_does_not_end(job: Run, build: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.build_time = 60.0
    job(label="")
    told = failure(lambda: build(wait_timeout=2))
    assert "Build 1 of sample still runs after 2 s" in told["msg"]


def test_a_queue_that_has_forgotten_the_build(job: Run, build: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.queue_memory = 0.0
    job(label="")
    assert build()["result"] == "SUCCESS"


def test_without_waiting_only_the_place_in_the_queue_is_known(job: Run, build: Run) -> None:
    job(label="")
    result = build(wait=False)
    assert result["queue_id"] == 1
    assert "number" not in result


def test_parameters_of_a_job_that_has_none(job: Run, build: Run) -> None:
    job(label="")
    assert "Jenkins refused to start a build of sample" in failure(lambda: build(parameters={"A": 1}))["msg"]

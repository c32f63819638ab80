# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: their configuration, which Jenkins rewrites, and their builds."""

from __future__ import annotations

import re
import time
import typing as t
from dataclasses import dataclass, field
from xml.etree import ElementTree

from fake_jenkins.answers import Answer, Problem, Request, as_json, failure, not_found, oops, page
from fake_jenkins.settings import Settings

_BAD_NAME = re.compile(r"[?*/\\%!@#$^&|<>\[\]:;\x00-\x1f]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ORDER = (
    "actions", "description", "keepDependencies", "properties", "scm", "assignedNode", "canRoam", "disabled",
    "blockBuildWhenDownstreamBuilding", "blockBuildWhenUpstreamBuilding", "triggers", "concurrentBuild", "builders",
    "publishers", "buildWrappers",
)  # fmt: skip
_DEFAULTS = {
    "keepDependencies": "false", "canRoam": "false", "disabled": "false", "concurrentBuild": "false",
    "blockBuildWhenDownstreamBuilding": "false", "blockBuildWhenUpstreamBuilding": "false",
}  # fmt: skip
_GIT = "hudson.plugins.git.GitSCM"
_XML_TYPES = ("application/xml", "text/xml")


@dataclass
class Build:
    """A build; its result is told a moment before it has ended."""

    number: int
    queue_id: int
    begin: float
    length: float
    result: str
    agent: str
    console: list[str]
    aborted: bool = False

    @property
    def building(self) -> bool:
        return time.monotonic() < self.begin + self.length

    @property
    def told_result(self) -> str | None:
        if self.aborted:
            return "ABORTED"
        return self.result if time.monotonic() > self.begin + self.length * 0.8 else None

    @property
    def log(self) -> str:
        """What has been printed by now."""
        share = min(1.0, (time.monotonic() - self.begin) / self.length) if self.length else 1.0
        lines = self.console if not self.building else self.console[: int(len(self.console) * share)]
        return "".join(f"{line}\n" for line in lines)


@dataclass
class Item:
    """A place in the queue."""

    id: int
    job: str
    since: float
    why: str = ""
    left: float = 0.0
    cancelled: bool = False
    build: int | None = None


@dataclass
class Job:
    name: str
    root: ElementTree.Element
    builds: list[Build] = field(default_factory=list)

    @property
    def disabled(self) -> bool:
        return self.root.findtext("disabled") == "true"

    @property
    def label(self) -> str:
        roams = self.root.findtext("canRoam") == "true"
        return "" if roams else (self.root.findtext("assignedNode") or "").strip()

    @property
    def commands(self) -> list[str]:
        return [step.findtext("command") or "" for step in self.root.findall("builders/hudson.tasks.Shell")]


class Jobs:
    """All jobs, the queue, and the builds. agent_for finds an agent for a label, nothing when there is none."""

    def __init__(self, settings: Settings, agent_for: t.Callable[[str], str | None]) -> None:
        self._settings = settings
        self._agent_for = agent_for
        self.jobs: dict[str, Job] = {}
        self.queue: dict[int, Item] = {}
        self.held = False
        self.started = time.monotonic()

    # configuration

    def named(self, name: str) -> Job:
        if name not in self.jobs:
            raise not_found()
        return self.jobs[name]

    def create(self, request: Request) -> Answer:
        name = request.query.get("name", "")
        if request.headers.get("content-type", "").partition(";")[0] not in _XML_TYPES:
            raise failure("No mode given")
        if not name.strip():
            raise failure("Query parameter 'name' is required")
        if _BAD_NAME.search(name) or name in (".", "..") or name.endswith("."):
            raise failure(f"'{name}' is an unsafe name")
        if name in self.jobs:
            raise failure(f"A job already exists with the name '{name}'")
        self.jobs[name] = Job(name, self._read(request))
        return Answer(200)

    def change(self, name: str, request: Request) -> Answer:
        job = self.named(name)
        job.root = self._read(request)
        return Answer(200)

    def configuration(self, name: str) -> Answer:
        text = "<?xml version='1.1' encoding='UTF-8'?>\n" + ElementTree.tostring(self.named(name).root, "unicode")
        return Answer(200, text.encode(), "application/xml;charset=utf-8")

    def delete(self, name: str) -> Answer:
        self.named(name)
        del self.jobs[name]
        return Answer(302, headers={"Location": "/"})

    def _read(self, request: Request) -> ElementTree.Element:
        try:
            root = ElementTree.fromstring(_DECLARATION.sub("", request.body.decode()))
        except ElementTree.ParseError:
            raise oops() from None
        if root.tag != "project":
            raise oops()
        return self._rewritten(root)

    def _rewritten(self, root: ElementTree.Element) -> ElementTree.Element:
        """As Jenkins keeps it: known elements in its own order, with defaults, plugins named, line feeds plain."""
        written = ElementTree.Element("project")
        for tag in _ORDER:
            element = root.find(tag)
            if element is None and tag == "assignedNode":
                continue
            if element is None:
                element = ElementTree.Element(tag)
                element.text = _DEFAULTS.get(tag)
            written.append(element)
        self._rewrite_scm(written)
        for command in written.iter("command"):
            command.text = (command.text or "").replace("\r\n", "\n")
        for step in written.findall("builders/hudson.tasks.Shell"):
            if step.find("configuredLocalRules") is None:
                ElementTree.SubElement(step, "configuredLocalRules")
        return written

    def _rewrite_scm(self, written: ElementTree.Element) -> None:
        scm = written.find("scm")
        if scm is None or scm.get("class") in (None, "hudson.scm.NullSCM") or "git" not in self._settings.plugins:
            if scm is not None:
                scm.clear()
                scm.set("class", "hudson.scm.NullSCM")
            return
        if scm.get("class") == _GIT:
            scm.set("plugin", f"git@{self._settings.plugins['git']}")

    # builds

    def start(self, name: str, parameterised: bool) -> Item:
        job = self.named(name)
        has_parameters = job.root.find("properties/hudson.model.ParametersDefinitionProperty") is not None
        if parameterised != has_parameters and parameterised:
            raise Problem(page(400, f"{name} is not parameterized"))
        if job.disabled:
            raise Problem(page(409, f"{name} is not buildable"))
        waiting = next((item for item in self.queue.values() if item.job == name and not item.left), None)
        if waiting:
            return waiting
        item = Item(len(self.queue) + 1, name, time.monotonic())
        self.queue[item.id] = item
        return item

    def settle(self) -> None:
        """Let what waits in the queue leave it, when it can."""
        for item in self.queue.values():
            if not item.left:
                self._try_to_leave(item)

    def _try_to_leave(self, item: Item) -> None:
        job = self.jobs.get(item.job)
        if job is None:
            item.cancelled, item.left = True, time.monotonic()
            return
        if self.held:
            item.why = "Jenkins is about to shut down"
            return
        agent = self._agent_for(job.label) if job.label else ""
        if agent is None:
            item.why = f"There are no nodes with the label \u2018{job.label}\u2019"
            return
        ready = max(item.since, self.started) + (self._settings.provisioning_time if agent else 0)
        if time.monotonic() < ready:
            item.why = f"All nodes of label \u2018{job.label}\u2019 are offline"
            return
        number = len(job.builds) + 1
        item.left, item.build = time.monotonic(), number
        job.builds.append(_build(job, number, item, agent, self._settings.build_time))

    def item(self, number: int) -> Answer:
        self.settle()
        item = self.queue.get(number)
        if item is None or (item.left and time.monotonic() > item.left + self._settings.queue_memory):
            raise not_found()
        kind = "LeftItem" if item.left else "BuildableItem"
        told: dict[str, t.Any] = {"_class": f"hudson.model.Queue${kind}", "id": item.id, "why": item.why or None}
        if item.left:
            told.update(cancelled=item.cancelled, why=None)
            # For a moment it has left, but its build is not known.
            known = item.build if time.monotonic() > item.left + 0.02 else None
            told["executable"] = {"number": known, "url": f"job/{item.job}/{known}/"} if known else None
        return as_json(told)

    def cancel(self, request: Request) -> Answer:
        item = self.queue.get(int(request.query.get("id") or request.form.get("id", "0")))
        if item is None or item.left:
            raise not_found()
        item.cancelled, item.left = True, time.monotonic()
        return Answer(204)

    def about(self, name: str, base: str) -> Answer:
        self.settle()
        job = self.named(name)
        builds = [
            {"number": build.number, "queueId": build.queue_id, "building": build.building, "result": build.told_result}
            for build in reversed(job.builds)
        ]
        return as_json({"name": name, "buildable": not job.disabled, "url": f"{base}/job/{name}/", "builds": builds})

    def build(self, name: str, number: int) -> Build:
        self.settle()
        found = next((build for build in self.named(name).builds if build.number == number), None)
        if found is None:
            raise not_found()
        return found

    def about_build(self, name: str, number: int, base: str) -> Answer:
        build = self.build(name, number)
        return as_json(
            {"number": build.number, "queueId": build.queue_id, "building": build.building, "result": build.told_result,
             "builtOn": build.agent, "duration": 0 if build.building else int(build.length * 1000),
             "url": f"{base}/job/{name}/{number}/"}
        )  # fmt: skip

    def console(self, name: str, number: int, start: int) -> Answer:
        build = self.build(name, number)
        log = build.log.encode()
        headers = {"X-Text-Size": str(len(log))}
        if build.building:
            headers["X-More-Data"] = "true"
        return Answer(200, log[start:] if start <= len(log) else log, headers=headers)

    @property
    def running(self) -> bool:
        return any(build.building for job in self.jobs.values() for build in job.builds)


def _build(job: Job, number: int, item: Item, agent: str, length: float) -> Build:
    """A build that fails when a step of the job says exit 1, and otherwise ends well."""
    fails = any("exit 1" in command for command in job.commands)
    result = "FAILURE" if fails else "SUCCESS"
    where = f"Building remotely on {agent} ({job.label})" if agent else "Running on the built-in node"
    steps = [f"+ {line}" for command in job.commands for line in command.splitlines()]
    console = ["Started by user admin", where, *steps, f"Finished: {result}"]
    return Build(number, item.id, time.monotonic(), length, result, agent, console)

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin manager and the update center."""

from __future__ import annotations

import re
import time
import typing as t
from dataclasses import dataclass
from xml.etree import ElementTree

from fake_jenkins.answers import Answer, Request, as_json, helper, oops
from fake_jenkins.settings import Settings

_NUMBERS = re.compile(r"\d+")


def newer(one: str, other: str) -> bool:
    """Whether a version is above another one, as far as their numbers tell."""
    return _key(one) > _key(other)


def _key(version: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(version.split(".v", 1)[0])]


@dataclass
class Job:
    """An installation: Pending, then Installing, then for an instant Skipped, then its outcome."""

    id: int
    name: str
    version: str
    begin: float
    end: float
    outcome: str
    error: str | None

    @property
    def status(self) -> str:
        now = time.monotonic()
        if now < self.begin:
            return "Pending"
        if now < self.end:
            return "Installing"
        return "Skipped" if now < self.end + 0.02 else self.outcome


class Plugins:
    """What is installed, and what is being installed. Versions in an order are minimums."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.jobs: list[Job] = []
        self.waiting_for_restart: dict[str, str] = {}

    def restarted(self) -> None:
        self._settings.plugins.update(self.waiting_for_restart)
        self._settings.inactive = ()
        self.waiting_for_restart = {}
        self.jobs = []

    def settle(self) -> None:
        """Take over what has been installed by now."""
        for job in self.jobs:
            if time.monotonic() >= job.end and job.outcome == "Success":
                self._settings.plugins.setdefault(job.name, job.version)
                if newer(job.version, self._settings.plugins[job.name]):
                    self._settings.plugins[job.name] = job.version
            elif time.monotonic() >= job.end and job.outcome == "SuccessButRequiresRestart":
                self.waiting_for_restart[job.name] = job.version

    def listed(self, request: Request) -> Answer:
        self.settle()
        if "tree" not in request.query and request.query.get("depth", "0") == "0":
            return as_json({"_class": "hudson.LocalPluginManager", "plugins": [{} for _name in self._settings.plugins]})
        rows = [
            {"shortName": name, "version": version, "active": name not in self._settings.inactive, "enabled": True,
             "deleted": False, "hasUpdate": False}
            for name, version in self._settings.plugins.items()
        ]  # fmt: skip
        return as_json({"_class": "hudson.LocalPluginManager", "plugins": rows})

    def _ordered(self, request: Request) -> list[tuple[str, str]]:
        try:
            root = ElementTree.fromstring(request.body)
        except ElementTree.ParseError:
            raise oops() from None
        orders = [element.get("plugin") for element in root.iter() if element.get("plugin")]
        if any("@" not in str(order) for order in orders):
            raise oops()
        return [(name, version) for name, _at, version in (str(order).partition("@") for order in orders)]

    def prevalidate(self, request: Request) -> Answer:
        self.settle()
        found = []
        for name, version in self._ordered(request):
            installed = self._settings.plugins.get(name) or self.waiting_for_restart.get(name)
            if installed is None:
                found.append({"name": name, "version": version, "mode": "missing"})
            elif version != "latest" and newer(version, installed):
                found.append({"name": name, "version": version, "mode": "old"})
        return as_json(found)

    def install(self, request: Request) -> Answer:
        """Start what can be had; what cannot is only logged, and the answer is the same."""
        for name, version in self._ordered(request):
            self._start(name, "0" if version == "latest" else version)
        return Answer(302, headers={"Location": "/pluginManager/updates/"})

    def _start(self, name: str, minimum: str) -> None:
        site = self._settings.site if self._settings.site_known else {}
        offered = site.get(name)
        installed = self._settings.plugins.get(name)
        if installed is not None and not newer(minimum, installed):
            return
        if offered is None or newer(minimum, offered["version"]) or any(job.name == name for job in self.jobs):
            return
        for dependency, needed in offered.get("dependencies", {}).items():
            self._start(dependency, needed)
        begin = max([time.monotonic(), *(job.end for job in self.jobs)])
        outcome = "SuccessButRequiresRestart" if offered.get("needs_restart") or installed else "Success"
        outcome = "Failure" if offered.get("fails") else outcome
        end = begin + self._settings.plugin_time
        self.jobs.append(Job(len(self.jobs) + 1, name, offered["version"], begin, end, outcome, offered.get("fails")))

    def check_site(self, _request: Request) -> Answer:
        self._settings.site_known = True
        return Answer(200)

    def update_center(self, _request: Request) -> Answer:
        self.settle()
        jobs: list[dict[str, t.Any]] = [{"id": 0, "type": "ConnectionCheckJob", "status": {"type": "Success"}}]
        jobs += [
            {"id": job.id, "type": "InstallationJob", "name": job.name, "errorMessage": job.error,
             "plugin": {"name": job.name, "version": job.version},
             "status": {"type": job.status, "success": job.status.startswith("Success")}}
            for job in self.jobs
        ]  # fmt: skip
        return as_json({"jobs": jobs, "restartRequiredForCompletion": bool(self.waiting_for_restart)})

    def install_status(self, _request: Request) -> Answer:
        self.settle()
        rows = [{"name": job.name, "version": job.version, "installStatus": job.status} for job in self.jobs]
        return helper({"state": "RUNNING", "jobs": rows})

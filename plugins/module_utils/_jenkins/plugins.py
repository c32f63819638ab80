# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
import xml.sax.saxutils

from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report, silent
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.controller import Plugin
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError

_JOBS = "jobs[id,type,errorMessage,name,plugin[name,version],status[type,success]],restartRequiredForCompletion"
_WORKING = ("Pending", "Installing")
_INSTALLATION = "InstallationJob"


class Wanted(t.NamedTuple):
    """A plugin that should be there; version is the oldest that will do, empty for any."""

    name: str
    version: str


class Job(t.NamedTuple):
    """An installation of the update center; status is Pending, Installing, Success, Failure and so on."""

    id: int
    plugin: str
    status: str
    error: str


class UpdateCenter(t.NamedTuple):
    """What the update center of this run of Jenkins has done."""

    jobs: list[Job]
    restart_required: bool


def missing(jenkins: Jenkins, wanted: t.Sequence[Wanted]) -> dict[str, str]:
    """The plugins that are missing or too old, with the word that Jenkins has for it; nothing is changed."""
    action = "compare the plugins"
    answer = jenkins.post("/pluginManager/prevalidateConfig", action, _xml(wanted), "text/xml")
    return {str(one["name"]): str(one.get("mode", "missing")) for one in json.loads(answer.text)}


def install(jenkins: Jenkins, wanted: t.Sequence[Wanted], patience: Patience, report: Report = silent) -> UpdateCenter:
    """Install the plugins and what they need; returns when nothing is installed any more."""
    before = {job.id for job in update_center(jenkins).jobs}
    # A new controller has never asked the update site, and would know no plugin.
    jenkins.post("/pluginManager/checkUpdatesServer", "ask the update site for plugins")
    jenkins.post("/pluginManager/installNecessaryPlugins", "install plugins", _xml(wanted), "text/xml")
    told: set[tuple[int, str]] = set()
    calm = 0
    while True:
        found = update_center(jenkins)
        jobs = [job for job in found.jobs if job.id not in before]
        for job in jobs:
            _tell(job, told, report)
        # A job that ends is Skipped for a moment, so nothing is believed at first sight.
        calm = 0 if any(job.status in _WORKING for job in jobs) else calm + 1
        if calm == 2:
            return UpdateCenter(jobs, found.restart_required)
        if not patience.pause():
            waiting = ", ".join(job.plugin for job in jobs if job.status in _WORKING)
            raise JenkinsError(
                f"Jenkins did not install {waiting} within {patience.timeout:g} s (option wait_timeout)."
            )


def _tell(job: Job, told: set[tuple[int, str]], report: Report) -> None:
    if (job.id, job.status) not in told and job.status != "Pending":
        told.add((job.id, job.status))
        report(f"plugin {job.plugin}: {job.status}", "failed" if job.status == "Failure" else "running")


def update_center(jenkins: Jenkins) -> UpdateCenter:
    answer = jenkins.get_json("/updateCenter/api/json", "read its update center", tree=_JOBS)
    jobs = [_job(job) for job in answer.get("jobs", ()) if job.get("type") == _INSTALLATION]
    return UpdateCenter(jobs, bool(answer.get("restartRequiredForCompletion")))


def _job(job: t.Mapping[str, t.Any]) -> Job:
    plugin = (job.get("plugin") or {}).get("name") or job.get("name") or "?"
    status = str((job.get("status") or {}).get("type", ""))
    return Job(int(job["id"]), str(plugin), status, str(job.get("errorMessage") or ""))


def check_installed(
    wanted: t.Sequence[Wanted],
    still_missing: t.Mapping[str, str],
    installed: t.Mapping[str, Plugin],
    done: UpdateCenter,
) -> None:
    """Raise JenkinsError for what could not be installed, by name."""
    failed = [job for job in done.jobs if job.status == "Failure"]
    if failed:
        told = "; ".join(f"{job.plugin} ({job.error or 'no reason is told'})" for job in failed)
        raise JenkinsError(f"Jenkins could not install {told}; its log has more.")
    started = {job.plugin for job in done.jobs}
    unknown = [one for one in wanted if one.name in still_missing and one.name not in started]
    if unknown:
        told = ", ".join(_unavailable(one, installed) for one in unknown)
        raise JenkinsError(
            f"The update site of Jenkins does not have {told}.", unknown_plugins=[one.name for one in unknown]
        )


def _unavailable(wanted: Wanted, installed: t.Mapping[str, Plugin]) -> str:
    if wanted.name in installed:
        return f"{wanted.name} in version {wanted.version} or later (installed is {installed[wanted.name].version})"
    return f"{wanted.name} in version {wanted.version} or later" if wanted.version else wanted.name


def _xml(wanted: t.Sequence[Wanted]) -> bytes:
    quote = xml.sax.saxutils.quoteattr
    # The version after @ is a minimum; 0 is below all.
    plugins = "".join(f"<install plugin={quote(f'{one.name}@{one.version or 0}')}/>" for one in wanted)
    return f"<jenkins>{plugins}</jenkins>".encode()

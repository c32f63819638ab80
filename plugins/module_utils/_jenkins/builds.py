# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report, silent
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import Jenkins, job_path
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import (
    Answer,
    JenkinsError,
    NotFound,
    Refused,
)

_ITEM = re.compile(r"/queue/item/(\d+)")
_BUILD = "number,building,result,queueId,builtOn,duration,url"
_TAIL = 100


class Build(t.NamedTuple):
    """A build; result is None until it has one, which can be before it has ended."""

    number: int
    building: bool
    result: str | None
    built_on: str
    duration: int
    url: str

    @property
    def ended(self) -> bool:
        return not self.building and self.result is not None


def trigger(jenkins: Jenkins, job: str, parameters: t.Mapping[str, str]) -> int:
    """Put the job into the queue; the number of its place there, by which its build is known."""
    action = f"start a build of {job}"
    if parameters:
        answer = jenkins.post_form(f"{job_path(job)}/buildWithParameters", action, parameters, delay="0sec")
    else:
        answer = jenkins.post(f"{job_path(job)}/build", action, delay="0sec")
    return _queue_id(answer, job)


def _queue_id(answer: Answer, job: str) -> int:
    # The address can be wrong behind a proxy, the number is right.
    found = _ITEM.search(answer.headers.get("location", ""))
    if not found:
        raise Refused(f"Jenkins did not put a build of {job} into its queue; a plugin or a rule of the job refused it.")
    return int(found.group(1))


class Follower:
    """Follows a job from the queue to the end of its build, and tells what it prints."""

    def __init__(self, jenkins: Jenkins, job: str, patience: Patience, report: Report = silent) -> None:
        self._jenkins = jenkins
        self._job = job
        self._patience = patience
        self._report = report
        self._limit = f"{patience.timeout:g} s (option wait_timeout)"
        self._told = ""
        self._offset = 0
        self._rest = ""
        self.console: list[str] = []

    def wait_for_start(self, queue_id: int) -> int:
        """The number of the build; raises JenkinsError when it was cancelled or did not start in time."""
        why = "it is in the queue"
        while True:
            number, why = self._look_into_queue(queue_id, why)
            if number is not None:
                self._report(f"{self._job}: build {number} runs", "running")
                self._patience.restart_pauses()
                return number
            if not self._patience.pause():
                raise JenkinsError(
                    f"The build of {self._job} did not start within {self._limit}; Jenkins says: {why}.",
                    queue_id=queue_id,
                )

    def wait_for_end(self, number: int) -> Build:
        """The build when it has ended; its console is told while it runs."""
        while True:
            build = self._build(number)
            self._read_console(number)
            if build.ended:
                self._finish_console()
                return build
            if not self._patience.pause():
                raise JenkinsError(
                    f"Build {number} of {self._job} still runs after {self._limit}; see {build.url}console.",
                    console=self.tail,
                )

    @property
    def tail(self) -> list[str]:
        """The last lines of the console."""
        return self.console[-_TAIL:]

    def _look_into_queue(self, queue_id: int, why: str) -> tuple[int | None, str]:
        try:
            item = self._jenkins.get_json(f"/queue/item/{queue_id}/api/json", "look into its queue")
        except NotFound:  # five minutes after it has left the queue
            return self._by_queue_id(queue_id), why
        if item.get("cancelled"):
            raise JenkinsError(f"The build of {self._job} was cancelled in the queue.", queue_id=queue_id)
        executable = item.get("executable") or {}
        if executable.get("number") is not None:
            return int(executable["number"]), why
        why = str(item.get("why") or why)
        if why != self._told:
            self._told = why
            self._report(f"{self._job}: {why}", "running")
        return None, why

    def _by_queue_id(self, queue_id: int) -> int | None:
        found = self._jenkins.get_json(
            f"{job_path(self._job)}/api/json", f"list the builds of {self._job}", tree="builds[number,queueId]"
        )
        numbers = [build["number"] for build in found.get("builds", ()) if build.get("queueId") == queue_id]
        if not numbers:
            raise JenkinsError(
                f"The build of {self._job} has left the queue, but there is no such build; it may have been cancelled.",
                queue_id=queue_id,
            )
        return int(numbers[0])

    def _build(self, number: int) -> Build:
        path = f"{job_path(self._job)}/{number}/api/json"
        found = self._jenkins.get_json(path, f"read build {number} of {self._job}", tree=_BUILD)
        return Build(
            int(found["number"]),
            bool(found.get("building")),
            found.get("result"),
            str(found.get("builtOn") or ""),
            int(found.get("duration") or 0),
            str(found.get("url") or ""),
        )

    def _read_console(self, number: int) -> None:
        path = f"{job_path(self._job)}/{number}/logText/progressiveText"
        answer = self._jenkins.get(path, "read the console", start=self._offset)
        size = int(answer.headers.get("x-text-size") or 0)
        if size <= self._offset:
            return
        self._offset = size
        *lines, self._rest = (self._rest + answer.text.replace("\r\n", "\n")).split("\n")
        self._keep(lines)

    def _finish_console(self) -> None:
        if self._rest:
            self._keep([self._rest])
            self._rest = ""

    def _keep(self, lines: t.Sequence[str]) -> None:
        self.console.extend(lines)
        for line in lines:
            self._report(f"  {line}", "detail")

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jenkins_build_run
short_description: Run a build of Jenkins to its end
version_added: 0.2.0
description:
  - Starts a build of a job, follows it from the queue to its real end, and fails unless it ends well.
  - The build is known by its place in the queue, so that another build of the same job is never taken for it. If one is
    waiting in the queue already, Jenkins makes one build of both.
  - With C(-v) its console is shown while it runs, if the task runs on the controller (C(delegate_to) C(localhost)). The
    end of the console is part of the failure.
options:
  job:
    description: Name of the job, with its folders, for example V(team/build).
    type: str
    required: true
  parameters:
    description: Parameters of the build. They are visible in Jenkins; use credentials there for secrets.
    type: dict
  wait:
    description: Whether to wait for the end.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds queue and build may take together.
      - An agent on ECS can take minutes, and Jenkins starts none in the first 100 seconds after it was started itself.
    type: int
    default: 1200
  expected_results:
    description: The results that are well.
    type: list
    elements: str
    choices: [SUCCESS, UNSTABLE, FAILURE, NOT_BUILT, ABORTED]
    default: [SUCCESS]
extends_documentation_fragment:
  - containerci.aws._jenkins
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_jenkins
attributes:
  check_mode:
    support: full
    details: No build is started. That the job exists and can be built is checked.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each run is a build.
seealso:
  - module: containerci.aws.jenkins_freestyle_job
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Build on an agent
  containerci.aws.jenkins_build_run:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    job: aws-java-sample
  delegate_to: localhost
  register: build

- name: A build with parameters that may be unstable
  containerci.aws.jenkins_build_run:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    job: team/deploy
    parameters:
      TARGET: staging
    expected_results: [SUCCESS, UNSTABLE]
    wait_timeout: 3600

- name: Start a build and go on
  containerci.aws.jenkins_build_run:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    job: nightly
    wait: false
"""

RETURN = r"""
queue_id:
  description: Place in the queue.
  returned: unless check mode
  type: int
  sample: 42
number:
  description: Number of the build.
  returned: when O(wait=true), unless check mode
  type: int
  sample: 7
result:
  description: Result of the build.
  returned: when O(wait=true), unless check mode
  type: str
  sample: SUCCESS
built_on:
  description: Name of the agent; empty for the controller.
  returned: when O(wait=true), unless check mode
  type: str
  sample: ecs-cloud-maven-x7k2p
duration:
  description: Milliseconds that the build took.
  returned: when O(wait=true), unless check mode
  type: int
  sample: 93125
build_url:
  description: Page of the build.
  returned: when O(wait=true), unless check mode
  type: str
  sample: https://jenkins.example.com/job/aws-java-sample/7/
console:
  description: The last 100 lines of the console.
  returned: when O(wait=true), unless check mode
  type: list
  elements: str
  sample: ['Finished: SUCCESS']
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import builds
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import (
    CONNECTION,
    RULES,
    Jenkins,
    job_path,
)
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError

_RESULTS = ["SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"]
_TOLD = 20


def need_buildable(jenkins: Jenkins, job: str) -> None:
    """Raise JenkinsError unless the job is there and can be built."""
    found = jenkins.get_json(f"{job_path(job)}/api/json", f"find the job {job}", tree="buildable")
    if not found.get("buildable"):
        raise JenkinsError(f"The job {job} cannot be built: it is disabled, or not a job.")


def told(job: str, build: builds.Build, console: t.Sequence[str]) -> str:
    """The failure of a build: result, address and the end of the console."""
    end = "\n".join(f"  {line}" for line in console[-_TOLD:])
    return f"Build {build.number} of {job} ended with {build.result}; see {build.url}console.\n{end}"


def run(module: AnsibleModule, jenkins: Jenkins) -> dict[str, t.Any]:
    """Start a build and follow it; the result of the module."""
    job, params = module.params["job"], module.params
    need_buildable(jenkins, job)
    if module.check_mode:
        return {}
    parameters = {name: _text(value) for name, value in (params["parameters"] or {}).items()}
    queue_id = builds.trigger(jenkins, job, parameters)
    if not params["wait"]:
        return {"queue_id": queue_id}
    follower = builds.Follower(jenkins, job, Patience(params["wait_timeout"]), progress.from_environment())
    build = follower.wait_for_end(follower.wait_for_start(queue_id))
    result = {
        "queue_id": queue_id,
        "number": build.number,
        "result": build.result,
        "built_on": build.built_on,
        "duration": build.duration,
        "build_url": build.url,
        "console": follower.tail,
    }
    if build.result not in params["expected_results"]:
        raise JenkinsError(told(job, build, follower.console), **result)
    return result


def _text(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "job": {"type": "str", "required": True},
            "parameters": {"type": "dict"},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 1200},
            "expected_results": {"type": "list", "elements": "str", "choices": _RESULTS, "default": ["SUCCESS"]},
        },
        supports_check_mode=True,
        **RULES,
    )
    try:
        result = run(module, Jenkins(module.params))
    except CollectionError as error:
        module.fail_json(msg=error.message, changed=not module.check_mode, **error.details)
    module.exit_json(changed=True, **result)


if __name__ == "__main__":
    main()

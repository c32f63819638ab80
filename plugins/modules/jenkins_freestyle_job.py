#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jenkins_freestyle_job
short_description: Manage a freestyle job of Jenkins
version_added: 0.2.0
description:
  - Creates, changes or deletes a freestyle job with the settings that most jobs need.
  - The job is compared by what the options say, not as text, because Jenkins rewrites every configuration that it gets.
  - Options that are not given, and everything else of the configuration, stay as they are.
options:
  name:
    description: Name of the job, with its folders, for example V(team/build). Folders have to exist.
    type: str
    required: true
  state:
    description: Whether the job should exist. Deleting it deletes its builds, too.
    type: str
    choices: [present, absent]
    default: present
  description:
    description: What the job is for.
    type: str
  label:
    description: Label expression for the agent. Empty lets the job run anywhere.
    type: str
  git:
    description: Repository to check out; needs the plugin git.
    type: dict
    suboptions:
      url:
        description: Address of the repository.
        type: str
        required: true
      branches:
        description: Branches to build. Without any, V(*/main).
        type: list
        elements: str
      credentials_id:
        description: ID of the credentials in Jenkins. Empty for none.
        type: str
  steps:
    description:
      - Shell scripts that the build runs, in order. Steps of other kinds stay.
    type: list
    elements: str
  disabled:
    description: Whether the job cannot be built.
    type: bool
  concurrent:
    description: Whether several builds of the job may run at the same time.
    type: bool
extends_documentation_fragment:
  - containerci.aws._jenkins
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_jenkins
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: containerci.aws.jenkins_build_run
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: A job that builds with Maven on an agent
  containerci.aws.jenkins_freestyle_job:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    name: aws-java-sample
    label: maven
    git:
      url: https://git.example.com/aws-java-sample.git
    steps:
      - mvn --batch-mode package
  delegate_to: localhost

- name: A job in a folder
  containerci.aws.jenkins_freestyle_job:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    name: team/nightly
    description: Builds everything at night
    disabled: false
    concurrent: false
    git:
      url: git@git.example.com:team/app.git
      branches: ['*/main', '*/release']
      credentials_id: deploy-key

- name: No such job
  containerci.aws.jenkins_freestyle_job:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    name: old
    state: absent
"""

RETURN = r"""
name:
  description: Name of the job.
  returned: success
  type: str
  sample: aws-java-sample
job:
  description: What is managed of the job, as it is now or would be. Empty when there is none.
  returned: success
  type: dict
  sample:
    description: ''
    label: maven
    disabled: false
    concurrent: false
    git: {url: https://git.example.com/aws-java-sample.git, branches: ['*/main'], credentials_id: ''}
    steps: [mvn --batch-mode package]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import freestyle
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import (
    CONNECTION,
    RULES,
    Jenkins,
    job_path,
)
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError, NotFound

_XML = "application/xml; charset=utf-8"


def read(jenkins: Jenkins, name: str) -> freestyle.Element | None:
    """The configuration of the job, nothing when there is none."""
    try:
        answer = jenkins.get(f"{job_path(name)}/config.xml", f"read the job {name}")
    except NotFound:
        return None
    return freestyle.parse(answer.text)


def write(jenkins: Jenkins, name: str, root: freestyle.Element, exists: bool) -> None:
    folder, _slash, own = name.strip("/").rpartition("/")
    data = freestyle.serialized(root)
    if exists:
        jenkins.post(f"{job_path(name)}/config.xml", f"change the job {name}", data, _XML)
    else:
        place = job_path(folder) if folder else ""
        jenkins.post(f"{place}/createItem", f"create the job {name}", data, _XML, name=own)


def ensure_present(jenkins: Jenkins, params: dict[str, t.Any], check_mode: bool) -> dict[str, t.Any]:
    name, found = params["name"], read(jenkins, params["name"])
    root = freestyle.empty() if found is None else found
    before = freestyle.model(root)
    after = freestyle.wanted(before, params)
    changed = found is None or before != after
    if changed and not check_mode:
        freestyle.change(root, before, after)
        write(jenkins, name, root, found is not None)
        _verify(name, after, read(jenkins, name))
    diff = {"before": to_text(before) if found is not None else "", "after": to_text(after)}
    return {"changed": changed, "job": after, "diff": diff}


def _verify(name: str, wanted: freestyle.Model, found: freestyle.Element | None) -> None:
    """Jenkins drops without a word what it does not know, for example a git repository without the plugin."""
    now = {} if found is None else freestyle.model(found)
    lost = sorted(key for key in wanted if now.get(key) != wanted[key])
    if lost:
        hint = "; is the plugin git installed?" if "git" in lost else ""
        raise JenkinsError(
            f"Jenkins took the job {name}, but not its {', '.join(lost)}{hint}", wanted=wanted, found=now
        )


def ensure_absent(jenkins: Jenkins, name: str, check_mode: bool) -> dict[str, t.Any]:
    found = read(jenkins, name)
    if found is not None and not check_mode:
        try:
            jenkins.post(f"{job_path(name)}/doDelete", f"delete the job {name}")
        except NotFound:
            found = None
    before = {} if found is None else freestyle.model(found)
    return {"changed": found is not None, "job": {}, "diff": {"before": to_text(before), "after": ""}}


def main() -> None:
    git = {
        "url": {"type": "str", "required": True},
        "branches": {"type": "list", "elements": "str"},
        "credentials_id": {"type": "str"},
    }
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "description": {"type": "str"},
            "label": {"type": "str"},
            "git": {"type": "dict", "options": git},
            "steps": {"type": "list", "elements": "str"},
            "disabled": {"type": "bool"},
            "concurrent": {"type": "bool"},
        },
        supports_check_mode=True,
        **RULES,
    )
    jenkins, params = Jenkins(module.params), module.params
    try:
        if params["state"] == "absent":
            result = ensure_absent(jenkins, params["name"], module.check_mode)
        else:
            result = ensure_present(jenkins, params, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(name=params["name"], **result)


if __name__ == "__main__":
    main()

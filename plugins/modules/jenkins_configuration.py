#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jenkins_configuration
short_description: Check or reload configuration as code of Jenkins
version_added: 0.2.0
description:
  - Lets a running controller check files of configuration as code before they are put where it reads them, or lets it
    read them again.
  - A file with a mistake keeps Jenkins from starting, so check first.
  - The check looks at the given documents alone. Whether they conflict with each other only shows when they are loaded.
options:
  state:
    description:
      - V(checked) sends O(documents) to be checked, and changes nothing.
      - V(reloaded) lets Jenkins read its files again.
    type: str
    choices: [checked, reloaded]
    required: true
  documents:
    description: The documents as data. Needed for O(state=checked).
    type: list
    elements: dict
extends_documentation_fragment:
  - containerci.aws._jenkins
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_jenkins
attributes:
  check_mode:
    support: full
    details: Documents are checked, and nothing is reloaded.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: V(checked) changes nothing, V(reloaded) always reloads. Use it in a handler.
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Jenkins would take the file
  containerci.aws.jenkins_configuration:
    url: http://localhost:8080
    user: admin
    password: "{{ jenkins_password }}"
    state: checked
    documents:
      - jenkins:
          systemMessage: Built by Ansible

- name: Jenkins reads its files again
  containerci.aws.jenkins_configuration:
    url: http://localhost:8080
    user: admin
    password: "{{ jenkins_password }}"
    state: reloaded
"""

RETURN = r"""
messages:
  description: What Jenkins says about the documents.
  returned: when O(state=checked)
  type: list
  elements: str
  sample: []
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import jcasc
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import CONNECTION, RULES, Jenkins


def checked(module: AnsibleModule, jenkins: Jenkins) -> dict[str, t.Any]:
    """What Jenkins says about the documents; raises JenkinsError when it would not take one."""
    messages: list[str] = []
    for document in module.params["documents"]:
        found = jcasc.check(jenkins, document)
        if found is None:
            module.warn("Jenkins was not asked to check the configuration, because the user may not administer it.")
            break
        messages += found
    return {"changed": False, "messages": messages}


def reloaded(module: AnsibleModule, jenkins: Jenkins) -> dict[str, t.Any]:
    if not module.check_mode:
        jcasc.reload(jenkins)
    return {"changed": True}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "state": {"type": "str", "choices": ["checked", "reloaded"], "required": True},
            "documents": {"type": "list", "elements": "dict"},
        },
        supports_check_mode=True,
        required_if=[("state", "checked", ["documents"])],
        **RULES,
    )
    action = {"checked": checked, "reloaded": reloaded}[module.params["state"]]
    try:
        result = action(module, Jenkins(module.params))
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

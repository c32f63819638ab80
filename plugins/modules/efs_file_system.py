#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: efs_file_system
short_description: Delete an EFS file system that a stack left behind
version_added: 0.1.0
description:
  - Deletes one Amazon EFS file system, with everything on it, and waits until it is gone.
  - A file system that is in use is never deleted. The task fails and names the mount targets that are still there.
  - Mount targets that are being deleted already are waited for.
  - A file system that does not exist is fine, it is as wanted.
options:
  id:
    description: ID of the file system.
    type: str
    required: true
    aliases: [file_system_id]
  state:
    description:
      - With V(absent) the file system does not exist. What is on it is lost for good.
      - File systems are made by stacks, so there is nothing else to choose.
    type: str
    choices: [absent]
    required: true
  wait:
    description:
      - Whether to wait until the file system is gone.
      - With V(false) the task also fails, instead of waiting, if mount targets are still being deleted.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds all waiting of the task may take together.
    type: int
    default: 600
extends_documentation_fragment:
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: containerci.aws.cloudformation_stack
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Delete a file system
  containerci.aws.efs_file_system:
    id: fs-0123456789abcdef0
    state: absent

- name: Delete a file system without waiting for long
  containerci.aws.efs_file_system:
    id: fs-0123456789abcdef0
    state: absent
    region: eu-central-1
    wait: true
    wait_timeout: 60

- name: See whether a file system could be deleted, without doing it
  containerci.aws.efs_file_system:
    id: fs-0123456789abcdef0
    state: absent
  check_mode: true
  diff: true
"""

RETURN = r"""
file_system:
  description: The file system as it was found. Null if there was none.
  returned: success
  type: dict
  contains:
    file_system_id:
      description: ID of the file system.
      type: str
      returned: success
      sample: fs-0123456789abcdef0
    name:
      description: Name of the file system. Null if it has none.
      type: str
      returned: success
      sample: jenkins-ecs-home
    life_cycle_state:
      description: State of the file system.
      type: str
      returned: success
      sample: available
    size_in_bytes:
      description: How much is stored on it.
      type: int
      returned: success
      sample: 6144
    tags:
      description: Tags of the file system.
      type: dict
      returned: success
      sample: {"Name": "jenkins-ecs-home"}
actions:
  description: What was done, or would be done in check mode, in plain sentences.
  returned: success
  type: list
  elements: str
  sample: ["Delete file system fs-0123456789abcdef0."]
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: FileSystemInUse
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._core.connection import connect
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._efs.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._efs.remove import Outcome, Remover

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "id": {"type": "str", "required": True, "aliases": ["file_system_id"]},
    "state": {"type": "str", "choices": ["absent"], "required": True},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
}


def render(outcome: Outcome) -> dict[str, t.Any]:
    """The result of the module."""
    found = outcome.file_system.result() if outcome.file_system else None
    return {
        "changed": outcome.changed,
        "file_system": found,
        "actions": outcome.actions,
        "diff": {"before": to_text(found if outcome.changed else None), "after": ""},
    }


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    params = module.params
    try:
        api = Api(connect(module, "efs"))
        remover = Remover(api, Patience(params["wait_timeout"]), params["id"], module.check_mode, params["wait"])
        outcome = remover.absent()
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    else:
        module.exit_json(**render(outcome))


if __name__ == "__main__":
    main()

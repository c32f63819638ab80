#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudformation_stack
short_description: Create, change or delete a CloudFormation stack
version_added: 0.1.0
description:
  - Brings a CloudFormation stack to the wanted state and waits for it, showing its events while they happen.
  - A stack that is as wanted is only read. Templates are compared by meaning - comments, formatting and the short
    form of functions do not count.
  - A stack is changed through a change set, which is executed only if the stack is still what it was when it was read.
  - A stack that is busy, for example because an earlier run was interrupted, is waited for, and the task then continues
    from what it finds.
  - A stack that fails is reported in one sentence that names the first resource that failed and the reason.
options:
  name:
    description: Name of the stack.
    type: str
    required: true
    aliases: [stack_name]
  state:
    description:
      - With V(present) the stack exists and is as described by the other options.
      - With V(absent) the stack does not exist.
    type: str
    choices: [present, absent]
    default: present
  template:
    description:
      - File with the template, YAML or JSON. It is searched for as M(ansible.builtin.copy) does, in C(files/) of
        the role and next to the playbook.
      - The file is read on the controller, and it is not templated.
      - Either O(template) or O(template_body) is required if O(state=present).
    type: path
  template_body:
    description:
      - The template itself, YAML or JSON.
    type: str
  parameters:
    description:
      - Values for the parameters of the template. Lists are joined by commas; numbers and booleans are welcome.
      - A parameter that is not given, or is null, keeps its value in the stack, or gets its default in a new one.
      - For a parameter that is the name of an SSM parameter (C(AWS::SSM::Parameter::Value<...>)) the names are
        compared. A new value in SSM alone does not change the stack.
      - See O(update_no_echo) for parameters that are declared with C(NoEcho).
      - Given values of C(NoEcho) parameters are masked in everything the task returns.
    type: dict
    default: {}
  update_no_echo:
    description:
      - AWS does not show the value of a C(NoEcho) parameter, so a given one cannot be compared with what the stack has.
      - With V(false) a C(NoEcho) parameter that the stack already has keeps its value, whatever is given. The given
        value is used when the stack is created, and when the parameter is new to the stack or is no longer C(NoEcho).
      - With V(true) the given value is sent in a change set on every run, and CloudFormation decides whether that
        changes anything. Use it for the run that rotates a secret.
    type: bool
    default: false
  capabilities:
    description:
      - What the template is allowed to do beyond ordinary resources.
    type: list
    elements: str
    choices: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]
    default: [CAPABILITY_IAM]
  replace_failed:
    description:
      - Consent to delete a stack that never came up and to create it anew. Such a stack is in C(CREATE_FAILED),
        C(ROLLBACK_COMPLETE), C(ROLLBACK_FAILED) or C(REVIEW_IN_PROGRESS), or somebody began to delete it and it is in
        C(DELETE_FAILED); AWS does not allow to update it.
      - Without the consent the task fails and says why the stack failed.
      - If such a stack is protected from deletion, O(termination_protection) must be given as well, whatever it says.
    type: bool
    default: false
  termination_protection:
    description:
      - Whether AWS refuses to delete the stack. If it is not given, an existing stack keeps what it has.
      - With O(state=absent), V(false) lets a protected stack be deleted, which fails otherwise.
    type: bool
  on_create_failure:
    description:
      - What AWS does with a new stack whose creation fails.
    type: str
    choices: [rollback, delete, do_nothing]
    default: rollback
  wait:
    description:
      - Whether to wait until AWS has finished, which is the only way to know that it succeeded.
      - With V(false) the task also fails, instead of waiting, if it finds the stack busy. The deletion that
        O(replace_failed) allows is waited for in any case.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds all waiting of the task may take together.
    type: int
    default: 3600
notes:
  - In check mode a stack that exists is compared through a change set, which is deleted at once. Creating and deleting
    this change set is all that check mode asks of AWS besides reading, and only if something differs. For a stack that
    does not exist the changes are predicted from the template, and so they are, with a warning, for credentials that
    do not allow a change set.
  - The progress is shown for a local connection, which includes C(delegate_to=localhost).
extends_documentation_fragment:
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.tags
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
    details:
      - For a stack that exists and differs a change set is created and deleted again.
  diff_mode:
    support: full
    details:
      - Shows the parts of the template, the parameters and the tags that differ, and the changes of the change set.
  idempotent:
    support: full
    details:
      - With O(update_no_echo=true) CloudFormation decides whether the sent values are a change.
requirements:
  - PyYAML
seealso:
  - module: amazon.aws.cloudformation
  - module: amazon.aws.cloudformation_info
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Create a stack, or bring it up to date
  containerci.aws.cloudformation_stack:
    name: network
    template: network.yml

- name: Create a stack with everything that can be said about it
  containerci.aws.cloudformation_stack:
    name: jenkins-ecs
    state: present
    region: eu-central-1
    template: jenkins-ecs.yml
    parameters:
      AvailabilityZone1: eu-central-1a
      AvailabilityZone2: eu-central-1b
      InstanceType: t3.small
      PublicAccessCIDR: 192.0.2.0/24
    update_no_echo: false
    capabilities:
      - CAPABILITY_IAM
    tags:
      team: build
    purge_tags: true
    termination_protection: true
    on_create_failure: rollback
    replace_failed: true
    wait: true
    wait_timeout: 1800
  register: jenkins

- name: Show where Jenkins is
  ansible.builtin.debug:
    var: jenkins.outputs.PublicJenkinsURL

- name: Show what a change would do, without doing it
  containerci.aws.cloudformation_stack:
    name: network
    template_body: "{{ lookup('ansible.builtin.file', 'network.yml') }}"
  check_mode: true
  diff: true

- name: Rotate the password that only the stack knows
  containerci.aws.cloudformation_stack:
    name: database
    template: database.yml
    parameters:
      MasterPassword: "{{ vault_master_password }}"
    update_no_echo: true

- name: Delete a stack, even if it is protected
  containerci.aws.cloudformation_stack:
    name: jenkins-ecs
    state: absent
    termination_protection: false
"""

RETURN = r"""
stack:
  description: The stack as it is now; in check mode as it was found. Null if there is none.
  returned: always
  type: dict
  contains:
    stack_name:
      description: Name of the stack.
      type: str
      returned: always
      sample: jenkins-ecs
    stack_id:
      description: ARN of the stack.
      type: str
      returned: always
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/jenkins-ecs/9a1f3c60-c7a1-11f0-8de9-0242ac120002
    stack_status:
      description: Status of the stack.
      type: str
      returned: always
      sample: CREATE_COMPLETE
    stack_status_reason:
      description: Why the stack has this status.
      type: str
      returned: always
      sample: null
    description:
      description: Description of the template.
      type: str
      returned: always
      sample: Jenkins on ECS
    creation_time:
      description: When the stack was created.
      type: str
      returned: always
      sample: "2026-11-22T10:15:30+00:00"
    last_updated_time:
      description: When the stack was changed last. Null if it never was.
      type: str
      returned: always
      sample: null
    parameters:
      description: Parameters of the stack. Those with C(NoEcho) are masked.
      type: dict
      returned: always
      sample: {"InstanceType": "t3.small"}
    outputs:
      description: Outputs of the stack.
      type: dict
      returned: always
      sample: {"PublicJenkinsURL": "http://jenkins.example.org"}
    tags:
      description: Tags of the stack.
      type: dict
      returned: always
      sample: {"team": "build"}
    capabilities:
      description: Capabilities the stack was last given.
      type: list
      elements: str
      returned: always
      sample: [CAPABILITY_IAM]
    enable_termination_protection:
      description: Whether AWS refuses to delete the stack.
      type: bool
      returned: always
      sample: true
outputs:
  description: Outputs of the stack, the same as RV(stack.outputs). Empty if there is no stack.
  returned: always
  type: dict
  sample: {"PublicJenkinsURL": "http://jenkins.example.org"}
changes:
  description:
    - What happens to each resource. From the change set for a stack that exists.
    - For a new stack from the template; in check mode a resource with a condition that only AWS can decide is listed.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: One of C(Add), C(Modify), C(Remove), C(Import) and C(Dynamic).
      type: str
      returned: always
      sample: Modify
    logical_resource_id:
      description: Name of the resource in the template.
      type: str
      returned: always
      sample: JenkinsService
    physical_resource_id:
      description: Name of the resource in AWS. Null if it is added.
      type: str
      returned: always
      sample: arn:aws:ecs:eu-central-1:123456789012:service/jenkins/jenkins
    resource_type:
      description: Type of the resource.
      type: str
      returned: always
      sample: AWS::ECS::Service
    replacement:
      description: Whether the resource is replaced, V(True), V(False) or V(Conditional). Null if it is not modified.
      type: str
      returned: always
      sample: "False"
    scope:
      description: Parts of the resource that change, for example C(Properties). Empty if it is not modified.
      type: list
      elements: str
      returned: always
      sample: [Properties]
    properties:
      description: Names of the properties that change. Empty if the resource is not modified.
      type: list
      elements: str
      returned: always
      sample: [DesiredCount]
events:
  description: What happened in AWS during this task, in the order of time.
  returned: always
  type: list
  elements: dict
  contains:
    timestamp:
      description: When it happened.
      type: str
      returned: always
      sample: "2026-11-22T10:15:30+00:00"
    logical_resource_id:
      description: Name of the resource in the template, or name of the stack.
      type: str
      returned: always
      sample: JenkinsService
    resource_type:
      description: Type of the resource.
      type: str
      returned: always
      sample: AWS::ECS::Service
    status:
      description: Status of the resource.
      type: str
      returned: always
      sample: CREATE_COMPLETE
    reason:
      description: Why the resource has this status; often empty.
      type: str
      returned: always
      sample: ""
actions:
  description: What was done, or would be done in check mode, in plain sentences.
  returned: always
  type: list
  elements: str
  sample: ["Update stack jenkins-ecs: 1 resource change."]
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: ValidationError
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import parameters
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.converge import (
    Converger,
    Manner,
    Outcome,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import Desired
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import plain
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.connection import connect
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str", "required": True, "aliases": ["stack_name"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "template": {"type": "path"},
    "template_body": {"type": "str"},
    "parameters": {"type": "dict", "default": {}},
    "update_no_echo": {"type": "bool", "default": False},
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": True},
    "capabilities": {
        "type": "list",
        "elements": "str",
        "choices": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "default": ["CAPABILITY_IAM"],
    },
    "replace_failed": {"type": "bool", "default": False},
    "termination_protection": {"type": "bool"},
    "on_create_failure": {"type": "str", "choices": ["rollback", "delete", "do_nothing"], "default": "rollback"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 3600},
}

SHORTEST_SECRET = 4


def template_text(params: t.Mapping[str, t.Any]) -> str:
    """The template; the action plugin has put it in template_body unless the module is called without it."""
    if params["template"] is None:
        return str(params["template_body"])
    try:
        with open(params["template"], encoding="utf-8") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"The template {params['template']} cannot be read: {error}.") from error


def desired(params: t.Mapping[str, t.Any]) -> Desired:
    """What the options ask for."""
    present = params["state"] == "present"
    body = template_text(params) if present else ""
    tags = params["tags"]
    return Desired(
        name=params["name"],
        template=load(body) if present else None,
        template_body=body,
        parameters=parameters.given(params["parameters"]),
        tags=None if tags is None else {str(key): parameters.as_text(value) for key, value in tags.items()},
        purge_tags=params["purge_tags"],
        capabilities=tuple(params["capabilities"]),
        replace_failed=params["replace_failed"],
        termination_protection=params["termination_protection"],
        update_no_echo=params["update_no_echo"],
    )


def secrets(wanted: Desired) -> set[str]:
    """The given values that must not be shown; a very short one would hide half of every message."""
    specs = wanted.template.parameters if wanted.template else {}
    hidden = {value for name, value in wanted.parameters.items() if name in specs and specs[name].no_echo}
    return {value for value in hidden if len(value) >= SHORTEST_SECRET}


def render(outcome: Outcome) -> dict[str, t.Any]:
    """The result of the module."""
    lines = [change.sentence() for change in outcome.changes] if outcome.after else []
    after = {**outcome.after, "Changes": lines} if lines else outcome.after
    return {
        "changed": outcome.changed,
        "stack": plain(outcome.stack),
        "outputs": outcome.stack.outputs if outcome.stack else {},
        "changes": plain(outcome.changes),
        "events": plain(outcome.events),
        "actions": outcome.actions,
        "diff": {"before": to_text(outcome.before), "after": to_text(after)},
    }


def converge(client: t.Any, params: t.Mapping[str, t.Any], wanted: Desired, check: bool) -> Outcome:
    """Bring the stack to the wanted state."""
    api = Api(client)
    follower = Follower(api, Patience(params["wait_timeout"]), progress.from_environment())
    manner = Manner(check=check, wait=params["wait"], on_create_failure=params["on_create_failure"])
    converger = Converger(api, follower, wanted, manner)
    return converger.present() if params["state"] == "present" else converger.absent()


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[("template", "template_body")],
        required_if=[("state", "present", ("template", "template_body"), True)],
    )
    try:
        wanted = desired(module.params)
        module.no_log_values.update(secrets(wanted))
        client = connect(module, "cloudformation")
        outcome = converge(client, module.params, wanted, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **{name: plain(value) for name, value in error.details.items()})
    else:
        for warning in outcome.warnings:
            module.warn(warning)
        module.exit_json(**render(outcome))


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: codepipeline_stage
short_description: Add, change, move or remove one stage of a pipeline
version_added: 0.2.0
description:
  - Brings one stage of an existing CodePipeline pipeline to the wanted state and leaves everything else as it is -
    other stages, triggers, variables, artifact stores, tags, and fields that are younger than the AWS SDK.
  - A stage that is as wanted is only read, with one request.
  - What AWS would refuse is found before anything is written, all of it at once.
  - If somebody else changes the pipeline at the same time, that change is kept and this one is made on top of it. A
    warning tells so.
options:
  pipeline:
    description: Name of the pipeline. It must exist.
    type: str
    required: true
  name:
    description: Name of the stage.
    type: str
    required: true
    aliases: [stage]
  state:
    description:
      - With V(present) the stage exists and is as described by the other options.
      - With V(absent) the stage does not exist.
    type: str
    choices: [present, absent]
    default: present
  approval:
    description:
      - Shorthand for a stage with one manual approval and nothing else.
      - An empty dictionary is an approval without any settings. A suboption that is not given is left alone, an empty
        text removes the setting.
    type: dict
    suboptions:
      name:
        description: Name of the action. The default is the name of the stage.
        type: str
      notification_arn:
        description: ARN of the SNS topic that is told when the approval is pending.
        type: str
      custom_data:
        description: Text for the person who decides, shown in the notification and in the console.
        type: str
      external_entity_link:
        description: URL of what is to be reviewed.
        type: str
      timeout_in_minutes:
        description: After how many minutes without a decision the action fails. AWS takes 7 days if it is not given.
        type: int
  before:
    description:
      - Name of the stage that directly follows. The stage is moved if it stands elsewhere.
      - A new stage becomes the last one if no position is given. An existing one is then not moved.
      - Two stages cannot both stand directly before a third one. Give the name of the one in the position of the other.
    type: str
  after:
    description: Name of the stage that directly precedes. The stage is moved if it stands elsewhere.
    type: str
  position:
    description: Whether the stage is the first or the last one. The stage is moved if it stands elsewhere.
    type: str
    choices: [first, last]
  transition:
    description:
      - Whether executions may enter the stage. If it is not given, the transition is left alone.
      - Reading the transition takes one more request.
      - A new stage is open for the moment between its creation and the request that disables its transition.
    type: str
    choices: [enabled, disabled]
  transition_reason:
    description:
      - Why the transition is disabled.
      - If it is not given, the reason of a transition that is disabled already is left alone.
    type: str
  secrets:
    description:
      - Secret values in the configuration of actions, by the name of the action (or C(stage/action) if the name is not
        unique) and the key of the configuration.
      - AWS shows such values as C(****) and would store exactly that when the pipeline is written. So the task fails if
        it has to write and does not know a value, whichever stage the action is in.
      - A secret cannot be compared with what AWS has. A new value alone changes nothing; it is used when something else
        changes.
    type: dict
  release_change:
    description:
      - Whether to start an execution after the stage was added, changed, moved or removed.
      - A stage that is as wanted releases nothing. See M(containerci.aws.codepipeline_execution) to start an execution
        in any case.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait for the execution of O(release_change) until it has ended, or until it waits for an approval.
      - The task fails if the execution does.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait for the execution.
    type: int
    default: 3600
notes:
  - AWS has no lock for pipelines. That somebody else wrote at the same time is seen from the version number after the
    write, and what they wrote is then restored at once. This is tested with three writers in any order of their
    requests. With more of them at the very same moment a change may still be overlooked.
  - AWS cancels executions that are in progress when the definition of their pipeline changes.
  - The progress is shown for a local connection, which includes C(delegate_to=localhost).
extends_documentation_fragment:
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_aws
  - containerci.aws._codepipeline_stage
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the list of stages before and after.
  idempotent:
    support: full
seealso:
  - module: containerci.aws.codepipeline_approval
  - module: containerci.aws.codepipeline_execution
  - module: containerci.aws.codepipeline_info
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Ask a person before production
  containerci.aws.codepipeline_stage:
    pipeline: shop
    name: ExploratoryTesting
    before: Production
    approval:
      custom_data: Explore https://staging.example.org, then approve or reject.

- name: The same with everything that can be said about an approval, released at once
  containerci.aws.codepipeline_stage:
    pipeline: shop
    name: ExploratoryTesting
    state: present
    region: eu-central-1
    after: Staging
    approval:
      name: Explore
      notification_arn: arn:aws:sns:eu-central-1:123456789012:approvals
      custom_data: Explore it, then approve or reject.
      external_entity_link: https://staging.example.org
      timeout_in_minutes: 1440
    release_change: true
    wait: true
    wait_timeout: 1800
  register: stage

- name: A stage with actions of its own, which only runs in working hours
  containerci.aws.codepipeline_stage:
    pipeline: shop
    name: Staging
    actions:
      - name: Image
        category: Compute
        provider: Commands
        commands: [make image]
        environment_variables:
          - name: TOKEN
            value: registry-token
            type: SECRETS_MANAGER
        input_artifacts: [Source]
        output_artifacts:
          - name: Image
            files: [imagedefinitions.json]
        output_variables: [TAG]
        namespace: ImageVariables
      - name: Deploy
        category: Deploy
        owner: AWS
        provider: ECS
        version: "1"
        run_order: 2
        configuration:
          ClusterName: staging
          ServiceName: shop
        input_artifacts: [Image]
        role_arn: arn:aws:iam::123456789012:role/deploy
        region: eu-central-1
      - name: Look
        category: Approval
        provider: Manual
        run_order: 3
        timeout_in_minutes: 60
    before_entry:
      conditions:
        - result: FAIL
          rules:
            - name: WorkingHours
              provider: DeploymentWindow
              version: "1"
              configuration:
                Cron: "* * * 9-16 ? * MON-FRI *"
              timeout_in_minutes: 10
    on_success:
      conditions:
        - result: ROLLBACK
          rules:
            - name: Smoke
              provider: Commands
              commands: ["curl --fail https://staging.example.org"]
              input_artifacts: [Source]
              role_arn: arn:aws:iam::123456789012:role/smoke
              region: eu-central-1
    on_failure:
      result: RETRY
      retry_mode: FAILED_ACTIONS
    secrets:
      Source:                 # the source action, which reads a repository of GitHub with a token
        OAuthToken: "{{ vault_github_token }}"

- name: Let nothing into production during the holidays
  containerci.aws.codepipeline_stage:
    pipeline: shop
    name: Production
    transition: disabled
    transition_reason: Closed until January

- name: Open it again, and keep production at the end
  containerci.aws.codepipeline_stage:
    pipeline: shop
    name: Production
    position: last
    transition: enabled

- name: Remove the stage
  containerci.aws.codepipeline_stage:
    pipeline: shop
    name: ExploratoryTesting
    state: absent
"""

RETURN = r"""
stage:
  description:
    - The stage as it is now, or would be in check mode, in the form of the options. Null if there is none.
    - Secrets are masked.
  returned: success
  type: dict
  sample:
    name: ExploratoryTesting
    actions:
      - name: ExploratoryTesting
        category: Approval
        owner: AWS
        provider: Manual
        version: "1"
        run_order: 1
        configuration: {CustomData: "Explore https://staging.example.org, then approve or reject."}
position:
  description: Number of the stage in the pipeline, beginning with 1. Null if there is no such stage.
  returned: success
  type: int
  sample: 3
stages:
  description: Names of all stages, in their order.
  returned: success
  type: list
  elements: str
  sample: [Source, Staging, ExploratoryTesting, Production]
pipeline_version:
  description: Version of the pipeline, in check mode the one that a run would make.
  returned: success
  type: int
  sample: 4
transition:
  description: The transition into the stage.
  returned: success, if O(transition) is given
  type: dict
  contains:
    enabled:
      description: Whether executions may enter the stage.
      type: bool
      returned: success
      sample: false
    reason:
      description: Why they may not. Null if they may.
      type: str
      returned: success
      sample: Closed until January
actions:
  description: What was done, or would be done in check mode, in plain sentences.
  returned: success
  type: list
  elements: str
  sample: ["Add stage ExploratoryTesting before stage Production."]
pipeline_execution_id:
  description: The execution that was started. Null in check mode.
  returned: success, if an execution was released
  type: str
  sample: 8c4b2a8e-3f4a-4f5e-9b0c-6a1c2d3e4f50
execution_status:
  description: Where the execution was when the task ended, V(InProgress) if it waits for an approval.
  returned: success, if an execution was released and O(wait=true)
  type: str
  sample: InProgress
findings:
  description: Everything that AWS would refuse, a sentence each.
  returned: failure, if the stage cannot be as wanted
  type: list
  elements: str
  sample:
    - "Stage Staging, action Deploy: no earlier action produces the input artifact Image; there is Source by then."
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: PipelineNotFoundException
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import arguments, secrets, shapes
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.converge import Converger, Outcome, Wish
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import Position, Request, find, names
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.transition import (
    Transition,
    reason_finding,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.connection import connect
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "pipeline": {"type": "str", "required": True},
    "name": {"type": "str", "required": True, "aliases": ["stage"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **arguments.ACTIONS,
    **arguments.APPROVAL,
    "before": {"type": "str"},
    "after": {"type": "str"},
    "position": {"type": "str", "choices": ["first", "last"]},
    "transition": {"type": "str", "choices": ["enabled", "disabled"]},
    "transition_reason": {"type": "str"},
    **arguments.CONDITIONS,
    "secrets": {"type": "dict", "no_log": True},
    "release_change": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 3600},
}


def position(params: t.Mapping[str, t.Any]) -> Position | None:
    for where in ("before", "after"):
        if params[where]:
            return Position(where, params[where])
    return Position(params["position"]) if params["position"] else None


def transition(params: t.Mapping[str, t.Any]) -> Transition | None:
    wanted, reason = params["transition"], params["transition_reason"]
    if reason is not None and wanted != "disabled":
        raise CollectionError("transition_reason is only of use with transition=disabled.")
    finding = reason_finding(reason) if reason is not None else ""
    if finding:
        raise CollectionError(finding)
    return Transition(wanted == "enabled", reason) if wanted and params["state"] == "present" else None


def given_secrets(params: t.Mapping[str, t.Any]) -> dict[str, dict[str, str]]:
    given = params["secrets"] or {}
    for name, values in given.items():
        if not isinstance(values, dict):
            raise CollectionError(f"secrets.{name} must be a dictionary with the keys of the configuration of {name}.")
    return {str(name): shapes.configuration(values) for name, values in given.items()}


def wish(params: t.Mapping[str, t.Any]) -> Wish:
    """What the options ask for."""
    name, actions, approval = params["name"], params["actions"], params["approval"]
    wanted = [shapes.action_from(action) for action in actions or []]
    masked, hidden = secrets.split(name, wanted, given_secrets(params))
    request = Request(
        name=name,
        present=params["state"] == "present",
        actions=None if actions is None else masked,
        approval=None if approval is None else shapes.approval_from(approval, name),
        conditions={
            key: shapes.conditions_from(params[option])
            for option, key in shapes.CONDITIONS.items()
            if params[option] is not None
        },
        position=position(params),
    )
    return Wish(params["pipeline"], request, transition(params), hidden)


def shown(stages: list[shapes.Data], name: str, state: Transition | None) -> str:
    """The stages as the diff shows them."""
    results = [shapes.stage_result(stage) for stage in stages]
    inbound = {"transition": str(state)} if state else {}
    return to_text([{**stage, **inbound} if stage["name"] == name else stage for stage in results], sort_keys=False)


def render(outcome: Outcome, name: str) -> dict[str, t.Any]:
    """The result of the module."""
    stage, order = find(outcome.after, name), names(outcome.after)
    result = {
        "changed": outcome.changed,
        "stage": shapes.stage_result(stage) if stage else None,
        "position": order.index(name) + 1 if stage else None,
        "stages": order,
        "pipeline_version": outcome.version,
        "actions": outcome.changes,
        "diff": {"before": "", "after": ""},
    }
    if outcome.transition:
        result["transition"] = outcome.transition.result()
    if outcome.changed:
        result["diff"] = {
            "before": shown(outcome.before, name, outcome.transition_before),
            "after": shown(outcome.after, name, outcome.transition),
        }
    return result


def release(api: Api, params: t.Mapping[str, t.Any], outcome: Outcome, check: bool) -> dict[str, t.Any]:
    """Start an execution of a changed definition, and wait for it if that is wanted."""
    if not (params["release_change"] and outcome.is_stored):
        return {}
    from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import release as releasing

    outcome.changes.append(f"Release the change of pipeline {params['pipeline']}.")
    if check:
        return {"pipeline_execution_id": None}
    started = releasing.start(api, params["pipeline"])
    if not params["wait"]:
        return {"pipeline_execution_id": started}
    return releasing.follow(api, params["pipeline"], started, params["wait_timeout"])


def converge(api: Api, params: t.Mapping[str, t.Any], wanted: Wish, check: bool) -> tuple[dict[str, t.Any], list[str]]:
    """Bring the stage to the wanted state; the result and warnings."""
    converger = Converger(api, wanted, check)
    outcome = converger.run()
    try:
        converger.turn(outcome)
        released = release(api, params, outcome, check)
    except CollectionError as error:
        done = render(outcome, params["name"])
        raise CollectionError(error.message, **{**done, **error.details}) from error
    return {**render(outcome, params["name"]), **released}, outcome.warnings


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[("actions", "approval"), ("before", "after", "position")],
    )
    try:
        wanted = wish(module.params)
        module.no_log_values.update(value for values in wanted.secrets.values() for value in values.values())
        api = Api(connect(module, "codepipeline"))
        result, warnings = converge(api, module.params, wanted, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    else:
        for warning in warnings:
            module.warn(warning)
        module.exit_json(**result)


if __name__ == "__main__":
    main()

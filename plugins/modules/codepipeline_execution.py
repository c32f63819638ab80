#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: codepipeline_execution
short_description: Release, watch, stop, retry or roll back a pipeline
version_added: 0.2.0
description:
  - Starts an execution of a pipeline, which the console calls C(Release change), stops it, retries a stage of it, or
    rolls a stage back, and waits for the end, showing each stage and action while it happens.
  - An execution that does not succeed fails the task, in one sentence that names the stage, the action, the error and
    the link to it, and what had succeeded before. One that was stopped, superseded by a newer one, or cancelled by a
    change of the pipeline is told apart from one that failed.
  - Use M(containerci.aws.codepipeline_approval) to answer a manual approval that the execution comes to.
options:
  pipeline:
    description: Name of the pipeline.
    type: str
    required: true
  state:
    description:
      - With V(started) a new execution is started.
      - With V(awaited) an execution that is there is only waited for.
      - With V(stopped) an execution does not run any more. One that has ended is left alone, however it ended.
      - With V(retried) a stage that failed or was stopped is tried again, in the same execution. A stage that runs or
        has succeeded is left alone.
      - With V(rolled_back) a stage gets again what an earlier execution brought there. AWS does so in a new execution,
        for pipelines of type V2 that do not run their executions in parallel. A stage that is rolled back already is
        left alone.
    type: str
    choices: [started, awaited, stopped, retried, rolled_back]
    default: started
  pipeline_execution_id:
    description:
      - The execution that is meant with O(state=awaited), O(state=stopped) and O(state=retried).
      - Without it, O(state=awaited) means the newest execution, O(state=stopped) the only one that runs, and
        O(state=retried) the one that was last in the stage.
    type: str
  variables:
    description: Values for variables of the pipeline, with O(state=started). The others get their defaults.
    type: dict
    default: {}
  source_revisions:
    description:
      - Revisions to take instead of the newest ones, with O(state=started).
    type: list
    elements: dict
    default: []
    suboptions:
      action:
        description: Name of the source action.
        type: str
        required: true
      type:
        description: What the revision is. The provider of the action decides which one is possible.
        type: str
        choices: [COMMIT_ID, IMAGE_DIGEST, S3_OBJECT_VERSION_ID, S3_OBJECT_KEY]
        required: true
      value:
        description: The revision.
        type: str
        required: true
  client_request_token:
    description:
      - Makes O(state=started) idempotent. AWS starts only one execution for the same token, and the task waits for that
        one and reports no change if it is there already.
    type: str
  stage:
    description:
      - The stage to retry or to roll back.
      - Required with O(state=rolled_back). With O(state=retried) the one stage that failed is meant without it.
    type: str
  retry_mode:
    description: Which actions of the stage are tried again, with O(state=retried).
    type: str
    choices: [failed_actions, all_actions]
    default: failed_actions
  target_execution_id:
    description:
      - The execution to which O(stage) is rolled back. Without it, the last other one that succeeded in the stage with
        the present version of the pipeline.
    type: str
  abandon:
    description:
      - Whether O(state=stopped) abandons the actions that run. Otherwise they finish first, and an approval that is
        pending has to be answered first.
    type: bool
    default: false
  reason:
    description: Why the execution is stopped, shown in the console. Up to 200 characters.
    type: str
  wait:
    description:
      - Whether to wait for the end of the execution, which is the only way to know that it succeeded.
    type: bool
    default: true
  wait_until:
    description:
      - With V(succeeded) the task waits for the end of the execution, and while an approval is pending, for somebody to
        answer it.
      - With V(approval) the task ends successfully as soon as the execution waits for an approval, so that the next
        task can answer it. An execution that comes to no approval is waited for until its end.
      - O(state=stopped) always waits for the end.
    type: str
    choices: [succeeded, approval]
    default: succeeded
  wait_timeout:
    description: How many seconds to wait.
    type: int
    default: 3600
notes:
  - The progress is shown for a local connection, which includes C(delegate_to=localhost).
  - The permissions that it needs are C(codepipeline:GetPipeline), C(GetPipelineState), C(GetPipelineExecution),
    C(ListPipelineExecutions) and C(ListActionExecutions), and for what it shall do C(StartPipelineExecution),
    C(StopPipelineExecution), C(RetryStageExecution) or C(RollbackStage).
extends_documentation_fragment:
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
    details:
      - In check mode nothing is waited for.
      - AWS does not tell which token an execution was started with, so O(state=started) always predicts a new one.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=started) starts a new execution on every run, unless O(client_request_token) is given.
seealso:
  - module: containerci.aws.codepipeline_approval
  - module: containerci.aws.codepipeline_stage
  - module: containerci.aws.codepipeline_info
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Release the newest change and wait until it is in production
  containerci.aws.codepipeline_execution:
    pipeline: shop

- name: Release one commit
  containerci.aws.codepipeline_execution:
    pipeline: shop
    state: started
    region: eu-central-1
    variables:
      environment: production
    source_revisions:
      - action: Code
        type: COMMIT_ID
        value: 4c2a7f0e8b1d6c35a9e7f2b04d8c6a1e3f5b7d92
    client_request_token: release-2026-11-22
    wait: true
    wait_timeout: 1800

- name: Release as far as the approval
  containerci.aws.codepipeline_execution:
    pipeline: shop
    wait_until: approval
  register: release

- name: Approve
  containerci.aws.codepipeline_approval:
    pipeline: shop
    pipeline_execution_id: "{{ release.pipeline_execution_id }}"
    state: approved
    summary: Tested on staging
  when: release.pending_approvals

- name: Wait for the rest
  containerci.aws.codepipeline_execution:
    pipeline: shop
    state: awaited
    pipeline_execution_id: "{{ release.pipeline_execution_id }}"

- name: Stop what runs, at once
  containerci.aws.codepipeline_execution:
    pipeline: shop
    state: stopped
    abandon: true
    reason: The build hangs

- name: Try the failed actions of the deployment again
  containerci.aws.codepipeline_execution:
    pipeline: shop
    state: retried
    stage: Production
    retry_mode: failed_actions

- name: Go back to what was in production before
  containerci.aws.codepipeline_execution:
    pipeline: shop
    state: rolled_back
    stage: Production

- name: Go back to a certain execution
  containerci.aws.codepipeline_execution:
    pipeline: shop
    state: rolled_back
    stage: Production
    target_execution_id: 7d0b6f5e-41c8-4f0a-9f60-0c2b1de3a1c4
"""

RETURN = r"""
pipeline_execution_id:
  description: ID of the execution. Null in check mode if it would be a new one, and if the pipeline has never run.
  returned: always
  type: str
  sample: 3137f7cb-7cf7-4c5d-a1f3-6c0e1e0d0b2a
status:
  description:
    - Status of the execution, one of C(InProgress), C(Succeeded), C(Failed), C(Stopping), C(Stopped), C(Superseded) and
      C(Cancelled). Null in check mode if something would be done.
  returned: always
  type: str
  sample: Succeeded
execution:
  description: What AWS says about the execution. Null if there is none yet, or if the task does not wait.
  returned: always
  type: dict
  contains:
    status_summary:
      description: A summary of the status.
      type: str
      returned: always
      sample: null
    pipeline_version:
      description: Version of the pipeline that it runs.
      type: int
      returned: always
      sample: 3
    execution_mode:
      description: One of C(SUPERSEDED), C(QUEUED) and C(PARALLEL).
      type: str
      returned: always
      sample: SUPERSEDED
    execution_type:
      description: C(STANDARD) or C(ROLLBACK).
      type: str
      returned: always
      sample: STANDARD
    trigger_type:
      description: What started it.
      type: str
      returned: always
      sample: StartPipelineExecution
    trigger_detail:
      description: Who started it, or by what.
      type: str
      returned: always
      sample: arn:aws:iam::123456789012:user/ci
    rollback_target_execution_id:
      description: The execution to which it rolls back.
      type: str
      returned: always
      sample: null
    variables:
      description: Variables of the pipeline with their values.
      type: dict
      returned: always
      sample: {"environment": "production"}
    artifact_revisions:
      description: The revisions that it runs with.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the artifact.
          type: str
          returned: always
          sample: Code
        revision_id:
          description: The revision.
          type: str
          returned: always
          sample: 4c2a7f0e8b1d6c35a9e7f2b04d8c6a1e3f5b7d92
        revision_summary:
          description: For example the message of the commit.
          type: str
          returned: always
          sample: Sort the basket
        revision_url:
          description: Where to see it.
          type: str
          returned: always
          sample: https://eu-central-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/commit/4c2a7f0e
action_executions:
  description: The executions of its actions, oldest first. An action that was retried is there more than once.
  returned: always
  type: list
  elements: dict
  contains:
    action_execution_id:
      description: ID of the execution of the action.
      type: str
      returned: always
      sample: 9a1f3c60-c7a1-41f0-8de9-0242ac120002
    stage:
      description: Name of the stage.
      type: str
      returned: always
      sample: Build
    action:
      description: Name of the action.
      type: str
      returned: always
      sample: Compile
    category:
      description: For example C(Source), C(Build) or C(Approval).
      type: str
      returned: always
      sample: Build
    status:
      description: One of C(InProgress), C(Succeeded), C(Failed) and C(Abandoned).
      type: str
      returned: always
      sample: Succeeded
    started:
      description: When it started.
      type: str
      returned: always
      sample: "2026-11-22T10:15:30+00:00"
    updated:
      description: When it changed last.
      type: str
      returned: always
      sample: "2026-11-22T10:16:12+00:00"
    duration:
      description: How many seconds it took. Null while it runs.
      type: float
      returned: always
      sample: 42.0
    updated_by:
      description: Who changed it last, if AWS tells.
      type: str
      returned: always
      sample: null
    summary:
      description: What the provider of the action says, or the summary of an approval.
      type: str
      returned: always
      sample: null
    external_execution_id:
      description: ID of the execution at the provider. Always null for an approval.
      type: str
      returned: always
      sample: shop:7d0b6f5e-41c8-4f0a-9f60-0c2b1de3a1c4
    external_execution_url:
      description: Where to see it.
      type: str
      returned: always
      sample: https://eu-central-1.console.aws.amazon.com/codebuild/home#/builds/shop:7d0b6f5e/view/new
    error_code:
      description: Code of the error.
      type: str
      returned: always
      sample: null
    error_message:
      description: Message of the error.
      type: str
      returned: always
      sample: null
    output_variables:
      description: Variables that the action set.
      type: dict
      returned: always
      sample: {"CommitId": "4c2a7f0e8b1d6c35a9e7f2b04d8c6a1e3f5b7d92"}
pending_approvals:
  description: The approvals that the execution waits for.
  returned: always
  type: list
  elements: dict
  contains:
    stage:
      description: Name of the stage.
      type: str
      returned: always
      sample: Approve
    action:
      description: Name of the action.
      type: str
      returned: always
      sample: Release
    since:
      description: Since when it waits.
      type: str
      returned: always
      sample: "2026-11-22T10:16:12+00:00"
    custom_data:
      description: What the reviewer is told.
      type: str
      returned: always
      sample: Please look at staging
    external_entity_link:
      description: Where the reviewer shall look.
      type: str
      returned: always
      sample: https://staging.shop.example.org
succeeded:
  description: The actions that have succeeded, each as stage and action.
  returned: always
  type: list
  elements: str
  sample: [Source/Code, Build/Compile]
actions:
  description: What was done, or would be done in check mode, in plain sentences.
  returned: always
  type: list
  elements: str
  sample: [Start pipeline shop.]
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: PipelineNotFoundException
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import executions, operations
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operate import Manner, Operator, Outcome
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operations import Request
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import text
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.connection import connect
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience

REVISION: dict[str, dict[str, t.Any]] = {
    "action": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "choices": ["COMMIT_ID", "IMAGE_DIGEST", "S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"],
        "required": True,
    },
    "value": {"type": "str", "required": True},
}

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "pipeline": {"type": "str", "required": True},
    "state": {
        "type": "str",
        "choices": ["started", "awaited", "stopped", "retried", "rolled_back"],
        "default": "started",
    },
    "pipeline_execution_id": {"type": "str"},
    "variables": {"type": "dict", "default": {}},
    "source_revisions": {"type": "list", "elements": "dict", "options": REVISION, "default": []},
    "client_request_token": {"type": "str", "no_log": False},
    "stage": {"type": "str"},
    "retry_mode": {"type": "str", "choices": ["failed_actions", "all_actions"], "default": "failed_actions"},
    "target_execution_id": {"type": "str"},
    "abandon": {"type": "bool", "default": False},
    "reason": {"type": "str"},
    "wait": {"type": "bool", "default": True},
    "wait_until": {"type": "str", "choices": ["succeeded", "approval"], "default": "succeeded"},
    "wait_timeout": {"type": "int", "default": 3600},
}


#: options that mean something to some states only
STATES: dict[str, tuple[str, ...]] = {
    "pipeline_execution_id": ("awaited", "stopped", "retried"),
    "variables": ("started",),
    "source_revisions": ("started",),
    "client_request_token": ("started",),
    "stage": ("retried", "rolled_back"),
    "target_execution_id": ("rolled_back",),
    "abandon": ("stopped",),
    "reason": ("stopped",),
}


def check_options(params: t.Mapping[str, t.Any]) -> None:
    """Refuse what would be ignored."""
    state = params["state"]
    wrong = [option for option, states in STATES.items() if params[option] and state not in states]
    if wrong:
        sentences = [f"{option} can only be given with state={' or '.join(STATES[option])}." for option in wrong]
        raise CollectionError(f"These options do not fit state={state}: {' '.join(sentences)}")


def request(params: t.Mapping[str, t.Any]) -> Request:
    """What the options ask for."""
    check_options(params)
    return Request(
        pipeline=params["pipeline"],
        execution_id=operations.checked_id("pipeline_execution_id", params["pipeline_execution_id"]),
        variables={str(name): text(value) for name, value in params["variables"].items() if value is not None},
        revisions=tuple(
            {"actionName": entry["action"], "revisionType": entry["type"], "revisionValue": entry["value"]}
            for entry in params["source_revisions"]
        ),
        token=params["client_request_token"] or "",
        abandon=params["abandon"],
        reason=params["reason"] or "",
        stage=params["stage"] or "",
        retry_mode=params["retry_mode"].upper(),
        target_id=operations.checked_id("target_execution_id", params["target_execution_id"]),
    )


def render(outcome: Outcome) -> dict[str, t.Any]:
    """The result of the module."""
    plan, snapshot = outcome.plan, outcome.snapshot
    return {
        "changed": outcome.changed,
        "pipeline_execution_id": (snapshot.id if snapshot else plan.execution_id) or None,
        "actions": [plan.sentence] if outcome.changed else [],
        "diff": {"before": to_text(plan.before), "after": to_text(plan.after)},
        **render_snapshot(snapshot),
    }


def render_snapshot(snapshot: Snapshot | None) -> dict[str, t.Any]:
    if snapshot is None:
        return {
            "status": None,
            "execution": None,
            "action_executions": [],
            "pending_approvals": [],
            "succeeded": [],
        }
    return {
        "status": snapshot.status,
        "execution": executions.result(snapshot) if snapshot.execution else None,
        "action_executions": [run.result() for run in snapshot.runs],
        "pending_approvals": [executions.pending_result(run) for run in snapshot.pending()],
        "succeeded": snapshot.succeeded(),
    }


def operate(client: t.Any, params: t.Mapping[str, t.Any], check: bool) -> Outcome:
    """Bring the execution to the wanted state."""
    wanted = request(params)
    api = Api(client)
    follower = Follower(api, wanted.pipeline, Patience(params["wait_timeout"]), progress.from_environment())
    manner = Manner(check=check, wait=params["wait"], at_approval=params["wait_until"] == "approval")
    operator = Operator(api, follower, wanted, manner)
    outcome: Outcome = getattr(operator, params["state"])()
    return outcome


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        required_if=[("state", "rolled_back", ("stage",))],
    )
    try:
        outcome = operate(connect(module, "codepipeline"), module.params, module.check_mode)
    except CollectionError as error:
        details = dict(error.details)
        outcome = details.pop("outcome", None)
        module.fail_json(msg=error.message, **(render(outcome) if outcome else {}), **details)
    else:
        module.exit_json(**render(outcome))


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: codepipeline_approval
short_description: Approve or reject what a pipeline waits for
version_added: 0.2.0
description:
  - Answers a manual approval of a pipeline, waiting for it if necessary.
  - An approval that was answered in the same way is left alone. One that was answered in the other way fails the task,
    which names who did it and when.
  - If no approval is pending, the task fails in one sentence that says what the pipeline does instead.
  - If somebody else answers at the same moment, the task looks again and decides again.
options:
  pipeline:
    description: Name of the pipeline.
    type: str
    required: true
  state:
    description: The answer.
    type: str
    choices: [approved, rejected]
    required: true
  stage:
    description: The stage of the approval. Not necessary if only one approval is pending.
    type: str
  action:
    description: The action that asks for the approval. Not necessary if only one is pending.
    type: str
  pipeline_execution_id:
    description:
      - The execution whose approval is answered, to be sure that it is no other one, see
        RV(containerci.aws.codepipeline_execution#module:pipeline_execution_id).
      - Without it, the approval that is pending is answered, whatever the execution. If none is pending, the task
        speaks of the newest execution.
    type: str
  summary:
    description: What is remembered together with the answer. Up to 512 characters.
    type: str
    default: ""
  wait_timeout:
    description:
      - How many seconds to wait for the approval to become pending. With V(0) it must be pending now.
      - An approval of the execution that is answered already is not waited for again, and neither is an execution that
        has ended, if O(pipeline_execution_id) names it.
    type: int
    default: 0
notes:
  - The progress is shown for a local connection, which includes C(delegate_to=localhost).
  - The permissions that it needs are C(codepipeline:GetPipeline), C(GetPipelineState), C(GetPipelineExecution),
    C(ListActionExecutions) and C(PutApprovalResult), and C(ListPipelineExecutions) if executions run in parallel.
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
      - If nothing is pending in check mode, a O(wait_timeout) is taken as the promise that something will be.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: containerci.aws.codepipeline_execution
  - module: containerci.aws.codepipeline_stage
  - module: containerci.aws.codepipeline_info
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Approve what is pending
  containerci.aws.codepipeline_approval:
    pipeline: shop
    state: approved

- name: Approve the release that was started, once it gets there
  containerci.aws.codepipeline_approval:
    pipeline: shop
    region: eu-central-1
    stage: ExploratoryTesting
    action: Approve
    pipeline_execution_id: "{{ release.pipeline_execution_id }}"
    state: approved
    summary: "Tested by {{ ansible_user_id }}"
    wait_timeout: 1800

- name: Reject it
  containerci.aws.codepipeline_approval:
    pipeline: shop
    stage: ExploratoryTesting
    state: rejected
    summary: The basket loses its content
"""

RETURN = r"""
approval:
  description: The approval as it is now, or in check mode as it would be. Null in check mode if none is pending yet.
  returned: success, and failure if it was answered in the other way
  type: dict
  contains:
    stage:
      description: Name of the stage.
      type: str
      returned: always
      sample: ExploratoryTesting
    action:
      description: Name of the action.
      type: str
      returned: always
      sample: Approve
    pipeline_execution_id:
      description: The execution that it belongs to.
      type: str
      returned: always
      sample: 3137f7cb-7cf7-4c5d-a1f3-6c0e1e0d0b2a
    state:
      description: V(approved) or V(rejected).
      type: str
      returned: always
      sample: approved
    summary:
      description: What was said with the answer.
      type: str
      returned: always
      sample: Tested on staging
    decided_by:
      description: Who answered, if AWS tells. Null if it was this task.
      type: str
      returned: always
      sample: arn:aws:iam::123456789012:user/tester
    decided_at:
      description: When it was answered.
      type: str
      returned: always
      sample: "2026-11-22T10:16:12+00:00"
actions:
  description: What was done, or would be done in check mode, in plain sentences.
  returned: success
  type: list
  elements: str
  sample: [Approve ExploratoryTesting/Approve of execution 3137f7cb-7cf7-4c5d-a1f3-6c0e1e0d0b2a.]
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: PipelineNotFoundException
"""

import typing as t

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.answer import Answerer, Outcome
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.approvals import Wish
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operations import checked_id
from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.connection import connect
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "pipeline": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["approved", "rejected"], "required": True},
    "stage": {"type": "str"},
    "action": {"type": "str"},
    "pipeline_execution_id": {"type": "str"},
    "summary": {"type": "str", "default": ""},
    "wait_timeout": {"type": "int", "default": 0},
}

VERBS = {"approved": "Approve", "rejected": "Reject"}


def wish(params: t.Mapping[str, t.Any]) -> Wish:
    """What the options ask for."""
    return Wish(
        pipeline=params["pipeline"],
        state=params["state"],
        stage=params["stage"] or "",
        action=params["action"] or "",
        execution_id=checked_id("pipeline_execution_id", params["pipeline_execution_id"]),
        summary=params["summary"],
    )


def render(outcome: Outcome, wanted: Wish) -> dict[str, t.Any]:
    """The result of the module."""
    approval, verb = outcome.approval, VERBS[wanted.state]
    what = str(approval) if approval else f"what pipeline {wanted.pipeline} will wait for"
    after = {"state": wanted.state, **({"summary": wanted.summary} if wanted.summary else {})}
    return {
        "changed": outcome.changed,
        "approval": approval.result() if approval else None,
        "actions": [f"{verb} {what}."] if outcome.changed else [],
        "diff": {
            "before": to_text({what: {"state": "pending"}}) if outcome.changed else "",
            "after": to_text({what: after}) if outcome.changed else "",
        },
    }


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        wanted = wish(module.params)
        api, patience = Api(connect(module, "codepipeline")), Patience(module.params["wait_timeout"])
        outcome = Answerer(api, wanted, patience, progress.from_environment(), module.check_mode).run()
    except CollectionError as error:
        approval = error.details.pop("approval", None)
        module.fail_json(msg=error.message, **({"approval": approval.result()} if approval else {}), **error.details)
    else:
        if outcome.why:
            warn(f"No approval is pending now: {outcome.why}.")
        module.exit_json(**render(outcome, wanted))


if __name__ == "__main__":
    main()

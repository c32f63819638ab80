#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: codepipeline_info
short_description: Show pipelines, what happens in them, and a picture
version_added: 0.2.0
description:
  - Returns the definition of CodePipeline pipelines, the state of their stages and actions, the approvals that somebody
    has to answer, and the latest executions.
  - On request also as the block C(Stages) of a CloudFormation template, as a Mermaid flow chart, and as an SVG picture.
options:
  name:
    description:
      - Name of the pipeline. If there is none of this name, the list is empty.
      - Without it, all pipelines of the region are returned, which takes four requests for each of them.
    type: str
    aliases: [pipeline]
  version:
    description:
      - Version of the definition to show. The default is the newest.
      - The state and the executions are always those of now.
    type: int
  executions:
    description: How many of the latest executions to return. V(0) saves a request.
    type: int
    default: 5
  as_cloudformation:
    description: Whether to return the stages as CloudFormation, ready to be copied into a template.
    type: bool
    default: false
  as_mermaid:
    description: Whether to return a flow chart of the pipeline and its state for Mermaid.
    type: bool
    default: false
  as_svg:
    description: Whether to return a picture of the pipeline and its state, as an SVG file that needs nothing else.
    type: bool
    default: false
extends_documentation_fragment:
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_aws
  - containerci.aws._attributes.info_module
seealso:
  - module: containerci.aws.codepipeline_approval
  - module: containerci.aws.codepipeline_execution
  - module: containerci.aws.codepipeline_stage
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Look at a pipeline
  containerci.aws.codepipeline_info:
    name: shop
    region: eu-central-1
  register: shop

- name: Say who is waited for
  ansible.builtin.debug:
    msg: "{{ item.stage }} waits for {{ item.token_age // 3600 }} hours"
  loop: "{{ shop.pipelines[0].pending_approvals }}"

- name: Read the stages, to keep them in a template
  containerci.aws.codepipeline_info:
    name: shop
    executions: 0
    as_cloudformation: true
  register: shop

- name: Draw the pipeline as it was before the last change
  containerci.aws.codepipeline_info:
    name: shop
    version: "{{ shop.pipelines[0].version - 1 }}"
    as_mermaid: true
    as_svg: true
  register: before

- name: Keep the picture
  ansible.builtin.copy:
    content: "{{ before.pipelines[0].svg }}"
    dest: shop.svg
    mode: "0644"

- name: Look at all pipelines of the region
  containerci.aws.codepipeline_info:
    region: eu-central-1
"""

RETURN = r"""
pipelines:
  description: The pipelines, in the order of their names.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the pipeline.
      type: str
      returned: success
      sample: shop
    arn:
      description: ARN of the pipeline.
      type: str
      returned: success
      sample: arn:aws:codepipeline:eu-central-1:123456789012:shop
    version:
      description: Version of the definition that is shown.
      type: int
      returned: success
      sample: 4
    pipeline_type:
      description: Type of the pipeline, V(V1) or V(V2).
      type: str
      returned: success
      sample: V2
    execution_mode:
      description: How executions get along with each other, V(SUPERSEDED), V(QUEUED) or V(PARALLEL).
      type: str
      returned: success
      sample: SUPERSEDED
    created:
      description: When the pipeline was created.
      type: str
      returned: success
      sample: "2026-11-22T10:15:30+00:00"
    updated:
      description: When the pipeline was changed last.
      type: str
      returned: success
      sample: "2026-11-23T10:15:30+00:00"
    tags:
      description: Tags of the pipeline.
      type: dict
      returned: success
      sample: {"team": "shop"}
    definition:
      description: The definition, exactly as the API shows it. Secrets are masked by AWS.
      type: dict
      returned: success
      sample: {"name": "shop", "version": 4, "stages": []}
    stages:
      description: The stages in the form of the options of M(containerci.aws.codepipeline_stage).
      type: list
      elements: dict
      returned: success
      sample:
        - name: ExploratoryTesting
          actions:
            - name: ExploratoryTesting
              category: Approval
              owner: AWS
              provider: Manual
              version: "1"
              run_order: 1
    state:
      description: What was last seen in each stage.
      type: list
      elements: dict
      returned: success
      contains:
        stage:
          description: Name of the stage.
          type: str
          returned: success
          sample: ExploratoryTesting
        status:
          description: Status of the execution that entered the stage last. Null if none ever did.
          type: str
          returned: success
          sample: InProgress
        pipeline_execution_id:
          description: The execution that entered the stage last.
          type: str
          returned: success
          sample: 8c4b2a8e-3f4a-4f5e-9b0c-6a1c2d3e4f50
        waiting_executions:
          description: The executions that wait to enter the stage.
          type: list
          elements: str
          returned: success
          sample: []
        transition:
          description: Whether executions may enter the stage, and if not, why, by whom and since when.
          type: dict
          returned: success
          sample: {"enabled": true, "reason": null, "changed_by": null, "changed_at": null}
        conditions:
          description: Status of each condition that the stage has.
          type: dict
          returned: success
          sample: {"before_entry": "Succeeded"}
        actions:
          description: What was last seen of each action.
          type: list
          elements: dict
          returned: success
          contains:
            action:
              description: Name of the action.
              type: str
              returned: success
              sample: ExploratoryTesting
            status:
              description: Status of the action. Null if it has not run yet.
              type: str
              returned: success
              sample: InProgress
            summary:
              description: What the provider of the action says.
              type: str
              returned: success
              sample: null
            changed_at:
              description: When the status changed last.
              type: str
              returned: success
              sample: "2026-11-23T10:16:30+00:00"
            changed_by:
              description: Who changed it, if it was a person.
              type: str
              returned: success
              sample: null
            percent_complete:
              description: How much of the action is done, if its provider tells.
              type: int
              returned: success
              sample: null
            error_code:
              description: Code of the error of a failed action.
              type: str
              returned: success
              sample: null
            error_message:
              description: Message of the error of a failed action.
              type: str
              returned: success
              sample: null
            external_execution_url:
              description: Where the work of the action can be looked at.
              type: str
              returned: success
              sample: null
            entity_url:
              description: Where the resource that the action uses can be looked at.
              type: str
              returned: success
              sample: null
            revision_id:
              description: The revision that a source action has found.
              type: str
              returned: success
              sample: null
            revision_url:
              description: Where this revision can be looked at.
              type: str
              returned: success
              sample: null
    pending_approvals:
      description: The manual approvals that somebody has to answer. See M(containerci.aws.codepipeline_approval).
      type: list
      elements: dict
      returned: success
      contains:
        stage:
          description: Name of the stage.
          type: str
          returned: success
          sample: ExploratoryTesting
        action:
          description: Name of the action.
          type: str
          returned: success
          sample: ExploratoryTesting
        pipeline_execution_id:
          description: The execution that waits.
          type: str
          returned: success
          sample: 8c4b2a8e-3f4a-4f5e-9b0c-6a1c2d3e4f50
        custom_data:
          description: What the person who decides is told.
          type: str
          returned: success
          sample: Explore https://staging.example.org, then approve or reject.
        external_entity_link:
          description: URL of what is to be reviewed.
          type: str
          returned: success
          sample: null
        since:
          description: When it was asked for.
          type: str
          returned: success
          sample: "2026-11-23T10:16:30+00:00"
        token_age:
          description: For how many seconds the answer has been waited for.
          type: int
          returned: success
          sample: 7200
        expires:
          description: When the action fails without an answer.
          type: str
          returned: success
          sample: "2026-11-30T10:16:30+00:00"
    executions:
      description: The latest executions, newest first.
      type: list
      elements: dict
      returned: success
      sample:
        - pipeline_execution_id: 8c4b2a8e-3f4a-4f5e-9b0c-6a1c2d3e4f50
          status: InProgress
          status_summary: null
          started: "2026-11-23T10:15:31+00:00"
          updated: "2026-11-23T10:16:30+00:00"
          trigger_type: StartPipelineExecution
          trigger_detail: arn:aws:iam::123456789012:user/me
          execution_mode: SUPERSEDED
          execution_type: STANDARD
          source_revisions:
            - {action: Code, revision_id: 1a2b3c4d, summary: Second attempt, url: null}
    cloudformation:
      description: The property C(Stages) of C(AWS::CodePipeline::Pipeline), as YAML.
      type: str
      returned: if O(as_cloudformation=true)
      sample: "Stages:\n- Name: Source\n"
    mermaid:
      description: A flow chart for Mermaid.
      type: str
      returned: if O(as_mermaid=true)
      sample: "flowchart LR\n"
    svg:
      description: An SVG picture.
      type: str
      returned: if O(as_svg=true)
      sample: "<svg></svg>\n"
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: AccessDeniedException
"""

import typing as t
from datetime import datetime

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import cloudformation, picture, secrets
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.overview import (
    Overview,
    overview,
    result,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.svg import svg
from ansible_collections.containerci.aws.plugins.module_utils._core.connection import connect
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str", "aliases": ["pipeline"]},
    "version": {"type": "int"},
    "executions": {"type": "int", "default": 5},
    "as_cloudformation": {"type": "bool", "default": False},
    "as_mermaid": {"type": "bool", "default": False},
    "as_svg": {"type": "bool", "default": False},
}


def forms(found: Overview, params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The pipeline in the other forms that are wanted."""
    wanted = {}
    drawn = picture.cards(found.declaration, found.state)
    if params["as_cloudformation"]:
        wanted["cloudformation"] = cloudformation.stages_block(found.declaration["stages"])
    if params["as_mermaid"]:
        wanted["mermaid"] = picture.mermaid(drawn)
    if params["as_svg"]:
        wanted["svg"] = svg(found.declaration["name"], drawn)
    return wanted


def overviews(api: Api, params: t.Mapping[str, t.Any]) -> list[Overview]:
    names = [params["name"]] if params["name"] else sorted(api.pipeline_names())
    found = (overview(api, name, params["version"], params["executions"]) for name in names)
    return [each for each in found if each]


def warnings(found: Overview, params: t.Mapping[str, t.Any]) -> list[str]:
    """What a template still lacks."""
    hidden = secrets.masked(found.declaration) if params["as_cloudformation"] else []
    return [
        f"AWS does not show {place}: put a reference to the secret in its place before you use the template."
        for place in hidden
    ]


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    params = module.params
    try:
        if params["version"] is not None and not params["name"]:
            raise CollectionError("version needs the name of a pipeline.")
        found = overviews(Api(connect(module, "codepipeline")), params)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    else:
        now = datetime.now().astimezone()
        for warning in (text for each in found for text in warnings(each, params)):
            module.warn(warning)
        module.exit_json(changed=False, pipelines=[{**result(each, now), **forms(each, params)} for each in found])


if __name__ == "__main__":
    main()

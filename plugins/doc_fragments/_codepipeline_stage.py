# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
# The long options of codepipeline_stage; their argument specs are in module_utils/_codepipeline/arguments.py.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  actions:
    description:
      - All actions of the stage. Actions that are not listed are removed.
      - If it is not given, an existing stage keeps its actions. A new stage needs O(actions) or O(approval).
      - A suboption that is not given leaves the field of an existing action alone. An empty one removes it.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the action.
        type: str
        required: true
      category:
        description: What kind of action it is.
        type: str
        required: true
        choices: [Source, Build, Deploy, Test, Invoke, Approval, Compute]
      owner:
        description: Who made the type of the action.
        type: str
        choices: [AWS, ThirdParty, Custom]
        default: AWS
      provider:
        description: The service that does the work, for example V(CodeBuild), V(Lambda), V(ECS) or V(Manual).
        type: str
        required: true
      version:
        description: Version of the type of the action.
        type: str
        default: "1"
      run_order:
        description:
          - Actions with the same number run at the same time, those with a higher number after them.
          - A new action has V(1) if it is not given.
        type: int
      configuration:
        description:
          - The configuration of the action, which depends on the provider. It replaces the one that is there.
          - Numbers, booleans, lists and dictionaries are welcome; the last two are written as JSON.
        type: dict
      input_artifacts:
        description: Names of the artifacts that the action reads. An earlier action must produce them.
        type: list
        elements: str
      output_artifacts:
        description:
          - The artifacts that the action produces. Each is a name, or a dictionary with C(name) and C(files) for an
            action of category V(Compute).
        type: list
        elements: raw
      commands:
        description: Shell commands of an action of category V(Compute).
        type: list
        elements: str
      output_variables:
        description: Names of the variables that an action of category V(Compute) exports.
        type: list
        elements: str
      environment_variables:
        description: Variables in the environment of an action of category V(Compute).
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the variable.
            type: str
            required: true
          value:
            description: Value of the variable, or the name of a secret in AWS Secrets Manager.
            type: str
            required: true
          type:
            description: What O(actions[].environment_variables[].value) is.
            type: str
            choices: [PLAINTEXT, SECRETS_MANAGER]
      role_arn:
        description: ARN of the IAM role that does the action.
        type: str
      region:
        description: AWS region of the action, if it is another one than that of the pipeline.
        type: str
      namespace:
        description: Namespace for the variables that the action produces.
        type: str
      timeout_in_minutes:
        description: How many minutes an approval may take.
        type: int
  before_entry:
    description:
      - What must be fulfilled before an execution enters the stage. The pipeline must be of type V2.
      - It replaces what is there. An empty dictionary removes it.
    type: dict
    suboptions: &conditions
      conditions:
        description: The condition. AWS allows one.
        type: list
        elements: dict
        suboptions:
          result:
            description: What happens if the condition is not met.
            type: str
            choices: [FAIL, ROLLBACK, RETRY, SKIP]
          rules:
            description: All of these must be fulfilled.
            type: list
            elements: dict
            required: true
            suboptions:
              name:
                description: Name of the rule.
                type: str
                required: true
              provider:
                description: What checks the rule, such as V(DeploymentWindow), V(CloudWatchAlarm) or V(VariableCheck).
                type: str
                required: true
              version:
                description: Version of the type of the rule.
                type: str
                default: "1"
              configuration:
                description: The configuration of the rule, which depends on the provider.
                type: dict
              commands:
                description: Shell commands of a rule of the provider V(Commands).
                type: list
                elements: str
              input_artifacts:
                description: Names of the artifacts that the rule reads.
                type: list
                elements: str
              role_arn:
                description: ARN of the IAM role that checks the rule.
                type: str
              region:
                description: AWS region of the rule.
                type: str
              timeout_in_minutes:
                description: How many minutes the rule may take.
                type: int
  on_success:
    description:
      - What is checked when all actions have succeeded. The pipeline must be of type V2.
      - It replaces what is there. An empty dictionary removes it.
    type: dict
    suboptions: *conditions
  on_failure:
    description:
      - What happens when the stage fails. The pipeline must be of type V2.
      - It replaces what is there. An empty dictionary removes it.
    type: dict
    suboptions:
      <<: *conditions
      result:
        description: What happens without any condition.
        type: str
        choices: [FAIL, ROLLBACK, RETRY, SKIP]
      retry_mode:
        description: What is retried if O(on_failure.result=RETRY).
        type: str
        choices: [FAILED_ACTIONS, ALL_ACTIONS]
"""

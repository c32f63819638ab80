#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_spec
short_description: Test AWS resources against a spec
version_added: 0.2.0
description:
  - Evaluates a spec, a list of examples of what AWS resources should be like, and reports like a test runner does.
  - Nothing is ever changed. Only operations that read are used, RV(required_permissions) lists what they need.
  - >-
    An example is a subject, for example C({vpc: main}), and what is expected of it with C(to) or C(not_to), or of one
    of its properties with C(its).
  - >-
    A subject is named by its ID, its ARN, its name or its Name tag. With C({vpc: {filters: {'tag:env': prod}}}) it is
    found by filters of the API. Every type takes the parameter C(region), and so does every group and example.
  - If there is no such subject, C(exist) fails and everything else is an error, also with C(not_to). If the name fits
    several subjects, that is an error which lists their IDs.
  - Properties are the fields of the record that the API returns, in snake_case or as the API writes them, for example
    C(its) C(metadata_options.http_tokens). Every type with tags has the property C(tags), a map.
  - What cannot be measured, for example because a permission is missing, is an error, never a success.
  - All subjects of one type and region are read by as few requests as possible, each answer is used for all examples.
  - Requests that are throttled are tried again. To assume a role, name a profile with C(role_arn) in O(profile).
options:
  defaults:
    description:
      - Narrows the search for all subjects that are called by name, of types of EC2. IDs are found without it.
      - It is for accounts where the same names are used more than once.
    type: dict
    suboptions:
      tags:
        description: Tags that a subject has to have.
        type: dict
      vpc:
        description: ID or Name tag of the VPC that a subject has to be in, if its type belongs to a VPC.
        type: str
extends_documentation_fragment:
  - containerci.aws._spec
  - containerci.aws._aws_types
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.info_module
  - containerci.aws._attributes.actiongroup_aws
seealso:
  - module: containerci.aws.server_spec
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: The network is as planned
  containerci.aws.aws_spec:
    spec:
      - describe: {vpc: main}
        examples:
          - to: [be_available, be_attached_to_an_internet_gateway]
          - its: {cidr_block: 10.0.0.0/16, size: 4}
          - its: public_subnets
            to: [{have_cidr_blocks: [10.0.0.0/24, 10.0.1.0/24]}, {be_evenly_split_across_az: 2}]
          - its: public_non_nat_ec2_instances
            to: be_empty
      - describe: {security_group: web}
        examples:
          - to: {belong_to_vpc: main}
          - to: {be_inbound_opened_only: {port: 443, protocol: tcp, for: 0.0.0.0/0}}
          - not_to: {be_inbound_opened: {port: 22, for: 0.0.0.0/0}}
          - to: {have_egress_rules: [{protocol: all, cidr: 0.0.0.0/0}]}

- name: The image can be shared
  containerci.aws.aws_spec:
    name: golden image
    region: eu-west-1
    spec:
      - describe: {ami: "{{ image_id }}"}
        examples:
          - to: [be_available, {have_tag: {key: role, value: web}}]
          - its: {architecture: x86_64, public: false, imds_support: v2.0}
          - its: block_device_mappings[*].ebs.encrypted
            to: {all: {eq: true}}

- name: The role may do what it has to, and no more
  containerci.aws.aws_spec:
    spec:
      - expect: {iam_role: app}
        to:
          - have_policy_with_name: read-config
          - be_allowed_action: {action: 's3:GetObject', resource: 'arn:aws:s3:::config/*'}
      - expect: {iam_role: app}
        not_to: {be_allowed_action: 'iam:CreateUser'}
      - expect: {s3_bucket: logs}
        to: [be_versioned, be_encrypted, {have_logging: {target_bucket: audit, prefix: logs/}}]

- name: All specs of a role, with a report for the build server
  containerci.aws.aws_spec:
    src: spec
    name: infrastructure
    tags: [network]
    skip_tags: [slow]
    fail_on: failure
    expected_examples: 42
    eventually: {timeout: 120, delay: 5}
    timeout: 20
    max_time: 600
    redact: ['AKIA[0-9A-Z]{16}']
    junit_dir: reports
    report_dir: reports
    report_formats: [markdown, json]
    return: all
    display: progress
    color: never

- name: Repeat what failed, up to the third failure
  containerci.aws.aws_spec:
    src: [spec/network_spec.yml, spec/compute_spec.yml]
    only: "{{ result.failed_examples }}"
    allow_empty: true
    fail_fast: false
    max_failures: 3
    on_unsupported: skip
    offline: false
    read_only: true
    forks: 1
    resource_paths: [spec/resources]
    junit_file: reports/again.xml

- name: Test one of two environments that use the same names
  containerci.aws.aws_spec:
    defaults:
      vpc: test
      tags: {env: test}
    spec:
      - expect: {security_group: web}
        not_to: {be_inbound_opened: 22}

- name: See whether the spec can be read
  containerci.aws.aws_spec:
    src: spec
    validate_only: true
"""

RETURN = r"""
spec_valid:
  description: Whether the spec could be read. If not, nothing was evaluated.
  returned: always
  type: bool
  sample: true
errors:
  description: All problems of the spec.
  returned: always
  type: list
  elements: dict
  sample:
    - class: UnknownMatcher
      message: "unknown matcher 'be_availabel'; did you mean be_available? (vpc has: be_available, be_default, exist)"
      file: spec/network.yml
      line: 7
      path: network > 2 > to
      word: be_availabel
      suggestion: be_available
summary:
  description: The totals. C(probes) are the requests to AWS.
  returned: always
  type: dict
  sample:
    examples: 13
    expectations: 14
    passed: 11
    failed: 1
    errors: 0
    skipped: 1
    pending: 0
    fixed: 0
    duration: 1.204
    probes: 6
    forks: 0
examples:
  description:
    - The examples that O(return) asks for. The keys from C(resource) to C(source) tell about the first expectation that
      is not met; if there are several, C(expectations) has all of them.
  returned: always
  type: list
  elements: dict
  sample:
    - id: network/is-available
      path: [network, is available]
      full_description: network is available
      file: spec/network.yml
      line: 3
      status: failed
      reason:
      duration: 0.021
      tags: []
      severity:
      meta: {}
      sensitive: false
      resource: vpc
      name: main
      matcher: be_available
      property:
      negated: false
      expected: vpc main to be available
      got: state is 'pending'
      diff:
      source: ec2:DescribeVpcs
      message: expected vpc main to be available, but got state is 'pending'
failed_examples:
  description: The ids of the examples that failed, could not be measured, or are fixed; good for O(only).
  returned: always
  type: list
  elements: str
  sample: [network/is-available]
documentation:
  description: The report as lines of text.
  returned: always
  type: list
  elements: str
  sample: ['localhost: network', '  is available (FAILED - 1)']
junit_file:
  description: The report in JUnit's format.
  returned: when O(junit_dir) or O(junit_file) is given
  type: str
  sample: reports/localhost-infrastructure.xml
report_files:
  description: The reports of O(report_formats).
  returned: unless O(validate_only)
  type: list
  elements: str
  sample: [reports/localhost-infrastructure.md]
msg:
  description: The failures as text, or the totals in one line.
  returned: always
  type: str
  sample: "localhost: 13 examples, 0 failures, 0 errors, 1 skipped in 1.20 s"
api_calls:
  description: How often each operation of AWS was used.
  returned: if the spec was evaluated
  type: dict
  sample: {"ec2.DescribeVpcs": 1, "ec2.DescribeSubnets": 1, "sts.GetCallerIdentity": 1}
required_permissions:
  description: The IAM actions that the spec needs, as far as it was evaluated.
  returned: if the spec was evaluated
  type: list
  elements: str
  sample: ["ec2:DescribeSubnets", "ec2:DescribeVpcs"]
account:
  description: Number of the AWS account. Null if it could not be told.
  returned: if the spec was evaluated
  type: str
  sample: "123456789012"
region:
  description: Region of the task. Null if it has none.
  returned: if the spec was evaluated
  type: str
  sample: eu-west-1
resource_actions:
  description: The operations of AWS, as amazon.aws sees them.
  returned: if O(debug_botocore_endpoint_logs=true)
  type: list
  elements: str
  sample: ["ec2:DescribeVpcs"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._core.connection import Session
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Defaults, Records
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import AWS, COMMON
from ansible_collections.containerci.aws.plugins.module_utils._spec.run import Plan, run


def evaluated(module: t.Any) -> dict[str, t.Any]:
    """The result of the module."""
    plan = Plan.read(module.params["spec"])
    session = Session(module, module.params["timeout"])
    given = module.params["defaults"] or {}
    defaults = Defaults(given.get("tags") or {}, given.get("vpc") or "")
    records = Records(session.client, module.params["timeout"], defaults)
    outcomes = run(plan, VOCABULARY, records, module.params, module.check_mode)
    account = records.account() if records.api_calls else None
    return {
        "changed": False,
        "outcomes": outcomes,
        "api_calls": records.api_calls,
        "required_permissions": sorted(records.permissions),
        "account": account,
        "region": session.known_region,
        "probes": records.probes,
        "forks": records.forks,
    }


def main() -> None:
    module = AnsibleAWSModule(argument_spec={**COMMON, **AWS}, supports_check_mode=True)
    try:
        result = evaluated(module)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: spec_reports
short_description: Merge the reports of specs of several hosts
version_added: 0.2.0
description:
  - Merges the JSON reports that M(containerci.aws.server_spec) and M(containerci.aws.aws_spec) have written into one
    HTML page, one JUnit document and one JSON document, and tells which example has a problem on which hosts.
  - Runs on the controller, without a connection. Use it once after the checks, with C(run_once).
  - The merged reports are written in check mode as well. They are no change.
options:
  report_dir:
    description: Folder on the controller with the JSON reports of the checks.
    type: path
    required: true
  dest:
    description: Folder on the controller for C(index.html), C(junit.xml) and C(report.json). Made if it is missing.
    type: path
    required: true
  fail_on:
    description: Whether the task fails if a host has a problem, or never.
    type: str
    choices: [failure, never]
    default: failure
extends_documentation_fragment:
  - containerci.aws._attributes
  - containerci.aws._attributes.info_module
attributes:
  check_mode:
    support: full
    details:
      - The reports are written also in check mode.
seealso:
  - module: containerci.aws.server_spec
  - module: containerci.aws.aws_spec
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Each host reports
  containerci.aws.server_spec:
    src: web.yml
    fail_on: never
    report_dir: reports/hosts
    report_formats: [json]

- name: One report of all hosts
  containerci.aws.spec_reports:
    report_dir: reports/hosts
    dest: reports
  run_once: true

- name: The same, without failing
  containerci.aws.spec_reports:
    report_dir: reports/hosts
    dest: reports
    fail_on: never
  run_once: true
"""

RETURN = r"""
summary:
  description: The totals of all hosts.
  returned: always
  type: dict
  sample: {examples: 26, expectations: 28, passed: 24, failed: 1, errors: 0, skipped: 1, duration: 0.9}
hosts:
  description: What each report says.
  returned: always
  type: list
  elements: dict
  sample: [{host: web01, name: Web servers are as agreed, failed: false, summary: {examples: 13, passed: 12}}]
failing:
  description: The examples with problems, and the hosts that have them.
  returned: always
  type: list
  elements: dict
  sample: [{id: web-site/port-80, full_description: web site responds on port 80, hosts: [web02]}]
report_files:
  description: The files that were written.
  returned: always
  type: list
  elements: str
  sample: [reports/index.html, reports/junit.xml, reports/report.json]
"""

from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    "report_dir": {"type": "path", "required": True},
    "dest": {"type": "path", "required": True},
    "fail_on": {"type": "str", "choices": ["failure", "never"], "default": "failure"},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.fail_json(msg="This module is its action plugin, which did not run.")


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_spec
short_description: Test servers against a spec
version_added: 0.2.0
description:
  - Evaluates a spec, a list of examples of what a server should be like, and reports like a test runner does.
  - Everything about one host is evaluated in one execution of the module, each source of facts is read at most once,
    and nothing has to be installed on the server but Python 3.9 or later.
  - Nothing is ever changed, and no file is written on the server.
  - >-
    An example is a subject, for example C({package: nginx}), and what is expected of it with C(to) or C(not_to), or of
    one of its properties with C(its).
  - What cannot be measured, for example because a permission or a tool is missing, is an error, never a success, also
    with C(not_to).
  - The whole spec is checked before anything is evaluated, and all its problems are told with file, line and a
    suggestion.
  - Commands can change things. In check mode examples about a command are skipped, unless the subject says
    C(check_mode_safe).
options:
  search_paths:
    description: Folders on the server that are searched for programs before the usual ones.
    type: list
    elements: path
  package_manager:
    description: Whose database has the packages. With V(auto) the one there is.
    type: str
    choices: [auto, apk, apt, dnf, dpkg, pacman, rpm, yum]
    default: auto
  service_manager:
    description: Who manages the services. With V(auto) the one that runs. With V(none) only files tell about them.
    type: str
    choices: [auto, systemd, openrc, sysv, none]
    default: auto
extends_documentation_fragment:
  - containerci.aws._spec
  - containerci.aws._server_resources
  - containerci.aws._attributes
  - containerci.aws._attributes.info_module
attributes:
  check_mode:
    support: full
    details:
      - Examples about commands are skipped, because a command can change things. The reports are written.
seealso:
  - module: containerci.aws.aws_spec
  - module: containerci.aws.server_spec_generate
  - module: containerci.aws.spec_reports
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: The web site is as agreed
  containerci.aws.server_spec:
    spec:
      - describe: web site
        examples:
          - it: responds on port 80
            expect: {port: 80}
            to: {be_listening: tcp}
          - it: does not use UDP
            expect: {port: 80}
            not_to: {be_listening: udp}
          - it: answers with the start page
            expect: {http: 'http://localhost/'}
            its: {status: 200, body: {match: Welcome}}
      - describe: application server
        examples:
          - expect: {package: tomcat9}
            to: {be_installed: {version: {at_least: '9.0.43'}}}
          - expect: {package: [jboss, wildfly]}
            not_to: be_installed

- name: The role meets its spec
  containerci.aws.server_spec:
    src: "{{ role_path }}/spec"
    tags: "{{ spec_tags | default(omit) }}"
    junit_dir: "{{ spec_junit_dir | default(omit) }}"

- name: Jenkins has started
  containerci.aws.server_spec:
    name: Jenkins
    spec:
      - describe: {service: jenkins}
        examples:
          - to: [be_enabled, be_running]
      - expect: {port: 8080}
        to: be_listening
        eventually: {timeout: 90, delay: 3}
      - describe: {file: /var/lib/jenkins/config.xml}
        examples:
          - its: {mode: '0644', owner: jenkins, size: {be_greater_than: 0}}
    report_dir: reports
    report_formats: [html, json]
  become: true

- name: The spec is valid (in CI, without a server)
  containerci.aws.server_spec:
    src: spec/web.yml
    validate_only: true

- name: Look at all that differs and decide later
  containerci.aws.server_spec:
    src: [spec/common.yml, spec/web.yml]
    skip_tags: [slow]
    only: [web-site]
    fail_on: never
    fail_fast: false
    max_failures: 20
    allow_empty: true
    expected_examples: 12
    on_unsupported: skip
    offline: false
    timeout: 5
    max_time: 120
    forks: 8
    eventually: {timeout: 10}
    return: all
    display: progress
    color: never
    read_only: true
    redact: ['token=\\w+']
    resource_paths: [spec/resources]
    search_paths: [/opt/app/bin]
    package_manager: dpkg
    service_manager: systemd
    junit_file: reports/web.xml
  register: web_spec
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
      message: "unknown matcher 'be_instaled'; did you mean be_installed? (package has: be_installed)"
      file: spec/web.yml
      line: 7
      path: web site > 2 > to
      word: be_instaled
      suggestion: be_installed
summary:
  description: The totals. C(probes) are the sources that were read, C(forks) the processes started.
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
    duration: 0.523
    probes: 19
    forks: 1
examples:
  description:
    - The examples that O(return) asks for. The keys from C(resource) to C(source) tell about the first expectation that
      is not met; if there are several, C(expectations) has all of them.
  returned: always
  type: list
  elements: dict
  sample:
    - id: web-site/responds-on-port-80
      path: [web site, responds on port 80]
      full_description: web site responds on port 80
      file: spec/web.yml
      line: 3
      status: failed
      reason:
      duration: 0.010475
      tags: []
      severity:
      meta: {}
      sensitive: false
      resource: port
      name: 80
      matcher: be_listening
      property:
      negated: false
      expected: port 80 to be listening on tcp
      got: nothing listens on port 80
      diff:
      source: /proc/net/tcp
      message: expected port 80 to be listening on tcp, but got nothing listens on port 80
failed_examples:
  description: The ids of the examples that failed, could not be measured, or are fixed; good for O(only).
  returned: always
  type: list
  elements: str
  sample: [web-site/responds-on-port-80]
documentation:
  description: The report as lines of text.
  returned: always
  type: list
  elements: str
  sample: ['web01: web server', '  web site', '    responds on port 80 (FAILED - 1)']
junit_file:
  description: The report in JUnit's format.
  returned: when O(junit_dir) or O(junit_file) is given
  type: str
  sample: reports/web01-web-server.xml
report_files:
  description: The reports of O(report_formats).
  returned: unless O(validate_only)
  type: list
  elements: str
  sample: [reports/web01-web-server.html]
msg:
  description: The failures as text, or the totals in one line.
  returned: always
  type: str
  sample: "web01: 13 examples, 0 failures, 0 errors, 1 skipped in 0.52 s"
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import COMMON, SERVER
from ansible_collections.containerci.aws.plugins.module_utils._spec.run import Plan, run
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY


def host(params: dict[str, t.Any], check_mode: bool) -> Host:
    """This machine, read as the options say."""
    return Host(
        timeout=params["timeout"],
        search_paths=params["search_paths"] or (),
        package_manager=params["package_manager"],
        service_manager=params["service_manager"],
        check_mode=check_mode,
        read_only=params["read_only"],
        offline=params["offline"],
    )


def main() -> None:
    module = AnsibleModule(argument_spec={**COMMON, **SERVER}, supports_check_mode=True)
    try:
        machine = host(module.params, module.check_mode)
        outcomes = run(Plan.read(module.params["spec"]), VOCABULARY, machine, module.params, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message)
    module.exit_json(changed=False, outcomes=outcomes, probes=machine.probes, forks=machine.forks)


if __name__ == "__main__":
    main()

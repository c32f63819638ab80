#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_spec_generate
short_description: Document an existing server as a spec
version_added: 0.2.0
description:
  - Looks at a server and writes down what it finds as a spec for M(containerci.aws.server_spec), in the words and the
    form that a person would use. The spec is a document of the server, and at the same time a test of it and of its
    successor.
  - The spec passes at once on the server it comes from.
  - Everything is gathered in one execution of the module. Nothing is changed or written on the server, and nothing has
    to be installed there but Python 3.9 or later.
  - The same server and the same options give the same text, so that the file can be kept under version control.
  - Without options it tells what makes the server what it is, and leaves out what every system has.
  - Passwords and their hashes, keys, environments, command lines of processes and contents of files are never part of a
    spec. Jobs of cron, devices and kernel parameters that look as if they held a secret are left out, and RV(notes)
    tells so.
  - Use C(become), because only root sees the crontabs of others and which processes have sockets open.
options:
  resources:
    description:
      - The resources that are documented. All of them, if it is not given.
      - The lines of C(/etc/fstab) belong to V(mount), timers and sockets of systemd belong to V(service).
    type: list
    elements: str
    choices: [package, service, port, user, mount, cron, file, kernel_parameter, kernel_module, selinux]
  packages:
    description:
      - Patterns of names, such as V(nginx*), of installed packages.
      - If it is not given, the packages are documented that somebody asked for and that no other package needs, unless
        they belong to the base system (priority required, important or standard), and those that the documented
        services come from. An RPM database does not tell what was asked for, so only the latter are found there.
    type: list
    elements: str
  services:
    description:
      - Patterns of names of services, and of timers and sockets of systemd with their endings.
      - If it is not given, those are documented that are enabled, or were started by somebody, unless every system has
        them.
    type: list
    elements: str
  ports:
    description:
      - Ports, such as V(8080), and ranges, such as V(8000-8100), that something listens on.
      - If it is not given, all of them are documented but those that the kernel may have chosen. RV(notes) names these.
    type: list
    elements: str
  users:
    description:
      - Patterns of names of users.
      - If it is not given, the users are documented that get a shell when they log in, and those that the documented
        services, and processes behind the documented ports, run as.
    type: list
    elements: str
  mounts:
    description:
      - Patterns of mount points.
      - If it is not given, the root, what C(/etc/fstab) mounts, and other file systems of disks and of the network are
        documented.
    type: list
    elements: str
  files:
    description:
      - Patterns of files and folders, with absolute paths. A V(*) does not match a slash.
      - If it is not given, the configuration files are documented that differ from what their packages brought (dpkg
        only), and units of the documented services below C(/etc/systemd/system).
    type: list
    elements: str
  kernel_parameters:
    description:
      - Patterns of parameters of the kernel, such as V(net.ipv4.ip_*). A V(*) does not match a dot.
      - If it is not given, those are documented that C(/etc/sysctl.conf) and C(/etc/sysctl.d) set.
    type: list
    elements: str
  from:
    description:
      - Names of packages or services. What belongs to them is documented instead of what is described as the default of
        the other options. These still add to it.
      - That is, their packages and services, the ports that the processes of these services listen on, the users that
        they run as, the jobs of these users, the configuration files of the packages, and units that no package
        brought.
    type: list
    elements: str
  detail:
    description:
      - How much is said. With V(minimal), whether something is there, and the states of services and values of the
        kernel.
      - With V(standard), also the protocols and addresses of ports, groups, home and shell of users, types and options
        of mounts, mode, owner and group of files.
      - With V(full), also the processes behind ports, numbers of users, the user of services, and devices.
    type: str
    choices: [minimal, standard, full]
    default: standard
  exclude_attributes:
    description:
      - Patterns of attributes that are not said, as resource and attribute, such as V(user.shell) or V(file.*).
      - The attributes are C(package.version), C(service.enabled), C(service.running), C(service.user),
        C(port.protocol), C(port.address), C(port.processes), C(user.groups), C(user.home), C(user.shell),
        C(user.group), C(user.uid), C(user.gid), C(mount.type), C(mount.options), C(mount.device), C(fstab.type),
        C(fstab.device), C(file.type), C(file.mode), C(file.owner), C(file.group), C(file.sha256sum),
        C(kernel_parameter.value).
    type: list
    elements: str
  versions:
    description: Whether the versions of packages are said.
    type: bool
    default: false
  checksums:
    description: Whether the SHA-256 checksums of files are said.
    type: bool
    default: false
  parameterize:
    description:
      - Variables whose values are written as templates in the text, such as V(inventory_hostname) or
        V(ansible_facts.default_ipv4.address), so that the spec fits other hosts. The values are replaced where they
        stand as a whole or as a word.
      - RV(spec) keeps the values.
    type: list
    elements: str
  compare_with:
    description:
      - A spec to compare the server with, found as M(containerci.aws.server_spec) finds those of its option
        O(containerci.aws.server_spec#module:src). RV(drift) tells the differences. Nothing is written to it.
      - If it is not given, and O(dest) exists and is a spec, it is that.
      - Examples about commands, web sites and other hosts, skipped and pending ones are not compared.
    type: str
  dest:
    description:
      - The file on the controller that the spec is written to; relative to the playbook. In a folder, it is named after
        the host.
      - A file that was edited since, or was not written by this module, is not overwritten. The task fails then, and
        RV(drift) tells what is new.
    type: str
  force:
    description: Whether an edited or foreign O(dest) is overwritten.
    type: bool
    default: false
  backup:
    description: Whether a copy of O(dest) is kept when it is overwritten.
    type: bool
    default: false
  format:
    description:
      - V(yaml) is the spec. V(markdown) is a document for people, with a line for each example of the spec.
    type: str
    choices: [yaml, markdown]
    default: yaml
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
  timeout:
    description: How many seconds a program on the server may take. V(0) is without a limit.
    type: float
    default: 30.0
extends_documentation_fragment:
  - containerci.aws._attributes
attributes:
  check_mode:
    support: full
    details:
      - The server is looked at, and nothing is written.
  diff_mode:
    support: full
    details:
      - Shows O(dest) before and after.
  idempotent:
    support: full
seealso:
  - module: containerci.aws.server_spec
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Document a server
  containerci.aws.server_spec_generate:
    dest: spec/
  become: true

- name: Check the new server against the document of the old one
  containerci.aws.server_spec:
    src: old.yml
  become: true

- name: Document the web server and what belongs to it, nothing else
  containerci.aws.server_spec_generate:
    from: [nginx]
    dest: roles/web/spec/web.yml
  become: true

- name: Look for application servers
  containerci.aws.server_spec_generate:
    resources: [package, service, port, user]
    packages: ['tomcat*', 'jboss*', 'wildfly*']
    services: ['tomcat*', 'jboss*', 'wildfly*']
    ports: ['8080', '8443', '9990-9999']
    users: ['tomcat*', 'jboss*', 'wildfly*']
  become: true
  register: application_server

- name: Document every detail, for hosts that only differ in name and address
  containerci.aws.server_spec_generate:
    files: ['/etc/nginx/*', '/etc/nginx/*/*']
    mounts: ['/srv*']
    kernel_parameters: ['net.ipv4.ip_*', vm.swappiness]
    detail: full
    exclude_attributes: [user.uid, user.gid, mount.device]
    versions: true
    checksums: true
    parameterize: [inventory_hostname, ansible_facts.default_ipv4.address]
    dest: spec/web.yml
    force: true
    backup: true
    timeout: 60
    search_paths: [/opt/app/bin]
    package_manager: dpkg
    service_manager: systemd
  become: true

- name: What has changed since then
  containerci.aws.server_spec_generate:
    compare_with: web.yml
  become: true
  register: since_then

- name: A document for people
  containerci.aws.server_spec_generate:
    format: markdown
    dest: docs/servers/
  become: true
"""

RETURN = r"""
spec:
  description: The spec as data, as O(containerci.aws.server_spec#module:spec) takes it.
  returned: success
  type: list
  elements: dict
  sample:
    - describe: Packages
      examples:
        - expect: {package: [cron, nginx]}
          to: be_installed
content:
  description: The text that O(dest) gets.
  returned: success
  type: str
  sample: "---\n- describe: Packages\n  examples:\n    - expect: {package: [cron, nginx]}\n      to: be_installed\n"
examples:
  description: How many examples the spec has.
  returned: success
  type: int
  sample: 21
notes:
  description: What is left out, and why.
  returned: always
  type: list
  elements: str
  sample: ['a line of cron app is left out: it may hold a secret']
drift:
  description:
    - How the server differs from the spec of O(compare_with), or from what O(dest) was.
    - C(added), what the generated spec is about, and that spec does not name.
    - C(changed), examples of that spec that fail, though what they are about is there.
    - C(gone), examples of that spec about what is not there any more.
    - C(unknown), examples of that spec that could not be measured.
  returned: when there is a spec to compare with
  type: dict
  sample:
    added: [package redis, port 6379]
    changed:
      - full_description: Users user app shell is '/bin/sh'
        expected: "'/bin/sh'"
        got: "'/bin/bash'"
    gone:
      - full_description: Packages package cron is installed
        expected: package cron to be installed
        got: not installed
    unknown: []
dest:
  description: The file.
  returned: when O(dest) is given
  type: str
  sample: /srv/play/spec/web01.yml
backup_file:
  description: The copy of what was there.
  returned: when O(dest) was overwritten and O(backup) is set
  type: str
  sample: /srv/play/spec/web01.yml.4211.2026-01-31@10:11:12~
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import RESOURCES, Choice
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.confidential import without_secrets
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.server import gather
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import SERVER
from ansible_collections.containerci.aws.plugins.module_utils._spec.run import Plan, run
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "resources": {"type": "list", "elements": "str", "choices": list(RESOURCES)},
    "packages": {"type": "list", "elements": "str"},
    "services": {"type": "list", "elements": "str"},
    "ports": {"type": "list", "elements": "str"},
    "users": {"type": "list", "elements": "str"},
    "mounts": {"type": "list", "elements": "str"},
    "files": {"type": "list", "elements": "str"},
    "kernel_parameters": {"type": "list", "elements": "str"},
    "from": {"type": "list", "elements": "str"},
    "detail": {"type": "str", "choices": ["minimal", "standard", "full"], "default": "standard"},
    "exclude_attributes": {"type": "list", "elements": "str"},
    "versions": {"type": "bool", "default": False},
    "checksums": {"type": "bool", "default": False},
    "parameterize": {"type": "list", "elements": "str"},
    # On the server it is the plan of that spec, which can hold secrets.
    "compare_with": {"type": "str", "no_log": True},
    "dest": {"type": "str"},
    "force": {"type": "bool", "default": False},
    "backup": {"type": "bool", "default": False},
    "format": {"type": "str", "choices": ["yaml", "markdown"], "default": "yaml"},
    **SERVER,
    "timeout": {"type": "float", "default": 30.0},
}


def host(params: dict[str, t.Any]) -> Host:
    """This machine, read as the options say, and with no other commands than those that only read."""
    return Host(
        timeout=params["timeout"],
        search_paths=params["search_paths"] or (),
        package_manager=params["package_manager"],
        service_manager=params["service_manager"],
        read_only=True,
    )


def compared(params: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    """The outcomes of the examples to compare with."""
    if not params["compare_with"]:
        return []
    limits = {"timeout": params["timeout"], "read_only": True}
    return without_secrets(run(Plan.read(params["compare_with"]), VOCABULARY, host(params), limits, check_mode=True))


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        facts, notes = gather(host(module.params), Choice.read(module.params))
        outcomes = compared(module.params)
    except CollectionError as error:
        module.fail_json(msg=error.message)
    module.exit_json(changed=False, facts=facts, notes=notes, outcomes=outcomes)


if __name__ == "__main__":
    main()

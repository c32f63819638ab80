#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jenkins_plugins
short_description: Install plugins of Jenkins
version_added: 0.2.0
description:
  - Sees to it that a set of plugins is installed and active on a running controller, and restarts it only if needed.
  - Jenkins adds what the plugins depend on.
  - A version is the oldest that will do. The update site has only the newest release of each plugin, so a running
    controller cannot be given an older one; exact versions belong into the image, or into the role C(jenkins_master).
  - After a restart the task goes on when the controller is really back, which shows in its session.
options:
  plugins:
    description: The plugins.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Short name of the plugin, as the update site has it.
        type: str
        required: true
      version:
        description: The oldest version that will do. Any version without it.
        type: str
  restart:
    description:
      - Whether to restart when the plugins are installed. Running builds are waited for.
      - V(when_required) restarts if a plugin is not used before a restart.
      - V(always) restarts whenever something was installed.
      - With V(never) RV(restart_required) tells that it is still to be done.
    type: str
    choices: [when_required, never, always]
    default: when_required
  wait_timeout:
    description: How many seconds installation and restart may take together.
    type: int
    default: 900
extends_documentation_fragment:
  - containerci.aws._jenkins
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_jenkins
attributes:
  check_mode:
    support: full
    details: Jenkins compares the plugins, without installing any.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: containerci.aws.ecs_jenkins_cloud
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: What the ECS cloud needs
  containerci.aws.jenkins_plugins:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    plugins:
      - name: configuration-as-code
      - name: amazon-ecs
        version: '1.49'
      - name: git
  delegate_to: localhost

- name: Install now, restart in the night
  containerci.aws.jenkins_plugins:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    plugins:
      - name: blueocean
    restart: never
    wait_timeout: 1200
  register: plugins
"""

RETURN = r"""
plugins:
  description: The plugins that were asked for.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Short name.
      type: str
      returned: always
      sample: git
    before:
      description: Version that was installed before.
      type: str
      returned: always
      sample: '5.7.0'
    after:
      description: Version that is installed now; in check mode that of before.
      type: str
      returned: always
      sample: '5.10.1'
    active:
      description: Whether Jenkins uses it.
      type: bool
      returned: always
      sample: true
installed:
  description: All plugins that were installed, with those they depend on.
  returned: success
  type: list
  elements: str
  sample: [git, git-client]
restarted:
  description: Whether Jenkins was restarted, or would be in check mode as far as that can be known.
  returned: success
  type: bool
  sample: false
restart_required:
  description: Whether Jenkins still has to be restarted before it uses all of them.
  returned: success
  type: bool
  sample: false
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import controller, plugins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import CONNECTION, RULES, Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.restart import restart

Installed = t.Mapping[str, controller.Plugin]


def needs_restart(wanted: t.Sequence[plugins.Wanted], installed: Installed, restart_required: bool) -> bool:
    """Whether a restart is what is left to do: a plugin is not there yet, or not active."""
    return restart_required or any(one.name not in installed or not installed[one.name].active for one in wanted)


def rows(wanted: t.Sequence[plugins.Wanted], before: Installed, after: Installed) -> list[dict[str, t.Any]]:
    """What is told about each plugin."""
    return [
        {
            "name": one.name,
            "before": before[one.name].version if one.name in before else None,
            "after": after[one.name].version if one.name in after else None,
            "active": one.name in after and after[one.name].active,
        }
        for one in wanted
    ]


def versions(told: list[dict[str, t.Any]], key: str) -> dict[str, t.Any]:
    return {row["name"]: row[key] for row in told}


def forecast(
    module: AnsibleModule, wanted: t.Sequence[plugins.Wanted], missing: t.Mapping[str, str], before: Installed
) -> dict[str, t.Any]:
    """The result of check mode, or of a run that has nothing to do."""
    policy = module.params["restart"]
    idle = [one.name for one in wanted if one.name in before and not before[one.name].active]
    restarts = bool(missing and policy == "always") or bool(idle and policy != "never")
    told = rows(wanted, before, before)
    after = {**versions(told, "after"), **{name: f"({word})" for name, word in missing.items()}}
    diff = {"before": to_text(versions(told, "before")), "after": to_text(after)}
    return _result(bool(missing) or restarts, told, sorted(missing), restarts, bool(idle) and not restarts, diff)


def ensure(module: AnsibleModule, jenkins: Jenkins) -> dict[str, t.Any]:
    """Install what is missing and restart if need be; the result of the module."""
    wanted = [plugins.Wanted(one["name"], one["version"] or "") for one in module.params["plugins"]]
    session = controller.describe(jenkins).session
    before = controller.plugins(jenkins)
    missing = plugins.missing(jenkins, wanted)
    expected = forecast(module, wanted, missing, before)
    if module.check_mode or not expected["changed"]:
        return expected
    patience, report = Patience(module.params["wait_timeout"]), progress.from_environment()
    done = plugins.UpdateCenter([], False)
    if missing:
        done = plugins.install(jenkins, wanted, patience, report)
        plugins.check_installed(wanted, plugins.missing(jenkins, wanted), controller.plugins(jenkins), done)
    required = needs_restart(wanted, controller.plugins(jenkins), done.restart_required)
    restarts = {"always": True, "never": False}.get(module.params["restart"], required)
    if restarts:
        restart(jenkins, session, patience, report)
    told = rows(wanted, before, controller.plugins(jenkins))
    if restarts and not all(row["active"] for row in told):
        names = ", ".join(row["name"] for row in told if not row["active"])
        raise JenkinsError(f"Jenkins was restarted, but does not use {names}; its log has the reason.")
    diff = {"before": to_text(versions(told, "before")), "after": to_text(versions(told, "after"))}
    installed = sorted({job.plugin for job in done.jobs})
    return _result(bool(installed) or restarts, told, installed, restarts, required and not restarts, diff)


def _result(
    changed: bool,
    told: list[dict[str, t.Any]],
    installed: list[str],
    restarted: bool,
    required: bool,
    diff: dict[str, t.Any],
) -> dict[str, t.Any]:
    return {
        "changed": changed,
        "plugins": told,
        "installed": installed,
        "restarted": restarted,
        "restart_required": required,
        "diff": diff,
    }


def main() -> None:
    plugin = {"name": {"type": "str", "required": True}, "version": {"type": "str"}}
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            "plugins": {"type": "list", "elements": "dict", "required": True, "options": plugin},
            "restart": {"type": "str", "choices": ["when_required", "never", "always"], "default": "when_required"},
            "wait_timeout": {"type": "int", "default": 900},
        },
        supports_check_mode=True,
        **RULES,
    )
    try:
        result = ensure(module, Jenkins(module.params))
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

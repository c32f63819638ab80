#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hab_service
short_description: Load and run Chef Habitat services
version_added: 0.2.0
description:
  - Loads packages into a supervisor that is running, changes how they run, starts, stops and unloads them.
  - Options that are not given leave a loaded service alone. A service that is loaded for the first time gets the
    defaults of C(hab), but the channel V(stable).
  - C(hab) only hands its wishes over to the supervisor; the module waits until they are fulfilled.
options:
  name:
    description: The package, as V(origin/name), V(origin/name/version) or V(origin/name/version/release).
    type: str
    required: true
    aliases: [ident]
  state:
    description:
      - V(loaded) sees to it that the service is loaded, and does not care whether it runs.
      - V(started) and V(stopped) load it, too, if needed.
      - V(restarted) stops and starts it each time.
    type: str
    choices: [loaded, unloaded, started, stopped, restarted]
    default: loaded
  channel:
    description: Channel that updates come from.
    type: str
  group:
    description: Group of the service.
    type: str
  topology:
    description: How the members of the group work together.
    type: str
    choices: [standalone, leader]
  strategy:
    description: How the service is updated.
    type: str
    choices: [none, at-once, rolling]
  update_condition:
    description: Whether the service only goes forward, or follows the channel back, too.
    type: str
    choices: [latest, track-channel]
  bind:
    description: What the service is bound to, as V(name:service.group). The list is complete.
    type: list
    elements: str
  binding_mode:
    description: Whether the service waits for what it is bound to.
    type: str
    choices: [strict, relaxed]
  health_check_interval:
    description: Seconds between two checks of its health.
    type: int
  shutdown_timeout:
    description: Seconds before a service that does not end is killed. Only compared on the host of the supervisor.
    type: int
  config_from:
    description: Directory with a configuration to use instead of that of the package; for development only.
    type: path
  force:
    description:
      - Whether a service may be loaded again, which restarts it. That is needed to change O(name), O(group),
        O(topology) and O(config_from). Everything else is changed without.
    type: bool
    default: false
  remote_sup:
    description: Address of the control gateway of the supervisor. Without it, V(127.0.0.1:9632).
    type: str
  ctl_secret:
    description: Secret of the control gateway. C(hab) gets it in its environment.
    type: str
  http_url:
    description: Address of the HTTP gateway of the supervisor, which tells what is loaded.
    type: str
    default: http://127.0.0.1:9631
  gateway_auth_token:
    description:
      - Token of the HTTP gateway.
      - If the gateway is switched off or wants a token that is not given, the spec files of this host are read.
        They do not tell whether a service really runs.
    type: str
  wait:
    description: Whether to wait until the supervisor has done it.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait.
    type: int
    default: 120
extends_documentation_fragment:
  - containerci.aws._hab
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_hab
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
    details: Except for V(restarted) as O(state).
seealso:
  - module: containerci.aws.hab_package
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Run redis
  containerci.aws.hab_service:
    name: core/redis
    state: started
    accept_license: true
  become: true

- name: An application that follows its channel
  containerci.aws.hab_service:
    name: acme/web
    channel: acceptance
    bldr_url: https://bldr.example.com/bldr/v1
    auth_token: "{{ builder_token }}"
    group: blue
    topology: standalone
    strategy: at-once
    update_condition: track-channel
    bind:
      - database:postgresql.blue
    binding_mode: relaxed
    health_check_interval: 10
    shutdown_timeout: 20
    force: true
    executable: /opt/hab/hab
    timeout: 300
  become: true

- name: A configuration under development, on another supervisor
  containerci.aws.hab_service:
    name: acme/web
    config_from: /home/jane/web/config
    force: true
    remote_sup: 192.0.2.10:9632
    ctl_secret: "{{ ctl_secret }}"
    http_url: http://192.0.2.10:9631
    gateway_auth_token: "{{ gateway_token }}"

- name: No redis
  containerci.aws.hab_service:
    name: core/redis
    state: unloaded
    wait: true
    wait_timeout: 60
  become: true
"""

RETURN = r"""
service:
  description: The service as it is now, or would be. Empty when it is not loaded.
  returned: success
  type: dict
  sample:
    ident: core/redis
    channel: stable
    group: default
    strategy: none
    desired_state: up
before:
  description: The service as it was.
  returned: success
  type: dict
  sample: {}
after:
  description: The same as RV(service).
  returned: success
  type: dict
  sample:
    ident: core/redis
    channel: stable
    group: default
    strategy: none
    desired_state: up
changed_fields:
  description: What was not as wanted.
  returned: success
  type: list
  elements: str
  sample: [channel]
restarted:
  description: Whether the service was restarted for it.
  returned: success
  type: bool
  sample: false
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._hab import services
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import parse
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import OPTIONS, Hab, option
from ansible_collections.containerci.aws.plugins.module_utils._hab.services import Plan, Service
from ansible_collections.containerci.aws.plugins.module_utils._hab.supervisor import Down, Supervisor

_GOALS = {"load": "get loaded", "reload": "get loaded anew", "update": "change", "unload": "get unloaded"}


class ServiceTask:
    """One service of one supervisor."""

    def __init__(self, params: dict[str, t.Any]) -> None:
        self.params = params
        self.ident = parse(params["name"])
        self.wanted = services.wanted_values(params)
        self.hab = Hab(params)
        self.hab.keep_secret(params["ctl_secret"] or "", params["gateway_auth_token"] or "")
        self.supervisor = Supervisor(params, self.hab.root)

    def read(self) -> Service | None:
        try:
            return self.supervisor.service(self.ident)
        except Down:
            spec = self.supervisor.spec(self.ident.name)
            if self.params["state"] == "unloaded" and not (spec and spec.ident.origin == self.ident.origin):
                return None
            raise

    def plan(self, current: Service | None) -> Plan:
        return services.plan(
            self.params["state"], current, self.ident, self.wanted, self.params["force"], self.hab.major > 1
        )

    def apply(self, current: Service | None, planned: Plan) -> Service | None:
        """Carry the plan out; the service as it is then. A service that is still on its way is waited for."""
        if planned.configure:
            with self.hab.lock():  # a service is installed if need be
                self._run(*self._configuration(current, planned.configure))
            self._wait_for(_GOALS[planned.configure], lambda found: self._is_configured(found, planned.configure))
        for verb in planned.power:
            self._run("svc", verb, str(self.ident.package), *option("remote-sup", self.params["remote_sup"]))
            self._wait_for(verb, lambda found, verb=verb: _is(found, verb))
        verb = {"started": "start", "restarted": "start", "stopped": "stop"}.get(self.params["state"])
        return self._wait_for(verb, lambda found: _is(found, verb)) if verb else self.read()

    def _configuration(self, current: Service | None, verb: str) -> list[str]:
        remote = self.params["remote_sup"]
        if verb == "unload":
            return ["svc", "unload", str(self.ident.package), *option("remote-sup", remote)]
        ident = current.ident if current and verb == "update" else self.ident
        return services.words(verb, ident, services.merged(current, self.wanted), remote)

    def _run(self, *words: str) -> None:
        secret = self.params["ctl_secret"]
        self.hab.must(*words, extra={"HAB_CTL_SECRET": secret} if secret else {})

    def _wait_for(self, goal: str, is_reached: t.Callable[[Service | None], bool]) -> Service | None:
        """Ask until the supervisor has done its part."""
        patience = Patience(self.params["wait_timeout"])
        found = self.read()
        while self.params["wait"] and not is_reached(found):
            if not patience.pause():
                raise HabError(
                    f"{self.ident} did not {goal} within {self.params['wait_timeout']} s (option wait_timeout); "
                    "the log of the supervisor has the reason.",
                    "timeout",
                )
            found = self.read()
        return found

    def _is_configured(self, found: Service | None, verb: str) -> bool:
        if found is None or verb == "unload":
            return found is None and verb == "unload"
        return not services.differences(found, self.ident, self.wanted)


def _is(found: Service | None, verb: str) -> bool:
    """Whether a service has started or stopped; a spec file does not tell whether it runs."""
    state = {"start": "up", "stop": "down"}[verb]
    return found is not None and found.desired == state and found.running in ("", state)


def ensure(task: ServiceTask, check_mode: bool) -> dict[str, t.Any]:
    """Bring the service to its state; the result of the module."""
    current = task.read()
    planned = task.plan(current)
    foretold = services.foretold(current, task.ident, task.wanted, planned)
    after = foretold if check_mode else task.apply(current, planned)
    before_values, after_values = _shown(current), _shown(after)
    restarts = planned.configure == "reload" or planned.power == ("stop", "start")
    note = {"(the service is restarted)": True} if restarts else {}
    return {
        "changed": planned.any,
        "service": after_values,
        "before": before_values,
        "after": after_values,
        "changed_fields": list(planned.changed_fields),
        "restarted": restarts,
        "diff": {"before": to_text(before_values), "after": to_text({**after_values, **note})},
    }


def _shown(service: Service | None) -> dict[str, t.Any]:
    return service.shown() if service else {}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "name": {"type": "str", "required": True, "aliases": ["ident"]},
            "state": {
                "type": "str",
                "choices": ["loaded", "unloaded", "started", "stopped", "restarted"],
                "default": "loaded",
            },
            "channel": {"type": "str"},
            "group": {"type": "str"},
            "topology": {"type": "str", "choices": ["standalone", "leader"]},
            "strategy": {"type": "str", "choices": ["none", "at-once", "rolling"]},
            "update_condition": {"type": "str", "choices": ["latest", "track-channel"]},
            "bind": {"type": "list", "elements": "str"},
            "binding_mode": {"type": "str", "choices": ["strict", "relaxed"]},
            "health_check_interval": {"type": "int"},
            "shutdown_timeout": {"type": "int"},
            "config_from": {"type": "path"},
            "force": {"type": "bool", "default": False},
            "remote_sup": {"type": "str"},
            "ctl_secret": {"type": "str", "no_log": True},
            "http_url": {"type": "str", "default": "http://127.0.0.1:9631"},
            "gateway_auth_token": {"type": "str", "no_log": True},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 120},
        },
        supports_check_mode=True,
    )
    try:
        result = ensure(ServiceTask(module.params), module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

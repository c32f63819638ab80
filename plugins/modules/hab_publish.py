#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hab_publish
short_description: Upload and promote Chef Habitat packages
version_added: 0.2.0
description:
  - Uploads packages to Builder, puts them into channels, takes them out, and deletes them.
  - Builder is asked over its API before and after each command, because C(hab) skips uploads and says that all is well.
  - A file is never forced upon Builder. If it has another one under the same name, the task fails.
options:
  hart:
    description: Files of packages on the host.
    type: list
    elements: path
  ident:
    description: Packages that Builder has already, as V(origin/name/version/release).
    type: list
    elements: str
  state:
    description:
      - V(present) uploads what Builder has not, and promotes it to the channels of O(channel), if there are any.
      - V(promoted) only promotes.
      - V(demoted) takes packages out of the channels, which is how to go back to an older release.
      - V(absent) deletes packages from Builder, which refuses that while they are in V(stable).
    type: str
    choices: [present, promoted, demoted, absent]
    default: present
  channel:
    description:
      - Channels to promote to or to demote from. A channel that does not exist is made, except V(base).
      - Each upload is in V(unstable) at once and stays there.
    type: list
    elements: str
  target:
    description: What the packages of O(ident) are built for. Without it, what this host is. A file says it itself.
    type: str
  cache_key_path:
    description:
      - Directory of keys; an upload needs the public key of the signer. Without it, that of C(hab), which is
        C(/hab/cache/keys) for root.
    type: path
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
seealso:
  - module: containerci.aws.hab_build
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Publish what was built
  containerci.aws.hab_publish:
    hart: "{{ build.artifact }}"
    channel: acceptance
    bldr_url: https://bldr.example.com/bldr/v1
    auth_token: "{{ builder_token }}"
    cache_key_path: /hab/cache/keys
    accept_license: true
    timeout: 1200

- name: Tested, so everybody may have it
  containerci.aws.hab_publish:
    ident: acme/web/1.2.0/20260812081234
    target: x86_64-linux
    state: promoted
    channel: [stable, blue]
    auth_token: "{{ maintainer_token }}"
    executable: /opt/hab/hab

- name: Go back
  containerci.aws.hab_publish:
    ident: acme/web/1.2.0/20260812081234
    state: demoted
    channel: stable
    auth_token: "{{ maintainer_token }}"
"""

RETURN = r"""
packages:
  description: What was done about each package, or would be done in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    ident:
      description: Name of the release.
      type: str
      returned: always
      sample: acme/web/1.2.0/20260812081234
    target:
      description: What it is built for.
      type: str
      returned: always
      sample: x86_64-linux
    uploaded:
      description: Whether it was uploaded.
      type: bool
      returned: always
      sample: true
    channels_before:
      description: The channels that it was in.
      type: list
      elements: str
      returned: always
      sample: []
    channels_after:
      description: The channels that it is in now.
      type: list
      elements: str
      returned: always
      sample: [acceptance, unstable]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._hab.depot import active_target
from ansible_collections.containerci.aws.plugins.module_utils._hab.harts import read_hart
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import parse_full
from ansible_collections.containerci.aws.plugins.module_utils._hab.publishing import (
    Actions,
    Known,
    Publisher,
    Release,
    foretold,
    plan,
    release_of,
)
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import OPTIONS, Hab


def releases(params: t.Mapping[str, t.Any], hab: Hab) -> list[Release]:
    target = params["target"] or active_target()
    named = [Release(parse_full(text, "ident"), target) for text in params["ident"] or []]
    return [*(release_of(read_hart(hab, path, "hart")) for path in params["hart"] or []), *named]


def ensure(params: dict[str, t.Any], check_mode: bool) -> dict[str, t.Any]:
    """Bring the packages to their state; everything is planned before the first command."""
    hab = Hab(params)
    publisher = Publisher(params, hab)
    channels = list(dict.fromkeys(params["channel"] or []))
    wanted = releases(params, hab)
    before = [publisher.known(release) for release in wanted]
    actions = [plan(params["state"], release, known, channels) for release, known in zip(wanted, before)]
    after = [
        publisher.apply(release, act) if act.any and not check_mode else foretold(known, act)
        for release, known, act in zip(wanted, before, actions)
    ]
    return {
        "changed": any(act.any for act in actions),
        "packages": [row(*each) for each in zip(wanted, actions, before, after)],
        "diff": {"before": shown(wanted, before), "after": shown(wanted, after)},
    }


def row(release: Release, actions: Actions, before: Known, after: Known) -> dict[str, t.Any]:
    return {
        "ident": str(release.ident),
        "target": release.target,
        "uploaded": actions.upload,
        "channels_before": list(before.channels),
        "channels_after": list(after.channels),
    }


def shown(wanted: t.Sequence[Release], known: t.Sequence[Known]) -> str:
    """One side of the diff: the releases that Builder has, with their channels."""
    return to_text({str(one.ident): list(state.channels) for one, state in zip(wanted, known) if state.exists})


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "hart": {"type": "list", "elements": "path"},
            "ident": {"type": "list", "elements": "str"},
            "state": {"type": "str", "choices": ["present", "promoted", "demoted", "absent"], "default": "present"},
            "channel": {"type": "list", "elements": "str"},
            "target": {"type": "str"},
            "cache_key_path": {"type": "path", "no_log": False},
        },
        required_one_of=[("hart", "ident")],
        required_if=[("state", "promoted", ("channel",)), ("state", "demoted", ("channel",))],
        supports_check_mode=True,
    )
    try:
        result = ensure(module.params, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hab_package
short_description: Install and remove Chef Habitat packages
version_added: 0.2.0
description:
  - Installs packages from Builder or from files, brings them up to date, and removes them.
  - A package that is there already is not looked up anywhere.
  - Old releases stay when a new one is installed, as always with Habitat; O(keep_latest) removes them.
options:
  name:
    description:
      - The packages, as V(origin/name), V(origin/name/version) or V(origin/name/version/release), or paths of
        C(.hart) files on the host.
    type: list
    elements: str
    required: true
    aliases: [pkg, ident]
  state:
    description:
      - V(present) is satisfied with any installed release that the name fits.
      - V(latest) installs the newest release of the channel, if it is newer than what is installed. Nothing is ever
        replaced by something older.
      - V(absent) removes all releases that the name fits, and what only they needed.
    type: str
    choices: [present, latest, absent]
    default: present
  version:
    description: Version of the packages, instead of writing it into O(name).
    type: str
  release:
    description: Release of the packages, together with O(version).
    type: str
  channel:
    description: Channel to install from. It is always given to C(hab), whose own default depends on its version.
    type: str
    default: stable
  use_api:
    description:
      - Whether Builder is asked for the newest release before anything is done.
      - Without it O(state=latest) runs the installation each time and compares; then check mode cannot tell which
        release would come.
    type: bool
    default: true
  binlink:
    description:
      - Whether the programs of the packages are linked into O(binlink_dir). Links that are missing or belong to another
        release of the package are repaired, also when the package is there already.
      - With O(state=absent) the links into the removed releases are removed, too.
    type: bool
    default: false
  binlink_dir:
    description: Where the links are.
    type: str
    default: /bin
  binlink_force:
    description: Whether links that point to something else may be taken over. Files are never overwritten.
    type: bool
    default: false
  ignore_install_hook:
    description: Whether install hooks are not run. Otherwise one that has failed is run again by the next task.
    type: bool
    default: false
  ignore_uninstall_hook:
    description: Whether uninstall hooks are not run.
    type: bool
    default: false
  ignore_local:
    description: Whether an installed release does not do when the channel has none.
    type: bool
    default: false
  keep_latest:
    description: With O(state=absent), how many of the newest releases stay. V(0) removes all.
    type: int
  exclude:
    description: With O(state=absent), packages that stay, also if nothing needs them any more.
    type: list
    elements: str
  no_deps:
    description: With O(state=absent), whether dependencies stay.
    type: bool
    default: false
  when_in_use:
    description:
      - With O(state=absent), what to do about releases that C(hab) does not remove, because other packages need them or
        because a supervisor has them loaded.
    type: str
    choices: [fail, skip]
    default: fail
extends_documentation_fragment:
  - containerci.aws._hab
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_hab
attributes:
  check_mode:
    support: full
    details:
      - Reads the installed packages and asks Builder. Removals are rehearsed by C(hab), which may ask the supervisor.
      - Links of a package that is not installed yet cannot be foretold.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: containerci.aws.hab_service
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Any release of redis
  containerci.aws.hab_package:
    name: core/redis
    accept_license: true
  become: true

- name: The newest of two packages, with their programs in /usr/local/bin
  containerci.aws.hab_package:
    name:
      - acme/web
      - core/curl
    state: latest
    channel: acceptance
    bldr_url: https://bldr.example.com/bldr/v1
    auth_token: "{{ builder_token }}"
    binlink: true
    binlink_dir: /usr/local/bin
    binlink_force: true
  become: true

- name: Exactly this release
  containerci.aws.hab_package:
    name: core/redis
    version: 4.0.14
    release: '20260812081234'
    executable: /opt/hab/hab
    ignore_local: true
    ignore_install_hook: true
    timeout: 1200
  become: true

- name: What the pipeline has built
  containerci.aws.hab_package:
    name: /var/tmp/acme-web-1.2.0-20260812081234-x86_64-linux.hart
    use_api: false
  become: true

- name: Only the two newest releases
  containerci.aws.hab_package:
    name: acme/web
    state: absent
    keep_latest: 2
    no_deps: true
    when_in_use: skip
  become: true

- name: No redis
  containerci.aws.hab_package:
    name: core/redis
    state: absent
    exclude: [core/glibc]
    ignore_uninstall_hook: true
  become: true
"""

RETURN = r"""
packages:
  description: What was done about each package. In check mode RV(packages[].after) is what would be.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the package.
      type: str
      returned: always
      sample: core/redis
    ident_requested:
      description: What the task wants.
      type: str
      returned: always
      sample: core/redis/4.0.14
    before:
      description: The releases that were installed, the newest first.
      type: list
      elements: str
      returned: always
      sample: [core/redis/4.0.10/20250101010101]
    after:
      description: The releases that are installed now, the newest first.
      type: list
      elements: str
      returned: always
      sample: [core/redis/4.0.14/20260812081234, core/redis/4.0.10/20250101010101]
    installed:
      description: The releases that came.
      type: list
      elements: str
      returned: always
      sample: [core/redis/4.0.14/20260812081234]
    removed:
      description: The releases that went.
      type: list
      elements: str
      returned: always
      sample: []
    channel:
      description: Channel that was asked.
      type: str
      returned: always
      sample: stable
    path:
      description: Where the newest release that fits is, empty when there is none.
      type: str
      returned: always
      sample: /hab/pkgs/core/redis/4.0.14/20260812081234
installed:
  description: All that came, with dependencies. In check mode dependencies are not known.
  returned: success
  type: list
  elements: str
  sample: [core/glibc/2.36/20260101010101, core/redis/4.0.14/20260812081234]
removed:
  description: All that went, with dependencies. In check mode dependencies are not known.
  returned: success
  type: list
  elements: str
  sample: []
binlinks:
  description: The links of the packages, with O(binlink).
  returned: success
  type: list
  elements: dict
  sample:
    - path: /bin/redis-cli
      target: /hab/pkgs/core/redis/4.0.14/20260812081234/bin/redis-cli
      action: create
hab_version:
  description: Version of hab.
  returned: success
  type: str
  sample: 2.1.78/20260812081234
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._hab import binlinks, packages
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident, newest_first
from ansible_collections.containerci.aws.plugins.module_utils._hab.package_task import PackageTask
from ansible_collections.containerci.aws.plugins.module_utils._hab.packages import Settings, Step, Wanted
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import OPTIONS


def ensure(task: PackageTask) -> dict[str, t.Any]:
    """Bring the packages to their state; the result of the module."""
    before = task.hab.installed()
    asks = task.settings.state == "latest" if not task.check_mode else task.keeps
    steps = task.steps(before, asks and task.params["use_api"])
    blind = task.settings.state == "latest" and not task.params["use_api"]
    links = task.links([one for step in steps if not step.commands for one in step.before])
    if task.check_mode:
        return _forecast(task, [task.rehearse(step) for step in steps], links, blind)
    if not (blind or any(step.commands for step in steps) or _unlinked(links)):
        return _result(task, steps, before, before, links)
    with task.hab.lock():
        before = task.hab.installed()
        steps = task.steps(before, asks and task.params["use_api"])
        for step in steps:
            task.carry_out(_forced(step, task.settings) if blind and not step.commands else step)
        after = task.hab.installed()
        links = task.links(after)
        task.link(links)
        loose = task.dangling(set(before) - set(after))
        binlinks.remove(task.hab.root, loose)
    return _result(task, steps, before, after, links, loose)


def _forced(step: Step, settings: Settings) -> Step:
    """The step with an installation although something is there: only hab can tell what is newest."""
    return packages.plan(step.wanted, [], settings)._replace(before=step.before)


def _unlinked(links: t.Mapping[Ident, list[binlinks.Link]]) -> bool:
    return any(link.action != "none" for each in links.values() for link in each)


def _forecast(
    task: PackageTask, steps: list[Step], links: dict[Ident, list[binlinks.Link]], blind: bool
) -> dict[str, t.Any]:
    """The result of check mode."""
    if blind and any(step.before for step in steps):
        task.warn("Whether the newest releases are installed cannot be foretold with use_api set to false.")
    before = [one for step in steps for one in step.before]
    after = [one for step in steps for one in step.after]
    loose = task.dangling(set(before) - set(after))
    return _result(task, steps, before, after, links, loose)


def _result(
    task: PackageTask,
    steps: t.Sequence[Step],
    before: t.Sequence[Ident],
    after: t.Sequence[Ident],
    links: t.Mapping[Ident, list[binlinks.Link]],
    loose: t.Sequence[binlinks.Link] = (),
) -> dict[str, t.Any]:
    rows = [_row(task, step.wanted, before, after) for step in steps]
    told = binlinks.told([*(link for each in links.values() for link in each), *loose])
    came, went = set(after) - set(before), set(before) - set(after)
    installs = task.keeps and any(step.commands for step in steps)  # also when only a hook is run again
    return {
        "changed": bool(came or went or installs or _unlinked(links) or loose),
        "packages": rows,
        "installed": _texts(came),
        "removed": _texts(went),
        "binlinks": told,
        "hab_version": task.hab.version,
        "diff": {"before": _shown(rows, "before", told), "after": _shown(rows, "after", told)},
    }


def _row(task: PackageTask, wanted: Wanted, before: t.Sequence[Ident], after: t.Sequence[Ident]) -> dict[str, t.Any]:
    package = wanted.ident.package
    old, new = packages.releases(package, before), packages.releases(package, after)
    fitting = packages.releases(wanted.ident, after)
    return {
        "name": str(package),
        "ident_requested": str(wanted.ident),
        "before": _texts(old),
        "after": _texts(new),
        "installed": _texts(set(new) - set(old)),
        "removed": _texts(set(old) - set(new)),
        "channel": task.settings.channel,
        "path": task.hab.package_path(fitting[0]) if fitting else "",
    }


def _texts(idents: t.Iterable[Ident]) -> list[str]:
    return [str(ident) for ident in newest_first(idents)]


def _shown(rows: t.Sequence[dict[str, t.Any]], side: str, links: t.Sequence[dict[str, str]]) -> str:
    """One side of the diff: the releases, and the links that change."""
    gone = {"before": "create", "after": "remove"}[side]
    changing = {link["path"]: link["target"] for link in links if link["action"] not in ("none", gone)}
    replaced = {link["path"]: "(another)" for link in links if link["action"] == "replace" and side == "before"}
    return to_text({**{row["name"]: row[side] for row in rows if row[side]}, **changing, **replaced})


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "name": {"type": "list", "elements": "str", "required": True, "aliases": ["pkg", "ident"]},
            "state": {"type": "str", "choices": ["present", "latest", "absent"], "default": "present"},
            "version": {"type": "str"},
            "release": {"type": "str"},
            "channel": {"type": "str", "default": "stable"},
            "use_api": {"type": "bool", "default": True},
            "binlink": {"type": "bool", "default": False},
            "binlink_dir": {"type": "str", "default": "/bin"},
            "binlink_force": {"type": "bool", "default": False},
            "ignore_install_hook": {"type": "bool", "default": False},
            "ignore_uninstall_hook": {"type": "bool", "default": False},
            "ignore_local": {"type": "bool", "default": False},
            "keep_latest": {"type": "int"},
            "exclude": {"type": "list", "elements": "str"},
            "no_deps": {"type": "bool", "default": False},
            "when_in_use": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        },
        supports_check_mode=True,
    )
    try:
        result = ensure(PackageTask(module.params, module.check_mode, module.warn))
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

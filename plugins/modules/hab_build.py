#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hab_build
short_description: Build a Chef Habitat package
version_added: 0.2.0
description:
  - Builds a plan in a studio if its source has changed since the last build.
  - Each build makes a new release, so C(hab) alone never knows whether there is something to do. The module keeps a
    digest of the source beside the results.
  - The results are in the directory C(results) of the source and belong to root.
options:
  path:
    description: Directory with the plan, C(plan.sh) or C(habitat/plan.sh).
    type: path
    required: true
  keys:
    description: Origins whose secret keys sign the package.
    type: list
    elements: str
  src:
    description: Directory with the source. Without it, O(path).
    type: path
  root:
    description: Directory of the studio.
    type: path
  reuse:
    description: Whether a studio that is there is used again.
    type: bool
    default: false
  docker:
    description: Whether the studio is a Docker container.
    type: bool
    default: false
  refresh_channel:
    description: Channel that dependencies come from.
    type: str
  cache_key_path:
    description: Directory of the keys. Without it, that of C(hab), which is C(/hab/cache/keys) for root.
    type: path
  secrets:
    description:
      - Values that the plan sees as variables of these names.
      - While the build runs, every user of the host can see them in the list of processes, so use a host of its own.
    type: dict
  expose_token:
    description:
      - Whether the studio gets O(auth_token), for dependencies that are not public. Every user of the host can see it
        there while the build runs.
    type: bool
    default: false
  rebuild:
    description:
      - When to build although there is a result.
      - V(if_source_changed) looks at all files of O(src) except C(results) and C(.git), and at the options of the
        build.
    type: str
    choices: [always, if_source_changed, never]
    default: if_source_changed
  creates:
    description: A file or directory; if it exists, nothing is built.
    type: path
  timeout:
    default: 3600
extends_documentation_fragment:
  - containerci.aws._hab
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_hab
attributes:
  check_mode:
    support: full
    details: Tells whether a build would run.
  diff_mode:
    support: full
  idempotent:
    support: full
    details: Except with V(always) as O(rebuild).
seealso:
  - module: containerci.aws.hab_export
  - module: containerci.aws.hab_publish
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Build the application
  containerci.aws.hab_build:
    path: /var/lib/acme/web
    keys: [acme]
    refresh_channel: stable
    accept_license: true
  become: true
  register: build

- name: A plan in a larger repository
  containerci.aws.hab_build:
    path: /var/lib/acme/shop/habitat
    src: /var/lib/acme/shop
    root: /hab/studios/shop
    reuse: true
    docker: false
    cache_key_path: /var/lib/acme/keys
    secrets:
      NPM_TOKEN: "{{ npm_token }}"
    bldr_url: https://bldr.example.com/bldr/v1
    auth_token: "{{ builder_token }}"
    expose_token: true
    rebuild: always
    timeout: 7200
    executable: /opt/hab/hab
  become: true

- name: Build once
  containerci.aws.hab_build:
    path: /var/lib/acme/tool
    creates: /var/lib/acme/tool/results/last_build.env
  become: true
"""

RETURN = r"""
ident:
  description: The release that was built, now or before. Not there in check mode when a build would run.
  returned: when there is one
  type: str
  sample: acme/web/1.2.0/20260812081234
artifact:
  description: File of the package.
  returned: when there is one
  type: str
  sample: /var/lib/acme/web/results/acme-web-1.2.0-20260812081234-x86_64-linux.hart
sha256:
  description: SHA-256 of the file.
  returned: when there is one
  type: str
  sample: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
blake2b:
  description: Checksum of the file as Habitat makes it, BLAKE2b with 256 bits.
  returned: when there is one
  type: str
  sample: 928b20366943e2afd11ebc0eae2e53a93bf177a4fcf35bcc64d503704e65e202
results_dir:
  description: Directory of the results.
  returned: success
  type: str
  sample: /var/lib/acme/web/results
reason:
  description: Why a build was or would be run; empty when none was.
  returned: success
  type: str
  sample: the source is not the one that was built
rc:
  description: Exit code of the build.
  returned: when a build was run
  type: int
  sample: 0
"""

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._hab import builds, environment, keys
from ansible_collections.containerci.aws.plugins.module_utils._hab.builds import Build
from ansible_collections.containerci.aws.plugins.module_utils._hab.engine import VARIABLES
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.files import replace_file
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import OPTIONS, Hab


class BuildTask:
    """One plan, its source and its results."""

    def __init__(self, params: dict[str, t.Any], warn: t.Callable[[str], None]) -> None:
        self.params = params
        self.warn = warn
        self.src, self.context = builds.places(params["path"], params["src"])
        self.results = os.path.join(self.src, builds.RESULTS)
        self.variables = builds.studio_variables(params["secrets"] or {})
        self.hab = Hab(params)
        self.hab.keep_secret(*self.variables.values())
        self.keys = params["cache_key_path"] or environment.key_directory(self.hab.environ)
        self.words = builds.words(params, self.context, self.src, self.keys)

    def check(self) -> None:
        """What would make the build fail after minutes, or without a word."""
        if not environment.is_root() and not self.params["docker"]:
            raise HabError("A studio needs the rights of root; use become.", "not_permitted")
        for origin in self.params["keys"] or []:
            if not keys.chosen(keys.find(self.keys, origin), "", ("secret",)):
                raise HabError(
                    f"{self.keys} has no secret key of the origin {origin}; import it with hab_origin_key.",
                    "no_signing_key",
                )
        if self.variables or (self.params["expose_token"] and self.params["auth_token"]):
            self.warn(
                "Every user of this host can see the secrets of the build in the list of processes while it runs."
            )

    def run(self, before: Build | None) -> Build:
        """Build, and look at what came of it."""
        extra = {**self.variables, **{name: os.environ[name] for name in VARIABLES if os.environ.get(name)}}
        without = () if self.params["expose_token"] else ("HAB_AUTH_TOKEN",)
        done = self.hab.run(*self.words, cwd=self.src, extra=extra, without=without)
        if done.rc:
            code, meaning = builds.FAILURES.get(done.rc, ("", ""))
            error = self.hab.failure(done, code)
            raise HabError(f"{error.message[:-1]}{'; ' if meaning else ''}{meaning}.", error.code, **_rest(error))
        build = builds.read_build(self.results)
        if before and build.ident == before.ident:
            raise HabError(f"hab said that it built, but {self.results} still has {build.ident}.", "results")
        return build

    def remember(self, digest: str, build: Build) -> None:
        replace_file(builds.record_path(self.results), builds.record_text(digest, build), 0o644)


def _rest(error: HabError) -> dict[str, t.Any]:
    return {name: value for name, value in error.details.items() if name != "error_code"}


def ensure(task: BuildTask, check_mode: bool) -> dict[str, t.Any]:
    """Build if there is a reason to; the result of the module."""
    params = task.params
    settings = {name: params[name] for name in ("keys", "refresh_channel", "docker")}
    last = builds.last_build(task.results)
    if params["creates"] and os.path.exists(params["creates"]):
        return result(task, "", last, last)
    digest = builds.source_digest(task.src, {**settings, "context": task.context})
    reason = builds.reason_to_build(params["rebuild"], last, digest, builds.recorded_digest(task.results))
    if not reason:
        return result(task, "", last, last)
    task.check()
    if check_mode:
        return result(task, reason, last, None)
    build = task.run(last)
    task.remember(digest, build)
    return {**result(task, reason, last, build), "rc": 0}


def result(task: BuildTask, reason: str, before: Build | None, after: Build | None) -> dict[str, t.Any]:
    expected = {"ident": after.ident} if after else {"ident": "(a new release)"}
    return {
        **(after._asdict() if after else {}),
        "changed": bool(reason),
        "reason": reason,
        "results_dir": task.results,
        "diff": {
            "before": to_text({"ident": before.ident} if before else {}),
            "after": to_text(expected if after or reason else {}),
        },
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "path": {"type": "path", "required": True},
            "keys": {"type": "list", "elements": "str", "no_log": False},
            "src": {"type": "path"},
            "root": {"type": "path"},
            "reuse": {"type": "bool", "default": False},
            "docker": {"type": "bool", "default": False},
            "refresh_channel": {"type": "str"},
            "cache_key_path": {"type": "path", "no_log": False},
            "secrets": {"type": "dict", "no_log": True},
            "expose_token": {"type": "bool", "default": False, "no_log": False},
            "rebuild": {
                "type": "str",
                "choices": ["always", "if_source_changed", "never"],
                "default": "if_source_changed",
            },
            "creates": {"type": "path"},
            "timeout": {"type": "int", "default": 3600},
        },
        supports_check_mode=True,
    )
    try:
        built = ensure(BuildTask(module.params, module.warn), module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**built)


if __name__ == "__main__":
    main()

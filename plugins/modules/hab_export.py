#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hab_export
short_description: Make images and archives of Habitat packages
version_added: 0.2.0
description:
  - Makes a container image or an archive of a package with all that it needs.
  - Nothing is done if the engine has the image of the release, or the archive is there.
  - An image is pushed with other tools, for example C(community.docker.docker_image_push), because C(hab) has the
    password of the registry on its command line.
options:
  source:
    description:
      - File of the package on the host, or its name. With a file it is certain what is exported.
      - A name that is not complete is completed with the newest release of O(channel).
    type: str
    required: true
  type:
    description: What is made.
    type: str
    choices: [container, tar]
    default: container
  dest:
    description: Directory on the host for the archive, or for the notes about the image. It is made if need be.
    type: path
    required: true
  image_name:
    description: Name of the image. Without it, V(origin/name).
    type: str
  tags:
    description:
      - Tags of the image besides those that C(hab) gives it, which are V(version-release), V(version) and V(latest).
    type: list
    elements: str
  engine:
    description: What keeps the images on the host.
    type: str
    choices: [docker, buildah]
    default: docker
  memory:
    description: Limit of memory that is written into the image, for example V(512m).
    type: str
  multi_layer:
    description: Whether each package gets a layer of its own. Only with V(docker) as O(engine).
    type: bool
    default: false
  channel:
    description: Channel of the package and what it needs.
    type: str
    default: stable
  base_channel:
    description: Channel of C(hab), supervisor and launcher.
    type: str
    default: base
  base_url:
    description: Builder that C(hab), supervisor and launcher come from. Without it, O(bldr_url).
    type: str
  with_hab:
    description: Whether an archive has C(hab).
    type: bool
    default: true
  with_supervisor:
    description: Whether an archive has the supervisor.
    type: bool
    default: true
  timeout:
    default: 1800
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
notes:
  - A container of the image needs the variable C(HAB_LICENSE).
seealso:
  - module: containerci.aws.hab_build
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: An image of what was built
  containerci.aws.hab_export:
    source: "{{ build.artifact }}"
    dest: /var/lib/acme/export
    tags: [tested]
    accept_license: true
  become: true

- name: With everything said
  containerci.aws.hab_export:
    source: acme/web/1.2.0/20260812081234
    type: container
    dest: /var/lib/acme/export
    image_name: registry.example.com/acme/web
    engine: docker
    memory: 512m
    multi_layer: true
    channel: acceptance
    base_channel: base
    base_url: https://bldr.habitat.sh
    bldr_url: https://bldr.example.com/bldr/v1
    auth_token: "{{ builder_token }}"
    executable: /opt/hab/hab
    timeout: 3600
  become: true

- name: An archive
  containerci.aws.hab_export:
    source: acme/web
    type: tar
    dest: /var/lib/acme/export
    with_hab: false
    with_supervisor: false
  become: true
"""

RETURN = r"""
ident:
  description: The release that was exported.
  returned: success
  type: str
  sample: acme/web/1.2.0/20260812081234
image:
  description: Name of the image with the tag of the release.
  returned: for a container
  type: str
  sample: acme/web:1.2.0-20260812081234
image_id:
  description: ID of the image, empty in check mode when there is none yet.
  returned: for a container
  type: str
  sample: sha256:9b2a7c1d5e
tags:
  description: Names with tags that the image has now, as far as the task wants them.
  returned: for a container
  type: list
  elements: str
  sample: ['acme/web:1.2.0-20260812081234', 'acme/web:tested']
archive:
  description: The archive.
  returned: for an archive
  type: str
  sample: /var/lib/acme/export/acme-web-1.2.0-20260812081234.tar.gz
"""

import os
import tempfile
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._hab import exports
from ansible_collections.containerci.aws.plugins.module_utils._hab.depot import Depot
from ansible_collections.containerci.aws.plugins.module_utils._hab.engine import Engine
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.harts import read_hart
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident, parse
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import OPTIONS, Hab

Result = dict[str, t.Any]


def release_of(params: t.Mapping[str, t.Any], hab: Hab) -> tuple[Ident, str]:
    """The release to export, and the word for it that leaves no doubt."""
    source = params["source"]
    if source.endswith(".hart"):
        return read_hart(hab, source, "source").ident, source
    ident = parse(source, "source")
    if not ident.is_full:
        found = Depot(params, hab.environ).latest(ident, params["channel"])
        if found is None:
            raise HabError(f"The channel {params['channel']} has no release of {ident}.", "not_found")
        ident = found.ident
    return ident, str(ident)


def ensure_archive(hab: Hab, params: dict[str, t.Any], check_mode: bool) -> Result:
    ident, source = release_of(params, hab)
    archive = os.path.join(params["dest"], exports.archive_name(ident))
    missing = not os.path.isfile(archive)
    if missing and not check_mode:
        _make(params["dest"])
        # A directory of its own: an export that was interrupted must not look like an archive.
        with tempfile.TemporaryDirectory(dir=params["dest"], prefix=".containerci-") as folder:
            done = hab.must(*exports.tar_words(source, params), cwd=folder)
            made = os.path.join(folder, os.path.basename(archive))
            if not os.path.isfile(made):
                raise HabError(f"{done.command} said that all is well, but made no {archive}.", "results")
            os.replace(made, archive)
    shown = to_text({"archive": archive})
    diff = {"before": "" if missing else shown, "after": shown}
    return {"changed": missing, "ident": str(ident), "archive": archive, "diff": diff}


def ensure_image(hab: Hab, params: dict[str, t.Any], check_mode: bool) -> Result:
    if params["multi_layer"] and params["engine"] == "buildah":
        raise HabError("multi_layer is true, which buildah cannot do; use docker as engine.", "invalid")
    ident, source = release_of(params, hab)
    image = exports.image_of(ident, params["image_name"], params["tags"] or [])
    engine = Engine(params["engine"], hab.environ, hab.timeout)
    before = images(engine, image)
    planned = exports.plan(image, before)
    after = before
    if planned.any and not check_mode:
        if planned.export:
            export(hab, engine, params, source, image)
        for reference in exports.plan(image, images(engine, image)).tags:
            engine.tag(image.main, reference)
        after = images(engine, image)
        if exports.plan(image, after).any:
            raise HabError(f"hab said that it exported {image.main}, but {engine.name} has not got it.", "engine")
    return {
        "changed": planned.any,
        "ident": str(ident),
        "image": image.main,
        "image_id": after.get(image.main, ""),
        "tags": image.references,
        "diff": {
            "before": to_text(before),
            "after": to_text(dict.fromkeys(image.references, before.get(image.main, "(a new image)")))
            if check_mode
            else to_text(after),
        },
    }


def images(engine: Engine, image: exports.Image) -> dict[str, str]:
    """The images that the engine has under the names that are wanted."""
    found = {reference: engine.image(reference) for reference in image.references}
    return {reference: number for reference, number in found.items() if number}


def export(hab: Hab, engine: Engine, params: dict[str, t.Any], source: str, image: exports.Image) -> None:
    _make(params["dest"])
    exporter = "container" if hab.major > 1 else "docker"
    words = exports.container_words(exporter, source, image, params)
    hab.must(*words, cwd=params["dest"], extra=engine.variables)
    made = exports.exported_tags(params["dest"])
    if image.main not in made:
        raise HabError(f"hab exported {', '.join(made)} instead of {image.main}.", "results")


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise HabError(f"dest is {folder!r}, which cannot be made: {error.strerror}.", "not_permitted") from None


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "source": {"type": "str", "required": True},
            "type": {"type": "str", "choices": ["container", "tar"], "default": "container"},
            "dest": {"type": "path", "required": True},
            "image_name": {"type": "str"},
            "tags": {"type": "list", "elements": "str"},
            "engine": {"type": "str", "choices": ["docker", "buildah"], "default": "docker"},
            "memory": {"type": "str"},
            "multi_layer": {"type": "bool", "default": False},
            "channel": {"type": "str", "default": "stable"},
            "base_channel": {"type": "str", "default": "base"},
            "base_url": {"type": "str"},
            "with_hab": {"type": "bool", "default": True},
            "with_supervisor": {"type": "bool", "default": True},
            "timeout": {"type": "int", "default": 1800},
        },
        supports_check_mode=True,
    )
    ensure = ensure_archive if module.params["type"] == "tar" else ensure_image
    try:
        result = ensure(Hab(module.params), module.params, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

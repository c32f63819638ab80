# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.builds import parse_env
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import option, switch

_IMAGE_NAME = re.compile(r"[a-z0-9]+(?:[._:/-]+[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


class Image(t.NamedTuple):
    """A container image as the task wants it; the first tag is that of the release."""

    name: str
    tags: tuple[str, ...]

    @property
    def main(self) -> str:
        return self.references[0]

    @property
    def references(self) -> list[str]:
        return [f"{self.name}:{tag}" for tag in self.tags]


class Plan(t.NamedTuple):
    """What is to be done: an export, and tags to be given."""

    export: bool
    tags: tuple[str, ...]

    @property
    def any(self) -> bool:
        return self.export or bool(self.tags)


def image_of(ident: Ident, name: str | None, tags: t.Sequence[str]) -> Image:
    """The image of a release; hab gives it this name and this tag by itself."""
    name = name or f"{ident.origin}/{ident.name}".lower()
    if not _IMAGE_NAME.fullmatch(name):
        raise HabError(f"image_name is {name!r}; lower-case letters, digits and . _ - / : are allowed.", "invalid")
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise HabError(f"tags has {tag!r}; letters, digits and . _ - are allowed.", "invalid")
    return Image(name, tuple(dict.fromkeys([f"{ident.version}-{ident.release}", *tags])))


def plan(image: Image, found: t.Mapping[str, str]) -> Plan:
    """What is to be done, from the images that the engine has: names with tags, and their IDs."""
    main = found.get(image.main, "")
    wrong = tuple(name for name in image.references[1:] if not main or found.get(name) != main)
    return Plan(not main, wrong)


def container_words(exporter: str, source: str, image: Image, params: t.Mapping[str, t.Any]) -> list[str]:
    """The command of an export. There are no switches for tags: since hab 2.0 they do the opposite of what they say."""
    return [
        "pkg",
        "export",
        exporter,
        source,
        *option("image-name", image.name),
        *option("engine", params["engine"]),
        *option("memory", params["memory"]),
        *switch("multi-layer", params["multi_layer"]),
        *_origin_of_packages(params),
    ]


def tar_words(source: str, params: t.Mapping[str, t.Any]) -> list[str]:
    return [
        "pkg",
        "export",
        "tar",
        source,
        *switch("no-hab-bin", not params["with_hab"]),
        *switch("no-hab-sup", not params["with_supervisor"]),
        *_origin_of_packages(params),
    ]


def _origin_of_packages(params: t.Mapping[str, t.Any]) -> list[str]:
    return [
        *option("url", params["bldr_url"]),
        *option("channel", params["channel"]),
        *option("base-pkgs-url", params["base_url"] or params["bldr_url"]),
        *option("base-pkgs-channel", params["base_channel"]),
    ]


def archive_name(ident: Ident) -> str:
    return f"{'-'.join(ident)}.tar.gz"


def exported_tags(folder: str) -> list[str]:
    """The names with tags that the last export of a container made."""
    path = os.path.join(folder, "results", "last_container_export.env")
    if not os.path.exists(path):  # as it was called before
        path = os.path.join(folder, "results", "last_docker_export.env")
    try:
        with open(path, encoding="utf-8") as stream:
            return parse_env(stream.read()).get("name_tags", "").split(",")
    except OSError as error:
        raise HabError(f"{path} cannot be read: {error.strerror}.", "results") from None

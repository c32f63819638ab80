# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import hashlib
import json
import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.harts import checksum, sha256
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import option, switch

RESULTS = "results"
_RECORD = "last_build.source"
#: what is no source: the results themselves, and what git keeps for itself
_NO_SOURCE = (RESULTS, ".git")
_LINE = re.compile(
    r"""(?P<key>[A-Za-z_][A-Za-z0-9_]*)=(?:"(?P<d>[^"$`\\]*)"|'(?P<s>[^']*)'|(?P<bare>[^\s"'$`\\;&|<>()]*))"""
)
_NEEDED = ("pkg_ident", "pkg_artifact", "pkg_sha256sum", "pkg_blake2bsum")

#: exit codes of a build that say what is wrong
FAILURES = {
    17: ("scaffolding", "the scaffolding of the plan failed"),
    31: ("dependencies", "a dependency cannot be found; look at bldr_url and refresh_channel"),
    35: ("no_signing_key", "the secret key of the origin is missing; import it with hab_origin_key"),
    42: ("no_plan", "there is no plan, or more than one; look at path"),
}


class Build(t.NamedTuple):
    """What a build left: its file, and what it says about it."""

    ident: str
    artifact: str
    sha256: str
    blake2b: str


def parse_env(text: str) -> dict[str, str]:
    """The variables of last_build.env: plain assignments with or without quotes. Nothing in it is ever run."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if not match or match["key"] in found:
            raise HabError(f"Line {number} of the results of the build is no plain assignment: {line!r}.", "results")
        found[match["key"]] = next(value for value in (match["d"], match["s"], match["bare"]) if value is not None)
    return found


def read_build(folder: str) -> Build:
    """The last build of a directory of results; its file has to be there and to be the one that was built."""
    path = os.path.join(folder, "last_build.env")
    try:
        with open(path, encoding="utf-8") as stream:
            values = parse_env(stream.read())
    except OSError as error:
        raise HabError(f"{path} cannot be read: {error.strerror}.", "results") from None
    missing = [key for key in _NEEDED if not values.get(key)]
    if missing:
        raise HabError(f"{path} has no {missing[0]}.", "results")
    name = values["pkg_artifact"]
    build = Build(values["pkg_ident"], os.path.join(folder, name), values["pkg_sha256sum"], values["pkg_blake2bsum"])
    if "/" in name or not os.path.isfile(build.artifact):
        raise HabError(f"{path} names the file {name}, which is not beside it.", "results")
    if (sha256(build.artifact), checksum(build.artifact)) != (build.sha256, build.blake2b):
        raise HabError(f"{build.artifact} is not the file that was built: its checksums are others.", "results")
    return build


def last_build(folder: str) -> Build | None:
    """The same, nothing when there is no usable one."""
    try:
        return read_build(folder)
    except HabError:
        return None


def source_digest(src: str, settings: t.Mapping[str, t.Any]) -> str:
    """One number for all files of the source and the settings of the build."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for folder, names, files in os.walk(src):
        if folder == src:
            names[:] = [name for name in names if name not in _NO_SOURCE]
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        names.sort()
        for name in sorted([*files, *links]):
            path = os.path.join(folder, name)
            entry = [os.path.relpath(path, src), *_state_of(path)]
            digest.update(json.dumps(entry).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _state_of(path: str) -> tuple[str, str]:
    """What a file of the source is, and what it holds."""
    if os.path.islink(path):
        return "link", os.readlink(path)
    if not os.path.isfile(path):
        return "other", ""
    return "program" if os.access(path, os.X_OK) else "file", sha256(path)


def recorded_digest(folder: str) -> tuple[str, str]:
    """The digest of the last build, and the ident of what it made."""
    try:
        with open(os.path.join(folder, _RECORD), encoding="utf-8") as stream:
            told = json.load(stream)
        return str(told["digest"]), str(told["ident"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""


def record_text(digest: str, build: Build) -> str:
    return json.dumps({"digest": digest, "ident": build.ident}) + "\n"


def record_path(folder: str) -> str:
    return os.path.join(folder, _RECORD)


def reason_to_build(rebuild: str, last: Build | None, digest: str, recorded: tuple[str, str]) -> str:
    """Why a build is needed, empty when it is not."""
    if last is None:
        return "there is no result yet"
    if rebuild == "always":
        return "rebuild is always"
    if rebuild == "if_source_changed" and recorded != (digest, last.ident):
        return "the source is not the one that was built"
    return ""


def words(params: t.Mapping[str, t.Any], context: str, src: str, key_directory: str) -> list[str]:
    """The command of the build."""
    return [
        "pkg",
        "build",
        context,
        *(word for origin in params["keys"] or [] for word in option("keys", origin)),
        *option("src", src),
        *option("root", params["root"]),
        *option("cache-key-path", key_directory),
        *switch("reuse", params["reuse"]),
        *switch("docker", params["docker"]),
        *option("refresh-channel", params["refresh_channel"]),
    ]


def places(path: str, src: str | None) -> tuple[str, str]:
    """The source directory, and the plan context as it is seen from there."""
    path = os.path.abspath(path)
    root = os.path.abspath(src) if src else path
    if not os.path.isdir(path):
        raise HabError(f"path is {path!r}, and there is no such directory on the host.", "no_plan")
    context = os.path.relpath(path, root)
    if context.startswith(".."):
        raise HabError(f"path is {path!r}, which is not below src, {root!r}.", "invalid")
    return root, context


def studio_variables(secrets: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The variables with which secrets reach a studio."""
    for name, value in secrets.items():
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise HabError(f"secrets has the name {name!r}; letters, digits and _ are allowed.", "invalid")
        if not str(value) or re.search(r"\s", str(value)):
            raise HabError(
                f"The value of {name} in secrets is empty or has blanks, which a studio takes apart.", "invalid"
            )
    return {f"HAB_STUDIO_SECRET_{name}": str(value) for name, value in secrets.items()}

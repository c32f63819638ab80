# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a build works on: sources that are fetched and unpacked, artifacts that are packed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from ...settings import internal_client
from .. import codecommit
from ..codecommit.repository import CodeCommitError
from .backend import Build


class BuildspecError(Exception):
    """The buildspec, or what it names, is not as it must be."""


class MissingSource(Exception):
    """The source cannot be fetched."""


def fetch(build: Build, source: dict[str, Any], version: str) -> bytes:
    """The archive of a source; for CODEPIPELINE the version is the ARN of the object."""
    if source["type"] == "CODEPIPELINE":
        return _object(build, version) if version else empty()
    if source["type"] == "S3":
        return _object(build, source["location"])
    if source["type"] == "CODECOMMIT":
        name = source["location"].rsplit("/", 1)[-1]
        try:
            return zipped(codecommit.tree(build.account, build.region, name, version))
        except CodeCommitError as error:
            raise MissingSource(error.message) from error
    if source["type"] == "NO_SOURCE":
        return empty()
    raise MissingSource(f"The embedded AWS cannot fetch a source of type {source['type']}")


def _object(build: Build, location: str) -> bytes:
    bucket, _, key = location.removeprefix("arn:aws:s3:::").partition("/")
    s3 = internal_client("s3", build.region, build.account, "codebuild")
    content: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return content


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def empty() -> bytes:
    return zipped({})


def unpack(content: bytes, folder: Path) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise MissingSource("The source is no zip archive") from error
    with archive:
        for item in archive.infolist():
            path = Path(archive.extract(item, folder))
            mode = item.external_attr >> 16 & 0o777
            if mode and path.is_file():
                path.chmod(mode | 0o600)


def pack(folder: Path, wanted: dict[str, Any]) -> bytes:
    """The artifact that a buildspec describes with files, base-directory and discard-paths."""
    base = folder / wanted.get("base-directory", ".")
    paths: dict[str, Path] = {}
    for pattern in wanted.get("files", []):
        found = [path for path in sorted(base.glob(_glob(pattern))) if path.is_file()]
        if not found:
            raise BuildspecError(f"No matching artifact paths found for {pattern}")
        for path in found:
            name = path.name if str(wanted.get("discard-paths", "no")) == "yes" else str(path.relative_to(base))
            paths[name] = path
    if not paths:
        raise BuildspecError("The buildspec names no artifact files, but the project has artifacts")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in paths.items():
            archive.write(path, name)
    return packed.getvalue()


def _glob(pattern: str) -> str:
    """CodeBuild's **/* takes the files of all folders, and so do a folder's name and its slash."""
    cleaned = pattern.removeprefix("./")
    return f"{cleaned}/*" if cleaned.endswith("**") else cleaned

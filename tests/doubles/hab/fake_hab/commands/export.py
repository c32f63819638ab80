# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg export container and tar: the arguments are checked, the report is written, no image is made."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
from pathlib import Path

from fake_hab import remote, strict
from fake_hab.context import Context
from fake_hab.depot import Refused
from fake_hab.failure import Failure
from fake_hab.grammar import Grammar
from fake_hab.hart import Hart
from fake_hab.idents import Ident
from fake_hab.parser import Parsed, parse_program
from fake_hab.refusal import Refusal, ShowHelp, ShowVersion
from fake_hab.store import Store
from fake_hab.usage import help_of, usage_of
from fake_hab.values import is_ident


def container(context: Context, parsed: Parsed) -> int:
    return _run(context, "hab-pkg-export-container", parsed.all("ARGS"))


def tar(context: Context, parsed: Parsed) -> int:
    return _run(context, "hab-pkg-export-tar", parsed.all("ARGS"))


def _run(context: Context, program: str, words: list[str]) -> int:
    """Start the exporter, or the program that a variable names instead."""
    replaced = context.variable(program.replace("-", "_").upper() + "_BINARY")
    if replaced is not None:
        return subprocess.run([replaced, *words], env=context.environment).returncode
    try:
        parsed = parse_program(Grammar.load(), program, words, context.environment)
    except Refusal as refusal:
        context.ui.error_line(f"error: {refusal}\n\n{usage_of(refusal.command)}")
        return 2
    except (ShowHelp, ShowVersion) as wanted:
        context.ui.line(help_of(wanted.command, context.release))
        return 0
    complaint = strict.complaint(context, parsed)
    if complaint:
        context.ui.error_line(f"error: the strict double refuses this: {complaint}")
        return 2
    (_export_tar if program.endswith("tar") else _export_container)(context, parsed)
    return 0


def _find(context: Context, parsed: Parsed, source: str) -> Hart:
    """An artifact on disk, or the newest of the channel for an ident."""
    if Path(source).is_file():
        return Hart.read(Path(source))
    if not is_ident(source):
        raise Failure(f"Invalid package identifier: {source}")
    depot = remote.depot_of(context, parsed, "--url")
    token = context.token(None)
    wanted = Ident.parse(source)
    try:
        if not wanted.is_full:
            wanted = Ident(**depot.latest(wanted, parsed.text("--channel"), context.target, token)["ident"])
        data = depot.download(wanted, token)
    except Refused as refused:
        raise Failure(remote.text_of(refused)) from refused
    return Hart.read(Store(context).keep(wanted, data))


def _export_container(context: Context, parsed: Parsed) -> None:
    if parsed.text("--engine") == "buildah" and parsed.flag("--multi-layer"):
        raise Failure("The buildah engine does not support multi-layer images")
    artifacts = [_find(context, parsed, source) for source in parsed.all("PKG_IDENT_OR_ARTIFACT")]
    ident = artifacts[0].ident
    name = (parsed.one("--image-name") or f"{ident.origin}/{ident.name}").lower()
    tags = _tags(parsed, ident)
    context.ui.begin(f"Building a container with: {', '.join(str(artifact.ident) for artifact in artifacts)}")
    digest = hashlib.sha256(b"".join(artifact.data for artifact in artifacts)).hexdigest()
    name_tags = ",".join(f"{name}:{tag}" for tag in tags)
    report = f"id=sha256:{digest}\nname={name}\ntags={','.join(tags)}\nname_tags={name_tags}\n"
    results = Path("results")
    results.mkdir(exist_ok=True)
    for file in ("last_container_export.env", "last_docker_export.env"):
        context.ui.status("Creating", f"build report {results / file}")
        (results / file).write_text(report)
    context.ui.end(f"Container image '{name}' created with tags: {', '.join(tags)}")


def _tags(parsed: Parsed, ident: Ident) -> list[str]:
    """All three tags come by default; since 2.x a switch *drops* its tag, and the `no` forms do nothing."""
    choices = {
        "--tag-version-release": f"{ident.version}-{ident.release}",
        "--tag-version": str(ident.version),
        "--tag-latest": "latest",
    }
    custom = parsed.one("--tag-custom")
    return [tag for switch, tag in choices.items() if not parsed.flag(switch)] + ([custom] if custom else [])


def _export_tar(context: Context, parsed: Parsed) -> None:
    artifact = _find(context, parsed, parsed.text("PKG_IDENT_OR_ARTIFACT"))
    path = Path("-".join(map(str, artifact.ident)) + ".tar.gz")
    with tarfile.open(path, "w:gz") as archive:
        for name, file in sorted(artifact.files.items()):
            member = tarfile.TarInfo(f"hab/pkgs/{artifact.ident}/{name}")
            member.size, member.mode = len(file.content), file.mode
            archive.addfile(member, io.BytesIO(file.content))
    context.ui.end(f"Exported {artifact.ident} to {os.path.abspath(path)}")

# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg hash, info, header, sign and verify: artifacts on disk."""

from __future__ import annotations

import json
from pathlib import Path

from fake_hab import hart
from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.keys import KeyCache
from fake_hab.parser import Parsed


def _cache(context: Context, parsed: Parsed) -> KeyCache:
    return KeyCache(context.key_cache(parsed.one("cache_key_path")))


def hash_file(context: Context, parsed: Parsed) -> None:
    source = parsed.one("SOURCE")
    names = [source] if source is not None else context.read_stdin().decode().splitlines()
    for name in names:
        try:
            digest = hart.checksum(Path(name).read_bytes())
        except OSError as error:
            raise Failure(f"{error.strerror} (os error {error.errno})") from error
        context.ui.line(f"{digest}  {name}")


def info(context: Context, parsed: Parsed) -> None:
    artifact = hart.Hart.read(Path(parsed.text("SOURCE")))
    if parsed.flag("TO_JSON"):
        context.ui.line(json.dumps(_description(artifact)))
        return
    context.ui.begin(f"Reading PackageIdent from {artifact.path}\n")
    for label, value in zip(("Package Path", "Origin", "Name", "Version", "Release"), (artifact.path, *artifact.ident)):
        context.ui.line(f"{label:<15}: {value}")


def _description(artifact: hart.Hart) -> dict[str, object]:
    ident, header = artifact.ident, artifact.header
    lists = {
        name: list(map(str, artifact.idents(name.upper()))) for name in ("deps", "tdeps", "build_deps", "build_tdeps")
    }
    texts = ("manifest", "svc_user", "svc_group", "ld_run_path", "ldflags", "cflags")
    return {
        "format_version": header.format,
        "key_name": header.key_name,
        "hash_type": header.hash_type,
        "signature_raw": header.signature,
        "ident": str(ident),
        **ident._asdict(),
        "checksum": artifact.checksum,
        "target": artifact.target,
        "is_a_service": "run" in artifact.files or "hooks/run" in artifact.files,
        **lists,
        "exposes": (artifact.text("EXPOSES") or "").split(),
        "config": artifact.text("default.toml"),
        **{name: artifact.text(name.upper()) for name in texts},
    }


def header(context: Context, parsed: Parsed) -> None:
    """An unreadable header is only a warning, and success."""
    source = Path(parsed.text("SOURCE"))
    context.ui.begin(f"Reading package header for {source}\n")
    try:
        found, _payload = hart.split(source.read_bytes())
    except (OSError, ValueError):
        context.ui.warn("Failed to read package header.")
        return
    labels = ("Package", "Format Version", "Key Name", "Hash Type", "Raw Signature")
    for label, value in zip(labels, (source, *found)):
        context.ui.line(f"{label:<15}: {value}")


def sign(context: Context, parsed: Parsed) -> None:
    source, destination = Path(parsed.text("SOURCE")), Path(parsed.text("DEST"))
    key = _cache(context, parsed).latest("secret", context.origin(parsed.one("ORIGIN")))
    context.ui.begin(f"Signing {source}")
    context.ui.status("Signing", f"{source} with {key.name} to create {destination}")
    destination.write_bytes(hart.seal(source.read_bytes(), key))
    context.ui.end(f"Signed artifact {destination}.")


def verify(context: Context, parsed: Parsed) -> None:
    source = Path(parsed.text("SOURCE"))
    context.ui.begin(f"Verifying artifact {source}")
    artifact = hart.Hart.read(source)
    digest = artifact.verify(_cache(context, parsed))
    context.ui.status("Verified", f"checksum {digest} signed with {artifact.header.key_name}")
    context.ui.end(f"Verified artifact {source}.")

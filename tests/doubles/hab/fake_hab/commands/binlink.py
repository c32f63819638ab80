# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg binlink."""

from __future__ import annotations

import os
from pathlib import Path

from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.idents import Ident
from fake_hab.parser import Parsed
from fake_hab.store import Package, Store


def binlink(context: Context, parsed: Parsed) -> None:
    store = Store(context)
    ident = Ident.parse(parsed.text("PKG_IDENT"))
    binary = parsed.one("BINARY")
    folder, force = parsed.text("DEST_DIR"), parsed.flag("FORCE")
    if binary is None:
        link_all(context, store, ident, folder, force)
    else:
        link(context, store, ident, binary, folder, force)


def link_all(context: Context, store: Store, ident: Ident, folder: str, force: bool) -> None:
    package = store.load(ident)
    for name in programs(store, package):
        link(context, store, ident, name, folder, force)


def programs(store: Store, package: Package) -> dict[str, str]:
    """Name and path of every file in the PATH of the package."""
    found: dict[str, str] = {}
    for folder in filter(None, (package.text("PATH") or "").split(":")):
        for file in sorted((store.root / folder.lstrip("/")).iterdir()):
            if not file.is_dir():
                found.setdefault(file.name, store.linked(f"{folder}/{file.name}"))
    return found


def link(context: Context, store: Store, ident: Ident, binary: str, folder: str, force: bool) -> None:
    if not folder.startswith("/"):
        raise Failure("prefix not found")
    destination = context.root / folder.lstrip("/")
    context.ui.begin(f"Binlinking {binary} from {ident} into {destination}")
    package = store.load(ident)
    target = programs(store, package).get(binary)
    if target is None:
        raise Failure(f"`{binary}' was not found under any 'PATH' directories in the {package.ident} package")
    if not destination.is_dir():
        context.ui.status("Creating", f"parent directory {destination}")
        destination.mkdir(parents=True)
    path = destination / binary
    if path.is_symlink() and os.readlink(path) != target:
        if not force:
            context.ui.warn(f"Skipping binlink because {binary} already exists at {path}. Use --force to overwrite")
            return
        path.unlink()
    if not path.is_symlink():
        _symlink(target, path)
    context.ui.end(f"Binlinked {binary} from {package.ident} to {path}")


def _symlink(target: str, path: Path) -> None:
    try:
        path.symlink_to(target)
    except FileExistsError:
        raise Failure("File exists (os error 17)") from None

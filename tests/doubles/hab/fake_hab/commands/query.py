# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg list, path, env, config, exec, dependencies and others that only read."""

from __future__ import annotations

import os
import shutil
import subprocess

from fake_hab.context import Context
from fake_hab.failure import Failure, Panic
from fake_hab.idents import Ident
from fake_hab.parser import Parsed
from fake_hab.store import Package, Store, dependants, transitive
from fake_hab.values import is_ident


def ident_or_panic(text: str) -> Ident:
    if not is_ident(text):
        raise Panic(f'called `Result::unwrap()` on an `Err` value: InvalidPackageIdent("{text}")')
    return Ident.parse(text)


def list_packages(context: Context, parsed: Parsed) -> None:
    store = Store(context)
    wanted = parsed.one("PKG_IDENT")
    if wanted is not None:
        found = store.installed(ident_or_panic(wanted))
    else:
        found = store.installed(origin=parsed.one("ORIGIN"))
    for ident in found:
        context.ui.line(ident)


def _package(context: Context, parsed: Parsed) -> Package:
    return Store(context).load(Ident.parse(parsed.text("PKG_IDENT")))


def path(context: Context, parsed: Parsed) -> None:
    context.ui.line(_package(context, parsed).path)


def environment(context: Context, parsed: Parsed) -> None:
    for name, value in _package(context, parsed).variables().items():
        context.ui.line(f'export {name}="{value}"')


def config(context: Context, parsed: Parsed) -> None:
    context.ui.line(_package(context, parsed).text("default.toml") or "")


def binds(context: Context, parsed: Parsed) -> None:
    package = _package(context, parsed)
    required, optional = package.text("BINDS"), package.text("BINDS_OPTIONAL")
    context.ui.line(f"Required Binds:\n{required}" if required else "No required binds found")
    context.ui.line(f"Optional Binds:\n{optional}" if optional else "No optional binds found")


def dependencies(context: Context, parsed: Parsed) -> None:
    store = Store(context)
    ident = store.load(Ident.parse(parsed.text("PKG_IDENT"))).ident
    graph = store.graph()
    if parsed.flag("REVERSE"):
        graph = {other: dependants(graph, other) for other in graph}
    for dep in transitive(graph, ident) if parsed.flag("TRANSITIVE") else graph.get(ident, []):
        context.ui.line(dep)


def provides(context: Context, parsed: Parsed) -> None:
    store = Store(context)
    name = parsed.text("FILE")
    found = sorted(path for path in store.folder.glob("*/*/*/*/**/*") if path.is_file() and path.name == name)
    lines = []
    for file in found:
        words = file.relative_to(store.folder).parts
        label = "/".join(words[: 4 if parsed.flag("FULL_RELEASES") else 2])
        lines.append(f"{label}: {file}" if parsed.flag("FULL_PATHS") else label)
    for line in dict.fromkeys(lines):
        context.ui.line(line)
    if not lines:
        raise Failure(f"No packages containing '{name}' were found")


def execute(context: Context, parsed: Parsed) -> int:
    """Run a program in the environment of a package; its exit status is that of hab."""
    store = Store(context)
    package = _package(context, parsed)
    variables = package.variables()
    folders = [store.linked(folder) for folder in variables.pop("PATH", "").split(":") if folder]
    own_path = ":".join([*folders, context.environment.get("PATH", os.defpath)])
    name = parsed.text("cmd")
    program = shutil.which(name, path=own_path)
    if program is None:
        raise Failure(f"`{name}' was not found on the filesystem or in PATH")
    child = {**context.environment, **variables, "PATH": own_path}
    code = subprocess.run([program, *parsed.all("args")], env=child).returncode
    return 128 - code if code < 0 else code

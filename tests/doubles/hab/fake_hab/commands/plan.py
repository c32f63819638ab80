# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab plan init and render."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from fake_hab import templates, toml
from fake_hab.context import Context
from fake_hab.failure import Failure, Panic
from fake_hab.parser import Parsed


def init(context: Context, parsed: Parsed) -> None:
    name = parsed.one("PKG_NAME") or Path.cwd().name
    folder = Path(name if parsed.one("PKG_NAME") else "habitat")
    folder.mkdir(parents=True, exist_ok=True)
    context.ui.begin("Constructing a cozy habitat for your app...")
    origin = context.origin(parsed.one("ORIGIN"))
    (folder / "plan.sh").write_text(f"pkg_name={name}\npkg_origin={origin}\npkg_version=0.1.0\n")
    context.ui.end(f"An abode for your code has been initialized in {folder}")


def render(context: Context, parsed: Parsed) -> None:
    template = Path(parsed.text("TEMPLATE_PATH"))
    data: dict[str, t.Any] = {"cfg": _settings(parsed.text("DEFAULT_TOML"))}
    user = parsed.one("USER_TOML")
    _merge(data, {"cfg": _settings(user)} if user else {})
    mock = parsed.one("MOCK_DATA")
    _merge(data, json.loads(_read(mock)) if mock else {})
    try:
        text = templates.render(template.read_text(), data)
    except templates.BadTemplate as error:
        raise Panic(f"Could not register template content: {error}") from error
    if parsed.flag("PRINT"):
        context.ui.line(text)
    if not parsed.flag("NO_RENDER"):
        target = Path(parsed.text("RENDER_DIR")) / template.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        if not parsed.flag("QUIET"):
            context.ui.status("Creating", f"file: {target}")


def _read(name: str) -> str:
    try:
        return Path(name).read_text()
    except OSError as error:
        raise Failure(f"{error.strerror} (os error {error.errno})") from error


def _settings(name: str) -> toml.Table:
    try:
        return toml.loads(_read(name))
    except toml.NotToml as error:
        raise Failure(f"Failed to parse TOML: {error}") from error


def _merge(table: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(table.get(key), dict):
            _merge(table[key], value)
        else:
            table[key] = value

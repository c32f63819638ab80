# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import stat
import tempfile
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError


def write_file(path: str, text: str, mode: int, check_mode: bool) -> dict[str, t.Any]:
    """See to it that a file has a text and a mode; the diff tells both only in general."""
    found = _mode_of(path)
    same = found is not None and _read(path) == text
    before = f"{path} {found:04o}\n" if found is not None else ""
    after = f"{path} {mode:04o}{'' if same or found is None else ' (another text)'}\n"
    changed = not same or found != mode
    if changed and not check_mode:
        replace_file(path, text, mode)
    return {"changed": changed, "diff": {"before": before, "after": after}}


def replace_file(path: str, text: str, mode: int) -> None:
    """Write a file at once: nobody sees half of it, and nobody else can read a secret meanwhile."""
    try:
        descriptor, draft = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".containerci-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(draft, mode)
        os.replace(draft, path)
    except OSError as error:
        raise HabError(f"{path} cannot be written: {error.strerror}.", "not_permitted") from None


def _mode_of(path: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError as error:
        raise HabError(f"{path} cannot be read: {error.strerror}.", "not_permitted") from None

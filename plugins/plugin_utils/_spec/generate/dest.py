# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.write import write_file

ENDINGS = {"yaml": "yml", "markdown": "md"}
_COMMENTS = {"yaml": "# {}\n{}", "markdown": "<!-- {} -->\n\n{}"}
_SAID = "{}, written by containerci.aws.server_spec_generate; a file that is edited is not overwritten (seal {})"
_SEAL = re.compile(r"written by containerci\.aws\.server_spec_generate; [^\n]*\(seal ([0-9a-f]{12})\)")
_NO_SEAL = "0" * 12


def sealed(text: str, host: str, format: str) -> str:  # noqa: A002
    """The text under a line that says where it comes from, with a checksum by which an edit is noticed."""
    content = _COMMENTS[format].format(_SAID.format(host, _NO_SEAL), text)
    return content.replace(_NO_SEAL, _checksum(content), 1)


def is_untouched(content: str) -> bool:
    """Whether nobody has edited a text since it was sealed."""
    found = _SEAL.search(content.partition("\n")[0])
    return found is not None and _checksum(content.replace(found.group(1), _NO_SEAL, 1)) == found.group(1)


def _checksum(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[: len(_NO_SEAL)]


def file_in(folder: str, host: str, format: str) -> str:  # noqa: A002
    """The file of a host in a folder of such files."""
    return os.path.join(folder, f"{host}.{ENDINGS[format]}")


def read(path: str) -> str | None:
    """What is in the file; nothing when there is none."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CollectionError(f"The file {path} of dest cannot be read: {error.strerror}.") from None


def reason_to_refuse(path: str, before: str | None, after: str, force: bool) -> str | None:
    """Why the file must not be written: somebody's work would be lost."""
    if force or before is None or before == after or is_untouched(before):
        return None
    return (
        f"The file {path} of dest was edited, or not written by this module, and is left as it is; "
        "force: true overwrites it, and backup: true keeps a copy."
    )


def store(path: str, text: str, backup: bool) -> str | None:
    """Write the file; tells the path of the copy of what was there."""
    try:
        copy = None
        if backup and os.path.exists(path):
            copy = f"{path}.{os.getpid()}.{time.strftime('%Y-%m-%d@%H:%M:%S~')}"
            shutil.copy2(path, copy)
        write_file(path, text)
    except OSError as error:
        raise CollectionError(f"The file {path} of dest cannot be written: {error.strerror}.") from None
    return copy

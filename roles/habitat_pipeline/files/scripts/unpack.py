# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpacks a zip archive that nobody has to trust: unpack.py ARCHIVE FOLDER

Refuses what would leave the folder, links, and what is too large. Runs on any Python 3.9 or later.
"""

from __future__ import annotations

import stat
import sys
import zipfile
from pathlib import Path

MAXIMUM = 512 * 1024 * 1024
ENTRIES = 20_000


def why_not(entry: zipfile.ZipInfo) -> str:
    """What is wrong with an entry, or nothing."""
    parts = entry.filename.replace("\\", "/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.filename.startswith("/") or ".." in parts or ":" in parts[0]:
        return f"{entry.filename!r} would leave the folder of the archive"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"{entry.filename!r} is a link or a device"
    return ""


def unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    entries = archive.infolist()
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > MAXIMUM:
        sys.exit(f"the archive has more than {ENTRIES} files or {MAXIMUM >> 20} MiB")
    for problem in filter(None, map(why_not, entries)):
        sys.exit(f"the archive is refused: {problem}")
    folder.mkdir(parents=True)
    for entry in entries:
        path = Path(archive.extract(entry, folder))
        if path.is_file() and entry.external_attr >> 16 & 0o100:
            path.chmod(0o755)


if __name__ == "__main__":
    try:
        unpack(zipfile.ZipFile(sys.argv[1]), Path(sys.argv[2]))
    except (zipfile.BadZipFile, EOFError) as error:
        sys.exit(f"the archive cannot be read: {error}")

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder as a zip archive that depends on nothing but its files: archive.py FOLDER [PREFIX]

Prints {"sha256": ..., "base64": ...}. With a prefix the files lie in a folder of that name.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(folder: Path, prefix: str = "") -> bytes:
    target = io.BytesIO()
    # stored, not deflated: the digest must not depend on a version of zlib
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(folder.iterdir()):
            if path.suffix not in (".py", ".sh"):
                continue
            entry = zipfile.ZipInfo(f"{prefix}/{path.name}".lstrip("/"), EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            packed.writestr(entry, path.read_bytes())
    return target.getvalue()


if __name__ == "__main__":
    content = archive(Path(sys.argv[1]), *sys.argv[2:])
    digest = hashlib.sha256(content).hexdigest()
    print(json.dumps({"sha256": digest, "base64": base64.b64encode(content).decode()}))

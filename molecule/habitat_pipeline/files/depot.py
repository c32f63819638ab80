# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills the depot that stands for Builder, and makes the secrets of the pipeline: depot.py DEPOT SECRETS"""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

sys.path.insert(0, "/opt/doubles/hab")

from fake_hab import keys
from fake_hab.fixture import DepotFixture


def main(folder: str, target: str) -> None:
    depot = DepotFixture(Path(folder))
    depot.add_package("core/nginx/1.27.0/20260101000000", channels=["stable"])
    depot.add_origin("mytutorial")
    token = depot.add_token(f"canary{secrets.token_hex(16)}", "maintainer")
    public, secret = keys.generate("mytutorial", "20260102030405")
    # An administrator has uploaded it: a maintainer may not.
    keys.KeyCache(depot.origin_folder("mytutorial") / "keys").write(public)
    values = {"origin-secret-key": secret.text, "origin-public-key": public.text, "builder-token": token}
    path = Path(target)
    path.touch(0o600)
    path.write_text(json.dumps(values))


if __name__ == "__main__":
    main(*sys.argv[1:])

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m fake_jenkins [--host H] [--port P] [SETTINGS.json]: run the double until it is stopped."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fake_jenkins.server import FakeJenkins


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_jenkins", description="A double of a Jenkins controller")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("settings", nargs="?", type=Path)
    given = parser.parse_args()
    double = FakeJenkins(port=given.port, host=given.host)
    if given.settings:
        double.change(json.loads(given.settings.read_text()))
    double.serve()


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Stands in for the script that ansible-test downloads to get pip into its virtual environments.

Every Python brings a pip of its own; this unpacks it and moves to the version asked for.
"""

from __future__ import annotations

import os
import subprocess
import sys


def main() -> None:
    """Install the packages named among the arguments."""
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    # Left in place it would make ensurepip believe that it runs inside itself.
    environment = {name: value for name, value in os.environ.items() if name != "GET_PIP"}
    python = [sys.executable, "-m"]
    subprocess.check_call([*python, "ensurepip", "--default-pip"], env=environment, stdout=subprocess.DEVNULL)
    subprocess.check_call([*python, "pip", "install", "-q", "--disable-pip-version-check", *wanted], env=environment)


if __name__ == "__main__":
    main()

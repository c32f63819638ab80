# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m embedded_aws: start, stop, look at and reset an AWS endpoint on this machine."""

from .cli import main

main()

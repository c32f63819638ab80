# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What the sub-commands do. A command returns its exit status; nothing means success."""

from __future__ import annotations

# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""A strict double of the Habitat command line tool, for tests only."""

from __future__ import annotations

RELEASE = "2.1.78/20260821214512"

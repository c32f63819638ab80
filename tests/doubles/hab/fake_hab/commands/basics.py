# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab license accept and hab sup secret generate."""

from __future__ import annotations

import base64
import os

from fake_hab import licence
from fake_hab.context import Context
from fake_hab.parser import Parsed


def accept_licence(context: Context, parsed: Parsed) -> None:
    licence.accept(context)


def generate_secret(context: Context, parsed: Parsed) -> None:
    context.ui.line(base64.b64encode(os.urandom(64)).decode())

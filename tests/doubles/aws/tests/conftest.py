# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from embedded_aws.fixtures import aws, server  # noqa: F401
from embedded_aws.testing import EmbeddedAws


@pytest.fixture
def cloudformation(aws: EmbeddedAws) -> Any:
    return aws.client("cloudformation")

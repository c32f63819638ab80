# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from embedded_aws.testing import EmbeddedAws


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    server = EmbeddedAws(tmp_path_factory.mktemp("embedded_aws") / "server.log")
    yield server
    server.stop()


@pytest.fixture
def aws(server: EmbeddedAws) -> EmbeddedAws:
    """An empty embedded AWS."""
    server.reset()
    return server


@pytest.fixture
def cloudformation(aws: EmbeddedAws) -> Any:
    return aws.client("cloudformation")

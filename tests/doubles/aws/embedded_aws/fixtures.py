# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pytest fixtures of the embedded AWS, for the conftest files that want them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .testing import EmbeddedAws


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    """One server for a whole session."""
    server = EmbeddedAws(tmp_path_factory.mktemp("embedded_aws") / "server.log")
    yield server
    server.stop()


@pytest.fixture
def aws(server: EmbeddedAws) -> EmbeddedAws:
    """An empty embedded AWS."""
    server.reset()
    return server

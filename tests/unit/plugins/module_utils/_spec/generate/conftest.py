# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small server, and what the generator finds out about it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.generate.small_server import FILES, LINKS, build, choice, host
from unit.plugins.module_utils._spec.server.machine import name_service

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.server import gather


class Gathered(t.NamedTuple):
    facts: Facts
    notes: list[str]

    def names(self, resource: str, key: str = "name") -> list[t.Any]:
        return [fact[key] for fact in self.facts[resource]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole server, which nobody writes to."""
    root = tmp_path_factory.mktemp("server")
    build(root, FILES, LINKS)
    return root


@pytest.fixture
def gathered(server: Path, tmp_path: Path) -> t.Callable[..., Gathered]:
    """What the generator finds out about the server, with the options of the module and without some files."""

    def read(without: t.Sequence[str] = (), **options: t.Any) -> Gathered:
        root = tmp_path if without else server
        if without:
            build(root, {path: text for path, text in FILES.items() if not path.startswith(tuple(without))}, LINKS)
        with name_service(root):
            return Gathered(*gather(host(root), choice(**options)))

    return read

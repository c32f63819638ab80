# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[6] / "plugins" / "module_utils"


class Plugins:
    @staticmethod
    def calls(folder: str) -> list[str]:
        """The operations that the code of a folder names in calls of call()."""
        found = []
        for path in sorted((PLUGINS / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("call", "_within", "_attached"):
                    found += [_text(argument) for argument in node.args[:1]]
        return [name for name in found if "_" in name]


def _text(node: ast.expr) -> str:
    """The constant text that an argument is, or that it starts with."""
    if isinstance(node, ast.JoinedStr):
        node = node.values[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.fixture
def plugins() -> Plugins:
    return Plugins()

# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What argument_specs promise, defaults keep: the same variables with the same values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROLES = sorted(path for path in (Path(__file__).resolve().parents[2] / "roles").glob("*") if path.is_dir())


def options(role: Path) -> dict[str, Any]:
    spec = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())
    return spec["argument_specs"]["main"].get("options") or {}


def defaults(role: Path) -> dict[str, Any]:
    path = role / "defaults" / "main.yml"
    return (yaml.safe_load(path.read_text()) or {}) if path.exists() else {}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_default_is_specified(role: Path) -> None:
    assert not set(defaults(role)) - set(options(role))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_specified_defaults_are_the_real_ones(role: Path) -> None:
    specified = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert specified == {name: value for name, value in defaults(role).items() if name in specified}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_required_options_have_no_default(role: Path) -> None:
    assert not {name for name, option in options(role).items() if option.get("required")} & set(defaults(role))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_variables_carry_the_name_of_the_role(role: Path) -> None:
    assert not [name for name in options(role) if not name.startswith(f"{role.name}_")]

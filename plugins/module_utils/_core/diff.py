# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t


def to_text(value: t.Any, sort_keys: bool = True) -> str:
    """A value as a person reads it best: YAML (or JSON, where PyYAML is missing), nothing for something empty."""
    if not value:
        return ""
    try:
        import yaml  # here, because most tasks change nothing and show nothing
    except ImportError:
        return f"{json.dumps(value, sort_keys=sort_keys, indent=2, ensure_ascii=False)}\n"
    # Not folded: where a line would break depends on the length of paths and names.
    return str(yaml.safe_dump(value, sort_keys=sort_keys, default_flow_style=False, allow_unicode=True, width=10_000))


def changed_entries(
    before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any]
) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """The entries of two mappings that differ, each side for itself."""
    keys = [
        key for key in {**before, **after} if before.get(key) != after.get(key) or (key in before) != (key in after)
    ]
    return {k: before[k] for k in keys if k in before}, {k: after[k] for k in keys if k in after}

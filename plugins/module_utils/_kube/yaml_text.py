# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

try:
    import yaml

    # Always the one in Python: libyaml breaks lines in other places.
    _SafeDumper: t.Any = yaml.SafeDumper
except ImportError:
    yaml = None  # type: ignore[assignment]
    _SafeDumper = object


class _Dumper(_SafeDumper):
    """Writes as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Lists are indented."""
        super().increase_indent(flow, False)


def _text(dumper: t.Any, value: str) -> t.Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


if yaml is not None:
    _Dumper.add_representer(str, _text)


def to_yaml(*documents: t.Any) -> str:
    """The documents with sorted keys: the same data is the same text."""
    if yaml is None:
        raise CollectionError("The Python library PyYAML is needed on the host that runs the module.")
    return str(yaml.dump_all(documents, Dumper=_Dumper, sort_keys=True, width=1 << 16, explicit_start=True))

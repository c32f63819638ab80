# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""cluster.yaml as a text: strict reading, and writing with an explanation of each key."""

from __future__ import annotations

import textwrap
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import KEYS, Key, by_name

try:
    import yaml

    _SafeLoader: t.Any = yaml.SafeLoader
except ImportError:
    yaml = None  # type: ignore[assignment]
    _SafeLoader = object

FILE = "cluster.yaml"


class _Loader(_SafeLoader):
    """Remembers keys that are written twice; YAML's usual loader lets the last one win."""

    twice: list[tuple[str, t.Any, int]]

    def __init__(self, stream: t.Any) -> None:
        super().__init__(stream)
        self.twice = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[t.Hashable, t.Any]:
        seen = set()
        for key_node, value_node in node.value:
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else key_node
            if name in seen:
                value = value_node.value if isinstance(value_node, yaml.ScalarNode) else "..."
                self.twice.append((name, value, key_node.start_mark.line + 1))
            seen.add(name)
        return dict(super().construct_mapping(node, deep))


def parse(text: str) -> tuple[dict[str, t.Any], Findings]:
    """The mapping in a cluster.yaml, and what is wrong with the text itself."""
    _require_library()
    findings = Findings()
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        findings.add(FILE, f"character {error.position}", "it must be text without control characters")
        return {}, findings
    try:
        content = loader.get_single_data()
    except yaml.YAMLError as error:
        findings.add(FILE, *_problem(error))
        return {}, findings
    for name, value, line in loader.twice:
        findings.add(name, value, f"it is written twice, again in line {line}")
    if content is None:
        return {}, findings
    if not isinstance(content, dict):
        kind = "list" if isinstance(content, list) else "single value"
        findings.add(FILE, f"a {kind}", "it must be a mapping of keys to values")
        return {}, findings
    return content, findings


def _problem(error: yaml.YAMLError) -> tuple[str, str]:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}" if mark else "the text"
    problem = str(getattr(error, "problem", error)).replace("\\t", "tab")
    return f"{place}: {problem}", "it must be YAML; indent with spaces, not tabs"


def write(values: t.Mapping[str, t.Any]) -> str:
    """A cluster.yaml with the given values; all other keys stand there as comments with their defaults."""
    _require_library()
    known = by_name(KEYS)
    given = {known[name].name: value for name, value in values.items() if name in known}
    parts = [
        "# A Kubernetes cluster on Flatcar Container Linux.\n# Keys with a # in front have the value shown.\n---\n"
    ]
    parts += [_entry(key, given) for key in KEYS if not key.is_dead or key.name in given]
    return "".join(parts)


def _entry(key: Key, given: t.Mapping[str, t.Any]) -> str:
    meaning = textwrap.fill(key.meaning, 100, initial_indent="# ", subsequent_indent="# ")
    if key.name in given:
        return f"{meaning}\n{_dumped({key.name: _plain(given[key.name])})}\n"
    shown = "" if key.default is None else _dumped({key.name: _plain(key.default)})
    line = f"#{shown or f'{key.name}:'}".rstrip("\n").replace("\n", "\n#")
    return f"{meaning}\n{line}\n\n"


def _plain(value: t.Any) -> t.Any:
    return list(value) if isinstance(value, tuple) else value


def _dumped(value: t.Any) -> str:
    return str(yaml.safe_dump(value, default_flow_style=False, sort_keys=False, width=120, allow_unicode=True))


def _require_library() -> None:
    if yaml is None:
        raise CollectionError("The Python library PyYAML is needed on the host that runs the module.")

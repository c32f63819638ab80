# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as configuration as code reads and writes it: a scalar is its literal text, or nothing."""

from __future__ import annotations

import re
import typing as t

import yaml

NULL = "tag:yaml.org,2002:null"
_VARIABLE = re.compile(r"(?<!\^)\$\{([^}:]+)(?::-([^}]*))?\}")


class BadYaml(Exception):
    """The document cannot be read; the text is the parser's."""


def load(text: str) -> t.Any:
    """The document with all scalars as text."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadYaml(str(error)) from None
    return None if node is None else _value(node)


def _value(node: yaml.Node) -> t.Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return None if node.tag == NULL else str(node.value)


def resolved(value: t.Any, environment: t.Mapping[str, str]) -> t.Any:
    """Variables filled in: unknown ones are empty, ^${ is a plain ${."""
    if isinstance(value, dict):
        return {key: resolved(item, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, environment) for item in value]
    if not isinstance(value, str):
        return value
    filled = _VARIABLE.sub(lambda found: environment.get(found.group(1), found.group(2) or ""), value)
    return filled.replace("^${", "${")


class _Exporter(yaml.SafeDumper):
    """Strings in double quotes, with line feeds as blocks; keys plain."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else '"')


def _map(dumper: yaml.SafeDumper, value: dict[str, t.Any]) -> yaml.MappingNode:
    pairs = [
        (yaml.ScalarNode("tag:yaml.org,2002:str", key), dumper.represent_data(item)) for key, item in value.items()
    ]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


_Exporter.add_representer(str, _text)
_Exporter.add_representer(dict, _map)


def dump(document: dict[str, t.Any]) -> str:
    return str(yaml.dump(document, Dumper=_Exporter, default_flow_style=False, sort_keys=False, width=10_000))


def escaped(value: t.Any) -> t.Any:
    """What the export writes: a plain ${ is ^${."""
    if isinstance(value, dict):
        return {key: escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value.replace("${", "^${") if isinstance(value, str) else value

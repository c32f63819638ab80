# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, ListOf
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import Nested
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Matcher, Resource, Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import (
    EXAMPLE_KEYS,
    GROUP_KEYS,
    INCLUDE_KEYS,
)
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.inherited import COMMON_KEYS, SEVERITIES

Schema = dict[str, t.Any]
_TEMPLATE = {"type": "string", "pattern": r"\{\{"}


def schema(vocabulary: Vocabulary, title: str, regions: bool) -> Schema:
    """The JSON Schema of spec files: editors complete and check with it; the module itself checks more."""
    region: Schema = {"region": {"type": "string"}} if regions else {}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "SPDX-License-Identifier: GPL-3.0-or-later, Copyright: containerci.aws contributors",
        "title": title,
        "type": "array",
        "items": {"$ref": "#/definitions/node"},
        "definitions": {
            "node": {"anyOf": [{"$ref": f"#/definitions/{name}"} for name in ("group", "example", "include")]},
            "group": _node(GROUP_KEYS, _GROUP, region, required=["examples"]),
            "example": _node(EXAMPLE_KEYS, {**_EXAMPLE, **_CHECK}, region),
            "include": _node(INCLUDE_KEYS, _INCLUDE, region, required=["include"]),
            "expectation": {"type": "object", "properties": _CHECK, "additionalProperties": False},
            "subject": _subject(vocabulary),
            "matchers": _several(_matchers(_of_subjects(vocabulary))),
            "value_matchers": _several(_matchers(vocabulary.values)),
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


_NODES: Schema = {"anyOf": [{"type": "array", "items": _ref("node")}, _TEMPLATE]}
_REASON: Schema = {"type": ["boolean", "string"]}
_COMMON: Schema = {
    "tags": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "skip": _REASON,
    "pending": _REASON,
    "eventually": {
        "anyOf": [
            {"type": ["number", "string"]},
            {
                "type": "object",
                "properties": {"timeout": {"type": ["number", "string"]}, "delay": {"type": ["number", "string"]}},
                "additionalProperties": False,
            },
        ]
    },
    "sensitive": {"type": ["boolean", "string"]},
    "severity": {"anyOf": [{"enum": list(SEVERITIES)}, _TEMPLATE]},
    "meta": {"type": "object"},
    "id": {"type": "string"},
}
_GROUP: Schema = {
    "describe": {"anyOf": [{"type": "string"}, _ref("subject")]},
    "context": {"anyOf": [{"type": "string"}, _ref("subject")]},
    "title": {"type": "string"},
    "examples": _NODES,
}
_EXAMPLE: Schema = {
    "it": {"type": "string"},
    "expectations": {"type": "array", "items": _ref("expectation"), "minItems": 1},
}
_CHECK: Schema = {
    "expect": _ref("subject"),
    "its": {"type": ["string", "object"]},
    "to": _ref("matchers"),
    "not_to": _ref("matchers"),
    "to_not": _ref("matchers"),
}
_INCLUDE: Schema = {
    "include": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "vars": {"type": "object"},
}


def _node(keys: t.Sequence[str], own: Schema, region: Schema, required: t.Sequence[str] = ()) -> Schema:
    properties = {**{key: own[key] for key in keys}, **{key: _COMMON[key] for key in COMMON_KEYS}, **region}
    node: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        node["required"] = list(required)
    return node


def _subject(vocabulary: Vocabulary) -> Schema:
    resources = sorted(vocabulary.resources.items())
    bare = [word for word, resource in resources if resource.name_kind is None or resource.name_optional]
    named = {word: _name(resource) for word, resource in resources}
    one = {"type": "object", "properties": named, "minProperties": 1, "maxProperties": 1}
    # Resources of other collections have a full name, with dots.
    one.update(patternProperties={r"\.": {}}, additionalProperties=False)
    return {
        "anyOf": [
            one,
            {"enum": bare},
            _TEMPLATE,
        ]
    }


def _name(resource: type[Resource]) -> Schema:
    if resource.takes_value_matchers or resource.name_kind is None:
        return {}
    one = resource.name_kind.schema()
    parameters = {name: _or_template(kind.schema()) for name, kind in resource.parameters.items()}
    full = {
        "type": "object",
        "properties": {"name": _several_values(one), **parameters},
        "additionalProperties": False,
    }
    return {"description": _first_line(resource), "anyOf": [*_several_values(one)["anyOf"], full]}


def _several_values(one: Schema) -> Schema:
    return {"anyOf": [_or_template(one), {"type": "array", "items": _or_template(one), "minItems": 1}]}


def _of_subjects(vocabulary: Vocabulary) -> dict[str, list[Matcher]]:
    """The matchers by word: the same word can take other arguments for another resource."""
    found: dict[str, list[Matcher]] = {word: [matcher] for word, matcher in vocabulary.values.items()}
    for resource in vocabulary.resources.values():
        for word, matcher in resource.matchers.items():
            if matcher not in found.setdefault(word, []):
                found[word].append(matcher)
    return found


def _several(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _matchers(known: t.Mapping[str, Matcher | list[Matcher]]) -> Schema:
    every = {word: found if isinstance(found, list) else [found] for word, found in sorted(known.items())}
    bare = [word for word, found in every.items() if any(not matcher.required for matcher in found)]
    properties = {word: _argument(found) for word, found in every.items()}
    return {
        "anyOf": [
            {"enum": bare},
            {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1},
            _TEMPLATE,
        ]
    }


def _argument(found: list[Matcher]) -> Schema:
    shapes: list[Schema] = []
    for matcher in found:
        shapes += [shape for shape in _shapes(matcher) if shape not in shapes]
    return {"description": found[0].summary, **({} if {} in shapes else {"anyOf": shapes})}


def _shapes(matcher: Matcher) -> list[Schema]:
    if not matcher.arguments:
        return [{"type": "null"}]
    named = {name: _or_template(_kind(kind)) for name, kind in matcher.arguments.items()}
    named.update({alias: named[name] for alias, name in matcher.aliases.items() if name in named})
    shapes = [_kind(matcher.arguments[matcher.main]), _TEMPLATE]
    if len(matcher.arguments) > 1:
        shapes.append({"type": "object", "properties": named, "additionalProperties": False})
    return shapes if matcher.required else [*shapes, {"type": "null"}]


def _kind(kind: Kind) -> Schema:
    if isinstance(kind, Nested):
        return _ref("value_matchers")
    if isinstance(kind, ListOf) and isinstance(kind.item, Nested):
        return {"type": "array", "items": _ref("value_matchers")}
    return kind.schema()


def _or_template(one: Schema) -> Schema:
    if not one or one.get("type") == "string":
        return one
    return {"anyOf": [one, _TEMPLATE]}


def _first_line(resource: type[Resource]) -> str:
    return (resource.__doc__ or "").strip().partition("\n")[0]

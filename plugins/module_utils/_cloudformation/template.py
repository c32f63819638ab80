# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import functools
import json
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

try:
    import yaml

    # libyaml reads a template of 40 kB in a tenth of the time.
    _SafeLoader: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
except ImportError:
    yaml = None  # type: ignore[assignment]
    _SafeLoader = object

MAXIMUM_BODY = 51200

_KEPT_RESOLVERS = frozenset({"tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"})
_BARE_TAGS = frozenset({"Ref", "Condition"})


class _Loader(_SafeLoader):
    """Reads scalars as they are written, as CloudFormation does: 0755, 2012-10-17 and on are text."""


def _construct_short_form(loader: t.Any, suffix: str, node: t.Any) -> dict[str, t.Any]:
    if isinstance(node, yaml.ScalarNode):
        value: t.Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in _BARE_TAGS else f"Fn::{suffix}": value}


if yaml is not None:
    _Loader.yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag in _KEPT_RESOLVERS]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }
    _Loader.add_multi_constructor("!", _construct_short_form)


@dataclass(frozen=True)
class ParameterSpec:
    """A parameter as the template declares it."""

    name: str
    type: str = "String"
    default: str | None = None
    no_echo: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        return "List<" in self.type or self.type == "CommaDelimitedList"


@dataclass(frozen=True)
class Template:
    """A template in its normal form: long-form functions, scalars as text."""

    body: dict[str, t.Any]

    def section(self, name: str) -> dict[str, t.Any]:
        value = self.body.get(name)
        return value if isinstance(value, dict) else {}

    @property
    def resources(self) -> dict[str, t.Any]:
        return self.section("Resources")

    @property
    def parameters(self) -> dict[str, ParameterSpec]:
        return {name: _parameter(name, spec) for name, spec in self.section("Parameters").items()}


def _parameter(name: str, spec: t.Any) -> ParameterSpec:
    fields = spec if isinstance(spec, dict) else {}
    default = fields.get("Default")
    return ParameterSpec(
        name=name,
        type=str(fields.get("Type", "String")),
        default=None if default is None else str(default),
        no_echo=str(fields.get("NoEcho", "false")).lower() in ("true", "yes", "1"),
        allowed=tuple(str(value) for value in fields.get("AllowedValues") or ()),
    )


def load(text: str) -> Template:
    """Read a template, YAML or JSON; a broken one is reported with its place."""
    if len(text.encode()) > MAXIMUM_BODY:
        raise CollectionError(
            f"The template has {len(text.encode())} bytes; CloudFormation accepts at most {MAXIMUM_BODY} in a request."
        )
    return from_api(text)


def from_api(body: t.Any) -> Template:
    """The template as GetTemplate returns it: text for YAML, an object for JSON."""
    # Ansible's texts carry tags that libyaml refuses.
    return _from_text(str(body)) if isinstance(body, str) else _from_data(body)


@functools.lru_cache(maxsize=2)
def _from_text(text: str) -> Template:
    """Cached, because an unchanged stack has the very text that is wanted."""
    return _from_data(_parse(text))


def _from_data(body: t.Any) -> Template:
    parsed = normalise(body)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("Resources"), dict) or not parsed["Resources"]:
        raise CollectionError("The template has no section Resources with at least one resource.")
    return Template(parsed)


def _parse(text: str) -> t.Any:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text, parse_int=str, parse_float=str)
        except ValueError:
            pass  # a YAML flow mapping starts with a brace too
    if yaml is None:
        raise CollectionError("The Python library PyYAML is needed on the host that runs the module.")
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise CollectionError(f"The template is neither YAML nor JSON: {_place(error)}.") from error


def _place(error: t.Any) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"{problem} in line {mark.line + 1}, column {mark.column + 1}" if mark else str(problem)


def normalise(value: t.Any) -> t.Any:
    """The same value with long-form functions and text scalars, so that equal templates are equal data."""
    if isinstance(value, dict):
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Fn::GetAtt" and isinstance(argument, str):
                return {name: argument.split(".", 1)}
        return {str(key): normalise(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [normalise(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)

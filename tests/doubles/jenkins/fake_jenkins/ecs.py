# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the plugin amazon-ecs: how they are made, and how they are exported."""

from __future__ import annotations

import json
import re
import typing as t
import uuid
from pathlib import Path

PACKAGE = "com.cloudbees.jenkins.plugins.amazonecs."
ATTRIBUTES: dict[str, dict[str, dict[str, t.Any]]] = json.loads(
    (Path(__file__).parent / "ecs_attributes.json").read_text()
)
CLOUD, TEMPLATE = "ECSCloud", "ECSTaskTemplate"
_LIST = re.compile(r"List<(\w+)>")
_WHOLE_NUMBER = re.compile(r"\s*[+-]?\d+")
_TRUE = {"true", "yes", "on", "1", "y", "t"}
_TIMERS = {"slaveTimeoutInSeconds": 900, "retentionTimeout": 5, "taskPollingIntervalInSeconds": 1}
_FILLED = {"launchType": "EC2", "operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"}
_TRIMMED = {
    TEMPLATE: (
        "taskDefinitionOverride", "agentContainerName", "repositoryCredentials", "containerUser", "kernelCapabilities",
        "entrypoint", "jvmArgs", "logDriver", "dnsSearchDomains",
    )
}  # fmt: skip

Values = dict[str, t.Any]


class CannotMake(Exception):
    """The constructor of a class refused."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"Failed to construct instance of class {class_name(kind)}.")


class UnknownKeys(Exception):
    """A mapping has keys that the class does not have."""

    def __init__(self, kind: str, keys: list[str]) -> None:
        self.kind, self.keys = kind, keys
        prefix = "ecs" if kind == CLOUD else ""
        available = ", ".join(sorted(ATTRIBUTES[kind]))
        super().__init__(
            f"{prefix}: Invalid configuration elements for type: class {class_name(kind)} : {','.join(keys)}.\n"
            f"Available attributes : {available}"
        )


class MissingCredentials(Exception):
    def __init__(self) -> None:
        super().__init__(f"credentialsId is required to configure class {class_name(CLOUD)}")


def class_name(kind: str) -> str:
    return PACKAGE + (kind if kind in (CLOUD, TEMPLATE) else f"{TEMPLATE}${kind}")


def from_configuration(kind: str, given: t.Mapping[str, t.Any], own_url: str | None, strict: bool = True) -> Values:
    """An object from a mapping of configuration as code, all scalars of which are text."""
    known = ATTRIBUTES[kind]
    without_case = {key.lower(): key for key, about in known.items() if "setter" in about["via"]}
    found: Values = {}
    unknown = []
    for key, value in given.items():
        own = key if key in known else without_case.get(key.lower())
        if own is None:
            unknown.append(key)
        elif value is not None:
            found[own] = _configured(known[own]["type"], value, own_url)
    if unknown:
        raise UnknownKeys(kind, unknown)
    if kind == CLOUD and strict and "credentialsId" not in found:
        raise MissingCredentials
    return _made(kind, found, own_url)


def from_form(kind: str, given: t.Mapping[str, t.Any], own_url: str | None) -> Values:
    """An object from the JSON of a form: unknown keys are ignored without a word."""
    known = ATTRIBUTES[kind]
    found = {
        key: _submitted(known[key]["type"], value, own_url)
        for key, value in given.items()
        if key in known and value is not None
    }
    return _made(kind, found, own_url)


def _configured(kind: str, value: t.Any, own_url: str | None) -> t.Any:
    """A value of text as commons-beanutils converts it: what is no number is 0, and nobody is told."""
    item = _LIST.match(kind)
    if item:
        return [from_configuration(item.group(1), one, own_url, False) for one in value]
    text = str(value)
    if kind in ("int", "Integer"):
        return int(text) if _WHOLE_NUMBER.fullmatch(text) else (0 if kind == "int" else None)
    if kind in ("boolean", "Boolean"):
        return text.lower() in _TRUE
    return text


def _submitted(kind: str, value: t.Any, own_url: str | None) -> t.Any:
    item = _LIST.match(kind)
    if item:
        return [from_form(item.group(1), one, own_url) for one in (value if isinstance(value, list) else [value])]
    if kind in ("int", "Integer"):
        try:
            return int(value)
        except (TypeError, ValueError):
            raise CannotMake(CLOUD) from None
    return bool(value) if kind in ("boolean", "Boolean") else str(value)


def _made(kind: str, given: Values, own_url: str | None) -> Values:
    """What constructor and setters make of the values."""
    found = {key: about["default"] for key, about in ATTRIBUTES[kind].items() if about["type"] in ("int", "boolean")}
    found.update(given)
    for key in _TRIMMED.get(kind, ()):
        if key in found:
            found[key] = str(found[key] or "").strip() or None
    if kind == CLOUD:
        _make_cloud(found, own_url)
    if kind == TEMPLATE:
        _make_template(found)
    return {key: value for key, value in found.items() if value is not None}


def _make_cloud(found: Values, own_url: str | None) -> None:
    if not found.get("name"):
        raise CannotMake(CLOUD)
    if "jenkinsUrl" in found and not found["jenkinsUrl"].strip():
        found["jenkinsUrl"] = own_url
    for key, default in _TIMERS.items():
        found[key] = found.get(key) or default


def _make_template(found: Values) -> None:
    if found.get("taskDefinitionOverride"):
        found["templateName"] = ""
        return
    found.pop("agentContainerName", None)
    if "templateName" not in found:
        raise CannotMake(TEMPLATE)
    found["templateName"] = found["templateName"] or f"jenkinsTask-{uuid.uuid4()}"


def export(kind: str, values: Values) -> Values:
    """What the export prints: what a constructor takes always, what is set later only when it is not the default."""
    filled = {**(_FILLED if kind == TEMPLATE else {}), **{key: value for key, value in values.items() if value}}
    everything = {**values, **{key: filled[key] for key in _FILLED if key in filled}}
    found = {}
    for key in sorted(everything, key=str.lower):
        about, value = ATTRIBUTES[kind][key], everything[key]
        if value in (None, "", []) or (about["via"] == "setter" and value == about["default"]):
            continue
        item = _LIST.match(about["type"])
        found[key] = [export(item.group(1), one) for one in value] if item else value
    return dict(sorted(found.items()))

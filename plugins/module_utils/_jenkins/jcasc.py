# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import html
import json
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import (
    JenkinsError,
    NotAllowed,
    NotFound,
    Refused,
    not_expected,
)

BASE = "/configuration-as-code"
_YAML = "application/yaml; charset=utf-8"
_UNKNOWN = re.compile(
    r"Invalid configuration elements for type: class (\S+) : ([^\n]+)\s+Available attributes : ([^\n]+)"
)
_NO_PLUGIN = (
    "The plugin configuration-as-code is missing or not active, and the configuration can only be read with it."
)


def export(jenkins: Jenkins) -> dict[str, t.Any]:
    """The whole configuration of the controller as data."""
    action = "export its configuration"
    try:
        answer = jenkins.post(f"{BASE}/export", action)
    except NotFound:
        raise JenkinsError(_NO_PLUGIN) from None
    try:
        import yaml
    except ImportError:
        raise CollectionError("The Python library PyYAML is needed to read the configuration of Jenkins.") from None
    try:
        found = yaml.load(answer.text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        found = None
    if answer.is_html or not isinstance(found, dict):
        raise not_expected(answer, "YAML", action)
    return t.cast("dict[str, t.Any]", _unescaped(found))


def check(jenkins: Jenkins, document: dict[str, t.Any]) -> list[str] | None:
    """What Jenkins says about a configuration without taking it: messages, nothing without the right to ask."""
    try:
        answer = jenkins.post(f"{BASE}/check", "check the configuration", _yaml(document), _YAML)
    except NotAllowed:
        return None
    except Refused as error:
        raise _explained(error) from None
    issues = json.loads(answer.text)
    return [str(issue.get("message") or issue.get("warning")) for issue in issues]


def apply(jenkins: Jenkins, document: dict[str, t.Any]) -> None:
    """Let Jenkins take a configuration, merged with the files that it has: where there is configure, with reasons."""
    action, data = "take the configuration", _yaml(document)
    try:
        try:
            jenkins.post(f"{BASE}/configure", action, data, _YAML)
        except NotFound:
            jenkins.post(f"{BASE}/apply", action, data, _YAML)
    except Refused as error:
        raise _explained(error) from None


def reload(jenkins: Jenkins) -> None:
    """Let Jenkins read its files again; raises JenkinsError with its reason."""
    action = "reload its configuration"
    try:
        answer = jenkins.post(f"{BASE}/reload", action)
    except NotFound:
        raise JenkinsError(_NO_PLUGIN) from None
    # A mistake is told by a page with the status of a success.
    if answer.status == 200 and "Error loading configuration" in answer.text:
        text = " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("Error loading configuration", "").split())
        raise Refused(f"Jenkins refused to {action}: {html.unescape(text)}", reason=html.unescape(text))


def sources(jenkins: Jenkins) -> list[str]:
    """The configuration files that Jenkins reads when it starts, as far as its page tells."""
    page = jenkins.get(f"{BASE}/", "list its configuration files").text
    return re.findall(r"<li>\s*(?:<code>)?\s*((?:/|https?://)[^<\s]+)", page)


def _explained(error: Refused) -> Refused:
    """The refusal, with the unknown attributes that it is about and those that there are."""
    reason = str(error.details.get("reason") or "")
    found = _UNKNOWN.search(reason)
    if not found:
        return error
    unknown = [key.strip(" .") for key in found.group(2).split(",")]
    available = [key.strip() for key in found.group(3).split(",")]
    kind = found.group(1).rpartition(".")[2]
    return Refused(
        f"Jenkins does not know {', '.join(unknown)} of {kind}; it knows {', '.join(available)}.",
        **{**error.details, "unknown_attributes": unknown, "available_attributes": available},
    )


def _yaml(document: dict[str, t.Any]) -> bytes:
    """JSON is YAML; what Jenkins would take for a variable is escaped."""
    return json.dumps(_escaped(document)).encode()


def _escaped(value: t.Any) -> t.Any:
    return _walk(value, lambda text: text.replace("${", "^${"))


def _unescaped(value: t.Any) -> t.Any:
    return _walk(value, lambda text: text.replace("^${", "${"))


def _walk(value: t.Any, change: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, dict):
        return {key: _walk(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, change) for item in value]
    return change(value) if isinstance(value, str) else value

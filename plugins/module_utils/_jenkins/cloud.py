# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.attributes import (
    CLOUD,
    ENTRIES,
    FLAG,
    NUMBER,
    TEMPLATE,
    WORDS,
    Attribute,
)

Values = dict[str, t.Any]

_NAME = re.compile(r"[A-Za-z0-9_-]{1,127}")
_SECRET = re.compile(r"pass|secret|token|key|credential", re.IGNORECASE)
_WORD_SEPARATORS = {"label": r"\s+", "allowedOverrides": r"\s*,\s*"}
MASKED = "********"
OWN_URL = "(the URL of Jenkins itself)"


class Plan(t.NamedTuple):
    """What is to be done. before and after are normalised, {} stands for no cloud; wanted is what is sent."""

    before: Values
    after: Values
    wanted: Values

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def changed_keys(self) -> list[str]:
        return sorted(_differences(self.before, self.after))


def plan(live: Values | None, given: Values, extra: Values | None = None, purge_templates: bool = True) -> Plan:
    """The cloud as it is to be: the live one, overlaid with the options that were given.

    live: the attributes as the export has them, None when there is no such cloud. given: options by their names.
    extra: attributes as JCasC calls them, sent as they are.
    """
    options = {attribute.key: given[attribute.name] for attribute in CLOUD if given.get(attribute.name) is not None}
    if not str(options.get("jenkinsUrl", "")).strip():
        options.pop("jenkinsUrl", None)
    wanted: Values = {**(live or {}), **{key: value for key, value in options.items() if key != "templates"}}
    if "templates" in options:
        wanted["templates"] = _templates((live or {}).get("templates") or [], options["templates"], purge_templates)
    wanted.update(extra or {})
    wanted = _complete(wanted)
    after = normalised(wanted)
    # Jenkins fills its own URL in, and a cloud without one cannot start agents.
    after.setdefault("jenkinsUrl", OWN_URL)
    return Plan(normalised(live) if live else {}, after, wanted)


def removal(live: Values | None) -> Plan:
    """The plan that there is no such cloud."""
    return Plan(normalised(live) if live else {}, {}, {})


def _templates(live: list[Values], given: list[Values], purge: bool) -> list[Values]:
    wanted = [_keyed(template, TEMPLATE) for template in given]
    if purge:
        return wanted
    names = {template.get("templateName") for template in wanted}
    return wanted + [template for template in live if template.get("templateName") not in names]


def _keyed(options: Values, attributes: t.Iterable[Attribute]) -> Values:
    """Options by the keys of JCasC; what was not given is left out."""
    found = {}
    for attribute in attributes:
        value = options.get(attribute.name)
        if value is None:
            continue
        entries = attribute.kind == ENTRIES
        found[attribute.key] = [_keyed(item, attribute.fields) for item in value] if entries else value
    return found


def _complete(wanted: Values) -> Values:
    """The cloud as Jenkins has to be sent it: with what the plugin cannot do without, and without what misleads it."""
    cloud = {**wanted, "credentialsId": wanted.get("credentialsId") or "", "jenkinsUrl": wanted.get("jenkinsUrl") or ""}
    cloud["templates"] = [_sent(template, TEMPLATE) for template in wanted.get("templates") or []]
    return _sent(cloud, CLOUD, keep=("credentialsId", "jenkinsUrl", "templates"))


def _sent(values: Values, attributes: t.Iterable[Attribute], keep: t.Sequence[str] = ()) -> Values:
    known = {attribute.key: attribute for attribute in attributes}
    found = {}
    for key, value in values.items():
        if value is None or (value == [] and key not in keep):
            continue
        attribute = known.get(key)
        if attribute and attribute.kind == WORDS and isinstance(value, list):
            value = (" " if key == "label" else ",").join(value)
        found[key] = value
    return found


def normalised(values: Values, attributes: t.Iterable[Attribute] = CLOUD) -> Values:
    """The values in the one form in which equal ones are equal: no blanks, no defaults, words and maps sorted."""
    known = {attribute.key: attribute for attribute in attributes}
    found = {}
    for key, value in values.items():
        normal = _normal(known[key], value) if key in known else value
        default = known[key].default if key in known else None
        if normal not in (None, "", [], {}) and normal != default:
            found[key] = normal
    if found.get("taskDefinitionOverride"):
        found.pop("templateName", None)
    else:
        found.pop("agentContainerName", None)
    return found


def _normal(attribute: Attribute, value: t.Any) -> t.Any:
    if value is None:
        return None
    if attribute.kind == ENTRIES:
        return _normal_entries(attribute, value)
    if attribute.kind == WORDS:
        words = value if isinstance(value, list) else re.split(_WORD_SEPARATORS[attribute.key], str(value).strip())
        return sorted({word.strip() for word in words if word.strip()})
    if attribute.kind == NUMBER:
        return int(value) or attribute.zero
    if attribute.kind == FLAG:
        return bool(value)
    return str(value).strip()


def _normal_entries(attribute: Attribute, value: list[Values]) -> list[Values]:
    entries = [entry for item in value if (entry := normalised(item, attribute.fields))]
    if not attribute.by_name:
        return entries
    keys = [field.key for field in attribute.fields]
    return sorted(entries, key=lambda entry: [str(entry.get(key, "")) for key in keys])


def _differences(before: t.Any, after: t.Any, path: str = "") -> t.Iterator[str]:
    """The paths of all that differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            yield from _differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after)):  # noqa: B905
            yield from _differences(old, new, f"{path}[{number}]")
    elif before != after:
        yield path


def masked(cloud: Values) -> Values:
    """The cloud as it may be shown: values of variables that sound secret are hidden."""
    templates = [
        {**template, "environments": [_masked(entry) for entry in template["environments"]]}
        if template.get("environments")
        else template
        for template in cloud.get("templates", ())
    ]
    return {**cloud, "templates": templates} if templates else cloud


def _masked(entry: Values) -> Values:
    return {**entry, "value": MASKED} if _sounds_secret(entry) else entry


def _sounds_secret(entry: Values) -> bool:
    return _SECRET.search(str(entry.get("name", ""))) is not None


def secrets(options: Values) -> set[str]:
    """The values of variables that sound secret, among the options that were given."""
    templates = options.get("templates") or ()
    entries = [entry for template in templates for entry in template.get("environments") or ()]
    return {str(entry["value"]) for entry in entries if entry.get("value") and _sounds_secret(entry)}


def check(cloud: Values) -> None:
    """Raise CollectionError with everything that the web form would refuse, and that would only fail later."""
    problems = [*_problems_of_cloud(cloud)]
    for number, template in enumerate(cloud.get("templates", ()), 1):
        name = template.get("templateName") or f"number {number}"
        problems += [f"template {name}: {problem}" for problem in _problems_of_template(template)]
    names = [template.get("templateName") for template in cloud.get("templates", ()) if template.get("templateName")]
    problems += [
        f"template_name {name} is used twice" for name in sorted({one for one in names if names.count(one) > 1})
    ]
    if problems:
        raise CollectionError(f"The cloud {cloud.get('name')} is not valid: {'; '.join(problems)}.", problems=problems)


def _problems_of_cloud(cloud: Values) -> t.Iterator[str]:
    if not _NAME.fullmatch(str(cloud.get("name", ""))):
        yield f"name '{cloud.get('name')}' has to be 1 to 127 letters, digits, underscores and dashes"
    for attribute in CLOUD:
        if attribute.key in ("cluster", "regionName") and not str(cloud.get(attribute.key) or "").strip():
            yield f"{attribute.name} is needed"
        yield from _too_small(attribute, cloud)


def _problems_of_template(template: Values) -> t.Iterator[str]:
    for attribute in TEMPLATE:
        yield from _too_small(attribute, template)
    if template.get("taskDefinitionOverride"):
        return
    if not _NAME.fullmatch(str(template.get("templateName") or "")):
        yield "template_name has to be 1 to 127 letters, digits, underscores and dashes (without one, one is invented)"
    memory, reservation = template.get("memory") or 0, template.get("memoryReservation") or 0
    if not memory and not reservation:
        yield "memory or memory_reservation is needed"
    if memory and reservation and memory <= reservation:
        yield f"memory ({memory}) has to be above memory_reservation ({reservation})"
    fargate, mode = template.get("launchType") == "FARGATE", template.get("networkMode")
    if (fargate or mode == "awsvpc") and not template.get("subnets"):
        yield f"subnets are needed for {'launch_type FARGATE' if fargate else 'network_mode awsvpc'}"
    for strategy in template.get("placementStrategies") or ():
        if strategy.get("type") != "random" and not strategy.get("field"):
            yield f"placement_strategies: the type {strategy.get('type')} needs a field"


def _too_small(attribute: Attribute, values: Values) -> t.Iterator[str]:
    value = values.get(attribute.key)
    if attribute.minimum is not None and isinstance(value, int) and value < attribute.minimum:
        yield f"{attribute.name} is {value}, but has to be at least {attribute.minimum}"


def warnings(cloud: Values) -> list[str]:
    """What is valid, but will surprise."""
    found = []
    for template in cloud.get("templates", ()):
        name = template.get("templateName") or template.get("taskDefinitionOverride")
        if template.get("kernelCapabilities") and template.get("sharedMemorySize"):
            found.append(f"template {name}: the plugin drops kernel_capabilities when shared_memory_size is set")
        if any(mount.get("iam") and not mount.get("accessPointId") for mount in template.get("efsMountPoints") or ()):
            found.append(f"template {name}: iam of an EFS mount point has no effect without access_point_id")
        awsvpc = template.get("launchType") == "FARGATE" or template.get("networkMode") == "awsvpc"
        if awsvpc and not template.get("securityGroups"):
            found.append(f"template {name}: without security_groups the plugin cannot start an agent in awsvpc mode")
    return found

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

TEXT, WORDS, NUMBER, FLAG, ENTRIES = "text", "words", "number", "flag", "entries"


class Attribute(t.NamedTuple):
    """An attribute of the cloud, of a template or of an entry, as JCasC calls it.

    default: what the plugin takes when it is not set, so that both mean the same; zero: 0 is stored, but reads back as
    this. fields: the attributes of an entry. by_name: the order of the entries does not matter, their first field is
    a key. option: the name of the option, where it is not the key in snake_case.
    """

    key: str
    kind: str = TEXT
    default: t.Any = None
    fields: tuple[Attribute, ...] = ()
    by_name: bool = False
    option: str = ""
    zero: int = 0
    minimum: int | None = None
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the option."""
        return self.option or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", self.key).lower()


def _number(key: str, default: int | None = 0, zero: int = 0, minimum: int = 0) -> Attribute:
    return Attribute(key, NUMBER, default, zero=zero, minimum=minimum)


def _flag(key: str) -> Attribute:
    return Attribute(key, FLAG, False)


def _entries(key: str, *fields: Attribute, by_name: bool = False) -> Attribute:
    return Attribute(key, ENTRIES, fields=fields, by_name=by_name)


_NAME, _VALUE = Attribute("name"), Attribute("value")

TEMPLATE: tuple[Attribute, ...] = (
    Attribute("templateName"),
    Attribute("label", WORDS),
    Attribute("agentContainerName"),
    Attribute("taskDefinitionOverride"),
    Attribute("image"),
    Attribute("repositoryCredentials"),
    Attribute("launchType", default="EC2"),
    Attribute("operatingSystemFamily", default="LINUX"),
    Attribute("cpuArchitecture", default="X86_64"),
    _flag("defaultCapacityProvider"),
    _entries("capacityProviderStrategies", Attribute("provider"), _number("base"), _number("weight")),
    Attribute("networkMode", choices=("default", "bridge", "host", "awsvpc", "none")),
    Attribute("remoteFSRoot"),
    _flag("uniqueRemoteFSRoot"),
    Attribute("platformVersion"),
    _number("memory"),
    _number("memoryReservation"),
    _number("cpu"),
    Attribute("ephemeralStorageSizeInGiB", NUMBER, option="ephemeral_storage_size_in_gib", minimum=1),
    Attribute("subnets"),
    Attribute("securityGroups"),
    _flag("assignPublicIp"),
    _flag("privileged"),
    Attribute("containerUser"),
    Attribute("kernelCapabilities"),
    _entries("logDriverOptions", _NAME, _VALUE, by_name=True),
    _entries("tags", _NAME, _VALUE, by_name=True),
    _entries("environments", _NAME, _VALUE, by_name=True),
    _entries("extraHosts", Attribute("ipAddress"), Attribute("hostname"), by_name=True),
    _entries("mountPoints", _NAME, Attribute("sourcePath"), Attribute("containerPath"), _flag("readOnly")),
    _entries(
        "efsMountPoints",
        _NAME,
        Attribute("containerPath"),
        _flag("readOnly"),
        Attribute("fileSystemId"),
        Attribute("rootDirectory"),
        Attribute("accessPointId"),
        _flag("transitEncryption"),
        _flag("iam"),
    ),
    _entries(
        "portMappings",
        Attribute("containerPort", NUMBER),
        Attribute("hostPort", NUMBER),
        Attribute("protocol", choices=("tcp", "udp")),
    ),
    _entries("ulimits", Attribute("ulimitName"), Attribute("softLimit", NUMBER), Attribute("hardLimit", NUMBER)),
    Attribute("executionRole"),
    _entries("placementStrategies", Attribute("type", choices=("random", "spread", "binpack")), Attribute("field")),
    Attribute("taskrole", option="task_role"),
    Attribute("inheritFrom"),
    _number("sharedMemorySize"),
    _flag("enableExecuteCommand"),
    Attribute("entrypoint"),
    Attribute("jvmArgs"),
    Attribute("logDriver"),
    Attribute("dnsSearchDomains"),
)

CLOUD: tuple[Attribute, ...] = (
    Attribute("name"),
    Attribute("credentialsId"),
    Attribute("assumedRoleArn"),
    Attribute("cluster"),
    Attribute("regionName", option="region"),
    Attribute("tunnel"),
    Attribute("jenkinsUrl"),
    Attribute("allowedOverrides", WORDS),
    _number("slaveTimeoutInSeconds", 900, zero=900),
    _flag("retainAgents"),
    _number("retentionTimeout", 5, zero=5),
    _number("taskPollingIntervalInSeconds", 1, zero=1),
    _number("numExecutors", 1, minimum=1),
    _number("maxAgents"),
    _number("maxCpu"),
    _number("maxMemory"),
    _number("maxMemoryReservation"),
    Attribute("templates", ENTRIES, fields=TEMPLATE),
)


def arguments(attributes: t.Iterable[Attribute]) -> dict[str, dict[str, t.Any]]:
    """The argument spec of attributes."""
    return {attribute.name: _argument(attribute) for attribute in attributes}


def _argument(attribute: Attribute) -> dict[str, t.Any]:
    if attribute.kind == WORDS:
        return {"type": "list", "elements": "str"}
    if attribute.kind == ENTRIES:
        return {"type": "list", "elements": "dict", "options": arguments(attribute.fields)}
    argument: dict[str, t.Any] = {"type": {TEXT: "str", NUMBER: "int", FLAG: "bool"}[attribute.kind]}
    return {**argument, "choices": list(attribute.choices)} if attribute.choices else argument

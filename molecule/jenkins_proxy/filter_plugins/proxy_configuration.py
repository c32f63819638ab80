# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy's configuration, as the CloudFormation template holds it."""

from __future__ import annotations

import re
import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load

RESOLVER = re.compile(r"(?<=resolver )169\.254\.169\.253(?= )")


def proxy_configuration(template: str, values: t.Mapping[str, str], resolver: str) -> str:
    """The text that the container would get, with values for the variables and another name server."""
    # libyaml takes plain text only, and Ansible's text is tagged with its origin.
    plain = template.encode().decode()
    containers = load(plain).resources["ProxyTask"]["Properties"]["ContainerDefinitions"]
    variables = {item["Name"]: item["Value"] for item in containers[0]["Environment"]}
    text: str = variables["NGINX_CONFIG"]["Fn::Sub"][0]
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    text, resolvers = RESOLVER.subn(resolver, text)
    if "${" in text or resolvers != 1:
        raise AnsibleFilterError(f"The proxy's configuration has a variable or a name server that is not known: {text}")
    return text


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"proxy_configuration": proxy_configuration}

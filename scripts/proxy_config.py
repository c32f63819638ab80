# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Puts the configuration of role nginx_proxy into the CloudFormation template of role jenkins_ecs.

A person has to be able to launch that template without Ansible, so the text has to be in it. It is not written there:
scripts/run python scripts/proxy_config.py
"""

from __future__ import annotations

import re
import textwrap
import typing as t
from pathlib import Path

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLES = Path(__file__).resolve().parents[1] / "roles"
TEMPLATE = ROLES / "jenkins_ecs" / "files" / "jenkins_ecs.yaml"
BLOCK = re.compile(r"(?<=- Name: NGINX_CONFIG\n)( +Value: !Sub\n( +)- \|\n)(?:(?:\2 .*)?\n)+")

# The options of the role for the proxy of the stack. CloudFormation knows the values.
STACK = {
    "nginx_proxy_mode": "container",
    "nginx_proxy_upstreams": [
        {"url": "http://${InternalLoadBalancer.DNSName}:8080", "login_path": "/j_spring_security_check"}
    ],
    "nginx_proxy_resolvers": ["169.254.169.253"],
    "nginx_proxy_trusted_proxies": ["${VpcCidr}"],
    "nginx_proxy_proxy_protocol": True,
    "nginx_proxy_redirect_port": 8082,
    "__nginx_proxy_public": {"scheme": "${Scheme}", "port": "${Port}", "origin": "https://${HostName}"},
}


def configuration(options: t.Mapping[str, t.Any]) -> str:
    """The text of nginx.conf for these options of the role."""
    loader = DataLoader()
    loader.set_basedir(str(ROLES / "nginx_proxy" / "templates"))
    files = [
        loader.load_from_file(str(ROLES / "nginx_proxy" / part / "main.yml"), trusted_as_template=True)
        for part in ("defaults", "vars")
    ]
    variables = {**files[0], **files[1], "__nginx_proxy_mark": "", **options}
    source = (ROLES / "nginx_proxy" / "templates" / "nginx.conf.j2").read_text()
    templar = Templar(loader=loader, variables=variables)
    return str(templar.template(trust_as_template(source)))


def with_proxy(template: str) -> str:
    """The CloudFormation template with the configuration as the role makes it today."""
    text, count = BLOCK.subn(
        lambda found: found[1] + textwrap.indent(configuration(STACK).strip("\n") + "\n", found[2] + "  "), template
    )
    if count != 1:
        raise SystemExit(f"{TEMPLATE} has {count} variables NGINX_CONFIG, not one.")
    return text


if __name__ == "__main__":
    TEMPLATE.write_text(with_proxy(TEMPLATE.read_text()))

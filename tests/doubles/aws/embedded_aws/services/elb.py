# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classic load balancers: DNS names in AWS's form, the subnets' zones, the instances' protocol of a listener."""

from __future__ import annotations

import zlib
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb import models
from moto.elb.models import ELBBackend, FakeListener, LoadBalancer


def dns_name(name: str, scheme: str, region: str) -> str:
    """NAME-NUMBER.REGION.elb.amazonaws.com, with internal- before it for an internal load balancer."""
    prefix = "internal-" if scheme == "internal" else ""
    return f"{prefix}{name}-{zlib.crc32(name.encode()):010d}.{region}.elb.amazonaws.com"


class Listener(FakeListener):
    """A listener whose instances speak another protocol than its clients, as behind SSL."""

    backend_protocol = ""

    @property
    def instance_protocol(self) -> str:
        return self.backend_protocol or self.protocol


def install() -> None:
    models.FakeListener = Listener  # type: ignore[misc]
    create, listen = ELBBackend.create_load_balancer, ELBBackend.create_load_balancer_listeners

    def create_load_balancer(
        self: ELBBackend, name: str, zones: list[str], ports: list[dict[str, Any]], *arguments: Any, **options: Any
    ) -> LoadBalancer:
        balancer = create(self, name, zones, ports, *arguments, **options)
        balancer.dns_name = dns_name(name, balancer.scheme, self.region_name)
        subnets = ec2_backends[self.account_id][self.region_name]
        balancer.availability_zones = zones or [
            subnets.get_subnet(subnet).availability_zone for subnet in balancer.subnets
        ]
        remember_protocols(balancer, ports)
        return balancer

    def create_load_balancer_listeners(self: ELBBackend, name: str, ports: list[dict[str, Any]]) -> LoadBalancer | None:
        balancer = listen(self, name, ports)
        if balancer is not None:
            remember_protocols(balancer, ports)
        return balancer

    ELBBackend.create_load_balancer = create_load_balancer  # type: ignore[method-assign]
    ELBBackend.create_load_balancer_listeners = create_load_balancer_listeners  # type: ignore[method-assign]


def remember_protocols(balancer: LoadBalancer, ports: list[dict[str, Any]]) -> None:
    asked = {str(port["LoadBalancerPort"]): port.get("InstanceProtocol", "") for port in ports}
    for listener in balancer.listeners:
        listener.backend_protocol = asked.get(str(listener.load_balancer_port)) or listener.backend_protocol

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classic load balancers: DNS names and hosted zones in AWS's form."""

from __future__ import annotations

import zlib
from typing import Any

from moto.elb.models import ELBBackend, LoadBalancer


def dns_name(name: str, scheme: str, region: str) -> str:
    """NAME-NUMBER.REGION.elb.amazonaws.com, with internal- before it for an internal load balancer."""
    prefix = "internal-" if scheme == "internal" else ""
    return f"{prefix}{name}-{zlib.crc32(name.encode()):010d}.{region}.elb.amazonaws.com"


def install() -> None:
    create = ELBBackend.create_load_balancer

    def create_load_balancer(self: ELBBackend, name: str, *arguments: Any, **options: Any) -> LoadBalancer:
        balancer = create(self, name, *arguments, **options)
        balancer.dns_name = dns_name(name, balancer.scheme, self.region_name)
        return balancer

    ELBBackend.create_load_balancer = create_load_balancer  # type: ignore[method-assign]

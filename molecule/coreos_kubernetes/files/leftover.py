# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""leftover.py CLUSTER SUBNET: a load balancer, as the cloud controller of CLUSTER makes it for a Service."""

from __future__ import annotations

import sys

import boto3


def main(cluster: str, subnet: str) -> None:
    boto3.client("elb").create_load_balancer(
        LoadBalancerName="leftover",
        Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 30080}],
        Subnets=[subnet],
        Tags=[{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}],
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

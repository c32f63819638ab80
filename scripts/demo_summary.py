# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What the demo tells at its end: demo_summary.py PORT, with the environment of the embedded AWS."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import boto3

DEFAULT_PORT = "4566"


def stack_lines(cloudformation: Any, stack: dict[str, Any]) -> list[str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack["StackName"])
    types = [resource["ResourceType"] for page in pages for resource in page["StackResourceSummaries"]]
    services = Counter(name.split("::")[1] for name in types)
    counts = ", ".join(f"{count} {service}" for service, count in services.most_common())
    lines = [f"  stack {stack['StackName']} is {stack['StackStatus']}: {len(types)} resources ({counts})"]
    outputs = sorted(stack.get("Outputs", []), key=lambda output: output["OutputKey"])
    return lines + [f"    {output['OutputKey']:42} {output['OutputValue']}" for output in outputs]


def main(port: str) -> None:
    cloudformation = boto3.client("cloudformation")
    stacks = [stack for page in cloudformation.get_paginator("describe_stacks").paginate() for stack in page["Stacks"]]
    endpoint = f"http://127.0.0.1:{port}"
    make = "make" if port == DEFAULT_PORT else f"AWS_PORT={port} make"
    print("\n== What was built, on an AWS that runs on this machine only ==")
    for stack in stacks:
        print("\n".join(stack_lines(cloudformation, stack)))
    print(
        f"""
The second run changed nothing: the playbook describes a state, so it can run at any time.
Nothing here is real: the AWS behind {endpoint} is a double that answers its API,
so no container runs, no machine boots and the addresses above lead nowhere. The Jenkins that got plugins, agents,
a job and a build was a double, too, and has ended.

Look around, for example with the AWS CLI
  eval "$(scripts/embedded_aws env --port {port})"
  aws --endpoint-url {endpoint} cloudformation describe-stack-events --stack-name {stacks[0]["StackName"]}
  aws --endpoint-url {endpoint} ecs list-clusters
  {make} aws-log              every request that was made
  {make} play PLAYBOOK=site.yml ARGS="--check --diff -e jenkins_ecs_public_access_cidr=198.51.100.0/24"

The same on a real account (this costs money; docs/jenkins_on_ecs.md tells how much and for what)
  export AWS_PROFILE=... AWS_REGION=...
  scripts/run ansible-playbook site.yml -e jenkins_ecs_public_access_cidr=YOUR.ADDRESS/32

Stop
  {make} aws-stop"""
    )


if __name__ == "__main__":
    main(sys.argv[1])

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kube_aws_info
short_description: Status of a Kubernetes cluster of kube_aws
version_added: 0.2.0
description:
  - Tells how a cluster of M(containerci.aws.kube_aws) is doing, as far as AWS knows. Kubernetes itself is not asked.
  - A cluster that does not exist is no failure; V(cluster.stack_id) is null then.
options:
  drift:
    description:
      - Whether AWS is asked for resources that somebody changed behind the stack's back. It needs some minutes to find
        out.
    type: bool
    default: false
  orphans:
    description:
      - Whether to look for load balancers, security groups and volumes that Kubernetes made for the cluster.
    type: bool
    default: false
  wait_timeout:
    description: How many seconds to wait for the answer about O(drift).
    type: int
    default: 600
extends_documentation_fragment:
  - containerci.aws._kube
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.info_module
  - containerci.aws._attributes.actiongroup_aws
requirements:
  - cryptography >= 42
  - PyYAML
seealso:
  - module: containerci.aws.kube_aws
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: See how the cluster is doing
  containerci.aws.kube_aws_info:
    asset_dir: clusters/demo
  register: kubernetes

- name: Stop when a certificate ends within a week
  ansible.builtin.assert:
    that: kubernetes.certificates | map(attribute='days_left') | min > 7

- name: See everything about a cluster that is described elsewhere
  containerci.aws.kube_aws_info:
    asset_dir: clusters/demo
    config: inventory/demo.yaml
    region: eu-central-1
    drift: true
    orphans: true
    wait_timeout: 300

- name: See a cluster that the playbook describes
  containerci.aws.kube_aws_info:
    asset_dir: clusters/demo
    cluster: "{{ cluster }}"
"""

RETURN = r"""
cluster:
  description: The cluster, as RV(containerci.aws.kube_aws#module:cluster).
  returned: success
  type: dict
  sample:
    name: demo
    region: eu-central-1
    stack_id: arn:aws:cloudformation:eu-central-1:123456789012:stack/demo/9a1f3c60-c7a1-11f0-8de9-0242ac120002
    stack_status: UPDATE_COMPLETE
    controller_ips: [198.51.100.7]
    load_balancer: null
    endpoint: https://kubernetes.example.org:6443
    ami: ami-0123456789abcdef0
    os_version: 4593.2.5
    kubernetes_version: v1.36.2
    ca_cert_hash: sha256:3b1f6d0c6e2f6a8f6e0a9d9a6b0c0a3e6d1f2c3b4a5968778695a4b3c2d1e0f0
    kubeconfig_path: clusters/demo/kubeconfig
certificates:
  description: The public part of each certificate, as RV(containerci.aws.kube_aws#module:certificates).
  returned: success
  type: list
  elements: dict
  sample: [{name: admin, not_after: "2027-02-23T10:00:00Z", days_left: 90}]
controllers:
  description: The machines of the control plane.
  returned: success
  type: list
  elements: dict
  contains:
    index:
      description: Number of the controller, from 0.
      type: int
      returned: always
      sample: 0
    instance_id:
      description: The machine.
      type: str
      returned: always
      sample: i-0123456789abcdef0
    state:
      description: What EC2 says of it.
      type: str
      returned: always
      sample: running
    private_ip:
      description: Its address in the VPC.
      type: str
      returned: always
      sample: 10.0.0.50
    public_ip:
      description: Its address in the internet. Null if it has none.
      type: str
      returned: always
      sample: 198.51.100.7
worker_pools:
  description: The groups of workers.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the pool; C(default) is that of C(workerCount).
      type: str
      returned: always
      sample: default
    desired:
      description: Number of workers that there should be.
      type: int
      returned: always
      sample: 3
    min:
      description: Smallest number for an autoscaler.
      type: int
      returned: always
      sample: 3
    max:
      description: Largest number for an autoscaler.
      type: int
      returned: always
      sample: 3
    in_service:
      description: Number of workers that run.
      type: int
      returned: always
      sample: 3
drift:
  description: The resources that somebody changed. Empty unless O(drift=true).
  returned: success
  type: list
  elements: dict
  sample:
    - logical_resource_id: AutoScaleWorkerDefault
      physical_resource_id: demo-AutoScaleWorkerDefault-1ABCDEFGHIJKL
      resource_type: AWS::AutoScaling::AutoScalingGroup
      status: MODIFIED
      differences: [{path: /DesiredCapacity, expected: "2", actual: "3"}]
orphans:
  description: What Kubernetes made for the cluster. Empty unless O(orphans=true).
  returned: success
  type: list
  elements: dict
  sample: [{kind: load balancer, id: a1b2c3, name: a1b2c3}]
findings:
  description: Everything that is wrong with the description of the cluster.
  returned: failure, if something is
  type: list
  elements: dict
  sample: [{key: workersCount, value: 3, reason: "there is no such key; did you mean workerCount?"}]
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: AccessDenied
"""

import datetime
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import plain
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.task import Task

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "asset_dir": {"type": "path", "required": True},
    "config": {"type": "path"},
    "cluster": {"type": "dict"},
    "drift": {"type": "bool", "default": False},
    "orphans": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 600},
}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS, supports_check_mode=True, mutually_exclusive=[("config", "cluster")]
    )
    try:
        result = Task(module, datetime.datetime.now(datetime.UTC)).info()
    except CollectionError as error:
        module.fail_json(msg=error.message, **{name: plain(value) for name, value in error.details.items()})
    else:
        for name in ("actions", "files"):
            del result[name]
        module.exit_json(**result)


if __name__ == "__main__":
    main()

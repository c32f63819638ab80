#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kube_aws
short_description: Kubernetes clusters on Flatcar in AWS
version_added: 0.2.0
description:
  - Does what the C(kube-aws) of CoreOS did, with the same C(cluster.yaml), for a Kubernetes and an operating system of
    today. It renders keys and certificates, configurations of machines and a CloudFormation template, and brings the
    stack to that state.
  - Machines configure themselves at their first boot. Nothing is installed on the host that runs the module - no
    C(kubectl), no C(kube-aws) - and nobody logs in to the machines.
  - The same input gives the same bytes. A cluster that is as wanted is only read, and machines are replaced only if
    their own configuration changes - workers in a rolling update of their group, controllers one after another and only
    with O(allow_controller_replacement=true).
  - Private keys are in O(asset_dir) and, encrypted with your KMS key, in objects of O(assets_bucket) that only the
    controllers can read. They are in no template, user data, parameter, output, log, diff or result.
options:
  state:
    description:
      - With V(initialized), C(cluster.yaml) is written from O(cluster), with every other key explained in a comment.
        A file that is there already is left as it is.
      - With V(rendered), keys and certificates are made, and configurations, template and kubeconfig are rendered into
        O(asset_dir). AWS is asked only for an image that is not given, and Flatcar only for a checksum that is not
        given.
      - With V(validated), AWS is asked whether everything that the cluster names exists and fits, and whether the
        template is valid. Nothing is written.
      - With V(present), the cluster is rendered and its stack is created or brought up to date.
      - With V(absent), there is neither the stack nor anything in the bucket. O(asset_dir) stays.
      - With V(exported), the cluster is rendered and its template is also written to O(dest).
      - With V(kubeconfig), the kubeconfig of the administrator is written to O(dest), with a new certificate if the
        present one is due.
    type: str
    choices: [initialized, rendered, validated, present, absent, exported, kubeconfig]
    default: present
  dest:
    description:
      - File to write with O(state=exported) and O(state=kubeconfig). The default is C(CLUSTER.stack-template.json) or
        C(kubeconfig) in O(asset_dir). A file that holds something else, such as a kubeconfig with other clusters, is
        not overwritten.
    type: path
  backup:
    description:
      - Whether C(cluster.yaml), and a key or certificate, is kept under a name with the time added when it is replaced.
    type: bool
    default: true
  force_new_ca:
    description:
      - Makes new authorities, although there are some. Every machine of the cluster has to be replaced then, which
        needs O(allow_controller_replacement=true), and every kubeconfig is void. Without it an authority that exists is
        never touched.
      - Old and new machines do not trust each other, so workers return only when they are new themselves. A cluster
        with three controllers cannot be given new authorities; with O(state=present) that is refused.
    type: bool
    default: false
  ca_cert:
    description:
      - File with the certificate of an authority of your own, for a new cluster. Its key is O(ca_key).
    type: path
  ca_key:
    description:
      - File with the private key of O(ca_cert), without a passphrase.
    type: path
  refresh_ami:
    description:
      - Looks for a newer image of the operating system, although one was found before. Workers are replaced then, one
        by one. Controllers keep their image, unless O(allow_controller_replacement=true); they are then replaced before
        the workers.
      - An image that is given as C(ami) is that of all machines.
    type: bool
    default: false
  assets_bucket:
    description:
      - Bucket for the configurations of the machines. The default is
        C(kube-aws-ACCOUNT-REGION-CLUSTER), with the account of C(kmsKeyArn).
    type: str
  create_bucket:
    description:
      - Whether the bucket belongs to the cluster. It is then made if it does not exist, its encryption, its policy and
        its block of public access are kept as they have to be, and it is deleted with the cluster once it is empty.
      - With V(false) the bucket has to exist, and only objects below C(CLUSTER/) are touched.
    type: bool
    default: true
  keep_objects:
    description:
      - How many configurations of each kind of machine are kept in the bucket, the present one included.
    type: int
    default: 3
  allow_controller_replacement:
    description:
      - Consent to an update that replaces or removes controllers, their addresses or the volumes of etcd. Without it
        such an update is refused, by this module and by the policy of the stack, which is lifted for the update only.
      - A controller whose configuration, image or type changes gets a new machine, because machines configure
        themselves at their first boot only. For one controller after another the stack is updated twice - the machine
        is taken out, and a new one is made that gets the address, the name and the volume of etcd. When all controllers
        are new, the stack is updated to the whole template, which replaces the workers.
      - An update ends when the new machine runs, not when its API answers. Of three controllers, one is taken out only
        when the load balancer finds the API of the others healthy, and workers are replaced only when all are, which
        needs the permission C(elasticloadbalancing:DescribeTargetHealth). With one controller the module cannot see the
        API; it is away for some minutes, and new workers wait for it.
      - The data of etcd stay, unless a volume itself is to be replaced.
      - If it is interrupted, the next run goes on where it was. Without consent that run makes a controller that is
        missing in the same update as everything else.
    type: bool
    default: false
  replace_failed:
    description:
      - Consent to delete a stack that never came up and to create it anew.
    type: bool
    default: false
    aliases: [recreate_failed]
  termination_protection:
    description:
      - Whether AWS refuses to delete the stack. If it is not given, an existing stack keeps what it has.
      - With O(state=absent), V(false) lets a protected stack be deleted, which fails otherwise.
    type: bool
  on_failure:
    description: What AWS does with a new stack whose creation fails.
    type: str
    choices: [rollback, delete, do_nothing]
    default: rollback
  role_arn:
    description: Role with which CloudFormation works, instead of your credentials.
    type: str
  drift:
    description:
      - What to do about resources that somebody changed behind the stack's back. They are never changed back silently.
      - With V(report) they are returned in RV(drift), with a warning. With V(fail) the task fails before it changes
        anything.
      - AWS needs some minutes to find out. In check mode it is not asked.
    type: str
    choices: [ignore, report, fail]
    default: ignore
  delete_orphans:
    description:
      - With O(state=absent), consent to delete the load balancers, security groups and volumes that Kubernetes made
        for the cluster. B(The data on the volumes is lost.) Without it the task fails and lists them, because they
        would be left behind, and some would block the deletion of the stack.
    type: bool
    default: false
  return_kubeconfig:
    description:
      - Whether RV(kubeconfig) is returned. It holds a private key; use C(no_log) for the task.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until AWS has finished. Needed with O(allow_controller_replacement) and O(delete_orphans).
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds all waiting of the task may take together. The rolling update of a group waits five minutes for
        each worker, and the replacement of a controller takes some minutes.
    type: int
    default: 3600
notes:
  - Check mode writes nothing, neither here nor in AWS, but for a change set of a stack that exists, which is deleted at
    once. It needs the permission for that; without it the changes are those between the two templates, with a warning.
  - C(kubernetesVersion) of a cluster that exists can go to a newer release of the same or of the next minor version,
    with O(allow_controller_replacement=true). An older release, or one that leaves out a minor version, is always
    refused. The template of the stack says which version it is; what C(autoPatchKubernetes) has done on the machines is
    not known.
  - In a cluster with three controllers a new one joins the others and takes the version of the control plane from them.
    C(kubeadm upgrade apply) has to be run there by hand, as a warning says.
  - While controllers are replaced in steps, RV(changes) and the diff are those between the beginning and the end,
    RV(events) are those of all updates, and a sentence in RV(actions) says it.
  - If O(state) needs no AWS, the module does not load the SDK.
  - The progress of the stack is shown for a local connection, which includes C(delegate_to=localhost).
extends_documentation_fragment:
  - containerci.aws._kube
  - containerci.aws._aws
  - containerci.aws._aws.region
  - containerci.aws._aws.boto3
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
    details:
      - For a stack that exists and differs a change set is created and deleted again.
  diff_mode:
    support: full
    details:
      - Shows the files, the configurations of the machines, the template and what happens to each resource. Secrets
        are shown as fingerprints.
  idempotent:
    support: partial
    details:
      - With O(force_new_ca=true) every run makes new authorities.
requirements:
  - cryptography >= 42, for all states but V(initialized) and V(absent)
  - PyYAML
seealso:
  - module: containerci.aws.kube_aws_info
  - module: containerci.aws.cloudformation_stack
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Write a cluster.yaml to begin with, and then edit it
  containerci.aws.kube_aws:
    state: initialized
    asset_dir: clusters/demo
    cluster:
      clusterName: demo
      externalDNSName: kubernetes.example.org
      region: eu-central-1
      availabilityZone: eu-central-1a
      keyName: admin
      kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555

- name: Render it, without asking anybody if ami, sysextSHA256 and ecrProviderSHA256 are given
  containerci.aws.kube_aws:
    state: rendered
    asset_dir: clusters/demo
    backup: true

- name: Ask AWS whether everything exists and fits
  containerci.aws.kube_aws:
    state: validated
    asset_dir: clusters/demo

- name: Bring the cluster up, or bring it up to date
  containerci.aws.kube_aws:
    asset_dir: clusters/demo
  register: kubernetes

- name: Show what another number of workers would change
  containerci.aws.kube_aws:
    asset_dir: clusters/demo
    cluster: "{{ cluster | combine({'worker_count': 5}) }}"
  check_mode: true
  diff: true

- name: A cluster with three controllers and everything that can be said about its stack
  containerci.aws.kube_aws:
    state: present
    asset_dir: clusters/production
    region: eu-central-1
    cluster:
      cluster_name: production
      external_dns_name: api.production.example.org
      key_name: admin
      kms_key_arn: arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555
      controller_count: 3
      create_record_set: true
      hosted_zone_id: Z0123456789ABC
      subnets:
        - {availability_zone: eu-central-1a, instance_cidr: 10.0.0.0/24}
        - {availability_zone: eu-central-1b, instance_cidr: 10.0.1.0/24}
        - {availability_zone: eu-central-1c, instance_cidr: 10.0.2.0/24}
      worker_count: 3
      worker_pools:
        - name: batch
          instance_types: [m6i.large, m5.large]
          spot: true
          count: 2
    ca_cert: ca.pem
    ca_key: ca-key.pem
    assets_bucket: example-kubernetes
    create_bucket: false
    keep_objects: 5
    on_failure: do_nothing
    replace_failed: true
    termination_protection: true
    role_arn: arn:aws:iam::123456789012:role/cloudformation
    drift: fail
    return_kubeconfig: true
    wait: true
    wait_timeout: 1800
  no_log: true
  register: kubernetes

- name: Replace the machines for a newer operating system, controllers included
  containerci.aws.kube_aws:
    config: clusters/demo/cluster.yaml
    asset_dir: clusters/demo
    refresh_ami: true
    allow_controller_replacement: true

- name: Show what the next minor version of Kubernetes would change, and that controllers are replaced in steps
  containerci.aws.kube_aws:
    asset_dir: clusters/demo
    cluster: "{{ cluster | combine({'kubernetes_version': 'v1.36.2'}) }}"
    allow_controller_replacement: true
  check_mode: true
  diff: true

- name: Go to the next minor version of Kubernetes, first the controllers and then the workers
  containerci.aws.kube_aws:
    asset_dir: clusters/demo
    cluster: "{{ cluster | combine({'kubernetes_version': 'v1.36.2'}) }}"
    allow_controller_replacement: true
    wait_timeout: 7200

- name: Replace the authorities, and with them all machines
  containerci.aws.kube_aws:
    asset_dir: clusters/demo
    force_new_ca: true
    allow_controller_replacement: true

- name: Write the template for somebody else to use
  containerci.aws.kube_aws:
    state: exported
    asset_dir: clusters/demo
    dest: demo.json

- name: Write the kubeconfig for kubectl
  containerci.aws.kube_aws:
    state: kubeconfig
    asset_dir: clusters/demo
    dest: ~/.kube/demo

- name: Take the cluster down, with the load balancers and volumes that Kubernetes made
  containerci.aws.kube_aws:
    state: absent
    asset_dir: clusters/demo
    delete_orphans: true
    termination_protection: false
"""

RETURN = r"""
cluster:
  description: The cluster as it is now; in check mode as it was found.
  returned: always, unless the description is refused
  type: dict
  contains:
    name:
      description: Name of the cluster and of its stack.
      type: str
      returned: always
      sample: demo
    region:
      description: Region of the cluster.
      type: str
      returned: always
      sample: eu-central-1
    stack_id:
      description: ARN of the stack. Null if there is none, or if AWS was not asked.
      type: str
      returned: always
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/demo/9a1f3c60-c7a1-11f0-8de9-0242ac120002
    stack_status:
      description: Status of the stack. Null if there is none, or if AWS was not asked.
      type: str
      returned: always
      sample: CREATE_COMPLETE
    controller_ips:
      description: Addresses of the controllers, the public ones if they have some. Empty without a stack.
      type: list
      elements: str
      returned: always
      sample: [198.51.100.7]
    load_balancer:
      description: Name of the load balancer before several controllers. Null if there is none.
      type: str
      returned: always
      sample: null
    endpoint:
      description: Address of the API.
      type: str
      returned: always
      sample: https://kubernetes.example.org:6443
    ami:
      description: Image of the machines. Null if it is not known yet.
      type: str
      returned: always
      sample: ami-0123456789abcdef0
    os_version:
      description: Version of Flatcar. Null if it is not known.
      type: str
      returned: always
      sample: 4593.2.5
    kubernetes_version:
      description: Version of Kubernetes.
      type: str
      returned: always
      sample: v1.36.2
    ca_cert_hash:
      description: What pins the authority when a machine joins. Null if there is none yet.
      type: str
      returned: always
      sample: sha256:3b1f6d0c6e2f6a8f6e0a9d9a6b0c0a3e6d1f2c3b4a5968778695a4b3c2d1e0f0
    kubeconfig_path:
      description: The kubeconfig of the administrator. Null if there is none yet.
      type: str
      returned: always
      sample: clusters/demo/kubeconfig
certificates:
  description: The public part of each certificate in O(asset_dir).
  returned: if there are some
  type: list
  elements: dict
  sample:
    - name: admin
      subject: O=kubeadm:cluster-admins, CN=kube-aws-demo-admin
      issuer: O=kube-aws, CN=kube-ca
      sans: []
      key_type: ecdsa-p256
      not_before: "2026-11-25T10:00:00Z"
      not_after: "2027-02-23T10:00:00Z"
      days_left: 90
      sha256: 0d5f6f0e3c7f3a7c3d4c1b2a9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c
files:
  description: The files that the task takes care of.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file.
      type: str
      returned: always
      sample: clusters/demo/cluster.yaml
    mode:
      description: Its mode.
      type: str
      returned: always
      sample: "0600"
    sha256:
      description: Checksum of its content.
      type: str
      returned: always
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    changed:
      description: Whether it was written, or would be in check mode.
      type: bool
      returned: always
      sample: false
template_sha256:
  description: Checksum of the template.
  returned: if it was rendered
  type: str
  sample: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
changes:
  description: What happens to each resource of the stack, as M(containerci.aws.cloudformation_stack) returns it.
  returned: O(state=present) and O(state=absent)
  type: list
  elements: dict
  sample:
    - action: Modify
      logical_resource_id: AutoScaleWorkerDefault
      physical_resource_id: demo-AutoScaleWorkerDefault-1ABCDEFGHIJKL
      resource_type: AWS::AutoScaling::AutoScalingGroup
      replacement: "False"
      scope: [Properties]
      properties: [DesiredCapacity, MaxSize, MinSize]
events:
  description: What happened to the stack during this task, in the order of time.
  returned: O(state=present) and O(state=absent)
  type: list
  elements: dict
  sample:
    - timestamp: "2026-11-25T10:15:30+00:00"
      logical_resource_id: VPC
      resource_type: AWS::EC2::VPC
      status: CREATE_COMPLETE
      reason: ""
drift:
  description: The resources that somebody changed behind the stack's back.
  returned: O(state=present)
  type: list
  elements: dict
  sample:
    - logical_resource_id: AutoScaleWorkerDefault
      physical_resource_id: demo-AutoScaleWorkerDefault-1ABCDEFGHIJKL
      resource_type: AWS::AutoScaling::AutoScalingGroup
      status: MODIFIED
      differences: [{path: /DesiredCapacity, expected: "2", actual: "3"}]
orphans:
  description: What Kubernetes made for the cluster and left behind.
  returned: O(state=absent)
  type: list
  elements: dict
  sample: [{kind: volume, id: vol-0123456789abcdef0, name: pvc-data}]
kubeconfig:
  description: The kubeconfig of the administrator.
  returned: O(return_kubeconfig=true)
  type: str
  sample: "apiVersion: v1..."
actions:
  description: What was done, or would be done in check mode, in plain sentences.
  returned: always
  type: list
  elements: str
  sample: ["Put object demo/ignition/worker-default-0123456789abcdef.ign.", "Create stack demo with 31 resources."]
findings:
  description: Everything that is wrong with the cluster.
  returned: failure, if something is
  type: list
  elements: dict
  sample: [{key: workersCount, value: 3, reason: "there is no such key; did you mean workerCount?"}]
error_code:
  description: The code of the error, if AWS refused a request.
  returned: failure, if AWS gave one
  type: str
  sample: ValidationError
"""

import datetime
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import plain
from ansible_collections.containerci.aws.plugins.module_utils._core.aws_module import make
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.task import Task, needs_aws

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "state": {
        "type": "str",
        "choices": ["initialized", "rendered", "validated", "present", "absent", "exported", "kubeconfig"],
        "default": "present",
    },
    "asset_dir": {"type": "path", "required": True},
    "config": {"type": "path"},
    "cluster": {"type": "dict"},
    "dest": {"type": "path"},
    "backup": {"type": "bool", "default": True},
    "force_new_ca": {"type": "bool", "default": False},
    "ca_cert": {"type": "path"},
    "ca_key": {"type": "path", "no_log": False},
    "refresh_ami": {"type": "bool", "default": False},
    "assets_bucket": {"type": "str"},
    "create_bucket": {"type": "bool", "default": True},
    "keep_objects": {"type": "int", "default": 3},
    "allow_controller_replacement": {"type": "bool", "default": False},
    "replace_failed": {"type": "bool", "default": False, "aliases": ["recreate_failed"]},
    "termination_protection": {"type": "bool"},
    "on_failure": {"type": "str", "choices": ["rollback", "delete", "do_nothing"], "default": "rollback"},
    "role_arn": {"type": "str"},
    "drift": {"type": "str", "choices": ["ignore", "report", "fail"], "default": "ignore"},
    "delete_orphans": {"type": "bool", "default": False},
    "return_kubeconfig": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 3600},
}


def check(params: t.Mapping[str, t.Any]) -> None:
    """Refuse options that do not go together."""
    if params["keep_objects"] < 2:
        raise CollectionError(
            f"keep_objects is {params['keep_objects']}, but a rollback needs the configuration before the present one: "
            "it must be 2 or more."
        )
    for option in ("allow_controller_replacement", "delete_orphans"):
        if params[option] and not params["wait"]:
            raise CollectionError(f"{option} needs wait: true, because something has to be done after the stack.")


def main() -> None:
    module = make(
        needs_aws,
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[("config", "cluster")],
        required_together=[("ca_cert", "ca_key")],
        required_if=[("state", "initialized", ("cluster",))],
    )
    try:
        check(module.params)
        result = Task(module, datetime.datetime.now(datetime.UTC)).run()
    except CollectionError as error:
        module.fail_json(msg=error.message, **{name: plain(value) for name, value in error.details.items()})
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()

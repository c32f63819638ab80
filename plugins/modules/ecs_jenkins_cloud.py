#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_jenkins_cloud
short_description: Manage an Amazon ECS cloud of Jenkins
version_added: 0.2.0
description:
  - Creates, changes or deletes one cloud of the Jenkins plugin amazon-ecs, with its agent templates, on a running
    controller.
  - Other clouds are never touched. The result is read back, and the task fails when it is not what was sent.
  - Options that are not given keep what the cloud has. For a new cloud the defaults of the plugin hold.
  - Nothing is written when the cloud already is as wanted.
  - Two runs at the same time can overwrite each other, because Jenkins has no lock for it. Use C(run_once) or
    C(throttle) C(1).
options:
  name:
    description:
      - Name of the cloud, 1 to 127 letters, digits, underscores and dashes.
      - It is also the beginning of the names of agents and task definitions.
    type: str
    required: true
  state:
    description: Whether the cloud should exist.
    type: str
    choices: [present, absent]
    default: present
  method:
    description:
      - How to write. V(form) uses the page of the cloud alone and needs Jenkins 2.403 or later.
      - V(configuration) lets the plugin configuration-as-code replace all clouds. It is refused when there are others,
        unless O(allow_replace_others) is given.
      - V(auto) is V(form) where Jenkins has it.
    type: str
    choices: [auto, form, configuration]
    default: auto
  allow_replace_others:
    description: With O(method=configuration), consent to write other clouds again as they are.
    type: bool
    default: false
  extra_attributes:
    description:
      - More attributes of the cloud, as configuration as code calls them, for releases of the plugin that this module
        does not know.
    type: dict
  purge_templates:
    description:
      - Whether templates that O(templates) does not name are deleted.
      - With V(false) they are kept after those that are given.
    type: bool
    default: true
  validate:
    description:
      - Whether Jenkins checks the cloud before it is written. It then names attributes that it does not know.
      - Without the permission to administer Jenkins this is left out, with a warning.
    type: bool
    default: true
extends_documentation_fragment:
  - containerci.aws._jenkins_cloud
  - containerci.aws._jenkins
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_jenkins
attributes:
  check_mode:
    support: full
    details: The cloud is checked by Jenkins, and nothing is written.
  diff_mode:
    support: full
    details: Values of environment variables whose names sound secret are hidden.
  idempotent:
    support: full
seealso:
  - module: containerci.aws.jenkins_plugins
  - name: Amazon ECS plugin
    description: The plugin that starts the agents.
    link: https://plugins.jenkins.io/amazon-ecs/
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: Agents on ECS
  containerci.aws.ecs_jenkins_cloud:
    url: https://jenkins.example.com
    user: admin
    token: "{{ jenkins_token }}"
    name: ecs-cloud
    cluster: arn:aws:ecs:eu-central-1:111122223333:cluster/jenkins
    region: eu-central-1
    jenkins_url: http://internal-jenkins.eu-central-1.elb.amazonaws.com:8080
    templates:
      - template_name: maven
        label: [maven]
        image: jenkins/inbound-agent:latest-jdk21
        remote_fs_root: /home/jenkins
        memory: 512
        cpu: 512
  delegate_to: localhost

- name: Agents on Fargate, with a home on EFS
  containerci.aws.ecs_jenkins_cloud:
    url: https://ci.example.com/jenkins
    user: admin
    password: "{{ jenkins_password }}"
    ca_path: /etc/ssl/ci.pem
    client_cert: /etc/ssl/client.pem
    client_key: /etc/ssl/client.key
    validate_certs: true
    timeout: 60
    ready_timeout: 300
    name: fargate
    cluster: builds
    region: eu-central-1
    credentials_id: aws-builds
    assumed_role_arn: arn:aws:iam::111122223333:role/jenkins
    tunnel: jenkins.internal:50000
    allowed_overrides: [label, cpu, memory]
    retain_agents: true
    retention_timeout: 30
    slave_timeout_in_seconds: 600
    task_polling_interval_in_seconds: 2
    num_executors: 1
    max_agents: 20
    max_cpu: 4096
    max_memory: 8192
    max_memory_reservation: 8192
    purge_templates: false
    validate: true
    templates:
      - template_name: node
        label: [node, javascript]
        launch_type: FARGATE
        operating_system_family: LINUX
        cpu_architecture: ARM64
        platform_version: LATEST
        image: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/agents/node:22
        repository_credentials: arn:aws:secretsmanager:eu-central-1:111122223333:secret:registry
        network_mode: awsvpc
        subnets: subnet-0a1b2c3d4e5f60718,subnet-1a1b2c3d4e5f60718
        security_groups: sg-0a1b2c3d4e5f60718
        assign_public_ip: false
        cpu: 1024
        memory_reservation: 2048
        ephemeral_storage_size_in_gib: 50
        execution_role: arn:aws:iam::111122223333:role/agent-execution
        task_role: arn:aws:iam::111122223333:role/agent
        enable_execute_command: true
        log_driver: awslogs
        log_driver_options:
          - {name: awslogs-group, value: /jenkins/agents}
          - {name: awslogs-region, value: eu-central-1}
          - {name: awslogs-stream-prefix, value: node}
        environments:
          - {name: NPM_CONFIG_CACHE, value: /cache/npm}
        efs_mount_points:
          - name: cache
            container_path: /cache
            file_system_id: fs-0a1b2c3d4e5f60718
            access_point_id: fsap-0a1b2c3d4e5f60718
            root_directory: /
            transit_encryption: true
            iam: true
            read_only: false
        tags:
          - {name: team, value: web}

- name: Agents on instances, with Docker of the instance
  containerci.aws.ecs_jenkins_cloud:
    url: http://localhost:8080
    user: admin
    token: "{{ jenkins_token }}"
    name: docker
    cluster: builds
    region: eu-central-1
    templates:
      - template_name: docker
        label: [docker]
        launch_type: EC2
        default_capacity_provider: false
        capacity_provider_strategies:
          - {provider: builds, base: 1, weight: 100}
        image: jenkins/inbound-agent:latest-jdk21
        remote_fs_root: /home/jenkins
        unique_remote_fs_root: true
        memory: 2048
        privileged: false
        container_user: jenkins
        kernel_capabilities: SYS_PTRACE
        shared_memory_size: 0
        entrypoint: /usr/local/bin/jenkins-agent
        jvm_args: -Xmx512m
        dns_search_domains: example.com
        extra_hosts:
          - {ip_address: 10.0.0.10, hostname: git.example.com}
        mount_points:
          - {name: docker, source_path: /var/run/docker.sock, container_path: /var/run/docker.sock, read_only: false}
        port_mappings:
          - {container_port: 5005, host_port: 0, protocol: tcp}
        ulimits:
          - {ulimit_name: nofile, soft_limit: 4096, hard_limit: 8192}
        placement_strategies:
          - {type: spread, field: instanceId}
      - template_name: docker-large
        label: [docker-large]
        inherit_from: docker
        memory: 8192
      - label: [custom]
        task_definition_override: custom-agent:7
        agent_container_name: agent

- name: An attribute of a newer release of the plugin, on an old Jenkins
  containerci.aws.ecs_jenkins_cloud:
    url: http://localhost:8080
    user: admin
    token: "{{ jenkins_token }}"
    name: ecs-cloud
    method: configuration
    allow_replace_others: true
    extra_attributes:
      someNewSetting: true

- name: No such cloud
  containerci.aws.ecs_jenkins_cloud:
    url: http://localhost:8080
    user: admin
    token: "{{ jenkins_token }}"
    name: ecs-cloud
    state: absent
"""

RETURN = r"""
name:
  description: Name of the cloud.
  returned: success
  type: str
  sample: ecs-cloud
cloud:
  description: The cloud as it is now, or would be, without what has its default. Empty when there is none.
  returned: success
  type: dict
  sample:
    name: ecs-cloud
    cluster: arn:aws:ecs:eu-central-1:111122223333:cluster/jenkins
    regionName: eu-central-1
    jenkinsUrl: http://internal-jenkins.eu-central-1.elb.amazonaws.com:8080
    templates:
      - templateName: maven
        label: [maven]
        image: jenkins/inbound-agent:latest-jdk21
        remoteFSRoot: /home/jenkins
        memory: 512
        cpu: 512
changed_keys:
  description: What was changed, or would be.
  returned: success
  type: list
  elements: str
  sample: ['templates[0].memory']
method:
  description: How it is written.
  returned: success
  type: str
  sample: form
other_clouds:
  description: The other clouds of the controller, which were left alone.
  returned: success
  type: list
  elements: dict
  sample: [{name: k8s, type: kubernetes}]
jenkins_version:
  description: Version of Jenkins.
  returned: success
  type: str
  sample: '2.555.1'
plugin_versions:
  description: Versions of the plugins that matter here.
  returned: success
  type: dict
  sample: {amazon-ecs: '1.49', configuration-as-code: 2117.vc05a_0b_e6b_f4e}
check_messages:
  description: What Jenkins said about the cloud.
  returned: success
  type: list
  elements: str
  sample: []
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import cloud as shapes
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import clouds, controller, jcasc
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.attributes import CLOUD, arguments
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import CONNECTION, RULES, Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError, Unreachable

PLUGINS = ("configuration-as-code", "amazon-ecs")


def wanted_plan(params: dict[str, t.Any], live: shapes.Values | None) -> shapes.Plan:
    """The plan for the options; raises CollectionError when the cloud would not be valid."""
    if params["state"] == "absent":
        return shapes.removal(live)
    plan = shapes.plan(live, params, params["extra_attributes"], params["purge_templates"])
    shapes.check(plan.wanted)
    return plan


def checked(module: AnsibleModule, jenkins: Jenkins, plan: shapes.Plan) -> list[str]:
    """What Jenkins says about the cloud; raises JenkinsError when it would not take it."""
    if not (plan.changed and plan.after and module.params["validate"]):
        return []
    messages = jcasc.check(jenkins, {"jenkins": {"clouds": [{clouds.KIND: plan.wanted}]}})
    if messages is None:
        module.warn("Jenkins was not asked to check the cloud, because the user may not administer it.")
    return messages or []


def write(
    params: dict[str, t.Any], jenkins: Jenkins, method: str, plan: shapes.Plan, found: list[clouds.Cloud]
) -> shapes.Values | None:
    """Write, and return the cloud as it is afterwards. When an answer gets lost, what is read then decides."""
    lost: Unreachable | None = None
    try:
        if method == "form":
            clouds.write_page(jenkins, params["name"], plan)
        else:
            clouds.write_configuration(jenkins, params["name"], plan, found, params["allow_replace_others"])
    except Unreachable as error:
        lost = error
    try:
        return clouds.verify(params["name"], plan, found, clouds.read(jenkins))
    except JenkinsError as error:
        raise lost or error from None


def ensure(module: AnsibleModule, jenkins: Jenkins) -> dict[str, t.Any]:
    """Bring the cloud into the wanted state; the result of the module."""
    params = module.params
    version = controller.describe(jenkins).version
    installed = controller.plugins(jenkins)
    controller.need(installed, *PLUGINS)
    before = clouds.read(jenkins)
    live = clouds.find(before, params["name"])
    plan = wanted_plan(params, live.values if live else None)
    messages = checked(module, jenkins, plan)
    for warning in shapes.warnings(plan.wanted):
        module.warn(warning)
    method = clouds.method_for(params["method"], version)
    after = plan.after
    if plan.changed and not module.check_mode:
        values = write(params, jenkins, method, plan, before)
        for source in jcasc.sources(jenkins):
            module.warn(
                f"Jenkins reads {source} when it starts; if clouds are declared there, that undoes this change."
            )
        after = shapes.normalised(values) if values else {}
    return {
        "changed": plan.changed,
        "name": params["name"],
        "cloud": shapes.masked(after),
        "changed_keys": plan.changed_keys,
        "method": method,
        "other_clouds": [{"name": one.name, "type": one.kind} for one in before if one.name != params["name"]],
        "jenkins_version": version,
        "plugin_versions": {name: installed[name].version for name in PLUGINS},
        "check_messages": messages,
        "diff": {"before": to_text(shapes.masked(plan.before)), "after": to_text(shapes.masked(after))},
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **CONNECTION,
            **arguments(CLOUD),
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "method": {"type": "str", "choices": ["auto", "form", "configuration"], "default": "auto"},
            "allow_replace_others": {"type": "bool", "default": False},
            "extra_attributes": {"type": "dict"},
            "purge_templates": {"type": "bool", "default": True},
            "validate": {"type": "bool", "default": True},
        },
        supports_check_mode=True,
        **RULES,
    )
    # What the task was called with is shown with -vvv.
    module.no_log_values.update(shapes.secrets(module.params))
    try:
        result = ensure(module, Jenkins(module.params))
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  credentials_id:
    description:
      - ID of AWS credentials that are stored in Jenkins. Empty for those of the machine, the task or the environment.
    type: str
  assumed_role_arn:
    description: Role to assume; only used where O(credentials_id) gives no credentials.
    type: str
  cluster:
    description: ARN or name of the ECS cluster. Needed for a new cloud.
    type: str
  region:
    description: AWS region of the cluster. Needed for a new cloud.
    type: str
  tunnel:
    description: Where agents connect to instead of what Jenkins tells them, as C(HOST:PORT), C(HOST:) or C(:PORT).
    type: str
  jenkins_url:
    description:
      - Address of Jenkins that agents use.
      - If it is not given or empty, the cloud keeps its own, and one without gets the URL that Jenkins has when the
        cloud is written. A cloud without any cannot start agents.
    type: str
  allowed_overrides:
    description:
      - Settings of templates that a declarative pipeline may override, for example V(label), V(cpu); V(all) for all.
    type: list
    elements: str
  slave_timeout_in_seconds:
    description: Seconds for an agent to start and connect; 900 is the default of the plugin.
    type: int
  retain_agents:
    description: Whether an agent is kept after its build, for the next one.
    type: bool
  retention_timeout:
    description: Minutes after which an idle agent is removed; 5 is the default of the plugin.
    type: int
  task_polling_interval_in_seconds:
    description: Seconds between two looks at a starting task; 1 is the default of the plugin.
    type: int
  num_executors:
    description: Builds that one agent runs at a time, at least 1.
    type: int
  max_agents:
    description: Largest number of agents; 0 for no limit.
    type: int
  max_cpu:
    description: Largest number of CPU units that a pipeline may ask for; 0 for no limit.
    type: int
  max_memory:
    description: Most memory that a pipeline may ask for, in MiB; 0 for no limit.
    type: int
  max_memory_reservation:
    description: Most memory that a pipeline may reserve, in MiB; 0 for no limit.
    type: int
  templates:
    description:
      - The templates of agents, in order. The first one whose labels fit is taken.
      - If they are given, there are no others, unless O(purge_templates=false). What a template does not say has the
        default of the plugin.
    type: list
    elements: dict
    suboptions:
      template_name:
        description:
          - Name of the template, part of the name of the task definition. Needed without
            O(templates[].task_definition_override).
        type: str
      label:
        description: Labels of the agents. A job finds its agent by them, and the first template that fits wins.
        type: list
        elements: str
      agent_container_name:
        description: With O(templates[].task_definition_override), the container that is the agent.
        type: str
      task_definition_override:
        description:
          - Family, C(family:revision) or ARN of a task definition that is made elsewhere. It replaces all settings of
            the container.
        type: str
      image:
        description: Image of the agent.
        type: str
      repository_credentials:
        description: ARN of the secret with the credentials of a private registry.
        type: str
      launch_type:
        description: Launch type of the task, V(EC2), V(FARGATE) or V(EXTERNAL); EC2 is the default of the plugin.
        type: str
      operating_system_family:
        description: Operating system on Fargate; LINUX is the default of the plugin.
        type: str
      cpu_architecture:
        description: Processor on Fargate, V(X86_64) or V(ARM64); X86_64 is the default of the plugin.
        type: str
      default_capacity_provider:
        description: Whether the capacity provider strategy of the cluster decides where the task runs.
        type: bool
      capacity_provider_strategies:
        description: Capacity providers to choose from, instead of a launch type.
        type: list
        elements: dict
        suboptions:
          provider:
            description: Name of the capacity provider.
            type: str
          base:
            description: Tasks that it gets first.
            type: int
          weight:
            description: Its share of the other tasks.
            type: int
      network_mode:
        description: Network mode of the task; without one, that of ECS.
        type: str
        choices: [default, bridge, host, awsvpc, none]
      remote_fs_root:
        description: Folder in the container that the agent works in.
        type: str
      unique_remote_fs_root:
        description: Whether the name of the agent is added to O(templates[].remote_fs_root).
        type: bool
      platform_version:
        description: Version of the Fargate platform.
        type: str
      memory:
        description: Hard limit of memory, in MiB.
        type: int
      memory_reservation:
        description: Soft limit of memory, in MiB; on Fargate the size of the task.
        type: int
      cpu:
        description: CPU units, 1024 are one core; on Fargate the size of the task.
        type: int
      ephemeral_storage_size_in_gib:
        description: Disk on Fargate, in GiB.
        type: int
      subnets:
        description: Subnets separated by commas; needed for awsvpc and Fargate.
        type: str
      security_groups:
        description: Security groups separated by commas, for awsvpc and Fargate.
        type: str
      assign_public_ip:
        description: Whether the task gets a public address; for awsvpc and Fargate.
        type: bool
      privileged:
        description: Whether the container may do everything on its host.
        type: bool
      container_user:
        description: User in the container.
        type: str
      kernel_capabilities:
        description: Linux capabilities to add, separated by commas.
        type: str
      log_driver_options:
        description: Options of the log driver.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name.
            type: str
          value:
            description: Value.
            type: str
      tags:
        description: More tags of the task definition.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name.
            type: str
          value:
            description: Value.
            type: str
      environments:
        description:
          - Environment variables of the agent. They are no place for secrets, everybody who may read the
            configuration sees them.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name.
            type: str
          value:
            description: Value.
            type: str
      extra_hosts:
        description: More lines of C(/etc/hosts).
        type: list
        elements: dict
        suboptions:
          ip_address:
            description: Address.
            type: str
          hostname:
            description: Name.
            type: str
      mount_points:
        description: Folders of the host in the container.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the volume.
            type: str
          source_path:
            description: Folder of the host.
            type: str
          container_path:
            description: Folder in the container.
            type: str
          read_only:
            description: Whether the container may only read it.
            type: bool
      efs_mount_points:
        description: EFS file systems in the container.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the volume.
            type: str
          container_path:
            description: Folder in the container.
            type: str
          read_only:
            description: Whether the container may only read it.
            type: bool
          file_system_id:
            description: ID of the file system.
            type: str
          root_directory:
            description: Folder of the file system.
            type: str
          access_point_id:
            description: ID of the access point.
            type: str
          transit_encryption:
            description: Whether the traffic is encrypted.
            type: bool
          iam:
            description: Whether the role of the task counts; needs an access point.
            type: bool
      port_mappings:
        description: Ports of the container on the host.
        type: list
        elements: dict
        suboptions:
          container_port:
            description: Port of the container.
            type: int
          host_port:
            description: Port of the host.
            type: int
          protocol:
            description: Protocol.
            type: str
            choices: [tcp, udp]
      ulimits:
        description: Limits of the container.
        type: list
        elements: dict
        suboptions:
          ulimit_name:
            description: Name of the limit, for example V(nofile).
            type: str
          soft_limit:
            description: Soft limit.
            type: int
          hard_limit:
            description: Hard limit.
            type: int
      execution_role:
        description: ARN of the role that ECS starts the task with.
        type: str
      placement_strategies:
        description: How tasks are spread over instances.
        type: list
        elements: dict
        suboptions:
          type:
            description: Type of the strategy.
            type: str
            choices: [random, spread, binpack]
          field:
            description: What it goes by, for example V(instanceId); not needed for V(random).
            type: str
      task_role:
        description: ARN of the role of the agent.
        type: str
      inherit_from:
        description: Label of a template whose settings this one takes over.
        type: str
      shared_memory_size:
        description: Size of C(/dev/shm), in MiB.
        type: int
      enable_execute_command:
        description: Whether ECS Exec can be used.
        type: bool
      entrypoint:
        description: Entry point of the container, words separated by blanks.
        type: str
      jvm_args:
        description: Options of the Java virtual machine, in the variable C(JAVA_OPTS).
        type: str
      log_driver:
        description: Log driver, for example V(awslogs).
        type: str
      dns_search_domains:
        description: Domains to search names in, separated by blanks.
        type: str
"""

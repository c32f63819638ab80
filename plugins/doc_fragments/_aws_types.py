# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
notes:
  - Every type has the matcher C(exist), and those with tags have C(have_tag) {key, value}. The other matchers and
    properties of each type follow, with the names of their arguments in braces. C(have_...) {value} without a value
    means that there is one.
  - Type C(vpc), matchers C(be_attached_to_a_virtual_private_gateway), C(be_attached_to_an_internet_gateway),
    C(be_attached_to_an_virtual_private_gateway), C(be_available), C(be_dedicated), C(be_dedicated_tenancy),
    C(be_default), C(be_default_tenancy), C(be_pending), C(have_cidr_block) {value}, C(have_dhcp_options_id) {value},
    properties C(nats), C(natted_subnets), C(network_acls), C(private_subnets), C(public_ec2_instances),
    C(public_non_nat_ec2_instances), C(public_subnets), C(size), C(subnets), C(virtual_private_gateway).
  - Type C(subnet), matchers C(be_available), C(be_pending), C(belong_to_vpc) {name}, C(have_availability_zone)
    {value}, C(have_cidr_block) {value}.
  - Type C(network_acl), matchers C(be_default), C(belong_to_vpc) {name}, C(have_default_rules), C(have_inbound_rule)
    {network, action, protocol, port, number}, C(have_outbound_rule) {network, action, protocol, port, number},
    C(have_subnet) {name}, properties C(size).
  - Type C(vpn_gateway) or C(virtual_private_gateway), matchers C(be_attached_to) {name}, C(be_available),
    C(be_deleted), C(be_deleting), C(be_pending), C(have_name) {value}.
  - Type C(route_table), matchers C(belong_to_vpc) {name}, C(have_route) {destination, target}, C(have_subnet) {name}.
  - Type C(internet_gateway), matchers C(be_attached_to) {name}.
  - Type C(nat_gateway), matchers C(be_available), C(be_deleted), C(be_deleting), C(be_failed), C(be_pending),
    C(belong_to_subnet) {name}, C(belong_to_vpc) {name}, C(have_eip) {value}.
  - Type C(elastic_ip) or C(eip), matchers C(be_associated), C(be_attached_to) {name}.
  - Type C(security_group) or C(security_group_by_id), matchers C(be_inbound_opened) {port, protocol, source},
    C(be_inbound_opened_only) {port, protocol, source}, C(be_outbound_opened) {port, protocol, destination},
    C(be_outbound_opened_only) {port, protocol, destination}, C(belong_to_vpc) {name}, C(have_description) {value},
    C(have_egress_rules) {rules}, C(have_ingress_rules) {rules}, C(have_owner_id) {value}, properties
    C(inbound_rules), C(outbound_rules).
  - Type C(ec2_instance) or C(ec2), matchers C(be_api_termination_disabled), C(be_arm64), C(be_ebs_optimized),
    C(be_hvm), C(be_i386), C(be_monitored), C(be_paravirtual), C(be_pending), C(be_running), C(be_shutting_down),
    C(be_source_dest_checked), C(be_stopped), C(be_stopping), C(be_terminated), C(be_x86_64), C(belong_to_subnet)
    {name}, C(belong_to_vpc) {name}, C(have_ami_launch_index) {value}, C(have_dns_name) {value}, C(have_ebs) {name},
    C(have_elastic_ip) {address}, C(have_iam_instance_profile_arn) {value}, C(have_iam_instance_profile_id) {value},
    C(have_image_id) {value}, C(have_instance_type) {value}, C(have_kernel_id) {value}, C(have_key_name) {value},
    C(have_platform) {value}, C(have_private_ip) {value}, C(have_public_ip) {value}, C(have_security_group) {name},
    C(have_shutdown_behavior) {value}, C(have_user_data) {text, include, match}, properties
    C(api_termination_disabled), C(elastic_ips), C(shutdown_behavior), C(user_data).
  - Type C(ami), parameters C(owners), matchers C(be_available), C(be_deregistered), C(be_disabled), C(be_failed),
    C(be_invalid), C(be_pending), C(be_public), C(be_shared_with) {account}, C(have_architecture) {value},
    C(have_imds_support) {value}, C(have_name) {value}, C(have_root_device_name) {value}, C(have_root_device_type)
    {value}, C(have_virtualization_type) {value}, properties C(launch_permissions).
  - Type C(ebs_volume) or C(ebs), matchers C(be_attached_to) {name}, C(be_available), C(be_creating), C(be_deleted),
    C(be_deleting), C(be_encrypted), C(be_error), C(be_in_use), C(have_availability_zone) {value}, C(have_iops)
    {value}, C(have_size) {value}, C(have_volume_type) {value}.
  - Type C(launch_template), matchers C(have_default_version_number) {value}, C(have_image_id) {value},
    C(have_instance_type) {value}, C(have_key_name) {value}, C(have_latest_version_number) {value}, C(have_user_data)
    {text, include, match}, properties C(data), C(user_data).
  - Type C(auto_scaling_group) or C(autoscaling_group), matchers C(have_availability_zone_names) {value},
    C(have_default_cooldown) {value}, C(have_desired_capacity) {value}, C(have_ec2) {name}, C(have_enabled_metrics)
    {value}, C(have_health_check_grace_period) {value}, C(have_health_check_type) {value},
    C(have_launch_configuration) {value}, C(have_launch_template) {name}, C(have_load_balancer) {name},
    C(have_load_balancers) {value}, C(have_max_size) {value}, C(have_min_size) {value}, C(have_placement_group)
    {value}, C(have_target_group) {name}, C(have_target_groups) {value}, properties C(availability_zone_names),
    C(enabled_metrics), C(launch_template).
  - Type C(launch_configuration), matchers C(have_block_device_mappings) {value}, C(have_iam_instance_profile)
    {value}, C(have_image_id) {value}, C(have_instance_type) {value}, C(have_key_name) {value}, C(have_security_group)
    {name}, C(have_user_data) {text, include, match}, properties C(user_data).
  - Type C(elb), matchers C(belong_to_vpc) {name}, C(have_access_logging_emit_interval) {value},
    C(have_access_logging_enabled) {value}, C(have_access_logging_valid_s3_bucket) {value},
    C(have_app_cookie_stickiness_policy) {name}, C(have_availability_zone_names) {value},
    C(have_canonical_hosted_zone_name) {value}, C(have_connection_draining_enabled) {value},
    C(have_connection_draining_timeout) {value}, C(have_cross_zone_load_balancing_enabled) {value}, C(have_dns_name)
    {value}, C(have_ec2) {name}, C(have_health_check_healthy_threshold) {value}, C(have_health_check_interval)
    {value}, C(have_health_check_target) {value}, C(have_health_check_timeout) {value},
    C(have_health_check_unhealthy_threshold) {value}, C(have_idle_timeout) {value},
    C(have_lb_cookie_stickiness_policy) {name}, C(have_listener) {port, protocol, instance_port, instance_protocol},
    C(have_number_of_availability_zones) {value}, C(have_number_of_listeners) {value},
    C(have_number_of_security_groups) {value}, C(have_scheme) {value}, C(have_security_group) {name}, C(have_subnet)
    {name}, C(have_subnet_ids) {value}, properties C(attributes), C(listeners).
  - Type C(alb), matchers C(be_active), C(be_active_impaired), C(be_deletion_protected), C(be_failed), C(be_internal),
    C(be_internet_facing), C(be_provisioning), C(belong_to_vpc) {name}, C(have_dns_name) {value},
    C(have_ip_address_type) {value}, C(have_listener) {port, protocol, certificate, target_group}, C(have_scheme)
    {value}, C(have_security_group) {name}, C(have_subnet) {name}, C(have_subnet_ids) {value}, properties
    C(attributes), C(listeners).
  - Type C(nlb), matchers C(be_active), C(be_active_impaired), C(be_deletion_protected), C(be_failed), C(be_internal),
    C(be_internet_facing), C(be_provisioning), C(belong_to_vpc) {name}, C(have_dns_name) {value},
    C(have_ip_address_type) {value}, C(have_listener) {port, protocol, certificate, target_group}, C(have_scheme)
    {value}, C(have_security_group) {name}, C(have_subnet) {name}, C(have_subnet_ids) {value}, properties
    C(attributes), C(listeners).
  - Type C(target_group) or C(alb_target_group) or C(nlb_target_group), matchers C(belong_to_vpc) {name},
    C(have_health_check_path) {value}, C(have_health_check_port) {value}, C(have_health_check_protocol) {value},
    C(have_healthy_target) {target}, C(have_port) {value}, C(have_protocol) {value}, C(have_target_type) {value},
    properties C(attributes), C(healthy_targets), C(targets).
  - Type C(iam_role), matchers C(be_allowed_action) {action, resource, context}, C(have_assume_role_policy_document)
    {statements}, C(have_description) {value}, C(have_iam_policy) {policy}, C(have_inline_policy) {name, document},
    C(have_max_session_duration) {value}, C(have_number_of_policies) {number}, C(have_path) {value}, C(have_policy)
    {policy}, C(have_policy_with_name) {name}, properties C(assume_role_policy_document), C(attached_policies),
    C(inline_policies), C(number_of_policies), C(policies).
  - Type C(iam_user), matchers C(be_allowed_action) {action, resource, context}, C(belong_to_iam_group) {group},
    C(have_iam_policy) {policy}, C(have_inline_policy) {name, document}, C(have_number_of_policies) {number},
    C(have_path) {value}, C(have_policy) {policy}, C(have_policy_with_name) {name}, properties C(attached_policies),
    C(groups), C(inline_policies), C(number_of_policies), C(policies).
  - Type C(iam_group), matchers C(be_allowed_action) {action, resource, context}, C(have_iam_policy) {policy},
    C(have_inline_policy) {name, document}, C(have_number_of_policies) {number}, C(have_path) {value}, C(have_policy)
    {policy}, C(have_policy_with_name) {name}, properties C(attached_policies), C(inline_policies),
    C(number_of_policies), C(policies), C(users).
  - Type C(iam_policy), matchers C(be_attachable), C(be_attached), C(be_attached_to_group) {name},
    C(be_attached_to_role) {name}, C(be_attached_to_user) {name}, C(have_attachment_count) {value},
    C(have_default_version_id) {value}, C(have_path) {value}, properties C(document).
  - Type C(instance_profile) or C(iam_instance_profile), matchers C(have_path) {value}, C(have_role) {value}.
  - Type C(s3_bucket), matchers C(be_encrypted) {algorithm}, C(be_versioned), C(be_website), C(have_cors_rules)
    {value}, C(have_lifecycle_rules) {value}, C(have_logging) {target_bucket, prefix}, C(have_policy) {value},
    properties C(acl), C(cors_rules), C(encryption), C(lifecycle_rules), C(location), C(logging), C(object_ownership),
    C(policy), C(public_access_block), C(versioning), C(website).
  - Type C(dynamodb_table) or C(dynamo_db_table), matchers C(be_active), C(be_creating), C(be_deleting),
    C(be_deletion_protected), C(be_encrypted), C(be_recoverable), C(be_updating), C(be_valid),
    C(have_attribute_definitions) {value}, C(have_billing_mode) {value}, C(have_global_secondary_index) {value},
    C(have_key_schema) {value}, properties C(point_in_time_recovery), C(time_to_live).
  - Type C(rds_instance) or C(rds), matchers C(be_available), C(be_creating), C(be_deleting),
    C(be_deletion_protected), C(be_encrypted), C(be_failed), C(be_modifying), C(be_multi_az),
    C(be_publicly_accessible), C(be_stopped), C(be_stopping), C(belong_to_vpc) {name}, C(have_allocated_storage)
    {value}, C(have_backup_retention_period) {value}, C(have_db_instance_class) {value}, C(have_engine) {value},
    C(have_engine_version) {value}, C(have_option_group) {value}, C(have_parameter_group) {value},
    C(have_security_group) {name}.
  - Type C(efs_file_system) or C(efs), matchers C(be_available), C(be_backed_up), C(be_creating), C(be_deleted),
    C(be_deleting), C(be_encrypted), C(be_error), C(be_updating), C(have_lifecycle_policy) {value},
    C(have_number_of_mount_targets) {value}, C(have_performance_mode) {value}, C(have_subnet) {name},
    C(have_throughput_mode) {value}, properties C(backup_policy), C(lifecycle), C(mount_targets), C(policy).
  - Type C(ecr_repository), matchers C(be_immutable), C(be_scanned_on_push), C(have_lifecycle_policy) {value},
    C(have_policy) {value}, C(have_uri) {value}, properties C(lifecycle_policy), C(policy).
  - Type C(ssm_parameter), matchers C(be_encrypted), C(have_description) {value}, C(have_key_id) {value}, C(have_tier)
    {value}, C(have_type) {value}, properties C(value).
  - Type C(secret) or C(secretsmanager), matchers C(be_being_deleted), C(be_rotated), C(have_description) {value},
    C(have_kms_key_id) {value}, C(have_rotation_lambda_arn) {value}.
  - Type C(kms_key) or C(kms), matchers C(be_disabled), C(be_enabled), C(be_multi_region), C(be_pending_deletion),
    C(be_pending_import), C(be_rotated), C(have_alias) {value}, C(have_description) {value}, C(have_key_spec) {value},
    C(have_key_usage) {value}, C(have_policy) {value}, properties C(aliases), C(policy), C(rotation).
  - Type C(sns_topic), matchers C(be_encrypted), C(have_display_name) {value}, C(have_name) {value}, C(have_policy)
    {value}, C(have_subscription) {endpoint, protocol}, C(have_subscriptions) {value}, properties C(policy),
    C(subscriptions), C(topic_name).
  - Type C(sqs_queue) or C(sqs), matchers C(be_encrypted), C(be_fifo), C(have_delay_seconds) {value},
    C(have_maximum_message_size) {value}, C(have_message_retention_period) {value},
    C(have_receive_message_wait_time_seconds) {value}, C(have_visibility_timeout) {value}, properties C(policy),
    C(policy_statements), C(redrive_policy).
  - Type C(cloudtrail_trail) or C(cloudtrail), matchers C(be_encrypted), C(be_including_global_service_events),
    C(be_logging), C(be_multi_region_trail), C(be_valid), C(be_validated), C(have_home_region) {value},
    C(have_s3_bucket) {value}, properties C(event_selectors), C(status).
  - Type C(swf_domain), matchers C(be_deprecated), C(be_registered), C(have_description) {value},
    C(have_retention_period_in_days) {value}, properties C(description), C(retention_period_in_days).
  - Type C(swf_activity_type), parameters C(domain), C(version), matchers C(be_deprecated), C(be_registered),
    C(have_default_task_heartbeat_timeout) {value}, C(have_default_task_list) {value}, C(have_default_task_priority)
    {value}, C(have_default_task_schedule_to_close_timeout) {value}, C(have_default_task_schedule_to_start_timeout)
    {value}, C(have_default_task_start_to_close_timeout) {value}, C(have_description) {value}, properties
    C(description).
  - Type C(swf_workflow_type), parameters C(domain), C(version), matchers C(be_deprecated), C(be_registered),
    C(have_default_child_policy) {value}, C(have_default_execution_start_to_close_timeout) {value},
    C(have_default_task_list) {value}, C(have_default_task_priority) {value},
    C(have_default_task_start_to_close_timeout) {value}, C(have_description) {value}, properties C(description).
  - Type C(config_rule), matchers C(be_active), C(be_compliant), C(be_deleting), C(be_evaluating),
    C(be_non_compliant), C(have_source_identifier) {value}, properties C(compliance).
  - Type C(route53_zone) or C(route53_hosted_zone), matchers C(be_private), C(have_resource_record_set_count) {value}.
  - Type C(route53_record), parameters C(zone), C(type), matchers C(be_alias) {target}, C(have_ttl) {seconds},
    C(have_values) {values}, properties C(values).
  - Type C(cloudwatch_alarm), matchers C(be_enabled), C(be_in_alarm), C(be_insufficient_data), C(be_ok),
    C(have_alarm_action) {value}, C(have_comparison_operator) {value}, C(have_evaluation_periods) {value},
    C(have_metric_name) {value}, C(have_namespace) {value}, C(have_ok_action) {value}, C(have_period) {value},
    C(have_statistic) {value}, C(have_threshold) {value}.
  - Type C(log_group) or C(cloudwatch_logs), matchers C(be_encrypted), C(have_metric_filter) {value},
    C(have_retention_in_days) {value}, properties C(metric_filters), C(subscription_filters).
  - Type C(cloudformation_stack), matchers C(be_complete), C(be_create_complete), C(be_delete_complete),
    C(be_import_complete), C(be_rollback_complete), C(be_termination_protected), C(be_update_complete),
    C(be_update_rollback_complete), C(have_resource) {names}, properties C(outputs), C(resources),
    C(stack_parameters).
  - Type C(codepipeline), matchers C(have_action) {stage, action, provider}, C(have_role) {value}, C(have_stage)
    {value}, C(have_stages) {names}, properties C(stage_names), C(state).
  - Type C(codebuild_project) or C(codebuild), matchers C(be_privileged), C(belong_to_vpc) {name},
    C(have_compute_type) {value}, C(have_image) {value}, C(have_service_role) {value}, C(have_source_type) {value}.
  - Type C(lambda_function) or C(lambda), matchers C(be_active), C(be_failed), C(be_inactive), C(be_pending),
    C(belong_to_vpc) {name}, C(have_env_var) {value}, C(have_handler) {value}, C(have_memory_size) {value},
    C(have_package_type) {value}, C(have_role) {value}, C(have_runtime) {value}, C(have_security_group) {name},
    C(have_subnet) {name}, C(have_timeout) {value}.
  - Type C(ecs_cluster), matchers C(be_active), C(be_deprovisioning), C(be_failed), C(be_inactive),
    C(be_provisioning), C(have_capacity_provider) {value}.
  - Type C(ecs_service), parameters C(cluster), matchers C(be_active), C(be_draining), C(be_inactive), C(be_stable),
    C(belong_to_cluster) {name}, C(have_desired_count) {value}, C(have_launch_type) {value}, C(have_platform_version)
    {value}, C(have_running_count) {value}, C(have_security_group) {name}, C(have_subnet) {name}, C(have_target_group)
    {value}, C(have_task_definition) {value}.
  - Type C(ecs_task_definition), matchers C(be_active), C(be_delete_in_progress), C(be_inactive), C(have_container)
    {value}, C(have_cpu) {value}, C(have_execution_role_arn) {value}, C(have_family) {value}, C(have_image) {value},
    C(have_memory) {value}, C(have_network_mode) {value}, C(have_revision) {value}, C(have_task_role_arn) {value}.
  - Matcher of lists of subnets C(be_evenly_split_across_az) {zones}, the subnets are in this many availability zones,
    equally many in each.
  - Matcher of lists of subnets C(have_cidr_blocks) {blocks}, the subnets have these CIDR blocks and no other.
"""

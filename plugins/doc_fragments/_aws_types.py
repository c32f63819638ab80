# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release. Written by scripts/spec_docs.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
notes:
  - >-
    Every type has the parameter C(region) and the matcher C(exist). Those with tags have the matchers C(have_tag)
    {key, [value]} and C(have_tags) {tags}, for a map, and the property C(tags), a map. Those with the parameter
    C(filters) take a map of filters of the API.
  - >-
    The matchers of each type follow. An argument in square brackets can be left out. Behind a matcher that looks at
    a field of the record stands that field. C(have_...) without a value means that there is one. A list is compared
    in any order, and a single value has to be one of its items.
  - >-
    Properties have the matcher C(have_cidr_blocks) {blocks}. The subnets have these CIDR blocks and no other.
  - >-
    Properties have the matcher C(be_evenly_split_across_az) {zones}. The subnets are in this many availability
    zones, equally many in each.
  - >-
    Properties have the matcher C(have_default_rules). Each network ACL of the list lets everything in and out, as
    the one that a VPC is made with.
  - >-
    Type C(vpc). By ID or Name tag. Parameters C(filters).
  - >-
    C(vpc) matchers C(be_available), C(be_pending) (state), C(be_default) (is_default), C(be_default_tenancy),
    C(be_dedicated), C(be_dedicated_tenancy) (instance_tenancy).
  - >-
    C(vpc) matchers with {[value]} C(have_cidr_block) (cidr_block), C(have_dhcp_options_id), C(have_dhcp_options)
    (dhcp_options_id).
  - >-
    C(vpc) matcher C(be_attached_to_an_internet_gateway). An internet gateway is attached.
  - >-
    C(vpc) matcher C(be_attached_to_an_virtual_private_gateway). A virtual private gateway is attached.
  - >-
    C(vpc) matcher C(be_attached_to_a_virtual_private_gateway). A virtual private gateway is attached.
  - >-
    C(vpc) property C(subnets). The subnets.
  - >-
    C(vpc) property C(public_subnets). The subnets with a route to an internet gateway.
  - >-
    C(vpc) property C(private_subnets). The subnets without a route to an internet gateway.
  - >-
    C(vpc) property C(natted_subnets). The subnets with a route through a NAT gateway or NAT instance.
  - >-
    C(vpc) property C(nats). The ids of the NAT gateways, and of the instances that routes go through.
  - >-
    C(vpc) property C(network_acls). The network ACLs; they can be compared with C(have_default_rules).
  - >-
    C(vpc) property C(size). The number of subnets.
  - >-
    C(vpc) property C(virtual_private_gateway). The id of the virtual private gateway.
  - >-
    C(vpc) property C(public_ec2_instances). The instances with a public address.
  - >-
    C(vpc) property C(public_non_nat_ec2_instances). The instances with a public address that no route goes through.
  - >-
    C(vpc) property C(enable_dns_support). Whether the VPC has a name server.
  - >-
    C(vpc) property C(enable_dns_hostnames). Whether public addresses get names.
  - >-
    Type C(subnet). By ID or Name tag. Parameters C(filters).
  - >-
    C(subnet) matchers C(be_available), C(be_pending) (state).
  - >-
    C(subnet) matchers with {[value]} C(have_cidr_block) (cidr_block), C(have_availability_zone)
    (availability_zone).
  - >-
    C(subnet) matchers with {name} C(belong_to_vpc) (vpc_id).
  - >-
    Type C(network_acl). By ID or Name tag. Parameters C(filters).
  - >-
    C(network_acl) matchers C(be_default) (is_default).
  - >-
    C(network_acl) matchers with {name} C(belong_to_vpc) (vpc_id), C(have_subnet) (associations[*].subnet_id).
  - >-
    C(network_acl) matcher C(have_inbound_rule) {network, [action], [protocol], [port], [number]}. There is such a
    rule for what comes in from the network.
  - >-
    C(network_acl) matcher C(have_outbound_rule) {network, [action], [protocol], [port], [number]}. There is such a
    rule for what goes out to the network.
  - >-
    C(network_acl) matcher C(have_default_rules). Everything may come in and go out, as in the network ACL that a
    VPC is made with.
  - >-
    C(network_acl) property C(size). The number of entries.
  - >-
    Type C(vpn_gateway) or C(virtual_private_gateway). By ID or Name tag. Parameters C(filters).
  - >-
    C(vpn_gateway) matchers C(be_available), C(be_pending), C(be_deleting), C(be_deleted) (state).
  - >-
    C(vpn_gateway) matchers with {[value]} C(have_name) (tags.name).
  - >-
    C(vpn_gateway) matchers with {name} C(be_attached_to) (vpc_attachments[*].vpc_id).
  - >-
    Type C(route_table). By ID or Name tag. Parameters C(filters).
  - >-
    C(route_table) matchers with {name} C(belong_to_vpc) (vpc_id), C(have_subnet) (associations[*].subnet_id).
  - >-
    C(route_table) matcher C(have_route) {destination, [target]}. There is an active route to the destination and,
    if one is given, through the target (its id or local).
  - >-
    Type C(internet_gateway). By ID or Name tag. Parameters C(filters).
  - >-
    C(internet_gateway) matchers with {name} C(be_attached_to) (attachments[*].vpc_id).
  - >-
    Type C(nat_gateway). By ID or Name tag. Parameters C(filters).
  - >-
    C(nat_gateway) matchers C(be_available), C(be_pending), C(be_failed), C(be_deleting), C(be_deleted) (state).
  - >-
    C(nat_gateway) matchers with {[value]} C(have_eip) (nat_gateway_addresses[*].public_ip).
  - >-
    C(nat_gateway) matchers with {name} C(belong_to_vpc) (vpc_id), C(belong_to_subnet) (subnet_id).
  - >-
    Type C(elastic_ip) or C(eip). By ID, address or Name tag. Parameters C(filters).
  - >-
    C(elastic_ip) matchers C(be_associated) (association_id).
  - >-
    C(elastic_ip) matchers with {name} C(be_attached_to) (instance_id).
  - >-
    Type C(security_group) or C(security_group_by_id). By ID, name or Name tag. Parameters C(filters).
  - >-
    C(security_group) matchers with {[value]} C(have_description) (description), C(have_owner_id) (owner_id).
  - >-
    C(security_group) matchers with {name} C(belong_to_vpc) (vpc_id).
  - >-
    C(security_group) matcher C(be_inbound_opened) {port, [protocol], [source]}. Traffic to the port may come in
    from all of these sources (C(for) is another name of C(source)).
  - >-
    C(security_group) matcher C(be_outbound_opened) {port, [protocol], [destination]}. Traffic to the port may go
    out to all of these destinations (or C(for)).
  - >-
    C(security_group) matcher C(be_inbound_opened_only) {port, [protocol], source}. Traffic to the port may come in
    from exactly these sources (or C(for)).
  - >-
    C(security_group) matcher C(be_outbound_opened_only) {port, [protocol], destination}. Traffic to the port may go
    out to exactly these destinations (or C(for)).
  - >-
    C(security_group) matcher C(have_ingress_rules) {rules}. These rules let something in, and no other.
  - >-
    C(security_group) matcher C(have_egress_rules) {rules}. These rules let something out, and no other.
  - >-
    C(security_group) property C(inbound_rules). The rules for what may come in, such as "tcp 443 10.0.0.0/8".
  - >-
    C(security_group) property C(outbound_rules). The rules for what may go out.
  - >-
    Type C(ec2_instance) or C(ec2). By ID or Name tag. Parameters C(filters).
  - >-
    C(ec2_instance) matchers C(be_pending), C(be_running), C(be_shutting_down), C(be_stopping), C(be_stopped),
    C(be_terminated) (state.name), C(be_x86_64), C(be_i386), C(be_arm64) (architecture), C(be_hvm),
    C(be_paravirtual) (virtualization_type), C(be_xen), C(be_ovm) (hypervisor), C(be_ebs_optimized) (ebs_optimized),
    C(be_monitored), C(be_monitoring_enabled), C(be_monitoring_disabled), C(be_monitoring_pending)
    (monitoring.state), C(be_api_termination_disabled) (api_termination_disabled), C(be_source_dest_checked)
    (source_dest_check).
  - >-
    C(ec2_instance) matchers with {[value]} C(have_image_id) (image_id), C(have_instance_type) (instance_type),
    C(have_key_name) (key_name), C(have_kernel_id) (kernel_id), C(have_platform) (platform),
    C(have_ami_launch_index) (ami_launch_index), C(have_public_ip) (public_ip_address), C(have_private_ip)
    (private_ip_address), C(have_dns_name) (public_dns_name), C(have_iam_instance_profile_arn)
    (iam_instance_profile.arn), C(have_iam_instance_profile_id) (iam_instance_profile.id), C(have_shutdown_behavior)
    (shutdown_behavior), C(have_owner_id) (network_interfaces[0].owner_id).
  - >-
    C(ec2_instance) matchers with {name} C(belong_to_vpc) (vpc_id), C(belong_to_subnet) (subnet_id),
    C(have_security_group) (security_groups[*].group_id), C(have_ebs) (block_device_mappings[*].ebs.volume_id).
  - >-
    C(ec2_instance) matcher C(have_user_data) {[text], [include], [match]}. There is user data or, if given, it is
    this text, includes these, or matches the regular expression.
  - >-
    C(ec2_instance) matcher C(be_inbound_opened) {port, [protocol], [source]}. Traffic to the port may come in from
    all of these sources (C(for) is another name of C(source)).
  - >-
    C(ec2_instance) matcher C(be_outbound_opened) {port, [protocol], [destination]}. Traffic to the port may go out
    to all of these destinations (or C(for)).
  - >-
    C(ec2_instance) matcher C(be_inbound_opened_only) {port, [protocol], source}. Traffic to the port may come in
    from exactly these sources (or C(for)).
  - >-
    C(ec2_instance) matcher C(be_outbound_opened_only) {port, [protocol], destination}. Traffic to the port may go
    out to exactly these destinations (or C(for)).
  - >-
    C(ec2_instance) matcher C(have_ingress_rules) {rules}. These rules let something in, and no other.
  - >-
    C(ec2_instance) matcher C(have_egress_rules) {rules}. These rules let something out, and no other.
  - >-
    C(ec2_instance) matcher C(have_source_dest_checking_disabled). It may pass on traffic of others, as a NAT
    instance does.
  - >-
    C(ec2_instance) matcher C(have_api_termination_disabled). The API refuses to terminate it.
  - >-
    C(ec2_instance) matcher C(have_public_subnet). Its subnet has a route to an internet gateway.
  - >-
    C(ec2_instance) matcher C(have_elastic_ip) {[address]}. It has an elastic address or, if one is given, this one.
  - >-
    C(ec2_instance) property C(user_data). Size and sha256 of the user data; the text itself is never shown.
  - >-
    C(ec2_instance) property C(inbound_rules). The rules for what may come in, such as "tcp 443 10.0.0.0/8".
  - >-
    C(ec2_instance) property C(outbound_rules). The rules for what may go out.
  - >-
    C(ec2_instance) property C(api_termination_disabled). Whether the API refuses to terminate it.
  - >-
    C(ec2_instance) property C(shutdown_behavior). What happens when it shuts itself down: stop or terminate.
  - >-
    C(ec2_instance) property C(elastic_ips). Its elastic addresses.
  - >-
    Type C(ami). By ID, name or Name tag. Parameters C(owners), C(filters).
  - >-
    C(ami) matchers C(be_available), C(be_pending), C(be_failed), C(be_invalid), C(be_deregistered), C(be_disabled)
    (state), C(be_public) (public).
  - >-
    C(ami) matchers with {[value]} C(have_name) (name), C(have_architecture) (architecture),
    C(have_virtualization_type) (virtualization_type), C(have_root_device_name) (root_device_name),
    C(have_root_device_type) (root_device_type), C(have_imds_support) (imds_support).
  - >-
    C(ami) matcher C(be_shared_with) {account}. This account may launch it.
  - >-
    C(ami) property C(launch_permissions). Who may launch it: maps with UserId, Group or others.
  - >-
    Type C(ebs_volume) or C(ebs). By ID or Name tag. Parameters C(filters).
  - >-
    C(ebs_volume) matchers C(be_creating), C(be_available), C(be_in_use), C(be_deleting), C(be_deleted), C(be_error)
    (state), C(be_encrypted) (encrypted).
  - >-
    C(ebs_volume) matchers with {[value]} C(have_size) (size), C(have_volume_type) (volume_type), C(have_iops)
    (iops), C(have_availability_zone) (availability_zone).
  - >-
    C(ebs_volume) matchers with {name} C(be_attached_to) (attachments[*].instance_id).
  - >-
    Type C(launch_template). By ID or name. Parameters C(version), C(filters).
  - >-
    C(launch_template) matchers with {[value]} C(have_image_id) (data.image_id), C(have_instance_type)
    (data.instance_type), C(have_key_name) (data.key_name), C(have_default_version_number) (default_version_number),
    C(have_latest_version_number) (latest_version_number).
  - >-
    C(launch_template) matcher C(have_user_data) {[text], [include], [match]}. There is user data or, if given, it
    is this text, includes these, or matches the regular expression.
  - >-
    C(launch_template) property C(user_data). Size and sha256 of the user data; the text itself is never shown.
  - >-
    C(launch_template) property C(data). The data of the version, without its user data.
  - >-
    Type C(auto_scaling_group) or C(autoscaling_group). By ARN, name or Name tag. Parameters C(filters).
  - >-
    C(auto_scaling_group) matchers with {[value]} C(have_default_cooldown) (default_cooldown),
    C(have_health_check_grace_period) (health_check_grace_period), C(have_health_check_type) (health_check_type),
    C(have_desired_capacity) (desired_capacity), C(have_placement_group) (placement_group), C(have_min_size)
    (min_size), C(have_max_size) (max_size), C(have_launch_configuration) (launch_configuration_name),
    C(have_load_balancers) (load_balancer_names), C(have_target_groups) (target_group_arns),
    C(have_availability_zone_names) (availability_zone_names), C(have_enabled_metrics) (enabled_metrics).
  - >-
    C(auto_scaling_group) matchers with {name} C(have_subnet) (subnet_ids), C(have_load_balancer)
    (load_balancer_names), C(have_target_group) (target_group_arns), C(have_ec2) (instances[*].instance_id).
  - >-
    C(auto_scaling_group) matcher C(have_launch_template) {[name]}. It starts instances from a launch template or,
    if given, from the one with this name or id.
  - >-
    C(auto_scaling_group) property C(launch_template). The launch template: id, name, version and the data of that
    version, without its user data.
  - >-
    C(auto_scaling_group) property C(group_launch_configuration). The launch configuration, without its user data.
  - >-
    C(auto_scaling_group) property C(availability_zone_names). The availability zones.
  - >-
    C(auto_scaling_group) property C(subnet_ids). The ids of the subnets.
  - >-
    C(auto_scaling_group) property C(enabled_metrics). The metrics that are collected.
  - >-
    Type C(launch_configuration). By ARN or name.
  - >-
    C(launch_configuration) matchers with {[value]} C(have_image_id) (image_id), C(have_instance_type)
    (instance_type), C(have_key_name) (key_name), C(have_block_device_mappings) (block_device_mappings),
    C(have_iam_instance_profile) (iam_instance_profile).
  - >-
    C(launch_configuration) matchers with {name} C(have_security_group) (security_groups).
  - >-
    C(launch_configuration) matcher C(have_user_data) {[text], [include], [match]}. There is user data or, if given,
    it is this text, includes these, or matches the regular expression.
  - >-
    C(launch_configuration) matcher C(be_inbound_opened) {port, [protocol], [source]}. Traffic to the port may come
    in from all of these sources (C(for) is another name of C(source)).
  - >-
    C(launch_configuration) matcher C(be_outbound_opened) {port, [protocol], [destination]}. Traffic to the port may
    go out to all of these destinations (or C(for)).
  - >-
    C(launch_configuration) matcher C(be_inbound_opened_only) {port, [protocol], source}. Traffic to the port may
    come in from exactly these sources (or C(for)).
  - >-
    C(launch_configuration) matcher C(be_outbound_opened_only) {port, [protocol], destination}. Traffic to the port
    may go out to exactly these destinations (or C(for)).
  - >-
    C(launch_configuration) matcher C(have_ingress_rules) {rules}. These rules let something in, and no other.
  - >-
    C(launch_configuration) matcher C(have_egress_rules) {rules}. These rules let something out, and no other.
  - >-
    C(launch_configuration) matcher C(have_number_of_block_device_mappings) {value}. There are this many block
    devices.
  - >-
    C(launch_configuration) property C(user_data). Size and sha256 of the user data; the text itself is never shown.
  - >-
    C(launch_configuration) property C(inbound_rules). The rules for what may come in, such as "tcp 443 10.0.0.0/8".
  - >-
    C(launch_configuration) property C(outbound_rules). The rules for what may go out.
  - >-
    Type C(elb). By name.
  - >-
    C(elb) matchers with {[value]} C(have_scheme) (scheme), C(have_dns_name) (dns_name),
    C(have_canonical_hosted_zone_name) (canonical_hosted_zone_name), C(have_availability_zone_names)
    (availability_zones), C(have_subnet_ids) (subnets), C(have_health_check_target) (health_check.target),
    C(have_health_check_interval) (health_check.interval), C(have_health_check_timeout) (health_check.timeout),
    C(have_health_check_healthy_threshold) (health_check.healthy_threshold),
    C(have_health_check_unhealthy_threshold) (health_check.unhealthy_threshold),
    C(have_cross_zone_load_balancing_enabled) (attributes.cross_zone_load_balancing.enabled),
    C(have_connection_draining_enabled) (attributes.connection_draining.enabled),
    C(have_connection_draining_timeout) (attributes.connection_draining.timeout), C(have_access_logging_enabled)
    (attributes.access_log.enabled), C(have_access_logging_emit_interval) (attributes.access_log.emit_interval),
    C(have_access_logging_valid_s3_bucket) (attributes.access_log.s3_bucket_name), C(have_idle_timeout)
    (attributes.connection_settings.idle_timeout).
  - >-
    C(elb) matchers with {name} C(belong_to_vpc) (vpc_id), C(have_subnet) (subnets), C(have_security_group)
    (security_groups), C(have_ec2) (instances[*].instance_id).
  - >-
    C(elb) matcher C(be_inbound_opened) {port, [protocol], [source]}. Traffic to the port may come in from all of
    these sources (C(for) is another name of C(source)).
  - >-
    C(elb) matcher C(be_outbound_opened) {port, [protocol], [destination]}. Traffic to the port may go out to all of
    these destinations (or C(for)).
  - >-
    C(elb) matcher C(be_inbound_opened_only) {port, [protocol], source}. Traffic to the port may come in from
    exactly these sources (or C(for)).
  - >-
    C(elb) matcher C(be_outbound_opened_only) {port, [protocol], destination}. Traffic to the port may go out to
    exactly these destinations (or C(for)).
  - >-
    C(elb) matcher C(have_ingress_rules) {rules}. These rules let something in, and no other.
  - >-
    C(elb) matcher C(have_egress_rules) {rules}. These rules let something out, and no other.
  - >-
    C(elb) matcher C(have_listener) {port, [protocol], [instance_port], [instance_protocol]}. There is such a
    listener.
  - >-
    C(elb) matcher C(have_number_of_listeners) {value}. There are this many listeners.
  - >-
    C(elb) matcher C(have_number_of_availability_zones) {value}. It is in this many availability zones.
  - >-
    C(elb) matcher C(have_number_of_security_groups) {value}. It has this many security groups.
  - >-
    C(elb) matcher C(have_lb_cookie_stickiness_policy) {[name], [expiration_period]}. There is such a policy: a
    cookie of the load balancer makes sessions stick, for this many seconds.
  - >-
    C(elb) matcher C(have_app_cookie_stickiness_policy) {[name], [cookie_name]}. There is such a policy: a cookie of
    the application, of this name, makes sessions stick.
  - >-
    C(elb) property C(inbound_rules). The rules for what may come in, such as "tcp 443 10.0.0.0/8".
  - >-
    C(elb) property C(outbound_rules). The rules for what may go out.
  - >-
    C(elb) property C(listeners). The listeners.
  - >-
    C(elb) property C(attributes). CrossZoneLoadBalancing, AccessLog, ConnectionDraining, ConnectionSettings.
  - >-
    C(elb) property C(policy_descriptions). The policies, each with its type and attributes.
  - >-
    Type C(alb). By ARN or name.
  - >-
    C(alb) matchers C(be_active), C(be_provisioning), C(be_active_impaired), C(be_failed) (state.code),
    C(be_internet_facing), C(be_internal) (scheme), C(be_deletion_protected)
    (attributes["deletion_protection.enabled"]).
  - >-
    C(alb) matchers with {[value]} C(have_scheme) (scheme), C(have_dns_name) (dns_name), C(have_ip_address_type)
    (ip_address_type), C(have_subnet_ids) (availability_zones[*].subnet_id).
  - >-
    C(alb) matchers with {name} C(belong_to_vpc) (vpc_id), C(have_subnet) (availability_zones[*].subnet_id),
    C(have_security_group) (security_groups).
  - >-
    C(alb) matcher C(be_inbound_opened) {port, [protocol], [source]}. Traffic to the port may come in from all of
    these sources (C(for) is another name of C(source)).
  - >-
    C(alb) matcher C(be_outbound_opened) {port, [protocol], [destination]}. Traffic to the port may go out to all of
    these destinations (or C(for)).
  - >-
    C(alb) matcher C(be_inbound_opened_only) {port, [protocol], source}. Traffic to the port may come in from
    exactly these sources (or C(for)).
  - >-
    C(alb) matcher C(be_outbound_opened_only) {port, [protocol], destination}. Traffic to the port may go out to
    exactly these destinations (or C(for)).
  - >-
    C(alb) matcher C(have_ingress_rules) {rules}. These rules let something in, and no other.
  - >-
    C(alb) matcher C(have_egress_rules) {rules}. These rules let something out, and no other.
  - >-
    C(alb) matcher C(have_listener) {port, [protocol], [certificate], [target_group]}. There is such a listener; the
    target group by its ARN or name.
  - >-
    C(alb) property C(inbound_rules). The rules for what may come in, such as "tcp 443 10.0.0.0/8".
  - >-
    C(alb) property C(outbound_rules). The rules for what may go out.
  - >-
    C(alb) property C(attributes). The attributes as a map, such as attributes["idle_timeout.timeout_seconds"].
  - >-
    C(alb) property C(listeners). The listeners.
  - >-
    Type C(nlb). By ARN or name.
  - >-
    C(nlb) matchers C(be_active), C(be_provisioning), C(be_active_impaired), C(be_failed) (state.code),
    C(be_internet_facing), C(be_internal) (scheme), C(be_deletion_protected)
    (attributes["deletion_protection.enabled"]).
  - >-
    C(nlb) matchers with {[value]} C(have_scheme) (scheme), C(have_dns_name) (dns_name), C(have_ip_address_type)
    (ip_address_type), C(have_subnet_ids) (availability_zones[*].subnet_id).
  - >-
    C(nlb) matchers with {name} C(belong_to_vpc) (vpc_id), C(have_subnet) (availability_zones[*].subnet_id),
    C(have_security_group) (security_groups).
  - >-
    C(nlb) matcher C(be_inbound_opened) {port, [protocol], [source]}. Traffic to the port may come in from all of
    these sources (C(for) is another name of C(source)).
  - >-
    C(nlb) matcher C(be_outbound_opened) {port, [protocol], [destination]}. Traffic to the port may go out to all of
    these destinations (or C(for)).
  - >-
    C(nlb) matcher C(be_inbound_opened_only) {port, [protocol], source}. Traffic to the port may come in from
    exactly these sources (or C(for)).
  - >-
    C(nlb) matcher C(be_outbound_opened_only) {port, [protocol], destination}. Traffic to the port may go out to
    exactly these destinations (or C(for)).
  - >-
    C(nlb) matcher C(have_ingress_rules) {rules}. These rules let something in, and no other.
  - >-
    C(nlb) matcher C(have_egress_rules) {rules}. These rules let something out, and no other.
  - >-
    C(nlb) matcher C(have_listener) {port, [protocol], [certificate], [target_group]}. There is such a listener; the
    target group by its ARN or name.
  - >-
    C(nlb) property C(inbound_rules). The rules for what may come in, such as "tcp 443 10.0.0.0/8".
  - >-
    C(nlb) property C(outbound_rules). The rules for what may go out.
  - >-
    C(nlb) property C(attributes). The attributes as a map, such as attributes["idle_timeout.timeout_seconds"].
  - >-
    C(nlb) property C(listeners). The listeners.
  - >-
    Type C(target_group) or C(alb_target_group) or C(nlb_target_group). By ARN or name.
  - >-
    C(target_group) matchers with {[value]} C(have_port) (port), C(have_protocol) (protocol), C(have_target_type)
    (target_type), C(have_health_check_path) (health_check_path), C(have_health_check_port) (health_check_port),
    C(have_health_check_protocol) (health_check_protocol).
  - >-
    C(target_group) matchers with {name} C(belong_to_vpc) (vpc_id).
  - >-
    C(target_group) matcher C(have_healthy_target) {[target]}. A target is healthy or, if given, this one.
  - >-
    C(target_group) property C(healthy_targets). The ids of the targets that are healthy.
  - >-
    C(target_group) property C(attributes). The attributes as a map.
  - >-
    C(target_group) property C(targets). The targets with their health.
  - >-
    Type C(iam_role). By name.
  - >-
    C(iam_role) matchers with {[value]} C(have_path) (path), C(have_max_session_duration) (max_session_duration),
    C(have_description) (description).
  - >-
    C(iam_role) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(iam_role) matcher C(have_number_of_policies) {number}. It has this many policies, attached and inline.
  - >-
    C(iam_role) matcher C(have_policy_with_name) {name}. It has a policy of this name, attached or inline.
  - >-
    C(iam_role) matcher C(have_iam_policy) {policy}. The policy with this name or ARN is attached.
  - >-
    C(iam_role) matcher C(have_inline_policy) {name, [document]}. It has an inline policy of this name or, if a
    document is given, with exactly this content.
  - >-
    C(iam_role) matcher C(have_policy) {policy}. One of its inline policies has exactly this content, JSON text or a
    map.
  - >-
    C(iam_role) matcher C(be_allowed_action) {action, [resource], [context]}. IAM's simulator allows all of these
    actions, on these resources (all without them), in this context.
  - >-
    C(iam_role) matcher C(have_assume_role_policy_document) {statements}. The statements about who may take the role
    are exactly these.
  - >-
    C(iam_role) property C(statements). The statements of its inline policies; actions and resources are always
    lists.
  - >-
    C(iam_role) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(iam_role) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(iam_role) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(iam_role) property C(attached_policies). The names of the policies that are attached.
  - >-
    C(iam_role) property C(inline_policies). The names of the policies that are part of it.
  - >-
    C(iam_role) property C(policies). The names of all its policies.
  - >-
    C(iam_role) property C(number_of_policies). How many policies it has, attached and inline.
  - >-
    C(iam_role) property C(assume_role_policy_document). Who may take the role, as data.
  - >-
    Type C(iam_user). By name.
  - >-
    C(iam_user) matchers with {[value]} C(have_path) (path).
  - >-
    C(iam_user) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(iam_user) matcher C(have_number_of_policies) {number}. It has this many policies, attached and inline.
  - >-
    C(iam_user) matcher C(have_policy_with_name) {name}. It has a policy of this name, attached or inline.
  - >-
    C(iam_user) matcher C(have_iam_policy) {policy}. The policy with this name or ARN is attached.
  - >-
    C(iam_user) matcher C(have_inline_policy) {name, [document]}. It has an inline policy of this name or, if a
    document is given, with exactly this content.
  - >-
    C(iam_user) matcher C(have_policy) {policy}. One of its inline policies has exactly this content, JSON text or a
    map.
  - >-
    C(iam_user) matcher C(be_allowed_action) {action, [resource], [context]}. IAM's simulator allows all of these
    actions, on these resources (all without them), in this context.
  - >-
    C(iam_user) matcher C(belong_to_iam_group) {group}. It is a member of the group.
  - >-
    C(iam_user) property C(statements). The statements of its inline policies; actions and resources are always
    lists.
  - >-
    C(iam_user) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(iam_user) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(iam_user) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(iam_user) property C(attached_policies). The names of the policies that are attached.
  - >-
    C(iam_user) property C(inline_policies). The names of the policies that are part of it.
  - >-
    C(iam_user) property C(policies). The names of all its policies.
  - >-
    C(iam_user) property C(number_of_policies). How many policies it has, attached and inline.
  - >-
    C(iam_user) property C(groups). The names of its groups.
  - >-
    Type C(iam_group). By name.
  - >-
    C(iam_group) matchers with {[value]} C(have_path) (path).
  - >-
    C(iam_group) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(iam_group) matcher C(have_number_of_policies) {number}. It has this many policies, attached and inline.
  - >-
    C(iam_group) matcher C(have_policy_with_name) {name}. It has a policy of this name, attached or inline.
  - >-
    C(iam_group) matcher C(have_iam_policy) {policy}. The policy with this name or ARN is attached.
  - >-
    C(iam_group) matcher C(have_inline_policy) {name, [document]}. It has an inline policy of this name or, if a
    document is given, with exactly this content.
  - >-
    C(iam_group) matcher C(have_policy) {policy}. One of its inline policies has exactly this content, JSON text or
    a map.
  - >-
    C(iam_group) matcher C(be_allowed_action) {action, [resource], [context]}. IAM's simulator allows all of these
    actions, on these resources (all without them), in this context.
  - >-
    C(iam_group) property C(statements). The statements of its inline policies; actions and resources are always
    lists.
  - >-
    C(iam_group) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(iam_group) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(iam_group) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(iam_group) property C(attached_policies). The names of the policies that are attached.
  - >-
    C(iam_group) property C(inline_policies). The names of the policies that are part of it.
  - >-
    C(iam_group) property C(policies). The names of all its policies.
  - >-
    C(iam_group) property C(number_of_policies). How many policies it has, attached and inline.
  - >-
    C(iam_group) property C(users). Its members.
  - >-
    Type C(iam_policy). By ARN or name.
  - >-
    C(iam_policy) matchers C(be_attachable) (is_attachable), C(be_attached) (attachment_count).
  - >-
    C(iam_policy) matchers with {[value]} C(have_path) (path), C(have_attachment_count) (attachment_count),
    C(have_default_version_id) (default_version_id).
  - >-
    C(iam_policy) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(iam_policy) matcher C(be_attached_to_role) {name}. It is attached to the role.
  - >-
    C(iam_policy) matcher C(be_attached_to_user) {name}. It is attached to the user.
  - >-
    C(iam_policy) matcher C(be_attached_to_group) {name}. It is attached to the group.
  - >-
    C(iam_policy) property C(statements). The statements of its default version; actions and resources are always
    lists.
  - >-
    C(iam_policy) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(iam_policy) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(iam_policy) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(iam_policy) property C(document). The default version of the policy as data.
  - >-
    Type C(instance_profile) or C(iam_instance_profile). By name.
  - >-
    C(instance_profile) matchers with {[value]} C(have_path) (path), C(have_role) (roles[*].role_name).
  - >-
    Type C(s3_bucket). By name.
  - >-
    C(s3_bucket) matchers C(be_versioned) (versioning.status), C(be_website) (website).
  - >-
    C(s3_bucket) matchers with {[value]} C(have_policy) (policy), C(have_lifecycle_rules) (lifecycle_rules),
    C(have_cors_rules) (cors_rules).
  - >-
    C(s3_bucket) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(s3_bucket) matcher C(have_logging) {[target_bucket], [prefix]}. Access is logged and, if given, to this bucket
    and under this prefix.
  - >-
    C(s3_bucket) matcher C(be_encrypted) {[algorithm]}. Objects are encrypted by default and, if given, with this
    algorithm.
  - >-
    C(s3_bucket) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(s3_bucket) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(s3_bucket) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(s3_bucket) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(s3_bucket) property C(versioning). Status and MFADelete.
  - >-
    C(s3_bucket) property C(encryption). The default encryption.
  - >-
    C(s3_bucket) property C(website). The web site.
  - >-
    C(s3_bucket) property C(logging). TargetBucket and TargetPrefix.
  - >-
    C(s3_bucket) property C(policy). The policy as data.
  - >-
    C(s3_bucket) property C(public_access_block). What public access is blocked.
  - >-
    C(s3_bucket) property C(lifecycle_rules). The lifecycle rules.
  - >-
    C(s3_bucket) property C(cors_rules). The CORS rules.
  - >-
    C(s3_bucket) property C(acl). Owner and Grants.
  - >-
    C(s3_bucket) property C(object_ownership). Who owns objects.
  - >-
    C(s3_bucket) property C(location). The region.
  - >-
    Type C(dynamodb_table) or C(dynamo_db_table). By name or ARN.
  - >-
    C(dynamodb_table) matchers C(be_active), C(be_creating), C(be_updating), C(be_deleting), C(be_valid)
    (table_status), C(be_encrypted) (sse_description.status), C(be_recoverable)
    (point_in_time_recovery.point_in_time_recovery_status), C(be_deletion_protected) (deletion_protection_enabled).
  - >-
    C(dynamodb_table) matchers with {[value]} C(have_billing_mode) (billing_mode_summary.billing_mode),
    C(have_attribute_definitions) (attribute_definitions[*].attribute_name), C(have_key_schema) (key_schema),
    C(have_global_secondary_index) (global_secondary_indexes[*].index_name).
  - >-
    C(dynamodb_table) property C(time_to_live). When items expire.
  - >-
    C(dynamodb_table) property C(point_in_time_recovery). PointInTimeRecoveryStatus and its limits.
  - >-
    Type C(rds_instance) or C(rds). By ARN or name. Parameters C(filters).
  - >-
    C(rds_instance) matchers C(be_available), C(be_creating), C(be_modifying), C(be_stopped), C(be_stopping),
    C(be_deleting), C(be_failed) (db_instance_status), C(be_encrypted) (storage_encrypted), C(be_multi_az)
    (multi_az), C(be_publicly_accessible) (publicly_accessible), C(be_deletion_protected) (deletion_protection).
  - >-
    C(rds_instance) matchers with {[value]} C(have_engine) (engine), C(have_engine_version) (engine_version),
    C(have_db_instance_class) (db_instance_class), C(have_allocated_storage) (allocated_storage),
    C(have_backup_retention_period) (backup_retention_period), C(have_parameter_group)
    (db_parameter_groups[*].db_parameter_group_name), C(have_option_group)
    (option_group_memberships[*].option_group_name).
  - >-
    C(rds_instance) matchers with {name} C(belong_to_vpc) (db_subnet_group.vpc_id), C(have_security_group)
    (vpc_security_groups[*].vpc_security_group_id).
  - >-
    Type C(efs_file_system) or C(efs). By ID, ARN or name.
  - >-
    C(efs_file_system) matchers C(be_available), C(be_creating), C(be_updating), C(be_deleting), C(be_deleted),
    C(be_error) (life_cycle_state), C(be_encrypted) (encrypted), C(be_backed_up) (backup_policy.status).
  - >-
    C(efs_file_system) matchers with {[value]} C(have_performance_mode) (performance_mode), C(have_throughput_mode)
    (throughput_mode), C(have_number_of_mount_targets) (number_of_mount_targets), C(have_lifecycle_policy)
    (lifecycle[*].transition_to_ia).
  - >-
    C(efs_file_system) matchers with {name} C(have_subnet) (mount_targets[*].subnet_id), C(have_security_group)
    (mount_target_security_groups).
  - >-
    C(efs_file_system) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}.
    There is a statement with exactly these; what is not given is not looked at.
  - >-
    C(efs_file_system) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(efs_file_system) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(efs_file_system) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(efs_file_system) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(efs_file_system) property C(mount_target_security_groups). The ids of the security groups of its mount
    targets, each once.
  - >-
    C(efs_file_system) property C(mount_targets). The mount targets.
  - >-
    C(efs_file_system) property C(access_points). The access points.
  - >-
    C(efs_file_system) property C(lifecycle). The lifecycle policies.
  - >-
    C(efs_file_system) property C(backup_policy). Whether it is backed up.
  - >-
    C(efs_file_system) property C(policy). The policy as data.
  - >-
    Type C(efs_access_point). By ID, ARN or name.
  - >-
    C(efs_access_point) matchers C(be_available), C(be_creating), C(be_updating), C(be_deleting), C(be_deleted),
    C(be_error) (life_cycle_state).
  - >-
    C(efs_access_point) matchers with {[value]} C(have_path) (root_directory.path), C(have_uid) (posix_user.uid),
    C(have_gid) (posix_user.gid).
  - >-
    C(efs_access_point) matchers with {name} C(belong_to_file_system) (file_system_id).
  - >-
    Type C(ecr_repository). By name.
  - >-
    C(ecr_repository) matchers C(be_scanned_on_push) (image_scanning_configuration.scan_on_push), C(be_immutable)
    (image_tag_mutability).
  - >-
    C(ecr_repository) matchers with {[value]} C(have_lifecycle_policy) (lifecycle_policy), C(have_policy) (policy),
    C(have_uri) (repository_uri).
  - >-
    C(ecr_repository) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}.
    There is a statement with exactly these; what is not given is not looked at.
  - >-
    C(ecr_repository) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(ecr_repository) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(ecr_repository) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(ecr_repository) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(ecr_repository) property C(lifecycle_policy). The lifecycle policy as data.
  - >-
    C(ecr_repository) property C(policy). The policy as data.
  - >-
    Type C(ssm_parameter). By ARN or name. Parameters C(filters).
  - >-
    C(ssm_parameter) matchers C(be_encrypted) (type).
  - >-
    C(ssm_parameter) matchers with {[value]} C(have_type) (type), C(have_description) (description), C(have_tier)
    (tier), C(have_key_id) (key_id).
  - >-
    C(ssm_parameter) property C(value). The value; that of a SecureString is never read.
  - >-
    Type C(secret) or C(secretsmanager). By name or ARN.
  - >-
    C(secret) matchers C(be_rotated) (rotation_enabled), C(be_being_deleted) (deleted_date).
  - >-
    C(secret) matchers with {[value]} C(have_description) (description), C(have_kms_key_id) (kms_key_id),
    C(have_rotation_lambda_arn) (rotation_lambda_arn).
  - >-
    Type C(kms_key) or C(kms). By name or ARN.
  - >-
    C(kms_key) matchers C(be_enabled), C(be_disabled), C(be_pending_deletion), C(be_pending_import) (key_state),
    C(be_rotated) (rotation), C(be_multi_region) (multi_region).
  - >-
    C(kms_key) matchers with {[value]} C(have_key_usage) (key_usage), C(have_key_spec) (key_spec),
    C(have_description) (description), C(have_alias) (aliases), C(have_policy) (policy).
  - >-
    C(kms_key) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There is
    a statement with exactly these; what is not given is not looked at.
  - >-
    C(kms_key) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(kms_key) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(kms_key) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(kms_key) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(kms_key) property C(rotation). Whether it is rotated.
  - >-
    C(kms_key) property C(policy). The policy as data.
  - >-
    C(kms_key) property C(aliases). The names of its aliases.
  - >-
    Type C(sns_topic). By ARN or name.
  - >-
    C(sns_topic) matchers C(be_encrypted) (kms_master_key_id).
  - >-
    C(sns_topic) matchers with {[value]} C(have_display_name) (display_name), C(have_name) (topic_name),
    C(have_policy) (policy).
  - >-
    C(sns_topic) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(sns_topic) matcher C(have_subscriptions) {[subscriptions]}. There are subscriptions or, if given, exactly
    these: maps with protocol and endpoint.
  - >-
    C(sns_topic) matcher C(have_subscription) {[endpoint], [protocol]}. There is a subscription or, if given, one
    with this endpoint and protocol.
  - >-
    C(sns_topic) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(sns_topic) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(sns_topic) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(sns_topic) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(sns_topic) property C(topic_name). The last part of its ARN.
  - >-
    C(sns_topic) property C(policy). The policy as data.
  - >-
    C(sns_topic) property C(subscriptions). The subscriptions.
  - >-
    Type C(sqs_queue) or C(sqs). By name.
  - >-
    C(sqs_queue) matchers C(be_fifo) (fifo_queue).
  - >-
    C(sqs_queue) matchers with {[value]} C(have_delay_seconds) (delay_seconds), C(have_maximum_message_size)
    (maximum_message_size), C(have_message_retention_period) (message_retention_period), C(have_visibility_timeout)
    (visibility_timeout), C(have_receive_message_wait_time_seconds) (receive_message_wait_time_seconds).
  - >-
    C(sqs_queue) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}. There
    is a statement with exactly these; what is not given is not looked at.
  - >-
    C(sqs_queue) matcher C(be_encrypted). Messages are encrypted, with the key of SQS or one of KMS.
  - >-
    C(sqs_queue) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(sqs_queue) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(sqs_queue) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(sqs_queue) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(sqs_queue) property C(policy). The policy as data; nothing when there is none.
  - >-
    C(sqs_queue) property C(policy_statements). The same as statements.
  - >-
    C(sqs_queue) property C(redrive_policy). Where messages go that cannot be handled, as data.
  - >-
    Type C(cloudtrail_trail) or C(cloudtrail). By ARN or name.
  - >-
    C(cloudtrail_trail) matchers C(be_valid) (trail_arn), C(be_multi_region_trail) (is_multi_region_trail),
    C(be_including_global_service_events) (include_global_service_events), C(be_logging) (status.is_logging),
    C(be_validated) (log_file_validation_enabled), C(be_encrypted) (kms_key_id).
  - >-
    C(cloudtrail_trail) matchers with {[value]} C(have_s3_bucket) (s3_bucket_name), C(have_home_region)
    (home_region).
  - >-
    C(cloudtrail_trail) property C(status). Whether it is logging, and since when.
  - >-
    C(cloudtrail_trail) property C(event_selectors). What is logged.
  - >-
    Type C(swf_domain). By name.
  - >-
    C(swf_domain) matchers C(be_registered), C(be_deprecated) (domain_info.status).
  - >-
    C(swf_domain) matchers with {[value]} C(have_description) (description), C(have_retention_period_in_days)
    (retention_period_in_days).
  - >-
    C(swf_domain) property C(description). The description.
  - >-
    C(swf_domain) property C(retention_period_in_days). How long executions are kept.
  - >-
    Type C(swf_activity_type). By name. Parameters C(domain), C(version).
  - >-
    C(swf_activity_type) matchers C(be_registered), C(be_deprecated) (type_info.status).
  - >-
    C(swf_activity_type) matchers with {[value]} C(have_description) (description), C(have_default_task_list)
    (configuration.default_task_list.name), C(have_default_task_priority) (configuration.default_task_priority),
    C(have_default_task_heartbeat_timeout) (configuration.default_task_heartbeat_timeout),
    C(have_default_task_schedule_to_close_timeout) (configuration.default_task_schedule_to_close_timeout),
    C(have_default_task_schedule_to_start_timeout) (configuration.default_task_schedule_to_start_timeout),
    C(have_default_task_start_to_close_timeout) (configuration.default_task_start_to_close_timeout).
  - >-
    C(swf_activity_type) property C(description). The description.
  - >-
    Type C(swf_workflow_type). By name. Parameters C(domain), C(version).
  - >-
    C(swf_workflow_type) matchers C(be_registered), C(be_deprecated) (type_info.status).
  - >-
    C(swf_workflow_type) matchers with {[value]} C(have_description) (description), C(have_default_task_list)
    (configuration.default_task_list.name), C(have_default_task_priority) (configuration.default_task_priority),
    C(have_default_child_policy) (configuration.default_child_policy),
    C(have_default_execution_start_to_close_timeout) (configuration.default_execution_start_to_close_timeout),
    C(have_default_task_start_to_close_timeout) (configuration.default_task_start_to_close_timeout).
  - >-
    C(swf_workflow_type) property C(description). The description.
  - >-
    Type C(config_rule). By ARN or name.
  - >-
    C(config_rule) matchers C(be_active), C(be_deleting), C(be_evaluating) (config_rule_state), C(be_compliant),
    C(be_non_compliant) (compliance).
  - >-
    C(config_rule) matchers with {[value]} C(have_source_identifier) (source.source_identifier).
  - >-
    C(config_rule) property C(compliance). COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE or INSUFFICIENT_DATA.
  - >-
    Type C(route53_zone) or C(route53_hosted_zone). By ID or name.
  - >-
    C(route53_zone) matchers C(be_private) (config.private_zone).
  - >-
    C(route53_zone) matchers with {[value]} C(have_resource_record_set_count) (resource_record_set_count).
  - >-
    Type C(route53_record). A record set of a hosted zone, by its full name; zone and type narrow it. Parameters
    C(zone), C(type).
  - >-
    C(route53_record) matcher C(have_values) {values}. These are its values, and no other.
  - >-
    C(route53_record) matcher C(be_alias) {[target]}. It is an alias or, if given, one of this target.
  - >-
    C(route53_record) matcher C(have_ttl) {seconds}. Answers may be kept for this many seconds.
  - >-
    C(route53_record) property C(values). The values of the records, or the target of the alias.
  - >-
    Type C(cloudwatch_alarm). By ARN or name.
  - >-
    C(cloudwatch_alarm) matchers C(be_ok), C(be_in_alarm), C(be_insufficient_data) (state_value), C(be_enabled)
    (actions_enabled).
  - >-
    C(cloudwatch_alarm) matchers with {[value]} C(have_metric_name) (metric_name), C(have_namespace) (namespace),
    C(have_threshold) (threshold), C(have_period) (period), C(have_evaluation_periods) (evaluation_periods),
    C(have_comparison_operator) (comparison_operator), C(have_statistic) (statistic), C(have_alarm_action)
    (alarm_actions), C(have_ok_action) (ok_actions).
  - >-
    Type C(log_group) or C(cloudwatch_logs). By name.
  - >-
    C(log_group) matchers C(be_encrypted) (kms_key_id).
  - >-
    C(log_group) matchers with {[value]} C(have_retention_in_days) (retention_in_days), C(have_metric_filter)
    (metric_filters[*].filter_name).
  - >-
    C(log_group) property C(metric_filters). The metric filters.
  - >-
    C(log_group) property C(subscription_filters). The subscription filters.
  - >-
    Type C(cloudformation_stack). By name or ARN.
  - >-
    C(cloudformation_stack) matchers C(be_create_complete), C(be_update_complete), C(be_rollback_complete),
    C(be_update_rollback_complete), C(be_delete_complete), C(be_import_complete), C(be_complete) (stack_status),
    C(be_termination_protected) (enable_termination_protection).
  - >-
    C(cloudformation_stack) matcher C(have_resource) {names}. The template's resources with these logical names were
    made.
  - >-
    C(cloudformation_stack) property C(outputs). The outputs as a map.
  - >-
    C(cloudformation_stack) property C(stack_parameters). The parameters as a map.
  - >-
    C(cloudformation_stack) property C(resources). The resources.
  - >-
    Type C(codepipeline). By name.
  - >-
    C(codepipeline) matchers with {[value]} C(have_role) (role_arn), C(have_stage) (stages[*].name).
  - >-
    C(codepipeline) matcher C(have_stages) {names}. It has exactly these stages, in this order.
  - >-
    C(codepipeline) matcher C(have_action) {action, [stage], [provider]}. There is such an action, in any stage or
    in this one.
  - >-
    C(codepipeline) property C(stage_names). The names of its stages, in their order.
  - >-
    C(codepipeline) property C(state). The stages' state.
  - >-
    Type C(codebuild_project) or C(codebuild). By ARN or name.
  - >-
    C(codebuild_project) matchers C(be_privileged) (environment.privileged_mode).
  - >-
    C(codebuild_project) matchers with {[value]} C(have_service_role) (service_role), C(have_source_type)
    (source.type), C(have_image) (environment.image), C(have_compute_type) (environment.compute_type).
  - >-
    C(codebuild_project) matchers with {name} C(belong_to_vpc) (vpc_config.vpc_id).
  - >-
    Type C(lambda_function) or C(lambda). By name or ARN.
  - >-
    C(lambda_function) matchers C(be_active), C(be_inactive), C(be_pending), C(be_failed) (state).
  - >-
    C(lambda_function) matchers with {[value]} C(have_runtime) (runtime), C(have_handler) (handler), C(have_timeout)
    (timeout), C(have_memory_size) (memory_size), C(have_role) (role), C(have_package_type) (package_type).
  - >-
    C(lambda_function) matchers with {name} C(belong_to_vpc) (vpc_config.vpc_id), C(have_subnet)
    (vpc_config.subnet_ids), C(have_security_group) (vpc_config.security_group_ids).
  - >-
    C(lambda_function) matcher C(have_statement) {[action], [resource], [effect], [principal], [condition], [sid]}.
    There is a statement with exactly these; what is not given is not looked at.
  - >-
    C(lambda_function) matcher C(have_env_var) {name, [value]}. It has this environment variable and, if one is
    given, with this value. Values are never shown.
  - >-
    C(lambda_function) property C(statements). The statements of its policy; actions and resources are always lists.
  - >-
    C(lambda_function) property C(allowed). The statements that allow something, by action, such as
    allowed["s3:GetObject"][0].resource.
  - >-
    C(lambda_function) property C(allowed_actions). The actions that the statements allow.
  - >-
    C(lambda_function) property C(allowed_everywhere). The actions that are allowed on every resource (*).
  - >-
    C(lambda_function) property C(policy). The policy as data.
  - >-
    Type C(ecs_cluster). By ARN or name.
  - >-
    C(ecs_cluster) matchers C(be_active), C(be_provisioning), C(be_deprovisioning), C(be_failed), C(be_inactive)
    (status).
  - >-
    C(ecs_cluster) matchers with {[value]} C(have_capacity_provider) (capacity_providers).
  - >-
    Type C(ecs_capacity_provider). By ARN or name.
  - >-
    C(ecs_capacity_provider) matchers C(be_active), C(be_inactive) (status), C(be_managed_scaling_enabled)
    (auto_scaling_group_provider.managed_scaling.status), C(be_managed_draining_enabled)
    (auto_scaling_group_provider.managed_draining), C(be_managed_termination_protected)
    (auto_scaling_group_provider.managed_termination_protection).
  - >-
    C(ecs_capacity_provider) matchers with {[value]} C(have_auto_scaling_group_arn)
    (auto_scaling_group_provider.auto_scaling_group_arn), C(have_target_capacity)
    (auto_scaling_group_provider.managed_scaling.target_capacity).
  - >-
    Type C(ecs_service). By ARN or name. Parameters C(cluster).
  - >-
    C(ecs_service) matchers C(be_active), C(be_draining), C(be_inactive) (status).
  - >-
    C(ecs_service) matchers with {[value]} C(have_desired_count) (desired_count), C(have_running_count)
    (running_count), C(have_launch_type) (launch_type), C(have_task_definition) (task_definition),
    C(have_platform_version) (platform_version), C(have_target_group) (load_balancers[*].target_group_arn).
  - >-
    C(ecs_service) matchers with {name} C(have_load_balancer) (load_balancers[*].load_balancer_name),
    C(belong_to_cluster) (cluster_arn), C(have_subnet) (network_configuration.awsvpc_configuration.subnets),
    C(have_security_group) (network_configuration.awsvpc_configuration.security_groups).
  - >-
    C(ecs_service) matcher C(be_stable). One deployment is there, and as many tasks run as are wanted.
  - >-
    Type C(ecs_task_definition). By name or ARN.
  - >-
    C(ecs_task_definition) matchers C(be_active), C(be_inactive), C(be_delete_in_progress) (status).
  - >-
    C(ecs_task_definition) matchers with {[value]} C(have_family) (family), C(have_revision) (revision), C(have_cpu)
    (cpu), C(have_memory) (memory), C(have_network_mode) (network_mode), C(have_task_role_arn) (task_role_arn),
    C(have_execution_role_arn) (execution_role_arn), C(have_container) (container_definitions[*].name),
    C(have_image) (container_definitions[*].image).
  - >-
    C(ecs_task_definition) property C(container). The containers by name, environment and secrets as maps:
    container.app.environment.LEVEL.
  - >-
    C(ecs_task_definition) property C(volume). The volumes by name, such as
    volume.home.efs_volume_configuration.file_system_id.
  - >-
    Resource C(value). Any value of the play, such as a fact; its matchers are the value matchers.
"""

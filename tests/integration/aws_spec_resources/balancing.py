# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes load balancers and their targets; each function returns the name of its resource."""

from __future__ import annotations

import typing as t

from integration.aws_spec_resources.common import IMAGE, TAGS, tagged
from integration.aws_spec_resources.network import id_of_security_group, id_of_vpc, subnets


def _instance(aws: t.Any) -> str:
    run = aws.client("ec2").run_instances(
        ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=subnets(aws)[0], TagSpecifications=tagged("instance")
    )
    return str(run["Instances"][0]["InstanceId"])


def elb(aws: t.Any) -> str:
    client = aws.client("elb")
    client.create_load_balancer(
        LoadBalancerName="web",
        Listeners=[{"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 8080}],
        Subnets=subnets(aws)[:1],
        SecurityGroups=[id_of_security_group(aws)],
        Tags=TAGS,
    )
    client.register_instances_with_load_balancer(LoadBalancerName="web", Instances=[{"InstanceId": _instance(aws)}])
    check = {"Target": "HTTP:8080/", "Interval": 15, "Timeout": 10, "HealthyThreshold": 2, "UnhealthyThreshold": 4}
    client.configure_health_check(LoadBalancerName="web", HealthCheck=check)
    client.create_app_cookie_stickiness_policy(LoadBalancerName="web", PolicyName="app", CookieName="JSESSIONID")
    client.create_lb_cookie_stickiness_policy(LoadBalancerName="web", PolicyName="own", CookieExpirationPeriod=600)
    attributes = {
        "CrossZoneLoadBalancing": {"Enabled": True},
        "AccessLog": {"Enabled": True, "S3BucketName": "logs", "EmitInterval": 5},
        "ConnectionDraining": {"Enabled": True, "Timeout": 60},
        "ConnectionSettings": {"IdleTimeout": 90},
    }
    client.modify_load_balancer_attributes(LoadBalancerName="web", LoadBalancerAttributes=attributes)
    return "web"


def target_group(aws: t.Any) -> str:
    elbv2 = aws.client("elbv2")
    made = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=id_of_vpc(aws), Tags=TAGS)
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": _instance(aws)}])
    return "web"


def _balancer(aws: t.Any, kind: str, protocol: str) -> str:
    elbv2 = aws.client("elbv2")
    made = elbv2.create_load_balancer(
        Name="web",
        Subnets=subnets(aws),
        SecurityGroups=[id_of_security_group(aws)],
        Type=kind,
        Scheme="internet-facing",
        Tags=TAGS,
    )["LoadBalancers"][0]["LoadBalancerArn"]
    target = elbv2.create_target_group(Name="web", Protocol=protocol, Port=80, VpcId=id_of_vpc(aws))["TargetGroups"][0]
    action = {"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}
    elbv2.create_listener(LoadBalancerArn=made, Protocol=protocol, Port=80, DefaultActions=[action])
    protected = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=made, Attributes=protected)
    return "web"


def alb(aws: t.Any) -> str:
    return _balancer(aws, "application", "HTTP")


def nlb(aws: t.Any) -> str:
    return _balancer(aws, "network", "TCP")

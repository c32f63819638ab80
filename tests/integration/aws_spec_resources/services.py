# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes messages, names, rules and what watches; each function returns the name of its resource."""

from __future__ import annotations

import json
import typing as t

from integration.aws_spec_resources.common import ACCOUNT, TAGS, resource_policy


def sns_topic(aws: t.Any) -> str:
    sns = aws.client("sns")
    attributes = {"DisplayName": "Alerts", "KmsMasterKeyId": "alias/app"}
    arn = sns.create_topic(Name="alerts", Attributes=attributes, Tags=TAGS)["TopicArn"]
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=resource_policy(arn, "sns:Publish"))
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="ops@example.org")
    return "alerts"


def sqs_queue(aws: t.Any) -> str:
    sqs = aws.client("sqs")
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {
        "FifoQueue": "true",
        "VisibilityTimeout": "45",
        "DelaySeconds": "5",
        "MaximumMessageSize": "2048",
        "MessageRetentionPeriod": "3600",
        "ReceiveMessageWaitTimeSeconds": "20",
        "SqsManagedSseEnabled": "true",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3}),
        "Policy": resource_policy("*", "sqs:SendMessage"),
    }
    sqs.create_queue(QueueName="jobs.fifo", Attributes=attributes, tags={"env": "test"})
    return "jobs.fifo"


def cloudtrail_trail(aws: t.Any) -> str:
    aws.client("s3").create_bucket(Bucket="logs")
    trail = aws.client("cloudtrail")
    trail.create_trail(
        Name="audit",
        S3BucketName="logs",
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        EnableLogFileValidation=True,
        KmsKeyId="alias/app",
        TagsList=TAGS,
    )
    trail.start_logging(Name="audit")
    return "audit"


def swf_domain(aws: t.Any) -> str:
    aws.client("swf").register_domain(
        name="orders",
        workflowExecutionRetentionPeriodInDays="7",
        description="all",
    )
    return "orders"


def swf_activity_type(aws: t.Any) -> str:
    aws.client("swf").register_activity_type(
        domain=swf_domain(aws),
        name="pack",
        version="1.0",
        description="packs",
        defaultTaskList={"name": "boxes"},
        defaultTaskPriority="3",
        defaultTaskHeartbeatTimeout="10",
        defaultTaskScheduleToCloseTimeout="20",
        defaultTaskScheduleToStartTimeout="30",
        defaultTaskStartToCloseTimeout="40",
    )
    return "pack"


def swf_workflow_type(aws: t.Any) -> str:
    aws.client("swf").register_workflow_type(
        domain=swf_domain(aws),
        name="ship",
        version="1.0",
        description="ships",
        defaultTaskList={"name": "ships"},
        defaultTaskPriority="3",
        defaultChildPolicy="TERMINATE",
        defaultExecutionStartToCloseTimeout="50",
        defaultTaskStartToCloseTimeout="60",
    )
    return "ship"


def config_rule(aws: t.Any) -> str:
    config = aws.client("config")
    recorder = {"name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config"}
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    source = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}
    config.put_config_rule(ConfigRule={"ConfigRuleName": "versioned", "Source": source}, Tags=TAGS)
    return "versioned"


def route53_zone(aws: t.Any) -> str:
    route53 = aws.client("route53")
    zone = route53.create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"]
    address = {"Name": "www.example.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    target = {"HostedZoneId": "Z1", "DNSName": "web.elb.amazonaws.com", "EvaluateTargetHealth": False}
    alias = {"Name": "app.example.org", "Type": "A", "AliasTarget": target}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in (address, alias)]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    identity = zone.rpartition("/")[2]
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=identity, AddTags=TAGS)
    return "example.org"


def route53_record(aws: t.Any) -> str:
    route53_zone(aws)
    return "www.example.org"


def cloudwatch_alarm(aws: t.Any) -> str:
    watch = aws.client("cloudwatch")
    watch.put_metric_alarm(
        AlarmName="busy",
        MetricName="CPUUtilization",
        Namespace="AWS/EC2",
        Period=60,
        EvaluationPeriods=2,
        Threshold=80,
        Statistic="Average",
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=["arn:aws:sns:us-east-1:123456789012:alerts"],
        OKActions=["arn:aws:sns:us-east-1:123456789012:calm"],
        Tags=TAGS,
    )
    watch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="test")
    return "busy"


def log_group(aws: t.Any) -> str:
    logs = aws.client("logs")
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/app"
    logs.create_log_group(logGroupName="/app/web", kmsKeyId=key, tags={"env": "test"})
    logs.put_retention_policy(logGroupName="/app/web", retentionInDays=14)
    metric = {"metricName": "errors", "metricNamespace": "app", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName="/app/web", filterName="errors", filterPattern="ERROR", metricTransformations=[metric]
    )
    return "/app/web"

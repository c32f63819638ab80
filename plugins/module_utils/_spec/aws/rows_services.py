# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, make
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Part, RecordType, Way, haves, states
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.services import (
    Queue,
    SwfType,
    Topic,
    Zone,
    ZoneRecord,
)

SNS_TOPIC = RecordType(
    word="sns_topic",
    service="sns",
    operation="list_topics",
    path="Topics[]",
    identity="TopicArn",
    ways=(
        Way(pattern="arn:", parameter="TopicArn", operation="get_topic_attributes", path="Attributes"),
        Way(field="TopicArn", suffix=True),
    ),
    absent=("NotFound", "NotFoundException"),
    details=(Part("get_topic_attributes", {"TopicArn": "TopicArn"}, "Attributes"),),
    tags=Part("list_tags_for_resource", {"ResourceArn": "TopicArn"}, "Tags", default=[]),
    parts={
        "subscriptions": Part(
            "list_subscriptions_by_topic",
            {"TopicArn": "TopicArn"},
            "Subscriptions",
            default=[],
            summary="The subscriptions.",
        ),
    },
    be={"encrypted": ("KmsMasterKeyId", True)},
    have={"display_name": "DisplayName", "name": "topic_name", "policy": "policy"},
)
SQS_QUEUE = RecordType(
    word="sqs_queue",
    aliases=("sqs",),
    service="sqs",
    operation="get_queue_url",
    path="",
    identity="QueueUrl",
    ways=(Way(parameter="QueueName"),),
    absent=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    details=(Part("get_queue_attributes", {"QueueUrl": "QueueUrl", "AttributeNames": ["=All"]}, "Attributes"),),
    tags=Part("list_queue_tags", {"QueueUrl": "QueueUrl"}, "Tags", default={}),
    be={"fifo": ("FifoQueue", ("true",))},
    have={
        **haves("DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "VisibilityTimeout"),
        "receive_message_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    },
)
CLOUDTRAIL_TRAIL = RecordType(
    word="cloudtrail_trail",
    aliases=("cloudtrail",),
    service="cloudtrail",
    operation="describe_trails",
    path="trailList[]",
    identity="TrailARN",
    ways=(
        Way(field="TrailARN", pattern="arn:", parameter="trailNameList", size=50),
        Way(field="Name", parameter="trailNameList", size=50),
    ),
    tags=Part("list_tags", {"ResourceIdList": ["TrailARN"]}, "ResourceTagList.0.TagsList", default=[]),
    parts={
        "status": Part("get_trail_status", {"Name": "TrailARN"}, summary="Whether it is logging, and since when."),
        "event_selectors": Part(
            "get_event_selectors", {"TrailName": "TrailARN"}, "EventSelectors", default=[], summary="What is logged."
        ),
    },
    be={
        "valid": ("TrailARN", True),
        "multi_region_trail": ("IsMultiRegionTrail", True),
        "including_global_service_events": ("IncludeGlobalServiceEvents", True),
        "logging": ("status.IsLogging", True),
        "validated": ("LogFileValidationEnabled", True),
        "encrypted": ("KmsKeyId", True),
    },
    have={"s3_bucket": "S3BucketName", "home_region": "HomeRegion"},
)
_SWF_ABSENT = ("UnknownResourceFault",)
_TIMEOUTS = {
    "default_task_list": "configuration.defaultTaskList.name",
    "default_task_priority": "configuration.defaultTaskPriority",
}


def _swf_type(kind: str, timeouts: t.Mapping[str, str]) -> RecordType:
    return RecordType(
        word=f"swf_{kind}_type",
        service="swf",
        operation=f"describe_{kind}_type",
        path="",
        identity=f"typeInfo.{kind}Type.name",
        ways=(Way(),),
        parameters={"domain": "domain", "version": "version"},
        absent=_SWF_ABSENT,
        tags=False,
        parts={"description": Part("", path="typeInfo.description", summary="The description.")},
        be=states("typeInfo.status", "REGISTERED", "DEPRECATED"),
        have={"description": "description", **_TIMEOUTS, **timeouts},
    )


SWF_DOMAIN = RecordType(
    word="swf_domain",
    service="swf",
    operation="describe_domain",
    path="",
    identity="domainInfo.name",
    ways=(Way(parameter="name"),),
    absent=_SWF_ABSENT,
    tags=Part("list_tags_for_resource", {"resourceArn": "domainInfo.arn"}, "tags", default=[]),
    parts={
        "description": Part("", path="domainInfo.description", summary="The description."),
        "retention_period_in_days": Part(
            "", path="configuration.workflowExecutionRetentionPeriodInDays", summary="How long executions are kept."
        ),
    },
    be=states("domainInfo.status", "REGISTERED", "DEPRECATED"),
    have={"description": "description", "retention_period_in_days": "retention_period_in_days"},
)
CONFIG_RULE = RecordType(
    word="config_rule",
    service="config",
    operation="describe_config_rules",
    path="ConfigRules[]",
    identity="ConfigRuleName",
    ways=(
        Way(field="ConfigRuleArn", pattern="arn:"),
        Way(field="ConfigRuleName", parameter="ConfigRuleNames", size=25),
    ),
    absent=("NoSuchConfigRuleException",),
    tags=Part("list_tags_for_resource", {"ResourceArn": "ConfigRuleArn"}, "Tags", default=[]),
    parts={
        "compliance": Part(
            "describe_compliance_by_config_rule",
            {"ConfigRuleNames": ["ConfigRuleName"]},
            "ComplianceByConfigRules.0.Compliance.ComplianceType",
            summary="COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE or INSUFFICIENT_DATA.",
        ),
    },
    be={
        **states("ConfigRuleState", "ACTIVE", "DELETING", "EVALUATING"),
        **states("compliance", "COMPLIANT", "NON_COMPLIANT"),
    },
    have={"source_identifier": "Source.SourceIdentifier"},
)
ROUTE53_ZONE = RecordType(
    word="route53_zone",
    aliases=("route53_hosted_zone",),
    service="route53",
    operation="list_hosted_zones",
    path="HostedZones[]",
    identity="Id",
    ways=(Way(field="Id", pattern="/hostedzone/"), Way(field="Name")),
    be={"private": ("Config.PrivateZone", True)},
    have=haves("ResourceRecordSetCount"),
)
ROUTE53_RECORD = RecordType(
    word="route53_record",
    service="route53",
    operation="list_resource_record_sets",
    path="ResourceRecordSets[]",
    identity="Id",
    ways=(),
    parameters={"zone": "", "type": ""},
    tags=False,
)
CLOUDWATCH_ALARM = RecordType(
    word="cloudwatch_alarm",
    service="cloudwatch",
    operation="describe_alarms",
    path="MetricAlarms[]",
    identity="AlarmName",
    ways=(
        Way(field="AlarmArn", pattern="arn:"),
        Way(field="AlarmName", parameter="AlarmNames", size=100),
    ),
    tags=Part("list_tags_for_resource", {"ResourceARN": "AlarmArn"}, "Tags", default=[]),
    be={
        "ok": ("StateValue", "OK"),
        "in_alarm": ("StateValue", "ALARM"),
        "insufficient_data": ("StateValue", "INSUFFICIENT_DATA"),
        "enabled": ("ActionsEnabled", True),
    },
    have={
        **haves("MetricName", "Namespace", "Threshold", "Period", "EvaluationPeriods", "ComparisonOperator"),
        "statistic": "Statistic",
        "alarm_action": "AlarmActions",
        "ok_action": "OKActions",
    },
)
LOG_GROUP = RecordType(
    word="log_group",
    aliases=("cloudwatch_logs",),
    service="logs",
    operation="describe_log_groups",
    path="logGroups[]",
    identity="logGroupName",
    ways=(Way(field="logGroupName", parameter="logGroupNamePrefix"),),
    tags=Part("list_tags_log_group", {"logGroupName": "logGroupName"}, "tags", default={}),
    parts={
        "metric_filters": Part(
            "describe_metric_filters",
            {"logGroupName": "logGroupName"},
            "metricFilters",
            default=[],
            summary="The metric filters.",
        ),
        "subscription_filters": Part(
            "describe_subscription_filters",
            {"logGroupName": "logGroupName"},
            "subscriptionFilters",
            default=[],
            summary="The subscription filters.",
        ),
    },
    be={"encrypted": ("kmsKeyId", True)},
    have={"retention_in_days": "retentionInDays", "metric_filter": "metric_filters[].filterName"},
)

TYPES: t.Sequence[type[RecordResource]] = [
    make(SNS_TOPIC, Topic),
    make(SQS_QUEUE, Queue),
    make(CLOUDTRAIL_TRAIL),
    make(SWF_DOMAIN),
    make(
        _swf_type(
            "activity",
            {
                "default_task_heartbeat_timeout": "configuration.defaultTaskHeartbeatTimeout",
                "default_task_schedule_to_close_timeout": "configuration.defaultTaskScheduleToCloseTimeout",
                "default_task_schedule_to_start_timeout": "configuration.defaultTaskScheduleToStartTimeout",
                "default_task_start_to_close_timeout": "configuration.defaultTaskStartToCloseTimeout",
            },
        ),
        SwfType,
    ),
    make(
        _swf_type(
            "workflow",
            {
                "default_child_policy": "configuration.defaultChildPolicy",
                "default_execution_start_to_close_timeout": "configuration.defaultExecutionStartToCloseTimeout",
                "default_task_start_to_close_timeout": "configuration.defaultTaskStartToCloseTimeout",
            },
        ),
        SwfType,
    ),
    make(CONFIG_RULE),
    make(ROUTE53_ZONE, Zone),
    make(ROUTE53_RECORD, ZoneRecord),
    make(CLOUDWATCH_ALARM),
    make(LOG_GROUP),
]

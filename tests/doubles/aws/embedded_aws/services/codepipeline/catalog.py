# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action types of AWS and those that users make: their artifacts and what their configuration may say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Property:
    name: str
    required: bool = False
    secret: bool = False
    key: bool = False
    queryable: bool = False
    description: str | None = None
    type: str = "String"

    def describe(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "required": self.required,
            "secret": self.secret,
            "key": self.key,
            "queryable": self.queryable,
            "description": self.description,
            "type": self.type,
        }


@dataclass(frozen=True)
class ActionType:
    category: str
    owner: str
    provider: str
    version: str = "1"
    inputs: tuple[int, int] = (0, 0)
    outputs: tuple[int, int] = (0, 0)
    properties: tuple[Property, ...] = ()
    v2_only: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> dict[str, str]:
        return {"category": self.category, "owner": self.owner, "provider": self.provider, "version": self.version}

    @property
    def secrets(self) -> set[str]:
        return {item.name for item in self.properties if item.secret}

    def describe(self) -> dict[str, Any]:
        """As ListActionTypes shows it, where no number of artifacts can be above 5."""
        return {
            "id": self.id,
            "settings": self.settings or None,
            "actionConfigurationProperties": [item.describe() for item in self.properties],
            "inputArtifactDetails": {"minimumCount": self.inputs[0], "maximumCount": min(self.inputs[1], 5)},
            "outputArtifactDetails": {"minimumCount": self.outputs[0], "maximumCount": self.outputs[1]},
        }


def key_of(type_id: dict[str, str]) -> Key:
    return type_id["category"], type_id["owner"], type_id["provider"], type_id["version"]


def _type(
    name: str,
    inputs: tuple[int, int],
    outputs: tuple[int, int],
    required: str = "",
    optional: str = "",
    secret: str = "",
    v2_only: bool = False,
) -> ActionType:
    category, owner, provider = name.split("/")
    properties = [Property(item, required=True, secret=item in secret.split()) for item in required.split()]
    properties += [Property(item) for item in optional.split()]
    return ActionType(category, owner, provider, "1", inputs, outputs, tuple(properties), v2_only)


NONE, ONE, FEW = (0, 0), (1, 1), (0, 5)
BUILD = "PrimarySource BatchEnabled BuildspecOverride CombineArtifacts EnvironmentVariables"
STACK = (
    "Capabilities ChangeSetName ParameterOverrides RoleArn TemplateConfiguration TemplatePath OutputFileName"
    " ChangeSetExecutionMode"
)
APP_CONFIG = "Application Environment ConfigurationProfile DeploymentStrategy InputArtifactConfigurationPath"
CONNECTION = "ConnectionArn FullRepositoryId BranchName"
TYPES = [
    _type("Source/AWS/S3", NONE, ONE, "S3Bucket S3ObjectKey", "PollForSourceChanges AllowOverrideForS3ObjectKey"),
    _type("Source/AWS/CodeCommit", NONE, ONE, "RepositoryName BranchName", "PollForSourceChanges OutputArtifactFormat"),
    _type("Source/AWS/ECR", NONE, ONE, "RepositoryName", "ImageTag"),
    _type("Source/AWS/CodeStarSourceConnection", NONE, ONE, CONNECTION, "OutputArtifactFormat DetectChanges"),
    _type("Source/ThirdParty/GitHub", NONE, ONE, "Owner Repo Branch OAuthToken", "PollForSourceChanges", "OAuthToken"),
    _type("Build/AWS/CodeBuild", (1, 5), FEW, "ProjectName", BUILD),
    _type("Test/AWS/CodeBuild", (1, 5), FEW, "ProjectName", BUILD),
    _type("Approval/AWS/Manual", NONE, NONE, "", "NotificationArn CustomData ExternalEntityLink"),
    _type("Deploy/AWS/S3", ONE, NONE, "BucketName Extract", "ObjectKey KMSEncryptionKeyARN CannedACL CacheControl"),
    _type("Deploy/AWS/CloudFormation", (0, 10), (0, 1), "ActionMode StackName", STACK),
    _type("Deploy/AWS/CodeDeploy", ONE, NONE, "ApplicationName DeploymentGroupName"),
    _type("Deploy/AWS/ECS", ONE, NONE, "ClusterName ServiceName", "FileName DeploymentTimeout"),
    _type("Deploy/AWS/ElasticBeanstalk", ONE, NONE, "ApplicationName EnvironmentName"),
    _type("Deploy/AWS/AppConfig", ONE, NONE, APP_CONFIG),
    _type("Invoke/AWS/Lambda", FEW, FEW, "FunctionName", "UserParameters"),
    _type("Invoke/AWS/StepFunctions", (0, 1), (0, 1), "StateMachineArn", "ExecutionNamePrefix InputType Input"),
    _type("Invoke/AWS/CodePipeline", NONE, NONE, "PipelineName", "SourceRevisions Variables"),
    _type("Compute/AWS/Commands", (1, 10), (0, 1), v2_only=True),
]
AWS_TYPES: dict[Key, ActionType] = {key_of(item.id): item for item in TYPES}

# provider of a rule -> (required, optional) keys of its configuration
RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "CloudWatchAlarm": (("AlarmName",), ("AlarmStates", "WaitTime")),
    "CodeBuild": (("ProjectName",), ("EnvironmentVariables", "PrimarySource", "BatchEnabled", "CombineArtifacts")),
    "Commands": ((), ()),
    "DeploymentWindow": (("Cron",), ("TimeZone",)),
    "LambdaInvoke": (("FunctionName",), ("UserParameters",)),
    "VariableCheck": (("Operator", "Value", "Variable"), ()),
}

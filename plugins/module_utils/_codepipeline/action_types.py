# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[int, int]


@dataclass(frozen=True)
class ActionType:
    """What AWS demands of actions of one type: numbers of artifacts, least and most, and keys of the configuration."""

    inputs: Range
    outputs: Range
    required: tuple[str, ...] = ()


_NONE, _ONE = (0, 0), (1, 1)
_CODEBUILD = ActionType((1, 5), (0, 5), ("ProjectName",))

#: the types that AWS documents, by owner, category and provider; others are not checked
KNOWN = {
    ("AWS", "Source", "S3"): ActionType(_NONE, _ONE, ("S3Bucket", "S3ObjectKey")),
    ("AWS", "Source", "CodeCommit"): ActionType(_NONE, _ONE, ("RepositoryName", "BranchName")),
    ("AWS", "Source", "ECR"): ActionType(_NONE, _ONE, ("RepositoryName",)),
    ("AWS", "Source", "CodeStarSourceConnection"): ActionType(
        _NONE, _ONE, ("ConnectionArn", "FullRepositoryId", "BranchName")
    ),
    ("ThirdParty", "Source", "GitHub"): ActionType(_NONE, _ONE, ("Owner", "Repo", "Branch", "OAuthToken")),
    ("AWS", "Build", "CodeBuild"): _CODEBUILD,
    ("AWS", "Test", "CodeBuild"): _CODEBUILD,
    ("AWS", "Test", "DeviceFarm"): ActionType(_ONE, _NONE),
    ("AWS", "Approval", "Manual"): ActionType(_NONE, _NONE),
    ("AWS", "Deploy", "S3"): ActionType(_ONE, _NONE, ("BucketName", "Extract")),
    ("AWS", "Deploy", "CloudFormation"): ActionType((0, 10), (0, 1), ("ActionMode", "StackName")),
    ("AWS", "Deploy", "CodeDeploy"): ActionType(_ONE, _NONE, ("ApplicationName", "DeploymentGroupName")),
    ("AWS", "Deploy", "CodeDeployToECS"): ActionType((1, 5), _NONE, ("ApplicationName", "DeploymentGroupName")),
    ("AWS", "Deploy", "ElasticBeanstalk"): ActionType(_ONE, _NONE, ("ApplicationName", "EnvironmentName")),
    ("AWS", "Deploy", "ECS"): ActionType(_ONE, _NONE, ("ClusterName", "ServiceName")),
    ("AWS", "Deploy", "ServiceCatalog"): ActionType(_ONE, _NONE),
    ("AWS", "Invoke", "Lambda"): ActionType((0, 5), (0, 5), ("FunctionName",)),
    ("AWS", "Invoke", "StepFunctions"): ActionType((0, 1), (0, 1), ("StateMachineArn",)),
    ("AWS", "Compute", "Commands"): ActionType((1, 10), (0, 1)),
}

#: providers of AWS that pipelines of the older type do not have
V2_ONLY = frozenset({"Commands", "ECRBuildAndPublish", "InspectorScan", "EC2", "EKS"})

APPROVAL_KEYS = ("NotificationArn", "CustomData", "ExternalEntityLink")

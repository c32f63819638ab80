# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodeBuild is ours as a whole: moto's builds tell nothing true.

A build takes codebuild_delay seconds and succeeds, or fails when the variable EMBEDDED_AWS_RESULT of its project or
of the request is FAILED; its artifact is then its source, unchanged. With the setting codebuild_runs the commands of
the buildspec really run, in bash on this machine.

How CodePipeline starts a build of a project whose source is CODEPIPELINE: StartBuild with

- sourceVersion="arn:aws:s3:::BUCKET/KEY", the archive of the input artifact;
- artifactsOverride={"type": "CODEPIPELINE", "location": "arn:aws:s3:::BUCKET/KEY"}, where the output artifact goes;
- secondarySourcesOverride and secondaryArtifactsOverride likewise, with sourceIdentifier and artifactIdentifier;
- environmentVariablesOverride, as the action says.

BatchGetBuilds tells buildStatus, the phases with the reason of a failure, the log, and exportedEnvironmentVariables.
"""

from __future__ import annotations

from moto.codebuild import urls
from moto.codebuild.models import codebuild_backends

from .api import CodeBuildApi
from .backend import CodeBuildBackend


def install() -> None:
    codebuild_backends.backend = CodeBuildBackend
    urls.url_paths["{0}/$"] = CodeBuildApi.dispatch

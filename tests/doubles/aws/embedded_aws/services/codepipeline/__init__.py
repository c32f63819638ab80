# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodePipeline is ours as a whole: moto stores pipelines, but runs none and checks little."""

from __future__ import annotations

from moto.codepipeline import urls
from moto.codepipeline.models import codepipeline_backends

from .api import CodePipelineApi
from .backend import CodePipelineBackend


def install() -> None:
    codepipeline_backends.backend = CodePipelineBackend
    urls.url_paths["{0}/$"] = CodePipelineApi.dispatch

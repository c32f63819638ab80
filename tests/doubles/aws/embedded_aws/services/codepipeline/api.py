# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CodePipeline API: one method per operation, named as moto's dispatcher expects."""

from __future__ import annotations

from .api_executions import ExecutionOperations
from .api_jobs import JobOperations
from .api_pipelines import PipelineOperations
from .api_webhooks import WebhookOperations


class CodePipelineApi(ExecutionOperations, JobOperations, PipelineOperations, WebhookOperations):
    pass

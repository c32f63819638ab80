# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that CodePipeline knows in one account and region."""

from __future__ import annotations

import threading
from typing import Any

from moto.codepipeline.models import codepipeline_backends
from moto.core.base_backend import BaseBackend

from .catalog import AWS_TYPES, ActionType, Key
from .engine import Engine
from .errors import CodePipelineError
from .jobs import Jobs
from .pipelines import Pipeline
from .roles import check_assumable
from .structure import Surroundings


class CodePipelineBackend(BaseBackend):
    __module__ = "moto.codepipeline.models"  # moto finds the URLs of a service through the module of its backend

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lock = threading.RLock()
        self.pipelines: dict[str, Pipeline] = {}
        self.custom_types: dict[Key, ActionType] = {}
        self.deleted_types: dict[Key, ActionType] = {}
        self.other_tags: dict[str, dict[str, str]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.jobs = Jobs()
        self.engine = Engine(self)

    def get(self, name: str) -> Pipeline:
        if name not in self.pipelines:
            raise CodePipelineError(
                "PipelineNotFoundException",
                f"Account '{self.account_id}' does not have a pipeline with name '{name}'",
            )
        return self.pipelines[name]

    def find_type(self, key: Key) -> ActionType | None:
        return AWS_TYPES.get(key) or self.custom_types.get(key)

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(self.region_name, self.find_type, check_assumable)


def backend(account: str, region: str) -> Any:
    return codepipeline_backends[account][region]

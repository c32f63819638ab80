# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
import uuid

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import wording
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience


def start(api: Api, pipeline: str) -> str:
    """Start an execution; a repeated request starts no second one."""
    return api.start(pipeline, f"containerci-{uuid.uuid4().hex}")


def follow(api: Api, pipeline: str, execution_id: str, timeout: float) -> dict[str, t.Any]:
    """Wait until an execution has succeeded or waits for an approval; its part of the result."""
    found = {"pipeline_execution_id": execution_id}
    follower = Follower(api, pipeline, Patience(timeout), progress.from_environment())
    try:
        end = follower.follow(Snapshot(execution_id), at_approval=True, fresh=True)
    except CollectionError as error:
        raise CollectionError(error.message, **found) from error
    if not end.is_running and end.status != "Succeeded":
        message = wording.ending(pipeline, end, api.state(pipeline))
        raise CollectionError(message, **found, execution_status=end.status)
    return {**found, "execution_status": end.status}

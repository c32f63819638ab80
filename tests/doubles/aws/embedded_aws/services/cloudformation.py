# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation is ours as a whole."""

from __future__ import annotations

from moto.cloudformation import urls

from ..cloudformation.api import CloudFormationApi


def install() -> None:
    urls.url_paths.clear()
    urls.url_paths["{0}/$"] = CloudFormationApi.dispatch

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lambda: functions really run, where moto needs Docker or echoes the event."""

from __future__ import annotations

from typing import Any

from moto.awslambda import urls
from moto.awslambda.models import LambdaFunction

from .api import LambdaApi, invoke_for_a_service


def install() -> None:
    for path in urls.url_paths:
        urls.url_paths[path] = LambdaApi.dispatch
    LambdaFunction._invoke_lambda = invoke_for_a_service  # type: ignore[method-assign]
    describe = LambdaFunction.get_configuration

    def get_configuration(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        kept = {key: value for key, value in getattr(self, "kept", {}).items() if value}
        return {**describe(self, on_create), **kept}

    LambdaFunction.get_configuration = get_configuration  # type: ignore[method-assign]

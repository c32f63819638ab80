# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all operations share: requests are checked against the model and come one at a time."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.sts.models import sts_backends

from .backend import CodePipelineBackend, backend
from .errors import CodePipelineError
from .validation import check_request

PAGE = 100


class Base(BaseResponse):
    PROTOCOL_PARSER_MAP_TYPE = dict

    def __init__(self) -> None:
        super().__init__(service_name="codepipeline")
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> CodePipelineBackend:
        return backend(self.current_account, self.region)

    @property
    def caller(self) -> str:
        """The ARN of the one who calls."""
        return sts_backends[self.current_account]["aws"].get_caller_identity(self.access_key, self.region)[1]

    def call_action(self) -> Any:
        try:
            check_request(self._get_action(), self.params)
        except CodePipelineError as error:
            return self.serialized(ActionResult(error))
        with self.backend.lock:
            return super().call_action()

    def page(
        self, items: list[Any], size: str = "maxResults", token: str = "nextToken"
    ) -> tuple[list[Any], str | None]:
        """One page of the items, and the token of the next one."""
        start = _start(self.params.get(token))
        end = start + (self.params.get(size) or PAGE)
        return items[start:end], base64.b64encode(f"at:{end}".encode()).decode() if end < len(items) else None


def _start(token: str | None) -> int:
    if token is None:
        return 0
    try:
        kind, _, number = base64.b64decode(token, validate=True).decode().partition(":")
        if kind == "at":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise CodePipelineError("InvalidNextTokenException", f"The token '{token}' is not valid")

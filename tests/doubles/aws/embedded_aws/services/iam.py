# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: AWS's managed policies are read once for each account and not again at each reset."""

from __future__ import annotations

import copy
from typing import Any

from moto.iam.models import IAMBackend

_policies: dict[tuple[str, str], list[Any]] = {}


def install() -> None:
    read = IAMBackend._init_aws_policies

    def init_aws_policies(self: IAMBackend) -> list[Any]:
        key = (self.account_id, self.partition)
        if key not in _policies:
            _policies[key] = read(self)
        return [copy.copy(policy) for policy in _policies[key]]

    IAMBackend._init_aws_policies = init_aws_policies  # type: ignore[method-assign]

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto lacks or does unlike AWS, one module per service."""

from __future__ import annotations

import os


def install() -> None:
    """Put our services in the place of moto's; must run before the first request."""
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    from . import cloudformation, ecs, efs, elb, iam

    for service in (cloudformation, ecs, efs, elb, iam):
        service.install()

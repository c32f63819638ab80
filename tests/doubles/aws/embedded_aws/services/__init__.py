# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto lacks or does unlike AWS, one module per service."""

from __future__ import annotations

import os


def install() -> None:
    """Put our services in the place of moto's; must run before the first request."""
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    from . import (
        awslambda,
        cloudformation,
        codebuild,
        codecommit,
        codepipeline,
        ec2,
        ecs,
        efs,
        elb,
        events,
        iam,
        kms,
        s3,
        ssm,
    )

    for service in (
        awslambda,
        cloudformation,
        codebuild,
        codecommit,
        codepipeline,
        ec2,
        ecs,
        efs,
        elb,
        events,
        iam,
        kms,
        s3,
        ssm,
    ):
        service.install()

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.botocore import boto3_inventory_conn, get_aws_connection_info

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import translate

# An endpoint that is down must be reported in seconds; throttling is retried in the service's own layer.
_PATIENCE = {"connect_timeout": 5, "retries": {"mode": "standard", "total_max_attempts": 3}}


def connect(module: t.Any, service: str) -> t.Any:
    """A client for the service, made from the connection options of the module."""
    region, endpoint, options = get_aws_connection_info(module)
    try:
        return boto3_inventory_conn(
            conn_type="client", resource=service, region=region, endpoint=endpoint, config=_PATIENCE, **options
        )
    except Exception as error:  # botocore's and boto3's base classes cannot be named where they are not installed
        raise translate(error, service) from error

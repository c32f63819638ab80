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


class Session:
    """Clients of one session of the SDK, made from the connection options of the module."""

    def __init__(self, module: t.Any, timeout: float = 0) -> None:
        self.region, self._endpoint, self._options = get_aws_connection_info(module)
        self._config = {
            "connect_timeout": min(5.0, timeout or 5.0),
            "read_timeout": timeout or 60.0,
            "retries": {"mode": "adaptive", "total_max_attempts": 4},
        }
        if self._endpoint:  # emulators do not answer to the names of buckets
            self._config["s3"] = {"addressing_style": "path"}
        self._session: t.Any = None

    @property
    def known_region(self) -> str | None:
        """The region of the task, from its options or from the configuration of the SDK."""
        return self.region or (self._session.region_name if self._session else None)

    def client(self, service: str, region: str = "") -> t.Any:
        """A client for the service in a region; without one, in that of the module."""
        import botocore.config

        options = dict(self._options)
        own = options.pop("aws_config", None) or botocore.config.Config()
        config = botocore.config.Config(**self._config).merge(own)
        session = self._connected(options.pop("profile_name", None))
        return session.client(
            service, region_name=region or self.region, endpoint_url=self._endpoint, config=config, **options
        )

    def _connected(self, profile: str | None) -> t.Any:
        if self._session is None:
            import boto3.session

            self._session = boto3.session.Session(profile_name=profile)
        return self._session

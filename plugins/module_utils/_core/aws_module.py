# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""A module that needs AWS for some of its work only, and does not load the SDK for the rest."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule, env_fallback


def _from(*names: str, **rest: t.Any) -> dict[str, t.Any]:
    return {"fallback": (env_fallback, list(names)), **rest}


# As amazon.aws has them; its own list cannot be asked for without loading the SDK.
AWS_ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "access_key": _from(
        "AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", aliases=["aws_access_key_id", "aws_access_key"], no_log=False
    ),
    "secret_key": _from(
        "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", aliases=["aws_secret_access_key", "aws_secret_key"], no_log=True
    ),
    "session_token": _from("AWS_SESSION_TOKEN", aliases=["aws_session_token"], no_log=True),
    "profile": _from("AWS_PROFILE", "AWS_DEFAULT_PROFILE", aliases=["aws_profile"]),
    "endpoint_url": _from("AWS_URL", aliases=["aws_endpoint_url"]),
    "validate_certs": {"type": "bool", "default": True},
    "aws_ca_bundle": _from("AWS_CA_BUNDLE", type="path"),
    "aws_config": {"type": "dict"},
    "debug_botocore_endpoint_logs": _from("ANSIBLE_DEBUG_BOTOCORE_LOGS", type="bool", default=False),
    "region": _from("AWS_REGION", "AWS_DEFAULT_REGION", aliases=["aws_region"]),
}


def make(needs_aws: t.Callable[[t.Mapping[str, t.Any]], bool], **options: t.Any) -> t.Any:
    """The module, which is one of amazon.aws if its arguments say that it needs AWS."""
    options["argument_spec"] = {**AWS_ARGUMENTS, **options["argument_spec"]}
    module = AnsibleModule(**options)
    if not needs_aws(module.params):
        return module
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

    return AnsibleAWSModule(default_args=False, **options)

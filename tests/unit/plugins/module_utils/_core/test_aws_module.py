# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from ansible_collections.containerci.aws.plugins.module_utils._core.aws_module import AWS_ARGUMENTS


def comparable(spec: dict[str, t.Any]) -> dict[str, t.Any]:
    """The fallbacks without the function, which is the same one by another way."""
    return {name: {**option, "fallback": option.get("fallback", (None, []))[1]} for name, option in spec.items()}


def test_the_options_are_those_of_amazon_aws() -> None:
    assert comparable(AWS_ARGUMENTS) == comparable(aws_argument_spec())

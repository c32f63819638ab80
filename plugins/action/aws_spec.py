# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import AWS, COMMON
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec_action import SpecAction


class ActionModule(SpecAction):
    """Reads the spec of AWS resources on the controller and has it evaluated where the SDK is."""

    MODULE = "containerci.aws.aws_spec"
    OTHER_MODULE = "server_spec"
    REGIONS = True
    OWN_RESULTS = ("api_calls", "account", "region", "required_permissions", "resource_actions")

    def argument_spec(self) -> dict[str, t.Any]:
        return {**aws_argument_spec(), **COMMON, **AWS}

    def vocabulary(self) -> Vocabulary:
        return VOCABULARY

    def other(self) -> Vocabulary:
        from ansible_collections.containerci.aws.plugins.module_utils._spec.server import registry

        return registry.VOCABULARY

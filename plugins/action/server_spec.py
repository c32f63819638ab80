# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.options import COMMON, SERVER
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec_action import SpecAction


class ActionModule(SpecAction):
    """Reads the spec of a server on the controller and has it evaluated on the server."""

    MODULE = "containerci.aws.server_spec"
    OTHER_MODULE = "aws_spec"

    def argument_spec(self) -> dict[str, t.Any]:
        return {**COMMON, **SERVER}

    def vocabulary(self) -> Vocabulary:
        return VOCABULARY

    def other(self) -> Vocabulary:
        from ansible_collections.containerci.aws.plugins.module_utils._spec.aws import registry

        return registry.VOCABULARY

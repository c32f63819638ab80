# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data, without_empty
from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text

# Their keys belong to the action and not to CloudFormation.
_VERBATIM = frozenset({"configuration"})


def stages_block(stages: list[Data]) -> str:
    """The property Stages of AWS::CodePipeline::Pipeline, as YAML."""
    return to_text({"Stages": [_property(stage) for stage in without_empty(stages)]}, sort_keys=False)


def _property(value: t.Any) -> t.Any:
    if isinstance(value, list):
        return [_property(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = sorted(value, key=lambda name: name != "name")
    return {name[0].upper() + name[1:]: value[name] if name in _VERBATIM else _property(value[name]) for name in names}

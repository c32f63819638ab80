# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource of your own for server_spec or aws_spec is made of; see the guide about server specs."""

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Address,
    Boolean,
    Either,
    Integer,
    Kind,
    ListOf,
    Map,
    Mode,
    Network,
    Number,
    OneOf,
    Path,
    Regex,
    Text,
    VersionRange,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Unsupported,
    Verdict,
    its,
    matcher,
)

__all__ = [
    "Address",
    "Boolean",
    "CannotTell",
    "Either",
    "Integer",
    "Kind",
    "ListOf",
    "Map",
    "Mode",
    "Network",
    "Number",
    "OneOf",
    "Path",
    "Regex",
    "Resource",
    "Text",
    "Unsupported",
    "Verdict",
    "VersionRange",
    "its",
    "matcher",
]

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws import (
    matchers,
    rows_compute,
    rows_delivery,
    rows_identity,
    rows_network,
    rows_services,
    rows_storage,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.kernel import Value
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary

_AREAS = (rows_network, rows_compute, rows_identity, rows_storage, rows_services, rows_delivery)

VOCABULARY = Vocabulary((*(kind for area in _AREAS for kind in area.TYPES), Value), matchers.VALUE_MATCHERS)

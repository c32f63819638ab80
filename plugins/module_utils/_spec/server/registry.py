# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.module_utils._spec.server import (
    accounts,
    certificates,
    command,
    configuration,
    cron,
    files,
    firewall,
    interfaces,
    kernel,
    mounts,
    packages,
    process,
    reachability,
    repositories,
    service,
    sockets,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    (
        *sockets.RESOURCES,
        *packages.RESOURCES,
        *service.RESOURCES,
        *files.RESOURCES,
        *configuration.RESOURCES,
        *certificates.RESOURCES,
        *accounts.RESOURCES,
        *process.RESOURCES,
        *command.RESOURCES,
        *reachability.RESOURCES,
        *interfaces.RESOURCES,
        *mounts.RESOURCES,
        *cron.RESOURCES,
        *kernel.RESOURCES,
        *repositories.RESOURCES,
        *firewall.RESOURCES,
    ),
    VALUE_MATCHERS,
)

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.plugin_utils._progress import ModuleWithProgress


class ActionModule(ModuleWithProgress):
    """Shows the events of the cluster's stack while they happen."""

    MODULE = "containerci.aws.kube_aws"

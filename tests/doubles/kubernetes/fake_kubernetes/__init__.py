# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of the Kubernetes API: the few endpoints that the role coreos_kubernetes uses."""

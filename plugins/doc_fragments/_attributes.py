# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description:
      - Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled/queried by the module has not changed in a relevant way.
"""

    ACTIONGROUP_AWS = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/containerci.aws.aws) in C(module_defaults) to set defaults for this module. The group extends
        C(group/amazon.aws.aws) and C(group/community.aws.aws), so that one block serves the modules of all three.
    support: full
    membership:
      - containerci.aws.aws
"""

    ACTIONGROUP_JENKINS = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/containerci.aws.jenkins) in C(module_defaults) to say address and credentials of Jenkins once.
    support: full
    membership:
      - containerci.aws.jenkins
"""

    ACTIONGROUP_HAB = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/containerci.aws.hab) in C(module_defaults) to say Builder, token and licence once.
    support: full
    membership:
      - containerci.aws.hab
"""

    # For modules that only read, next to the standard fragment.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""

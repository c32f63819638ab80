# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  executable:
    description: The program C(hab). Without it, C(PATH), C(/bin/hab) and C(/hab/bin/hab) are looked at.
    type: path
  bldr_url:
    description:
      - Address of Builder; on your own premises it has the form V(https://HOST/bldr/v1).
      - The E(HAB_BLDR_URL) environment variable may also be used, then the configuration of C(hab). Without any of
        them it is the public Builder.
    type: str
  auth_token:
    description:
      - Token of the account at Builder. C(hab) gets it in its environment, never on its command line.
      - The E(HAB_AUTH_TOKEN) environment variable may also be used.
    type: str
  accept_license:
    description:
      - Whether you accept the licence of Chef Habitat for what this task does. Nothing is written down about it.
      - Not needed where somebody has run C(hab license accept).
    type: bool
    default: false
  timeout:
    description:
      - How many seconds one command may take. Then it is ended with all that it has started.
      - C(hab) tries downloads again for about two minutes, which a shorter time cuts off.
    type: int
    default: 600
requirements:
  - Chef Habitat, C(hab) 2.0 or newer; 1.6 as far as it has the same options
notes:
  - Needs nothing but Python on the host. C(hab) runs with an environment of its own; of that of the task it sees
    proxies, C(SSL_CERT_FILE) and the like.
  - After each command the module looks at what is there, because C(hab) ends many failures with exit code 0.
  - When a task fails, RV(ignore:error_code) says why, for example V(license_not_accepted), V(not_found),
    V(unauthorized), V(not_licensed), V(in_use), V(loaded), V(hook_failed), V(usage), V(panic), V(network), V(timeout)
    or V(supervisor_unreachable). If a command failed, RV(ignore:command), RV(ignore:rc), RV(ignore:stdout) and
    RV(ignore:stderr) are there, too.
"""

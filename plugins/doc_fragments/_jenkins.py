# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of Jenkins, with the context path if there is one.
      - The E(JENKINS_URL) environment variable may also be used.
    type: str
    required: true
  user:
    description:
      - Name of the user. Without one, requests are anonymous.
      - The E(JENKINS_USER_ID) environment variable may also be used.
    type: str
  token:
    description:
      - API token of the user, the better way to log in.
      - The E(JENKINS_API_TOKEN) environment variable may also be used.
      - Cannot be given together with O(password).
    type: str
  password:
    description:
      - Password of the user. Jenkins then wants a crumb with everything that changes something, which is taken care of.
      - Cannot be given together with O(token).
    type: str
  validate_certs:
    description: Whether the certificate of Jenkins has to be valid.
    type: bool
    default: true
  ca_path:
    description: File with the certificates of the authorities to trust.
    type: path
  client_cert:
    description: File with the certificate to identify with, in PEM format; it can hold the key, too.
    type: path
  client_key:
    description: File with the key of O(client_cert).
    type: path
  timeout:
    description: How many seconds to wait for one answer.
    type: int
    default: 30
  ready_timeout:
    description: How many seconds to wait while Jenkins is still loading or restarting.
    type: int
    default: 60
requirements:
  - PyYAML (only to read clouds)
notes:
  - Nothing is installed on the controller, and no agent or command line client is needed.
  - The task runs wherever Jenkins can be reached from, usually with C(delegate_to) C(localhost).
"""

#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hab_origin_key
short_description: Manage the signing keys of a Habitat origin
version_added: 0.2.0
description:
  - Imports, makes, downloads, uploads, exports and deletes the keys that packages of an origin are signed with.
  - Only keys of exactly the origin count, where C(hab) takes keys of V(acme-ops) for keys of V(acme), too.
options:
  origin:
    description: Name of the origin.
    type: str
    required: true
  state:
    description:
      - V(present) imports the key of O(content) or O(src).
      - V(generated) makes a pair if there is none, see O(force_new).
      - V(downloaded) gets keys from Builder; without O(revision), all public ones, or the newest secret one.
      - V(uploaded) gives keys to Builder; without O(revision), the newest.
      - V(exported) writes the key into O(dest); without O(revision), the newest.
      - V(absent) deletes the keys on this host.
    type: str
    choices: [present, generated, downloaded, uploaded, exported, absent]
    default: present
  type:
    description:
      - Which keys are meant. The default is V(both) for O(state=absent), otherwise V(public). An imported key says
        itself what it is.
      - O(state=exported) writes one key, so V(both) is not possible there.
    type: str
    choices: [public, secret, both]
  revision:
    description: Revision of the key, 14 digits.
    type: str
  content:
    description: Text of the key to import.
    type: str
  src:
    description: File on the host with the key to import.
    type: path
  dest:
    description: File on the host to write the key into. A secret key is readable for its owner only.
    type: path
  force_new:
    description: With O(state=generated), whether a pair is made although there is one, which is a change each time.
    type: bool
    default: false
  return_content:
    description: With O(state=exported), whether RV(content) is returned; use C(no_log) with secret keys.
    type: bool
    default: false
  cache_key_path:
    description: Directory of the keys. Without it, that of C(hab), which is C(/hab/cache/keys) for root.
    type: path
extends_documentation_fragment:
  - containerci.aws._hab
  - containerci.aws._attributes
  - containerci.aws._attributes.actiongroup_hab
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details: Shows files and their modes, never keys.
  idempotent:
    support: full
    details: Except with O(force_new).
seealso:
  - module: containerci.aws.hab_build
author:
  - containerci.aws contributors (@containerci)
"""

EXAMPLES = r"""
- name: The secret key of the build box
  containerci.aws.hab_origin_key:
    origin: acme
    content: "{{ acme_secret_key }}"
    accept_license: true
  become: true

- name: A pair for a trial
  containerci.aws.hab_origin_key:
    origin: acme
    state: generated
    force_new: false
    cache_key_path: /var/lib/acme/keys
  become: true

- name: The public key that came with a package
  containerci.aws.hab_origin_key:
    origin: acme
    revision: '20260812081234'
    src: /var/tmp/acme-20260812081234.pub
    executable: /opt/hab/hab
    timeout: 60
  become: true

- name: All public keys of an origin
  containerci.aws.hab_origin_key:
    origin: core
    state: downloaded
    bldr_url: https://bldr.example.com/bldr/v1
  become: true

- name: Builder can verify what we sign
  containerci.aws.hab_origin_key:
    origin: acme
    state: uploaded
    type: public
    auth_token: "{{ builder_token }}"
  become: true

- name: The secret key, to be kept elsewhere
  containerci.aws.hab_origin_key:
    origin: acme
    state: exported
    type: secret
    dest: /root/acme.sig.key
    return_content: true
  no_log: true
  become: true
"""

RETURN = r"""
origin:
  description: Name of the origin.
  returned: success
  type: str
  sample: acme
revisions:
  description: Revisions of the keys that are on the host now, or would be; the newest last.
  returned: success
  type: list
  elements: str
  sample: ['20260812081234']
latest:
  description: The newest of RV(revisions), empty when there is none.
  returned: success
  type: str
  sample: '20260812081234'
files:
  description: Files of the keys.
  returned: success
  type: list
  elements: str
  sample: [/hab/cache/keys/acme-20260812081234.pub, /hab/cache/keys/acme-20260812081234.sig.key]
uploaded:
  description: Names of the files that Builder got, or would get.
  returned: with O(state=uploaded)
  type: list
  elements: str
  sample: [acme-20260812081234.pub]
dest:
  description: The file that was written.
  returned: with O(state=exported)
  type: str
  sample: /root/acme.sig.key
content:
  description: The key.
  returned: with O(return_content)
  type: str
  sample: "SIG-PUB-1\nacme-20260812081234\n\n..."
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._hab.key_task import KeyTask
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import OPTIONS


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **OPTIONS,
            "origin": {"type": "str", "required": True},
            "state": {
                "type": "str",
                "choices": ["present", "generated", "downloaded", "uploaded", "exported", "absent"],
                "default": "present",
            },
            "type": {"type": "str", "choices": ["public", "secret", "both"]},
            "revision": {"type": "str"},
            "content": {"type": "str", "no_log": True},
            "src": {"type": "path"},
            "dest": {"type": "path"},
            "force_new": {"type": "bool", "default": False},
            "return_content": {"type": "bool", "default": False},
            "cache_key_path": {"type": "path", "no_log": False},
        },
        mutually_exclusive=[("content", "src")],
        required_if=[
            ("state", "present", ("content", "src"), True),
            ("state", "exported", ("dest", "return_content"), True),
        ],
        supports_check_mode=True,
    )
    try:
        result = KeyTask(module.params, module.check_mode).ensure()
    except CollectionError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

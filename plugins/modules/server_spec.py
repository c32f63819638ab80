#!/usr/bin/python
# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_spec
short_description: Check that a server is as it should be
"""

EXAMPLES = r"""
"""

RETURN = r"""
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import COMMON, SERVER
from ansible_collections.containerci.aws.plugins.module_utils._spec.run import Plan, run
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY


def host(params: dict[str, t.Any], check_mode: bool) -> Host:
    """This machine, read as the options say."""
    return Host(
        timeout=params["timeout"],
        search_paths=params["search_paths"] or (),
        package_manager=params["package_manager"],
        service_manager=params["service_manager"],
        check_mode=check_mode,
        read_only=params["read_only"],
        offline=params["offline"],
    )


def main() -> None:
    module = AnsibleModule(argument_spec={**COMMON, **SERVER}, supports_check_mode=True)
    try:
        machine = host(module.params, module.check_mode)
        outcomes = run(Plan.read(module.params["spec"]), VOCABULARY, machine, module.params, module.check_mode)
    except CollectionError as error:
        module.fail_json(msg=error.message)
    module.exit_json(changed=False, outcomes=outcomes, probes=machine.probes, forks=machine.forks)


if __name__ == "__main__":
    main()

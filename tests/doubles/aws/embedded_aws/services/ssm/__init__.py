# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Systems Manager: Run Command really runs, documents are checked, instances with a profile are managed.

moto answers Success for a command that it does not run.
"""

from __future__ import annotations

from moto.ssm import urls
from moto.ssm.models import ssm_backends

from .api import SsmApi
from .backend import SsmBackend


def install() -> None:
    for path in urls.url_paths:
        urls.url_paths[path] = SsmApi.dispatch
    ssm_backends.backend = SsmBackend

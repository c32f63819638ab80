# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the Systems Manager API."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class SsmError(ServiceException):
    __module__ = "moto.ssm.exceptions"

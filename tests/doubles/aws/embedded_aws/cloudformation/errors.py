# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the CloudFormation API, and the failure of one resource."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class CloudFormationError(ServiceException):
    """An API error; moto finds the service's model through the module that an exception says it is from."""

    __module__ = "moto.cloudformation.exceptions"


class ValidationError(CloudFormationError):
    code = "ValidationError"
    __module__ = "moto.cloudformation.exceptions"


class AlreadyExists(CloudFormationError):
    code = "AlreadyExistsException"
    __module__ = "moto.cloudformation.exceptions"


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"
    __module__ = "moto.cloudformation.exceptions"


class InvalidChangeSetStatus(CloudFormationError):
    code = "InvalidChangeSetStatus"
    __module__ = "moto.cloudformation.exceptions"


class InsufficientCapabilities(CloudFormationError):
    code = "InsufficientCapabilitiesException"
    __module__ = "moto.cloudformation.exceptions"


class ResourceFailure(Exception):
    """A resource could not be made, changed or deleted; the text is the reason shown in the stack's events."""


class ResourceGone(ResourceFailure):
    """A resource is not there any more."""

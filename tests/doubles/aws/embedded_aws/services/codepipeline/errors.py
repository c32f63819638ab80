# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CodePipeline refuses."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class CodePipelineError(ServiceException):
    """An error of the API; moto finds the service's model through the module that an exception says it is from."""

    __module__ = "moto.codepipeline.exceptions"


def structure(message: str) -> CodePipelineError:
    return CodePipelineError("InvalidStructureException", message)


def stage_declaration(message: str) -> CodePipelineError:
    return CodePipelineError("InvalidStageDeclarationException", message)


def action_declaration(message: str) -> CodePipelineError:
    return CodePipelineError("InvalidActionDeclarationException", message)


def validation(message: str) -> CodePipelineError:
    return CodePipelineError("ValidationException", message)

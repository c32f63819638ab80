# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we lean on in moto that it does not promise. A failure here names what an upgrade of moto changed."""

from __future__ import annotations

import inspect

import moto
import pytest
from moto.awslambda.models import LambdaFunction
from moto.codebuild.models import CodeBuildBackend
from moto.codecommit.models import CodeCommitBackend
from moto.core import responses, serialize
from moto.core.parse import PROTOCOL_PARSERS
from moto.ec2.models import EC2Backend
from moto.ecs.models import EC2ContainerServiceBackend
from moto.efs.models import EFSBackend, FileSystem
from moto.elb.models import ELBBackend
from moto.events.models import Rule
from moto.moto_server import werkzeug_app
from moto.ssm.models import SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse


def test_the_version_is_the_one_these_parts_were_read_in():
    assert moto.__version__ == "5.2.5"


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (responses.BaseResponse, "parse_parameters"),
        (responses.BaseResponse, "call_action"),
        (responses, "ActionResult"),
        (responses, "EmptyResult"),
        (serialize, "get_serializer_class"),
        (werkzeug_app, "DomainDispatcherApplication"),
        (werkzeug_app, "MotoRequestHandler"),
        (werkzeug_app, "create_backend_app"),
        (EC2ContainerServiceBackend, "_validate_container_defs"),
        (ELBBackend, "create_load_balancer"),
        (LambdaFunction, "_invoke_lambda"),
        (LambdaFunction, "get_configuration"),
        (EC2Backend, "_get_template_from_args"),
        (EC2Backend, "associate_iam_instance_profile"),
        (Rule, "send_to_targets"),
        (SimpleSystemManagerBackend, "_get_documents"),
    ],
)
def test_the_hooks_are_there(thing, name):
    assert callable(getattr(thing, name))


def test_every_protocol_has_a_parser():
    assert {"query", "ec2", "json", "rest-json", "rest-xml"} <= set(PROTOCOL_PARSERS)


def test_the_lies_we_repair_are_still_told():
    """When one of these fails, moto has learnt the thing and our repair can go."""
    assert not hasattr(EFSBackend, "put_backup_policy")
    assert not hasattr(EFSBackend, "update_file_system")
    assert "deployment_configuration" not in inspect.signature(EC2ContainerServiceBackend.create_service).parameters
    assert "_backup" in inspect.getsource(FileSystem)
    assert not hasattr(CodeCommitBackend, "create_commit")
    assert not hasattr(CodeBuildBackend, "update_project")
    assert not hasattr(SimpleSystemManagerResponse, "cancel_command")
    assert "docker" in inspect.getsource(LambdaFunction._invoke_lambda)
    assert "IamInstanceProfile" not in inspect.getsource(EC2Backend.run_instances)
    assert "codepipeline" not in inspect.getsource(Rule.send_to_targets)

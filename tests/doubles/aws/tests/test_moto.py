# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we lean on in moto that it does not promise. A failure here names what an upgrade of moto changed."""

from __future__ import annotations

import inspect

import moto
import pytest
from moto.core import responses, serialize
from moto.core.parse import PROTOCOL_PARSERS
from moto.ecs.models import EC2ContainerServiceBackend
from moto.efs.models import EFSBackend, FileSystem
from moto.elb.models import ELBBackend
from moto.moto_server import werkzeug_app


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

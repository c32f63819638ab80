# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small vocabulary, and a reader that tells what a spec gives and what is wrong with it."""

from __future__ import annotations

import typing as t
from pathlib import Path as FilePath

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.module_utils.spec import (
    Address,
    Boolean,
    Integer,
    Kind,
    ListOf,
    Mode,
    Network,
    OneOf,
    Path,
    Regex,
    Resource,
    Text,
    Verdict,
    VersionRange,
    its,
    matcher,
)
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.files import SpecFiles
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problem, Problems


class Port(Resource):
    word = "port"
    name_kind = Integer(1, 65535)

    @matcher(
        aliases={"with": "protocol"},
        joint="on",
        protocol=OneOf("tcp", "tcp6", "udp", "udp6"),
        address=Address(),
        strict=Boolean(),
    )
    def be_listening(self, protocol: str = "", address: str = "", strict: bool = False) -> Verdict:
        return Verdict(True)


class Socket(Resource):
    word = "socket"

    @matcher()
    def be_listening(self) -> Verdict:
        return Verdict(True)


class File(Resource):
    word = "file"
    aliases = ("directory",)
    name_kind = Path()
    parameters: t.ClassVar[dict[str, Kind]] = {"glob": ListOf(Path())}
    instead_of_name = ("glob",)

    @matcher()
    def exist(self) -> Verdict:
        return Verdict(True)

    @matcher(mode=Mode())
    def be_mode(self, mode: str) -> Verdict:
        return Verdict(True)

    @matcher(pattern=Regex())
    def contain_like(self, pattern: str) -> Verdict:
        return Verdict(True)

    @its(Mode())
    def mode(self) -> str:
        return "0644"

    @its(Text())
    def owner(self) -> str:
        return "root"

    @its()
    def content_as_json(self) -> t.Any:
        return {}


class Package(Resource):
    word = "package"

    @matcher(version=VersionRange(), provider=OneOf("apt", "pip"))
    def be_installed(self, version: t.Any = "", provider: str = "") -> Verdict:
        return Verdict(True)

    @its(Text())
    def version(self) -> str:
        return "1.10"


class User(Resource):
    word = "user"

    @matcher(uid=Integer(0))
    def have_uid(self, uid: int) -> Verdict:
        return Verdict(True)


class Selinux(Resource):
    word = "selinux"
    name_kind = None

    @matcher()
    def be_enforcing(self) -> Verdict:
        return Verdict(True)


class Value(Resource):
    word = "value"
    name_kind = Kind()
    takes_value_matchers = True

    @its()
    def value(self) -> t.Any:
        return self.name


class Route(Resource):
    word = "route"

    @matcher(network=Network())
    def have_target(self, network: str) -> Verdict:
        return Verdict(True)


class Vpc(Resource):
    word = "vpc"


class Read(t.NamedTuple):
    examples: list[dict[str, t.Any]]
    problems: list[Problem]


SERVER = Vocabulary([Port, Socket, File, Package, User, Selinux, Value, Route], VALUE_MATCHERS)
AWS = Vocabulary([Vpc])


@pytest.fixture
def read(tmp_path: FilePath) -> t.Callable[..., Read]:
    """Reads a spec file, or several by name of which web.yml is the first."""

    def reader(text: str | None = None, **files: str) -> Read:
        for name, content in {**({"web": text} if text is not None else {}), **files}.items():
            (tmp_path / f"{name}.yml").write_text(content)
        problems = Problems()
        source = SpecFiles(DataLoader(), [str(tmp_path)], lambda data, _more: data, problems)
        grammar = Grammar(
            SERVER, problems, lambda name, more, place: source.include(name, more, place), lambda: AWS, "aws_spec"
        )
        examples = grammar.read(source.documents("web.yml", Place()))
        return Read(examples, problems.found)

    return reader


@pytest.fixture
def read_data() -> t.Callable[[t.Any], Read]:
    """Reads a spec that is given as data."""
    from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

    def reader(data: t.Any) -> Read:
        problems = Problems()
        examples = Grammar(SERVER, problems, lambda *_ignored: [], lambda: AWS, "aws_spec").read(
            [Document(data, Place())]
        )
        return Read(examples, problems.found)

    return reader

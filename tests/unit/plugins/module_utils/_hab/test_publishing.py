# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done at Builder, and what it means when Builder is asked."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import depot, exports, keys, publishing
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.exports import Plan
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import parse
from ansible_collections.containerci.aws.plugins.module_utils._hab.publishing import Actions, Known, Release

FILE = Release(parse("acme/web/1/20260101000000"), "x86_64-linux", "/x.hart")
NAME = FILE._replace(path="")
THERE = Known(True, "c", ("dev", "unstable"))


@pytest.mark.parametrize(
    ("state", "release", "known", "channels", "actions", "after"),
    [
        ("present", FILE, Known(False), ["dev"], Actions(True, ("dev",)), ("dev", "unstable")),
        ("present", FILE, Known(False), ["unstable"], Actions(True), ("unstable",)),
        ("present", NAME, THERE, ["dev", "stable"], Actions(False, ("stable",)), ("dev", "stable", "unstable")),
        ("promoted", FILE, THERE, ["dev"], Actions(), ("dev", "unstable")),
        ("demoted", FILE, THERE, ["dev", "stable"], Actions(demote=("dev",)), ("unstable",)),
        ("demoted", FILE, Known(False), ["dev"], Actions(), ()),
        ("absent", NAME, THERE, [], Actions(delete=True), ()),
        ("absent", NAME, Known(False), [], Actions(), ()),
    ],
)
def test_what_is_to_be_done(
    state: str, release: Release, known: Known, channels: list[str], actions: Actions, after: tuple[str, ...]
) -> None:
    assert publishing.plan(state, release, known, channels) == actions
    assert publishing.foretold(known, actions).channels == after


@pytest.mark.parametrize("state", ["present", "promoted"])
def test_what_builder_has_not_cannot_be_promoted(state: str) -> None:
    with pytest.raises(HabError, match="Builder has no acme/web/1/20260101000000 to promote"):
        publishing.plan(state, NAME, Known(False), ["dev"])


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://bldr.habitat.sh", "https://bldr.habitat.sh/v1"),
        ("https://bldr.habitat.sh/", "https://bldr.habitat.sh/v1"),
        ("https://bldr.example.com/bldr/v1", "https://bldr.example.com/bldr/v1"),
    ],
)
def test_an_address_without_a_path_gets_one(url: str, address: str) -> None:
    assert depot.api_address(url) == address


IMAGE = exports.image_of(FILE.ident, None, ["tested"])


@pytest.mark.parametrize(
    ("found", "planned"),
    [
        ({}, Plan(True, ("acme/web:tested",))),
        ({"acme/web:1-20260101000000": "a"}, Plan(False, ("acme/web:tested",))),
        ({"acme/web:1-20260101000000": "a", "acme/web:tested": "b"}, Plan(False, ("acme/web:tested",))),
        ({"acme/web:1-20260101000000": "a", "acme/web:tested": "a"}, Plan(False, ())),
        ({"acme/web:tested": "a"}, Plan(True, ("acme/web:tested",))),
    ],
)
def test_when_an_image_is_made_or_tagged(found: dict[str, str], planned: Plan) -> None:
    assert exports.plan(IMAGE, found) == planned


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(HabError, match="no signing key of an origin"):
        keys.parse("BOX-SEC-1\nacme-20260101000000\n\nx", "acme", "")

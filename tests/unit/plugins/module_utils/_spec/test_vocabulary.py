# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a class says about a resource."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Resource, Verdict, its, matcher


def test_matchers_and_properties_are_inherited_and_documented_by_their_first_line() -> None:
    class Thing(Resource):
        @matcher()
        def be_good(self) -> Verdict:
            """It is good.

            More about it.
            """
            return Verdict(True)

    class BetterThing(Thing):
        @its()
        def members_(self) -> list[str]:
            """Its members."""
            return ["a"]

    assert list(Thing.properties) == []
    assert (list(BetterThing.matchers), list(BetterThing.properties)) == (["be_good"], ["members"])
    assert BetterThing.matchers["be_good"].summary == "It is good."


def test_a_property_that_would_hide_what_every_resource_has_is_refused() -> None:
    with pytest.raises(TypeError, match="call the method members_"):

        class Crowd(Resource):
            @its()
            def members(self) -> list[str]:
                return ["a"]

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec import values
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.network import are_default
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, ListOf, Network, kind_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Matcher,
    Verdict,
    matcher,
)


def _records(actual: t.Any, field: str, what: str = "subnets") -> list[str]:
    """The field of each record of a list."""
    if not isinstance(actual, list) or not all(isinstance(item, dict) and field in item for item in actual):
        raise CannotTell(f"a list of {what} is needed, but found {kind_of(actual)}")
    return [str(item[field]) for item in actual]


@matcher(blocks=ListOf(Network()))
def have_cidr_blocks(actual: t.Any, blocks: list[str]) -> Verdict:
    """The subnets have these CIDR blocks and no other."""
    found = _records(actual, "CidrBlock")
    return Verdict(sorted(found) == sorted(blocks), listing(sorted(found)))


@matcher(zones=Integer(1))
def be_evenly_split_across_az(actual: t.Any, zones: int) -> Verdict:
    """The subnets are in this many availability zones, equally many in each."""
    found = _records(actual, "AvailabilityZone")
    counts = {zone: found.count(zone) for zone in sorted(set(found))}
    passed = len(counts) == zones and len(set(counts.values())) == 1
    return Verdict(passed, listing((f"{zone}: {count}" for zone, count in counts.items()), "no subnet"))


@matcher()
def have_default_rules(actual: t.Any) -> Verdict:
    """Each network ACL of the list lets everything in and out, as the one that a VPC is made with."""
    _records(actual, "Entries", "network ACLs")
    own = [acl["NetworkAclId"] for acl in actual if not are_default(acl)]
    return Verdict(bool(actual) and not own, f"other rules in {listing(own)}" if own else f"{len(actual)} network ACLs")


_OWN = (have_cidr_blocks, be_evenly_split_across_az, have_default_rules)

#: what a property of an AWS resource can be compared with
VALUE_MATCHERS: t.Mapping[str, Matcher] = {
    **values.VALUE_MATCHERS,
    **{function.matcher.word: function.matcher for function in _OWN},
}

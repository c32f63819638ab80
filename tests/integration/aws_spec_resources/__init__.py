# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes one AWS resource of each type, for the tests of aws_spec."""

from __future__ import annotations

import typing as t

from integration.aws_spec_resources import balancing, compute, delivery, identity, network, services, storage

#: type -> the function that makes one, and returns its name
MAKERS: dict[str, t.Callable[[t.Any], str]] = {
    name: maker
    for area in (balancing, compute, delivery, identity, network, services, storage)
    for name, maker in vars(area).items()
    if getattr(maker, "__module__", "") == area.__name__ and not name.startswith("_")
}
MAKERS.update(dict.fromkeys(("subnet", "route_table", "internet_gateway"), network.vpc))

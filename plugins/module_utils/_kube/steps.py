# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""How controllers are replaced: a machine is configured at its first boot only, and a new one can have neither the
interface nor the volume of an old one that is still there. So the old one goes first, one controller after another."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change
from ansible_collections.containerci.aws.plugins.module_utils._kube.cloudformation import versions, with_versions
from ansible_collections.containerci.aws.plugins.module_utils._kube.stack import endangers

Data = dict[str, t.Any]

_MACHINE = "InstanceController"


def renewed(changes: t.Sequence[Change]) -> list[int]:
    """The controllers that get a new machine, or the one that an interrupted replacement has left out."""
    added = {change.logical_resource_id for change in changes if change.action == "Add"}
    found = {_index(change) for change in changes if endangers(change) and change.action != "Remove"}
    found |= {
        _index(change)
        for change in changes
        if change.logical_resource_id in added
        and change.resource_type == "AWS::EC2::Instance"
        and _interface(_index(change)) not in added
    }
    return sorted(found)


def sentence(indexes: t.Iterable[int]) -> str:
    names = ", ".join(_machine(index) for index in indexes)
    return f"Replace {names} in steps, each an update of the stack that ends before the next begins; then do the rest."


def templates(current: Data, wanted: Data, indexes: t.Iterable[int]) -> list[Data]:
    """The templates between the present and the wanted one, which comes after them: a controller is taken out, unless
    it is out already, and put in again, before the next one is touched. Workers stay as they are."""
    found = []
    for index in indexes:
        if _machine(index) in current["Resources"]:
            current = _without(current, index)
            found.append(current)
        current = _with(current, wanted, index)
        found.append(current)
    return found


def must_be_up(before: Data, after: Data) -> list[int]:
    """The controllers that have to answer before an update: a machine more is always welcome, but one that goes, or
    workers that join, need the others."""
    have, will_have = _machines(before), _machines(after)
    return [] if will_have - have else sorted(have & will_have)


def _machines(body: Data) -> set[int]:
    return {int(name[len(_MACHINE) :]) for name in body["Resources"] if name.startswith(_MACHINE)}


def _without(body: Data, index: int) -> Data:
    gone = _of(index)
    return {**body, "Resources": {name: each for name, each in body["Resources"].items() if name not in gone}}


def _with(body: Data, wanted: Data, index: int) -> Data:
    """The new machine together with whatever it refers to, such as a rule that lets it read its configuration."""
    names = _needed(wanted["Resources"], _of(index))
    resources = {**body["Resources"], **{name: wanted["Resources"][name] for name in names}}
    known = versions(body)
    both = with_versions(body, {*known, *versions(wanted)}) if known else body
    return {**both, "Resources": resources}


def _needed(resources: Data, names: t.Iterable[str]) -> set[str]:
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in resources and name not in found:
            found.add(name)
            todo += _referred(resources[name])
    return found


def _referred(value: t.Any) -> list[str]:
    """Every text that can be the name of a resource, in references and in DependsOn."""
    if isinstance(value, list):
        return [name for item in value for name in _referred(item)]
    if not isinstance(value, dict):
        return []
    names = [name for item in value.values() for name in _referred(item)]
    for key in ("Ref", "Fn::GetAtt", "DependsOn"):
        target = value.get(key, [])
        names += [target] if isinstance(target, str) else target[:1] if key == "Fn::GetAtt" else target
    return names


def _of(index: int) -> tuple[str, str]:
    return _machine(index), f"EtcdVolumeAttachment{index}"


def _machine(index: int) -> str:
    return f"{_MACHINE}{index}"


def _interface(index: int) -> str:
    return f"NetworkInterfaceController{index}"


def _index(change: Change) -> int:
    return int(re.sub(r"\D", "", change.logical_resource_id))

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""From the options of a task to the description of a cluster."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import document
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Finding, Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.validation import validate

Params = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Description:
    """What is wanted: the keys as they were written, and the cluster that they mean."""

    given: t.Mapping[str, t.Any]
    cluster: Cluster
    warnings: tuple[str, ...] = ()


def refuse(found: t.Sequence[Finding]) -> CollectionError:
    """Everything that is wrong, in one failure."""
    listed = [{"key": each.key, "value": each.value, "reason": each.reason} for each in found]
    return CollectionError(f"{'; '.join(map(str, found))}.", findings=listed)


def describe(params: Params) -> Description:
    given, findings = _written(params)
    cluster, more = validate(given)
    found = [*findings.found, *more.found]
    if found or cluster is None:
        raise refuse(found)
    return Description(given, cluster, (*findings.warnings, *more.warnings))


def _written(params: Params) -> tuple[dict[str, t.Any], Findings]:
    if params["cluster"] is None:
        return document.parse(_text(params["config"] or os.path.join(params["asset_dir"], document.FILE)))
    given = dict(params["cluster"])
    if params.get("region") and "region" not in given:
        given["region"] = params["region"]
    return given, Findings()


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        raise CollectionError(
            f"There is no {path}; write one with state: initialized, or give the option cluster."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"The file {path} cannot be read: {error}.") from error

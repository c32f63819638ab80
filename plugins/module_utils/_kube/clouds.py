# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import Api as CloudFormation
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._kube import ami, bucket, orphans, preflight


class Clouds:
    """The services of AWS in the region of a cluster; each is connected to when it is first needed."""

    def __init__(self, client: t.Callable[[str, str], t.Any], region: str) -> None:
        self._client = client
        self._region = region

    def connect(self, service: str) -> t.Any:
        return self._client(service, self._region)

    def cloudformation(self) -> CloudFormation:
        return CloudFormation(self.connect("cloudformation"))

    def s3(self) -> bucket.Api:
        return bucket.Api(self.connect("s3"))

    def ec2(self) -> ami.Ec2:
        return ami.Ec2(self.connect("ec2"))

    def ssm(self) -> ami.Ssm:
        return ami.Ssm(self.connect("ssm"))

    def reader(self) -> preflight.Reader:
        return preflight.Reader(self.connect)

    def orphanage(self, cluster: str, patience: Patience) -> orphans.Orphanage:
        services = {
            "elb": orphans.Classic(self.connect("elb")),
            "elbv2": orphans.Modern(self.connect("elbv2")),
            "ec2": orphans.Ec2(self.connect("ec2")),
        }
        return orphans.Orphanage(services, cluster, patience)

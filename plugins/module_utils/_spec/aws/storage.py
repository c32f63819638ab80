# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.policies import Policied
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Refused
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import TaggedResource, one
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Part, Record, dig
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Verdict, its, matcher


class Bucket(Policied, TaggedResource):
    """An S3 bucket."""

    def asked_with(self, _part: Part) -> Record:
        """Its name is enough: every answer tells whether there is the bucket, so that this need not be asked first."""
        return {"Name": self.row.own_name(str(self.name))}

    def part(self, part: Part) -> t.Any:
        try:
            return super().part(part)
        except Refused as error:
            if error.code != "NoSuchBucket":
                raise
            return one([], self.row, self.called)

    @matcher(target_bucket=Text(), prefix=Text())
    def have_logging(self, target_bucket: str = "", prefix: str | None = None) -> Verdict:
        """Access is logged and, if given, to this bucket and under this prefix."""
        found = self.value("logging")
        if not found:
            return Verdict(False, "no logging", "s3:GetBucketLogging")
        passed = target_bucket in ("", found.get("TargetBucket")) and prefix in (None, found.get("TargetPrefix"))
        got = f"logging to {found.get('TargetBucket')} under '{found.get('TargetPrefix')}'"
        return Verdict(passed, got, "s3:GetBucketLogging")

    @matcher(algorithm=Text())
    def be_encrypted(self, algorithm: str = "") -> Verdict:
        """Objects are encrypted by default and, if given, with this algorithm."""
        rules = dig(self.value("encryption"), "Rules[].ApplyServerSideEncryptionByDefault.SSEAlgorithm")
        passed = algorithm in rules if algorithm else bool(rules)
        return Verdict(passed, listing(rules, "no encryption"), "s3:GetEncryptionConfiguration")


class Parameter(TaggedResource):
    """A parameter of the Systems Manager."""

    @its()
    def value_(self) -> t.Any:
        """The value; that of a SecureString is never read."""
        record = self.record
        if record.get("Type") == "SecureString":
            raise CannotTell("the value of a SecureString is never read")
        found = dig(self.call("get_parameter", Name=record["Name"]), "Parameter.Value")
        return found.split(",") if record.get("Type") == "StringList" else found


class FileSystem(Policied, TaggedResource):
    """An EFS file system."""

    @its()
    def mount_target_security_groups(self) -> list[str]:
        """The ids of the security groups of its mount targets, each once."""
        targets = dig(self.value("mount_targets"), "[].MountTargetId")
        answers = [self.call("describe_mount_target_security_groups", MountTargetId=target) for target in targets]
        return sorted({str(group) for answer in answers for group in answer["SecurityGroups"]})


class Key(Policied):
    """A KMS key, by its id, its ARN or an alias."""

    @classmethod
    def address(cls, name: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, dict[str, t.Any]]:
        exact = name.startswith(("arn:", "alias/", "mrk-")) or re.match(r"[0-9a-f]{8}-[0-9a-f-]{27}$", name)
        return super().address(name if exact else f"alias/{name}", parameters)

# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import VERSION, to_json

#: EC2 takes no more, before it is encoded.
MAXIMUM_USER_DATA = 16_384


@dataclass(frozen=True)
class Configuration:
    """What a kind of machine is to be given at its first boot, and the name of the object that holds it."""

    cluster: str
    role: str
    text: str = field(repr=False)

    @property
    def key(self) -> str:
        """The same content has the same name: machines are replaced only when something has changed."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return f"{self.cluster}/ignition/{self.role}-{digest[:16]}.ign"

    def user_data(self, bucket: str) -> str:
        """A small configuration that fetches this one from the bucket and refuses any other content."""
        sha512 = hashlib.sha512(self.text.encode()).hexdigest()
        replacement = {
            "source": f"s3://{bucket}/{self.key}",
            "verification": {"hash": f"sha512-{sha512}"},
        }
        text = to_json({"ignition": {"config": {"replace": replacement}, "version": VERSION}})
        if len(text.encode()) > MAXIMUM_USER_DATA:
            raise CollectionError(
                f"The user data of {self.role} would have {len(text.encode())} bytes; "
                f"EC2 accepts at most {MAXIMUM_USER_DATA}."
            )
        return text

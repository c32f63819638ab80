# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the function is told about its surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Settings:
    """The documents are called PREFIX-ACTION; the boxes have the tag, as key=value."""

    region: str
    pipeline: str
    prefix: str
    tag: str
    log_group: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        names = {"pipeline": "PIPELINE", "prefix": "DOCUMENT_PREFIX", "tag": "BOX_TAG", "log_group": "LOG_GROUP"}
        return cls(environment["AWS_REGION"], **{field: environment[name] for field, name in names.items()})

    def document(self, action: str) -> str:
        return f"{self.prefix}-{action}"

    def log_url(self, command_id: str) -> str:
        """The output of a command in the console of CloudWatch, which writes $ for % in what it quotes."""
        group = quote(quote(self.log_group, safe=""), safe="")
        wanted = quote(f"?logStreamNameFilter={command_id}", safe="")
        home = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}"
        return f"{home}#logsV2:log-groups/log-group/{group}{wanted}".replace("%", "$")

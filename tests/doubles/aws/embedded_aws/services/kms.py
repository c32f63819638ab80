# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS: a key can be deleted by its ARN, too."""

from __future__ import annotations

from moto.kms.models import KmsBackend


def install() -> None:
    schedule = KmsBackend.schedule_key_deletion

    def schedule_key_deletion(self: KmsBackend, key_id: str, pending_window_in_days: int) -> float:
        return schedule(self, self.get_key_id(key_id), pending_window_in_days)

    KmsBackend.schedule_key_deletion = schedule_key_deletion  # type: ignore[method-assign]

# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of requests that tests and people read."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any

from .protocol import Call

LIMIT = 50_000
SECRET = re.compile(r"(password|secretstring|secretbinary|plaintext|token$|secretaccesskey)", re.IGNORECASE)
NOT_SECRET = {"ClientRequestToken", "ClientToken", "CreationToken", "IdempotencyToken", "NextToken"}
NOT_SECRET |= {"continuationToken"}


class RequestLog:
    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=LIMIT)
        self._lock = threading.Lock()

    def add(self, call: Call, account: str, status: int, via: str) -> None:
        entry = {
            "time": datetime.now(UTC).isoformat(),
            "account": account,
            "region": call.region,
            "service": call.service,
            "operation": call.operation,
            "kind": call.kind,
            "status": status,
            "via": via,
            "parameters": without_secrets(call.parameters),
        }
        with self._lock:
            self._entries.append(json.loads(json.dumps(entry, default=str)))

    def entries(self, internal: bool = False) -> list[dict[str, Any]]:
        """Oldest first; with internal also the calls that one service made to another."""
        with self._lock:
            return [entry for entry in self._entries if internal or not entry["via"]]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def without_secrets(node: Any) -> Any:
    if isinstance(node, list):
        return [without_secrets(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: "****"
        if SECRET.search(str(key)) and key not in NOT_SECRET and isinstance(value, (str, bytes))
        else without_secrets(value)
        for key, value in node.items()
    }

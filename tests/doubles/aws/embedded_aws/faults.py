# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test orders to go wrong: errors in the place of answers, and what others do in between."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from .protocol import Call, error_response
from .settings import internal_client


@dataclass
class Fault:
    """One order for the requests of an operation, after skip of them and for as many as times says.

    With first, another request is made before the one at hand, which is then answered as ever: {"service": "s3",
    "method": "put_object", "parameters": {...}} with the method and the parameters of a boto3 client.
    Otherwise the answer is an error; late means that the request is carried out and only the answer is lost.
    """

    service: str
    operation: str
    code: str = "InternalFailure"
    message: str = "Ordered by a test"
    status: int = 500
    times: int = 1
    skip: int = 0
    late: bool = False
    first: dict[str, Any] = field(default_factory=dict)

    def do_first(self, region: str, account: str) -> None:
        client = internal_client(self.first["service"], region, account, "fault")
        getattr(client, self.first["method"])(**self.first.get("parameters", {}))

    def error(self, protocol: str) -> tuple[str, list[tuple[str, str]], bytes]:
        return error_response(protocol, self.code, self.message, self.status)


class Faults:
    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, order: dict[str, Any]) -> None:
        with self._lock:
            self._orders.append(Fault(**order))

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    def take(self, call: Call) -> Fault | None:
        """The order that this request falls under; orders of one operation come one after the other."""
        with self._lock:
            for order in self._orders:
                if (order.service, order.operation) != (call.service, call.operation):
                    continue
                if order.skip:
                    order.skip -= 1
                    return None
                order.times -= 1
                if not order.times:
                    self._orders.remove(order)
                return order
        return None

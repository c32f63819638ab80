# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field

_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 5.0
_GROWTH = 1.5


@dataclass
class Patience:
    """How long everything together may take; pauses grow while nothing ends."""

    timeout: float
    clock: t.Callable[[], float] = time.monotonic
    sleep: t.Callable[[float], None] = time.sleep
    _start: float = field(init=False)
    _pause: float = field(init=False, default=_SHORTEST_PAUSE)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def restart_pauses(self) -> None:
        self._pause = _SHORTEST_PAUSE

    def pause(self) -> bool:
        """Wait a little; false when the time is up."""
        left = self.timeout - (self.clock() - self._start)
        if left <= 0:
            return False
        self.sleep(min(self._pause, left))
        self._pause = min(self._pause * _GROWTH, _LONGEST_PAUSE)
        return True

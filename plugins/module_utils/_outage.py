# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tries every half second whether a server serves, in the background, and keeps what came of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from ._failover import Probe

PAUSE = 0.5


class Watch:
    """Asks while its block runs; C(serves) says whether it was served and never raises."""

    def __init__(self, serves: Callable[[], bool], pause: float = PAUSE) -> None:
        self.probes: list[Probe] = []
        self._serves, self._pause = serves, pause
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(60)

    def _ask(self) -> None:
        while not self._over.is_set():
            begun = time.monotonic()
            served = self._serves()
            self.probes.append(Probe(begun, served))
            self._over.wait(max(0.0, self._pause - (time.monotonic() - begun)))

    def is_back(self) -> bool:
        """Whether the last try was served."""
        return bool(self.probes) and self.probes[-1].served

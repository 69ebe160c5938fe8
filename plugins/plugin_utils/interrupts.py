# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ends a run from outside ends it as Ctrl-C does: workers first, then what is registered for the exit."""

from __future__ import annotations

import os
import signal

#: Signals that end a process without its exit handlers.
DEADLY = (signal.SIGTERM, signal.SIGHUP)


def heed() -> None:
    """Let those be interrupts of this process, except where it was started with one ignored. In the main thread."""
    for each in DEADLY:
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, lambda number, frame: os.kill(os.getpid(), signal.SIGINT))

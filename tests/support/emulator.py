# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An embedded AWS in a process of its own, for tests of what only a server shows."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

from embedded_aws import launcher


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((launcher.HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(directory: Path) -> Iterator[int]:
    """An emulator with its files in C(directory), ended afterwards: its port."""
    port = free_port()
    if not launcher.start(port, directory):
        raise RuntimeError(f"port {port} was free a moment ago and is taken now")
    try:
        yield port
    finally:
        launcher.stop(port, directory)

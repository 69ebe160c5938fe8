# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import atexit, os, signal, sys, time
from ansible_collections.uex.payments.plugins.plugin_utils import interrupts
signal.signal(signal.SIGINT, signal.default_int_handler)  # where tests run in the background they are ignored
signal.signal(signal.SIGHUP, signal.SIG_DFL)
number = getattr(signal, sys.argv[1])
if len(sys.argv) > 2:
    signal.signal(number, signal.SIG_IGN)
interrupts.heed()
atexit.register(print, "exit handlers")
try:
    os.kill(os.getpid(), number)
    time.sleep(0.5)
    print("goes on")
except KeyboardInterrupt:
    print("interrupted")
"""


def said(*arguments: str) -> list[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.splitlines()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_deadly_signal_interrupts(name: str) -> None:
    assert said(name) == ["interrupted", "exit handlers"]


def test_a_signal_that_was_ignored_stays_so() -> None:
    assert said("SIGHUP", "ignored") == ["goes on", "exit handlers"]

# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The terminal; what is run on it is in the module's tests."""

from __future__ import annotations

import os
import sys

from ansible_collections.uex.payments.plugins.action.stack_exec import COLUMNS, on_terminal


def test_a_command_has_a_terminal_of_its_own_that_nobody_types_at() -> None:
    asked = "import os, sys; print(sys.stdin.isatty(), os.get_terminal_size().columns); sys.exit(4)"
    assert on_terminal([sys.executable, "-c", asked], dict(os.environ)) == (4, f"True {COLUMNS}\r\n")

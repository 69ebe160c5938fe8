# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An embedded AWS in this process for each test."""

from __future__ import annotations

from ansible_collections.uex.payments.tests.unit import conftest as units

aws = units.aws

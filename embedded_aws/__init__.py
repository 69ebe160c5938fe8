# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An AWS on the loopback interface: moto in a process of its own, extended to AWS's documented behaviour."""

from __future__ import annotations

__version__ = "1.0.0"

# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a diagnosis reads from AWS: one reader a fact; nothing is changed, no secret's value is read."""

from __future__ import annotations

from collections.abc import Mapping

from . import _diagnose_read_account, _diagnose_read_network, _diagnose_read_services, _diagnose_read_use
from ._diagnose import Fact

READERS: Mapping[str, Fact] = {
    **_diagnose_read_account.READERS,
    **_diagnose_read_network.READERS,
    **_diagnose_read_services.READERS,
    **_diagnose_read_use.READERS,
}

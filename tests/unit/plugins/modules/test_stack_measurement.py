# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime

from ansible_collections.uex.payments.plugins.modules import stack_measurement


def test_records_are_in_the_order_of_time() -> None:
    moments = [datetime.datetime(2026, month, 1, 10, tzinfo=datetime.UTC) for month in (9, 10)]
    names = [stack_measurement.name("failover", each) for each in moments]
    assert names == ["failovers/20260901T100000Z.json", "failovers/20261001T100000Z.json"]
    assert names == sorted(names)

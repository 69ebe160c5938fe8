# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.estate_composite_alarms import (
    FilterModule,
    estate_composite_alarms,
)
from ansible_collections.uex.payments.tests.support.estate import ESTATE


def test_composite_alarms_come_by_name_and_bear_the_environment_s() -> None:
    names = [alarm["name"] for alarm in estate_composite_alarms(ESTATE)]
    assert names == [f"uex-payments-dev-{name}" for name in ("edge-down", "slo-fast-burn", "slo-slow-burn")]


def test_what_cannot_be_worked_out_names_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="estate_composite_alarms: 'info'"):
        estate_composite_alarms({**ESTATE, "topics": {}})


def test_it_is_registered() -> None:
    assert FilterModule().filters() == {"estate_composite_alarms": estate_composite_alarms}

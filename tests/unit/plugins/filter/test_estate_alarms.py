# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.estate_alarms import FilterModule, estate_alarms
from ansible_collections.uex.payments.tests.support.estate import ESTATE


def test_alarms_come_by_name_and_bear_the_environment_s() -> None:
    names = [alarm["name"] for alarm in estate_alarms(ESTATE)]
    assert names == sorted(names)
    assert {"uex-payments-dev-alb-p95", "uex-payments-dev-nat-a-drops", "uex-payments-dev-nat-a-ports"} <= set(names)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"topics": {}}, "info"),
        ({"databases": [{"name": "db", "class": "db.x9.huge", "allocated_storage": 1}]}, "db.x9.huge is unknown"),
    ],
)
def test_what_cannot_be_worked_out_names_the_filter(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"estate_alarms: .*{words}"):
        estate_alarms({**ESTATE, **changed})


def test_it_is_registered() -> None:
    assert FilterModule().filters() == {"estate_alarms": estate_alarms}

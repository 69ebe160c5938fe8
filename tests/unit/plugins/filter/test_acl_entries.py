# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter import acl_entries

FILTER = acl_entries.FilterModule().filters()["acl_entries"]
RULES = [{"peer": "app", "ports": [5432]}]


def test_the_documented_example_is_right() -> None:
    entries = FILTER(RULES, {"app": ["10.0.64.0/20", "10.0.80.0/20"]}, [3900])
    assert entries == [{"rule_number": 100, "cidr_block": "10.0.64.0/19", "from_port": 5432, "to_port": 5432}]
    assert "cidr_block: 10.0.64.0/19" in acl_entries.EXAMPLES


def test_too_many_are_said_by_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match=r"acl_entries: .* 20 entries"):
        FILTER(RULES, {"app": [f"10.{number}.0.0/16" for number in range(0, 50, 2)]}, [3900])

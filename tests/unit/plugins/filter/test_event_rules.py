# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.event_rules import FilterModule, event_rules

ESTATE = {
    "name": "uex-payments-dev",
    "region": "eu-west-1",
    "account_id": "123456789012",
    "partition": "aws",
    "topics": {"critical": "arn:critical", "warning": "arn:warning"},
    "keys": [],
    "root_login": True,
    "threats": True,
    "findings": True,
}


def test_rules_bear_the_environment_s_name() -> None:
    assert {rule["name"].partition("dev-")[0] for rule in event_rules(ESTATE)} == {"uex-payments-"}


def test_what_cannot_be_worked_out_names_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="event_rules: 'critical'"):
        event_rules({**ESTATE, "topics": {}})


def test_it_is_registered() -> None:
    assert FilterModule().filters() == {"event_rules": event_rules}

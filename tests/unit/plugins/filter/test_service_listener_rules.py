# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.merge_services import merge_services
from ansible_collections.uex.payments.plugins.filter.service_listener_rules import FilterModule

FILTER = FilterModule().filters()["service_listener_rules"]
SERVICES = merge_services({"api": {"port": 8080, "path": "/api", "priority": 10}}, stack_name="uex-payments-dev")
GROUPS = {"uex-payments-dev-api": {"target_group_arn": "arn"}}


def test_complete_services_are_taken_as_they_are() -> None:
    (rule,) = FILTER(SERVICES, GROUPS)
    assert (rule["name"], rule["priority"]) == ("uex-payments-dev-api", 10)


def test_a_name_that_is_none_is_said_by_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="service_listener_rules: there is no service web"):
        FILTER(SERVICES, GROUPS, stripped=["web"])

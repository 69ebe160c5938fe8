# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter import subnet_plan
from ansible_collections.uex.payments.plugins.module_utils import _network

FILTER = subnet_plan.FilterModule().filters()["subnet_plan"]
ARGUMENTS = ("10.0.0.0/16", ["us-east-1a", "us-east-1b"], "uex-payments-dev")


def test_it_is_the_shared_plan() -> None:
    assert FILTER(*ARGUMENTS) == FILTER(*ARGUMENTS, {}) == _network.subnet_plan(*ARGUMENTS, {})
    assert FILTER(*ARGUMENTS, {"app-a": "10.0.128.0/20"}) == _network.subnet_plan(
        *ARGUMENTS, {"app-a": "10.0.128.0/20"}
    )


def test_the_documented_example_is_right() -> None:
    assert all(f"{s['name']}: {s['cidr_block']}" in subnet_plan.EXAMPLES for s in FILTER(*ARGUMENTS)[::4][:2])


def test_what_does_not_fit_is_said_by_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="network_vpc_cidr_block"):
        FILTER("10.0.0.0/8", *ARGUMENTS[1:])

# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter import short_name
from ansible_collections.uex.payments.plugins.module_utils import _names

FILTER = short_name.FilterModule().filters()["short_name"]
LONG = "uex-payments-staging-management-backend"


def test_it_is_the_shared_rule_with_aws_s_limit_as_default() -> None:
    assert FILTER(LONG) == FILTER(LONG, 32) == _names.short(LONG, 32)
    assert FILTER("uex-payments-dev-presentation", 32) == "uex-payments-dev-presentation"


def test_the_documented_example_is_right() -> None:
    assert FILTER(LONG, 32) in short_name.EXAMPLES


def test_a_limit_without_room_is_said_by_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="short_name"):
        FILTER(LONG, 3)

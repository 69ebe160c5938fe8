# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter import port_rules

FILTER = port_rules.FilterModule().filters()["port_rules"]


def test_a_rule_for_each_port() -> None:
    peer = {"security_group": "uex-payments-dev-alb"}
    assert FILTER([3900, 3901], peer) == [{"from_port": port, "to_port": port, **peer} for port in (3900, 3901)]
